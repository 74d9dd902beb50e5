"""What the templates say: for every column an explanation and an example."""

from typing import Final

EXPLAINED: Final[dict[str, str]] = {
    "street_id": "街道或路段的编号，每行不同；没有可空着整列",
    "post_id": "岗哨的编号，每行不同；没有可空着整列",
    "camera_id": "设备编码，国标为 20 位，按文本填写",
    "area_id": "网格编码，通常为 12 位村（社区）代码加 3 位顺序号，按文本填写",
    "track_id": "轨迹的编号，同一条轨迹各点相同",
    "incident_id": "事件的编号，每行不同；没有可空着整列",
    "building_id": "建筑的编号，每行不同；没有可空着整列",
    "route_id": "巡逻路线的编号；路线表里每行不同，没有可空着整列",
    "site_id": (
        "重点部位的编号，每行不同，没有可空着整列；出入口写所属重点部位的编号，同一部位可有几行"
    ),
    "point_id": (
        "必到点的编号，每行不同，没有可空着整列；签到写所到的必到点，摄像机写所在监控点，可以相同"
    ),
    "address_id": "地址的编号，每行不同；没有可空着整列",
    "gate_id": "大门的编号，每行不同；没有可空着整列",
    "wall_id": "围墙的编号，每行不同；没有可空着整列",
    "pole_id": "杆位的编号，每行不同；没有可空着整列",
    "team_id": "派出所或队伍的编号，每行不同；不要写人名、警号",
    "slot_id": "岗位的编号，每行不同，不要写人名、电话、工号；没有可空着整列",
    "role": "岗位做什么，例如 网格员、网格长；表外的词按 其他 处理；不要写人名",
    "month": "月份，例如 2026-01",
    "count": (
        "数量；没有写 0，没有统计就不写这一行。事件一行只算一件就空着；也可写 2.1万余、1400余起"
    ),
    "entrance_id": "出入口的编号，每行不同；没有可空着整列",
    "need_id": "设施的编号，每行不同；没有可空着整列",
    "name": "地点或设备的名称；不要写人名、电话",
    "class": "类别，照本单位的分类填写",
    "oneway": "单行：yes 沿线方向，-1 逆线方向，no 双向",
    "bridge": "是否桥梁：yes 或空",
    "tunnel": "是否隧道：yes 或空",
    "layer": "层级，整数：地面 0，高架 1，地下 -1",
    "width_m": "宽度，单位米",
    "kind": "类型；杆位写可以装的摄像机的类型，网格写网格种类，网格力量写专职或兼职",
    "hours": "值守时间；大门写可以通行的时间，备勤点写可以停留的时间，责任分工写负责的时间",
    "visibility": "明哨或暗哨；暗哨属于受限数据。整列没有时按明哨处理，看不懂的按暗哨处理",
    "mobility": "固定哨或流动哨；流动哨每处、每段时间各写一行",
    "channel": "线下或线上巡查",
    "crew": "专职力量或群众力量；只写性质，不写人",
    "staff": "人数，整数；没有人写 0，不知道就空着；不要写人名",
    "tasks": "本期完成的巡防任务数，整数；没有任务写 0，没有统计就空着",
    "hazards": "本期排查出的隐患数，整数；没有统计就空着",
    "duties": "承担的职责，可以有几项，用顿号隔开；表外的职责不读入",
    "risk": "网格的治安风险等级：高、中或低",
    "households": "户数，整数；只写数目，不要写户主",
    "setting": "城乡分类：城镇或乡村，也可写城乡分类代码（如 111、220）；不知道就空着",
    "people": "人口数，整数；只写数目，不要写人名",
    "officers": "警力，整数；没有人写 0，不知道就空着；不要写人名",
    "full_time": "专职巡防队员数，整数；没有人写 0，不知道就空着；不要写人名",
    "area_code": "所在网格、村（社区）或巡区的代码；没有坐标的行靠它落到网格，按文本填写",
    "azimuth_deg": (
        "朝向，正北为 0 度，顺时针；也可写 东北、90;270（多镜头）、239-284（范围）、0-360（环视）"
    ),
    "fov_deg": "水平视场角，单位度，大于 0，不超过 360",
    "range_m": "可视距离，单位米，大于 0",
    "height_m": "高度，单位米",
    "tilt_deg": "俯仰角，单位度",
    "online": "在线或离线；空着表示不知道",
    "round_view": "环视：是或否",
    "vfov_deg": "垂直视场角，单位度，大于 0，不超过 180",
    "light": "夜间补光",
    "ir_range_m": "夜间补光能照到的距离，单位米，大于 0",
    "pixels": "画面的宽度，单位像素；也可写 1920×1080、1080P、4K；不知道就空着",
    "focal_mm": "镜头焦距，单位毫米；变焦镜头空着",
    "indoor": "装在室内写 是，室外写 否；空着表示不知道",
    "point_class": "监控点位类别：一类公安、二类其他政府部门或重点行业、三类社会单位",
    "networked": "是否联网（接入共享平台）：是或否；空着表示不知道",
    "adjustable": "朝向能否调整：是或否；空着表示不知道",
    "mandatory": "现在的朝向是否必须保留：是或否",
    "parent_id": "上级的编码，例如网格所属的村（社区）代码，按文本填写",
    "time": (
        "时间，北京时间，例如 2024-05-01 09:05；事件也可写起止，例如 2024-05-01 22:00至次日06:00"
    ),
    "time_to": "最晚可能发生的时间；时间确切就空着",
    "accepted": "受理（立案、受案）时间，统计按它归期；没有按发生时间",
    "closed": "办结（结案、化解）时间，不早于受理时间；没有办结就空着",
    "state": "事件写办理状态；站点写在用或停用；值勤单元写空闲、出警或离岗；岗位写在岗或空缺",
    "about": "数量是不是下限（“余”“多”“以上”）：是或否；写在数量里的不用再写",
    "count_unit": "数量的单位；不同单位的数不相加。空着时警情和案件为起，其余为件",
    "place_quality": "位置从哪里来：坐标、门牌、街道，或只到区域（村、网格的中心点）",
    "tags": "标签，几个用分号隔开；不要写人名",
    "colour": "预警颜色，只用于事件、纠纷和隐患",
    "closed_level": "在哪一级办结",
    "mediated": "是否调解：是或否；不知道就空着",
    "mediation_success": "调解是否成功：是或否；没有调解就空着",
    "outcome": "结果：已化解、未化解、撤回或移交；不要写经过，不要写人名",
    "station_id": "站点的编号，每行不同；没有可空着整列",
    "unit_class": "站点类型，到达时限按它定",
    "found_by": "怎样发现的：巡逻、视频、网格或群众报警；只写方式，不写人名",
    "first_handler": "最先处置的是哪支力量，例如 巡逻；只写力量，不写人名",
    "unit": "单位：路线写承担巡逻的，摄像机写管理设备的；不要写人名",
    "mode": "巡逻或出警的方式，例如步巡、电动车、车巡、视频巡",
    "shift": "班次或时段；单元和排班写起止时间，例如 18:00-02:00（跨零点）",
    "seq": "在路线上的次序，从 1 起的整数",
    "dwell_min": "每次停留的时间，单位分钟",
    "windows": "到访才算数的时段，例如 08:30-11:30;13:30-17:00；空着为全天",
    "visits": "每班要到的次数，整数",
    "least_interval_min": "两次到访至少相隔多久，单位分钟",
    "greatest_interval_min": "两次到访至多相隔多久，单位分钟",
    "address": "地址，照标准地址写；没有坐标的行按它在已导入的地址表里找位置，不要写人名",
    "segment_id": "巡段的编号，每行不同；没有可空着整列",
    "unit_id": "巡逻单元的编号，单元表里每行不同；写单元，不写人名、警号、电话",
    "place_id": ("备勤点的编号，每行不同；责任分工里写所负责部位的编号，空着表示这一类的全部部位"),
    "duty_id": "责任分工的编号，每行不同；没有可空着整列",
    "required": "是否必到：是或否；空着为是",
    "prize_m": "可以不到的点或段值得绕行多远，单位米；必到的空着",
    "priority": "优先级，1 到 5 的整数，1 最先",
    "skills": "所需或具备的技能、装备，几项用分号隔开；没有要求就空着",
    "both": "是否两个方向都要走：是或否；空着为否",
    "force": "力量类型；只写哪支力量，不写人",
    "visible": "着装或驾驶制式车写 是，便衣或民用车写 否；空着表示不知道",
    "speed_kmh": "巡逻速度，单位公里/小时，大于 0，不超过 120；空着按巡逻方式取",
    "start": "上勤的地点：必到点或备勤点的编号，或 经度,纬度",
    "end": "收勤的地点：必到点或备勤点的编号，或 经度,纬度",
    "break_min": "一班中休息多久，单位分钟；不休息写 0",
    "break_window": "休息应在哪个时段开始，例如 11:00-13:00",
    "most_stops": "一班至多去多少处，整数；不限就空着",
    "place_kind": "负责哪一类部位",
    "date": "班次开始的日期，例如 2026-05-01；跨零点的班次算在开始那一天",
    "accuracy_m": "定位精度，单位米；不是 HDOP。不知道就空着",
    "lon": "经度，单位度，东经为正；坐标基准在导入时说明",
    "lat": "纬度，单位度，北纬为正",
    "geometry": "几何，WKT 文本；坐标为经度 纬度",
}
"""Column -> what to write into it. A column means the same in every kind of layer."""

EXAMPLES: Final[dict[str, dict[str, object]]] = {
    "streets": {
        "street_id": "D001", "name": "滨江路", "class": "residential", "oneway": "no",
        "bridge": None, "tunnel": None, "layer": 0, "width_m": 7.5,
        "geometry": "LINESTRING (109.365 32.834, 109.367 32.835)",
    },
    "posts": {
        "post_id": "P001", "name": "柳巷口", "kind": "固定", "hours": "08:00-20:00",
        "visibility": "明哨", "mobility": "固定哨", "channel": "线下", "crew": "群众", "staff": 2,
        "tasks": 6, "hazards": 1, "duties": "巡逻防范、信息采集",
        "area_code": "610999001001001", "address": "滨江路1号", "lon": 109.365, "lat": 32.834,
    },
    "cameras": {
        "camera_id": "61099900001320000001", "name": "临江路口", "azimuth_deg": "90",
        "fov_deg": 60, "range_m": 50, "height_m": 4, "tilt_deg": 15, "kind": "枪机",
        "online": "在线", "round_view": "否", "vfov_deg": 40, "light": "红外", "ir_range_m": 30,
        "pixels": "1920×1080", "focal_mm": 4, "indoor": "否", "unit": "城关派出所",
        "point_class": "一类", "networked": "是", "point_id": "J001",
        "adjustable": "是", "mandatory": "否", "area_code": "610999001001001",
        "address": "滨江路1号", "lon": 109.365, "lat": 32.834,
    },
    "areas": {
        "area_id": "610999001001001", "name": "第一网格", "kind": "基础网格",
        "parent_id": "610999001001",
        "risk": "中", "households": 320, "people": 1100, "setting": "城镇",
        "geometry": "POLYGON ((109.36 32.83, 109.37 32.83, 109.37 32.84, 109.36 32.83))",
    },
    "tracks": {
        "track_id": "T001", "time": "2024-05-01 09:05:00", "unit_id": "U001", "accuracy_m": 8,
        "lon": 109.365, "lat": 32.834,
    },
    "incidents": {
        "incident_id": "E001", "kind": "纠纷", "class": "邻里纠纷",
        "time": "2024-05-01 09:05", "time_to": "2024-05-01 10:30",
        "accepted": "2024-05-01 11:00", "closed": "2024-05-03 16:20", "state": "已化解",
        "count": 1, "about": "否", "count_unit": "件", "place_quality": "门牌",
        "tags": "重点整治", "colour": "黄", "closed_level": "村", "mediated": "是",
        "mediation_success": "是", "outcome": "已化解", "found_by": "网格上报",
        "first_handler": "网格", "area_code": "610999001001001",
        "address": "滨江路1号", "lon": 109.365, "lat": 32.834,
    },
    "buildings": {
        "building_id": "B001", "height_m": 18, "name": "一号楼", "kind": "住宅",
        "households": 24,
        "geometry": "POLYGON ((109.36 32.83, 109.37 32.83, 109.37 32.84, 109.36 32.83))",
    },
    "routes": {
        "route_id": "R001", "name": "滨江线", "unit": "城关派出所", "mode": "步巡",
        "shift": "早班", "geometry": "LINESTRING (109.365 32.834, 109.367 32.835)",
    },
    "key_sites": {
        "site_id": "S001", "name": "第一小学", "kind": "学校", "area_code": "610999001001001",
        "address": "滨江路1号", "lon": 109.365, "lat": 32.834,
    },
    "must_visit": {
        "point_id": "M001", "name": "学校门口", "route_id": "R001", "seq": 1, "dwell_min": 10,
        "windows": "08:30-11:30;13:30-17:00", "visits": 2, "least_interval_min": 60,
        "greatest_interval_min": 240, "required": "是", "prize_m": None, "priority": 2,
        "skills": None, "area_code": "610999001001001", "address": "滨江路1号",
        "lon": 109.365, "lat": 32.834,
    },
    "addresses": {
        "address_id": "A001", "address": "滨江路1号", "area_code": "610999001001001",
        "lon": 109.365, "lat": 32.834,
    },
    "gates": {
        "gate_id": "G001", "name": "滨江小区南门", "hours": "06:00-22:00", "lon": 109.365,
        "lat": 32.834,
    },
    "walls": {
        "wall_id": "W001", "name": "滨江小区围墙", "height_m": 2.5,
        "geometry": "LINESTRING (109.365 32.834, 109.367 32.835)",
    },
    "entrances": {
        "entrance_id": "C001", "site_id": "S001", "name": "第一小学南门", "lon": 109.365,
        "lat": 32.834,
    },
    "school_needs": {
        "need_id": "N001", "kind": "减速带", "name": "学校门口", "lon": 109.365, "lat": 32.834,
    },
    "poles": {
        "pole_id": "L001", "name": "临江路口东", "kind": "枪机", "lon": 109.365, "lat": 32.834,
    },
    "workers": {
        "slot_id": "W001", "role": "网格员", "kind": "专职", "state": "在岗",
        "area_code": "610999001001001",
    },
    "teams": {
        "team_id": "610999001", "name": "临江派出所", "parent_id": "610999001", "officers": 8,
        "full_time": 12, "people": 18500,
        "geometry": "POLYGON ((109.36 32.83, 109.39 32.83, 109.39 32.86, 109.36 32.83))",
    },
    "work": {
        "month": "2026-01", "kind": "走访", "count": 46, "area_code": "610999001001001",
    },
    "segments": {
        "segment_id": "D001", "name": "滨江路东段", "visits": 2, "windows": "18:00-24:00",
        "both": "否", "required": "是", "prize_m": None, "priority": 2, "skills": None,
        "area_code": "XQ01", "geometry": "LINESTRING (109.365 32.834, 109.367 32.835)",
    },
    "units": {
        "unit_id": "U001", "name": "第一巡区晚班", "force": "巡特警", "mode": "车巡",
        "visible": "是", "speed_kmh": 25, "shift": "18:00-02:00", "start": "Z001", "end": "Z001",
        "break_min": 30, "break_window": "21:00-23:00", "skills": None, "most_stops": None,
        "area_code": "XQ01",
    },
    "standby": {
        "place_id": "Z001", "name": "滨江广场备勤点", "hours": "00:00-24:00",
        "area_code": "XQ01", "lon": 109.365, "lat": 32.834,
    },
    "duties": {
        "duty_id": "F001", "place_kind": "小区", "place_id": None, "force": "保安",
        "hours": "00:00-24:00", "unit_id": None,
    },
    "roster": {
        "unit_id": "U001", "date": "2026-05-01", "shift": "18:00-02:00", "force": "巡特警",
        "mode": "车巡", "visible": "是", "area_code": "XQ01",
    },
    "checkins": {
        "point_id": "M001", "unit_id": "U001", "time": "2024-05-01 09:05", "lon": 109.365,
        "lat": 32.834,
    },
    "stations": {
        "station_id": "J001", "name": "滨江警务站", "unit_class": "警务站", "mode": "车巡",
        "hours": "00:00-24:00", "state": "在用", "area_code": "610999001001001",
        "address": "滨江路1号", "lon": 109.365, "lat": 32.834,
    },
    "duty_units": {
        "unit_id": "U001", "name": "第一巡区晚班", "force": "巡特警", "mode": "车巡",
        "shift": "18:00-02:00", "state": "空闲", "time": "2024-05-01 20:05", "lon": 109.365,
        "lat": 32.834,
    },
}  # fmt: skip
"""Kind of layer -> column -> what the example row of its template has there; the place invented."""

DIVISIONS_EXPLAINED: Final[dict[str, tuple[str, object]]] = {
    "code": ("区划代码，2、4、6、9 或 12 位数字，按文本填写", "610999000000"),
    "name": ("区划名称，例如县、镇、村（社区）的名称", "临江县"),
    "parent_code": ("上级代码，可空；填了就要与代码相符", "610900000000"),
    "old_code": (
        "曾用代码，与代码同级，没有变更就空着；几个合并成一个时用顿号隔开",
        "610998000000",
    ),
}
"""Column of a list of divisions -> what to write into it, and an example; the county invented."""

SHEETS_EXPLAINED: Final[dict[str, dict[str, str]]] = {
    "classes": {
        "kind": "事项类型：event 事件、case 案件、police_call 警情、dispute 纠纷、hazard 隐患",
        "class": "类别代码，同一类型里不重复",
        "label": "类别名称；不按民族、宗教、信访、言论设类",
        "label_en": "英文名称",
        "group": "归入的大类",
        "words": "台账里的其他写法，用空格隔开",
    },
    "tags": {
        "tag": "标签代码；一个标签几个类别就写几行",
        "label": "标签名称",
        "label_en": "英文名称",
        "class": "属于这个标签的类别代码",
    },
    "colours": {
        "colour": "颜色代码：blue、yellow、orange、red 或 green",
        "label": "颜色名称",
        "rank": "严重程度，整数，越大越严重",
        "level": "由哪一级办理：grid、village、town、county 或 city",
        "limit_days": "多少天内办结，整数；没有规定就空着",
        "follow_up_days": "办结后多少天内回访，整数；没有规定就空着",
    },
}
"""Sheet that serves the whole store -> column -> what to write into it."""

PERIOD_EXPLAINED: Final = {
    "since": "从哪一天起有效，例如 2026-01-01；一直有效就空着",
    "until": "到哪一天失效（当天已失效）；仍然有效就空着",
}
"""The columns that each of those sheets has."""

STATES_EXPLAINED: Final[dict[str, tuple[str, object]]] = {
    "camera_id": ("设备编码，与摄像机表相同；国标为 20 位，按文本填写", "61099900001320000001"),
    "time": ("状态的时间，北京时间，例如 2024-05-01 09:05", "2024-05-01 09:05"),
    "online": ("这个时间是否在线：在线或离线；不知道就空着，不要写正常、故障", "在线"),
}
"""Column of a sheet of states -> what to write into it, and an example."""

FAULTS_EXPLAINED: Final[dict[str, tuple[str, object]]] = {
    "camera_id": ("设备编码，与摄像机表相同；国标为 20 位，按文本填写", "61099900001320000001"),
    "fault_at": ("发现故障的时间，北京时间，例如 2024-05-01 09:05", "2024-05-01 09:05"),
    "repaired_at": ("修好的时间，不早于故障时间；还没有修好就空着", "2024-05-02 16:30"),
    "fault": ("故障类型或现象；不要写人名、电话", "无图像"),
}
"""Column of a ledger of faults -> what to write into it, and an example."""
