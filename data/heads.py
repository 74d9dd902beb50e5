"""The heads that files have for our columns, by kind of layer: one table for all of them."""

from typing import Final

from data.incident_heads import DUTY_UNIT_HEADS, INCIDENT_HEADS, STATION_HEADS
from data.patrol_heads import (
    PATROL_ALIASES,
    PATROL_AREA_HEADS,
    PRIORITY_HEADS,
    PRIZE_HEADS,
    REQUIRED_HEADS,
    SKILL_HEADS,
    UNIT_HEADS,
)

AREA_CODE_HEADS: Final = (
    "area_code", "area_id", "grid_id", "village_id", "community_id", "所属网格编码",
    "所属网格代码", "所属网格", "网格编码", "网格编号", "网格代码", "所属社区编码", "所属村编码",
    "所属村居编码", "村居代码", "社区编码",
)  # fmt: skip
"""Heads of the column that names the area a row lies in, alike in every layer that has one."""

ADDRESS_HEADS: Final = (
    "address", "addr", "地址", "详细地址", "标准地址", "事发地址", "发生地址", "案发地址",
    "安装地址", "点位地址", "门牌地址", "事发地点", "发生地点", "案发地点", "安装地点",
)  # fmt: skip
"""Heads of the column that says where a row is in words. A register of addresses has its own: what
is kept there is the address itself, never a place where something happened."""

ALIASES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "streets": {
        "street_id": (
            "street_id", "osm_id", "osmid", "way_id", "@id", "id", "街道编号", "道路编号",
            "路段编号", "街道编码", "道路编码", "路段编码", "编号", "编码",
        ),
        "name": (
            "name", "street", "street_name", "名称", "路名", "道路名称", "街道名称", "街路巷名称",
        ),
        "class": (
            "class", "highway", "fclass", "kind_detail", "kind", "road_class", "道路等级",
            "道路类别", "道路类型", "类别", "类型", "等级",
        ),
        "oneway": ("oneway", "one_way", "单行", "单行线", "是否单行"),
        "bridge": ("bridge", "is_bridge", "桥", "桥梁", "是否桥梁"),
        "tunnel": ("tunnel", "is_tunnel", "隧道", "是否隧道"),
        "layer": ("layer", "层级", "层"),
        "width_m": ("width_m", "width", "宽度", "路宽", "道路宽度", "路面宽度"),
    },
    "posts": {
        "post_id": (
            "post_id", "pole_id", "osm_id", "id", "观察哨编号", "哨点编号", "岗哨编号", "岗位编号",
            "岗点编号", "点位编号", "岗哨编码", "哨点编码", "点位编码", "编号", "编码",
        ),
        "name": (
            "name", "名称", "岗哨名称", "哨点名称", "观察哨名称", "岗位名称", "岗点名称",
            "点位名称",
        ),
        "kind": ("kind", "type", "岗哨类型", "哨点类型", "岗位类型", "类型", "类别"),
        "hours": (
            "hours", "opening_hours", "值守时间", "值守时段", "值班时间", "在岗时间", "工作时间",
        ),
        "visibility": ("visibility", "明暗", "明暗哨", "明哨暗哨", "明哨/暗哨", "明暗属性"),
        "mobility": (
            "mobility", "固定流动", "固定/流动", "固定哨流动哨", "固定哨/流动哨", "流动固定",
            "流动方式",
        ),
        "channel": ("channel", "线上线下", "线上/线下", "巡查渠道", "渠道"),
        "crew": ("crew", "专群", "专群属性", "专职群众", "专职/群众", "队伍性质", "力量性质"),
        "staff": (
            "staff", "人数", "岗哨人数", "哨点人数", "值守人数", "在岗人数", "配备人数", "人员数",
            "人员数量", "观察员人数", "观察员数", "观察员数量",
        ),
        "tasks": ("tasks", "任务数", "任务数量", "任务次数", "巡防任务数", "任务起数"),
        "hazards": (
            "hazards", "隐患数", "隐患数量", "隐患起数", "安全隐患数", "排查隐患数", "整治隐患数",
        ),
        "duties": ("duties", "职责", "岗位职责", "岗哨职责", "哨点职责", "职责任务", "承担职责"),
        "area_code": AREA_CODE_HEADS,
        "address": ADDRESS_HEADS,
    },
    "cameras": {
        "camera_id": (
            "camera_id", "device_id", "osm_id", "@id", "id", "设备编码", "国标编码", "国标编号",
            "摄像机编码", "摄像机编号", "设备编号", "点位编号", "编码", "编号",
        ),
        "name": ("name", "设备名称", "摄像机名称", "点位名称", "监控点名称", "名称"),
        "azimuth_deg": (
            "azimuth_deg", "azimuth", "heading", "camera:direction", "direction", "direction_raw",
            "dir_deg", "方位角", "朝向", "DirectionType", "监视方位", "摄像机监视方位",
        ),
        "headings": ("headings", "多镜头朝向"),
        "fov_deg": ("fov_deg", "fov", "HorizontalFieldAngle", "水平视场角", "视场角"),
        "range_m": ("range_m", "range", "MaxViewDistance", "可视距离", "最大可视距离", "监控距离"),
        "height_m": ("height_m", "height", "安装高度", "架设高度", "杆高"),
        "tilt_deg": ("tilt_deg", "tilt", "camera:angle", "camera_angle", "俯仰角", "俯角"),
        "kind": (
            "kind", "camera_type", "camera:type", "PTZType", "摄像机类型", "类型", "type",
        ),
        "online": ("online", "Status", "在线状态", "设备状态", "联网状态", "是否在线", "状态"),
        "round_view": ("round_view", "环视"),
        "vfov_deg": ("vfov_deg", "vfov", "VerticalFieldAngle", "垂直视场角"),
        "light": ("light", "SupplyLightType", "补光类型", "补光属性", "补光方式"),
        "ir_range_m": ("ir_range_m", "ir_range", "红外距离", "补光距离", "夜视距离"),
        "pixels": ("pixels", "水平像素", "分辨率", "像素", "resolution"),
        "focal_mm": (
            "focal_mm", "focal", "focal_length", "焦距", "镜头焦距", "焦距(mm)", "镜头焦距(mm)",
            "焦距(毫米)", "镜头焦距(毫米)",
        ),
        "indoor": (
            "indoor", "是否室内", "RoomType", "室内外", "室内外属性", "室内/室外", "室内室外",
        ),
        "unit": (
            "unit", "ManagementUnit", "管理单位", "建设单位", "权属单位", "产权单位", "所属单位",
        ),
        "point_class": (
            "point_class", "PoType", "监控点位类型", "监控点类别", "点位类型", "点位类别",
        ),
        "networked": (
            "networked", "是否联网", "是否接入", "联网情况", "接入情况", "联网", "接入",
        ),
        "point_id": ("point_id", "监控点编号", "监控点编码", "所属点位编号", "所属点位"),
        "adjustable": ("adjustable", "可否调整", "是否可调", "是否可调整"),
        "mandatory": ("mandatory", "必保视角", "是否必保"),
        "area_code": AREA_CODE_HEADS,
        "address": ADDRESS_HEADS,
    },
    "areas": {
        "area_id": (
            "area_id", "grid_id", "id", "网格编码", "网格编号", "网格代码", "区域编码", "巡区编号",
            "巡区编码", "社区编码", "区划代码", "行政区划代码", "adcode", "编码", "编号",
        ),
        "name": ("name", "网格名称", "区域名称", "巡区名称", "社区名称", "名称", "district"),
        "kind": (
            "kind", "grid_kind", "grid_type", "网格类型", "网格类别", "网格种类", "区域类型",
            "区域类别", "类型", "类别",
        ),
        "parent_id": (
            "parent_id", "village_id", "community_id", "上级编码", "上级编号", "上级代码",
            "所属社区编码", "所属村编码",
        ),
        "risk": (
            "risk", "risk_level", "风险等级", "风险级别", "治安风险等级", "网格风险等级", "风险",
        ),
        "households": ("households", "户数", "总户数", "居民户数", "家庭户数"),
        "people": (
            "people", "population", "人口数", "人口", "总人口", "常住人口", "实有人口",
        ),
        "setting": (
            "setting", "城乡分类", "城乡类型", "城乡属性", "城乡分类代码",
        ),
    },
    "tracks": {
        "track_id": (
            "track_id", "track", "trip_id", "track_fid", "id", "轨迹编号", "轨迹编码", "编号",
        ),
        "time": ("time", "timestamp", "datetime", "gps_time", "定位时间", "时间"),
        "unit_id": UNIT_HEADS,
        # Dilution of precision (hdop) is none: it is no length.
        "accuracy_m": (
            "accuracy_m", "accuracy", "horizontal_accuracy", "定位精度", "水平精度", "精度",
        ),
    },
    "incidents": {**INCIDENT_HEADS, "area_code": AREA_CODE_HEADS, "address": ADDRESS_HEADS},
    "buildings": {
        "building_id": (
            "building_id", "osm_id", "osmid", "osm_way_id", "@id", "id", "建筑编号", "建筑编码",
            "楼栋编号", "楼栋编码", "编号", "编码",
        ),
        "height_m": ("height_m", "height", "建筑高度", "楼高", "高度"),
        "name": ("name", "建筑名称", "楼栋名称", "名称"),
        "kind": ("kind", "building", "type", "建筑类型", "用途", "类型"),
        "households": ("households", "户数", "总户数", "居民户数", "家庭户数"),
    },
    "routes": {
        "route_id": (
            "route_id", "osm_id", "id", "路线编号", "线路编号", "巡逻路线编号", "巡线编号",
            "路线编码", "线路编码", "编号", "编码",
        ),
        "name": (
            "name", "route", "route_name", "路线名称", "线路名称", "巡逻路线名称", "巡线名称",
            "名称",
        ),
        "unit": ("unit", "巡逻单位", "责任单位", "承担单位", "所属单位", "单位"),
        "mode": ("mode", "巡逻方式", "巡逻类型", "方式"),
        "shift": ("shift", "班次", "巡逻班次", "巡逻时段", "时段"),
    },
    "key_sites": {
        "site_id": (
            "site_id", "osm_id", "id", "部位编号", "场所编号", "重点部位编号", "重点场所编号",
            "部位编码", "场所编码", "编号", "编码",
        ),
        "name": (
            "name", "部位名称", "场所名称", "重点部位名称", "重点场所名称", "名称",
        ),
        "kind": (
            "kind", "site_kind", "PositionType", "部位类型", "场所类型", "重点部位类型",
            "重点场所类型", "amenity", "类型", "类别",
        ),
        "area_code": AREA_CODE_HEADS,
        "address": ADDRESS_HEADS,
    },
    "must_visit": {
        "point_id": (
            "point_id", "must_visit_id", "osm_id", "id", "必到点编号", "必巡点编号", "签到点编号",
            "巡更点编号", "点位编号", "必到点编码", "必巡点编码", "编号", "编码",
        ),
        "name": (
            "name", "必到点名称", "必巡点名称", "签到点名称", "巡更点名称", "点位名称", "名称",
        ),
        "route_id": (
            "route_id", "路线编号", "线路编号", "巡逻路线编号", "所属路线编号", "所属路线",
        ),
        "seq": ("seq", "sequence", "次序", "到访次序", "巡逻次序", "顺序"),
        "dwell_min": (
            "dwell_min", "dwell", "停留时间", "停留时长", "停留分钟数", "驻留时间", "驻留时长",
        ),
        "windows": ("windows", "time_windows", "到访时段", "签到时段", "时间窗", "时段"),
        "visits": ("visits", "frequency", "每班次数", "巡逻频次", "频次", "次数"),
        "least_interval_min": (
            "least_interval_min", "least_interval", "min_interval", "最短间隔", "最小间隔",
        ),
        "greatest_interval_min": (
            "greatest_interval_min", "greatest_interval", "max_interval", "最长间隔", "最大间隔",
        ),
        "required": REQUIRED_HEADS,
        "prize_m": PRIZE_HEADS,
        "priority": PRIORITY_HEADS,
        "skills": SKILL_HEADS,
        "area_code": tuple(dict.fromkeys((*AREA_CODE_HEADS, *PATROL_AREA_HEADS))),
        "address": ADDRESS_HEADS,
    },
    "addresses": {
        "address_id": (
            "address_id", "osm_id", "id", "地址编号", "地址编码", "标准地址编码", "门牌编号",
            "门牌编码", "编号", "编码",
        ),
        "address": (
            "address", "full_address", "addr", "标准地址", "地址", "详细地址", "门牌地址",
            "地址全称", "门牌号", "门牌",
        ),
        "area_code": AREA_CODE_HEADS,
    },
    "gates": {
        "gate_id": (
            "gate_id", "osm_id", "id", "大门编号", "卡口门编号", "出入口编号", "大门编码",
            "出入口编码", "编号", "编码",
        ),
        "name": ("name", "大门名称", "出入口名称", "名称"),
        "hours": (
            "hours", "opening_hours", "开放时间", "开放时段", "开门时间", "通行时间", "通行时段",
        ),
    },
    "walls": {
        "wall_id": (
            "wall_id", "osm_id", "id", "围墙编号", "墙体编号", "墙编号", "围墙编码", "编号", "编码",
        ),
        "name": ("name", "围墙名称", "墙体名称", "名称"),
        "height_m": ("height_m", "height", "墙高", "围墙高度", "墙体高度", "高度"),
    },
    "poles": {
        "pole_id": (
            "pole_id", "osm_id", "id", "杆位编号", "立杆编号", "杆件编号", "杆体编号", "杆号",
            "杆位编码", "点位编号", "编号", "编码",
        ),
        "name": ("name", "杆位名称", "立杆名称", "点位名称", "名称"),
        "kind": ("kind", "camera_type", "拟装类型", "拟装摄像机类型", "摄像机类型"),
    },
    "entrances": {
        "entrance_id": (
            "entrance_id", "door_id", "osm_id", "id", "出入口编号", "出入口编码", "编号", "编码",
        ),
        "site_id": (
            "site_id", "所属部位编号", "所属场所编号", "重点部位编号", "重点场所编号", "部位编号",
            "场所编号", "部位编码", "场所编码", "所属部位", "所属场所",
        ),
        "name": ("name", "出入口名称", "大门名称", "名称"),
    },
    "school_needs": {
        "need_id": ("need_id", "osm_id", "id", "设施编号", "设施编码", "编号", "编码"),
        "kind": ("kind", "type", "设施类型", "设施类别", "类型", "类别"),
        "name": ("name", "设施名称", "名称"),
    },
    "workers": {
        "slot_id": (
            "slot_id", "岗位编号", "岗位编码", "席位编号", "席位编码", "编制编号", "编号", "编码",
        ),
        "role": ("role", "岗位", "岗位名称", "岗位类型", "角色", "职务"),
        "kind": ("kind", "专兼职", "专职兼职", "专职/兼职", "专兼职情况", "岗位性质", "用工性质"),
        "state": ("state", "在岗情况", "在岗状态", "配备情况", "状态"),
        "area_code": ("grid", *AREA_CODE_HEADS),
    },
    "work": {
        "month": ("month", "period", "月份", "统计月份", "年月", "月"),
        "kind": ("kind", "工作类型", "工作类别", "工作内容", "事项类型", "类型", "类别"),
        "count": ("count", "total", "数量", "件数", "次数", "完成数", "数"),
        "area_code": ("grid", *AREA_CODE_HEADS),
    },
    "teams": {
        "team_id": (
            "team_id", "station_id", "id", "派出所编号", "派出所编码", "队伍编号", "编号", "编码",
        ),
        "name": ("name", "派出所", "派出所名称", "队伍名称", "名称"),
        "parent_id": (
            "parent_id", "town_id", "乡镇编码", "乡镇编号", "乡镇代码", "上级编码", "上级编号",
        ),
        "officers": ("officers", "警力", "警力数", "民警数", "民警人数"),
        "full_time": ("full_time", "专职人数", "专职队员数", "专职巡防人数", "专职巡防队员数"),
        "people": (
            "people", "population", "人口数", "人口", "总人口", "常住人口", "实有人口",
        ),
    },
    **PATROL_ALIASES,
    "stations": {**STATION_HEADS, "area_code": AREA_CODE_HEADS, "address": ADDRESS_HEADS},
    "duty_units": DUTY_UNIT_HEADS,
}  # fmt: skip
"""
Per kind of layer: our column -> heads accepted for it, the likelier first (their order decides).

Case, spaces, underscores and a unit in brackets do not count. `SECTOR` and other local names are
not guessed: they come by `columns`. No head of a person's data may enter (a test holds that).
"""

PLACES: Final[dict[str, tuple[str, ...]]] = {
    "lon": ("lon", "lng", "long", "longitude", "经度", "东经"),
    "lat": ("lat", "latitude", "纬度", "北纬"),
    "x": ("x", "easting", "east", "x坐标", "坐标x", "横坐标", "东坐标"),
    "y": ("y", "northing", "north", "y坐标", "坐标y", "纵坐标", "北坐标"),
    "geometry": ("geometry", "geom", "wkt", "wkb", "the_geom", "shape", "几何", "空间数据"),
}
"""Heads of the columns that hold the place, for every kind of layer, where a file is a table."""

KINDS: Final = tuple(ALIASES)
"""Kinds of layer that can be read."""
