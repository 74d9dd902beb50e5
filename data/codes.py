"""What words in the sheets of offices stand for: the code lists, compass points, yes and no."""

import re
from collections.abc import Mapping
from typing import Final

from data.columns import plain
from data.incident_codes import (
    CLOSED_LEVELS,
    COLOUR_WORDS,
    COUNT_UNITS,
    OUTCOMES,
    PLACE_QUALITIES,
    STATION_CLASSES,
    STATION_STATES,
    UNIT_STATES,
    UNTOLD_WORDS,
)
from data.patrol_codes import FINDERS, FORCES, MODES, PLACE_KINDS

POINTS_OF_COMPASS: Final = {
    name: 22.5 * i
    for i, names in enumerate((
        "n 北 正北", "nne 北北东 北东北 东北偏北", "ne 东北 北东", "ene 东东北 东北东 东北偏东",
        "e 东 正东", "ese 东东南 东南东 东南偏东", "se 东南 南东", "sse 南南东 南东南 东南偏南",
        "s 南 正南", "ssw 南南西 南西南 西南偏南", "sw 西南 南西", "wsw 西西南 西南西 西南偏西",
        "w 西 正西", "wnw 西西北 西北西 西北偏西", "nw 西北 北西", "nnw 北北西 北西北 西北偏北",
    ))
    for name in names.split()
}  # fmt: skip
"""Name of a compass point -> degrees clockwise from north."""

AROUND_COMPASS: Final = re.compile(r"^(?:朝向|面向|朝|向|由)?(.+?)(?:方向|方位|方|向|面)?$")
"""What Chinese sheets write around a compass point: `朝东北方向`."""

DIRECTION_TYPE_HEADS: Final = frozenset(map(plain, ("DirectionType", "监视方位", "摄像机监视方位")))
"""Heads whose numbers are the codes below, not degrees (GB/T 28181)."""

DIRECTION_TYPES: Final = {1: 90, 2: 270, 3: 180, 4: 0, 5: 135, 6: 45, 7: 225, 8: 315}
"""Code of DirectionType -> where the axis points, in degrees clockwise from north."""

PTZ_TYPE_HEADS: Final = frozenset(map(plain, ("PTZType",)))
"""Heads whose code 5 is a remote-controlled half dome (GB/T 28181); elsewhere it is a gantry."""

PTZ_TYPES: Final = {
    "1": "ptz_dome", "2": "fixed_dome", "3": "fixed_bullet", "4": "ptz_bullet", "5": "ptz_dome",
    "6": "panoramic", "7": "multi_lens",
}  # fmt: skip
"""Kinds of camera by PTZType of GB/T 28181-2022."""

CAMERA_KINDS: Final = {
    name: kind
    for kind, names in {
        "fixed_bullet": "fixed_bullet fixed bullet 固定枪机 枪机 筒机 枪型摄像机 3",
        "fixed_dome": "fixed_dome dome 半球 固定半球 半球摄像机 2",
        "ptz_dome": "ptz_dome panning ptz 球机 快球 高速球 球型摄像机 遥控半球 1",
        "ptz_bullet": "ptz_bullet 遥控枪机 云台枪机 4",
        "panoramic": "panoramic panorama 全景 全景摄像机 环视 鱼眼",
        "multi_lens": "multi_lens 多目 多目摄像机",
        "high_point_overview": "high_point_overview 高空瞭望 高点 高点监控",
        "security_checkpoint": "security_checkpoint 卡口 卡口枪机 治安卡口 5",
        "traffic_enforcement": "traffic_enforcement 电子警察 交通违法抓拍 违停抓拍 违章抓拍",
    }.items()
    for name in map(plain, names.split())
}
"""Kinds of camera by what OpenStreetMap, our own files and 一机一档 sheets call them. Gantries and
devices that enforce traffic rules hang where cameras do and are counted apart."""

TRUTHS: Final = {
    word: truth
    for truth, words in {
        True: "on online true t yes y 1 1.0 在线 是 开",
        False: "off offline false f no n 0 0.0 离线 不在线 否 关",
    }.items()
    for word in words.split()
}
"""Words for online and offline; a column with blanks is often written 1.0. 正常 and 故障 are not
among them: in good order is not online."""

NETWORKED: Final = {"已联网": True, "已接入": True, "未联网": False, "未接入": False}
"""Further words for a camera that is networked, or not."""

INDOORS: Final = {"室内": True, "indoor": True, "室外": False, "outdoor": False}
"""Further words for a camera that hangs indoors, or not."""

ROOM_TYPE_HEADS: Final = frozenset(
    map(plain, ("RoomType", "室内外", "室内外属性", "室内/室外", "室内室外"))
)
"""Heads whose numbers are the codes below, not yes and no (GB/T 28181)."""

ROOM_TYPES: Final[dict[str, bool | None]] = {"0": None, "1": False, "2": True}
"""Code of RoomType -> whether it is indoors; 0 declares nothing. Sheets often have 1 and 2
reversed."""

LIGHTS: Final = {
    "none": "无补光 无 1",
    "infrared": "红外 红外补光 红外灯 2",
    "white": "白光 白光补光 白光灯 3",
    "laser": "激光 激光补光 激光灯 4",
    "other": "其他 其它 9",
}
"""Code of the light that a camera has for the night -> words for it; the numbers are those of
SupplyLightType (GB/T 28181)."""

POINT_CLASSES: Final = {
    "class_1": "一类 一类点 一类点位 一类视频监控点 1",
    "class_2": "二类 二类点 二类点位 二类视频监控点 2",
    "class_3": "三类 三类点 三类点位 三类视频监控点 3",
    "police_internal": "公安内部 公安内部视频监控点 4",
    "other": "其他 其它 9",
}
"""Code of the class of a monitoring point -> words for it: the police's own, other government's or
a key industry's, a social unit's. The numbers are those of PoType (GB/T 28181-2022); 4 is of older
一机一档 sheets."""

INCIDENT_KINDS: Final = {
    "event": "事件 网格事件",
    "case": "案件 刑事案件 治安案件 行政案件",
    "police_call": "警情 110警情 报警 群众紧急求助",
    "dispute": "矛盾纠纷 纠纷 矛盾",
    "hazard": "隐患 安全隐患 风险隐患",
}
"""Code of an incident's kind -> words for it, the one to show first."""

INCIDENT_STATES: Final = {
    "open": "未处理 待处理 待处置 待办 未办 未办结 未结 待受理 待派单 待签收 新建 已上报 new",
    "handling": "处理中 处置中 办理中 在办 已受理 已派单 已签收 已交办 调解中 整改中 侦办中 进行中",
    "closed": (
        "已办结 办结 已处理 已处置 已结案 结案 已化解 化解 已整改 已解决 已完成 完成 已关闭 已归档 "
        "done"
    ),
}
"""Code of an incident's state -> words for it, the one to show first."""

VISIBILITIES: Final = {
    "overt": "明哨 明岗 明 公开",
    "covert": "暗哨 暗岗 暗 隐蔽 秘密",
}
"""Code of a post's visibility -> words for it. Covert posts are restricted data."""

MOBILITIES: Final = {
    "fixed": "固定哨 固定 固定岗 定点",
    "mobile": "流动哨 流动 流动岗 机动 机动哨",
}
"""Code of a post's mobility -> words for it: whether it stands in one place or goes about."""

CHANNELS: Final = {
    "offline": "线下 线下巡查 实地",
    "online": "线上 线上巡查 网上 视频巡查",
}
"""Code of a post's channel -> words for it: whether it watches the street or a network."""

CREWS: Final = {
    "professional": "专职 专业 专门力量 专业力量",
    "volunteer": "群众 群众力量 志愿 义务 群防群治",
}
"""Code of a post's crew -> words for it: whose work it is; a kind of work, never who does it."""

DUTIES: Final = {
    "patrol": "巡逻防范",
    "warning": "警示提醒",
    "help": "救助帮扶",
    "mediation": "纠纷调解",
    "early_warning": "治安预警",
    "information": "信息采集",
    "supervision": "安全监管",
}
"""Code of a duty of posts -> the word for it: the seven that were published, and no other."""

BETWEEN_DUTIES: Final = re.compile(r"[、,，;；/\s]+")
"""What stands between the duties of one post."""

RISKS: Final = {
    "high": "高 高风险 高风险等级",
    "medium": "中 中风险 中等 中风险等级",
    "low": "低 低风险 低风险等级",
}
"""Code of an area's risk -> words for it: of the place, never of a person."""

SETTINGS: Final = {
    "urban": (
        "城镇 城区 城市 镇区 主城区 城乡结合区 镇中心区 镇乡结合区 特殊区域 111 112 121 122 123"
    ),
    "rural": "乡村 农村 村庄 乡中心区 210 220",
}
"""Code of an area's setting -> words for it; the names and numbers are those by which the National
Bureau of Statistics classes villages and communities as urban or rural."""

AREA_KINDS: Final = {
    "basic": "基础网格 网格 普通网格 一般网格 综治网格 社区网格 农村网格 城市网格",
    "exclusive": "专属网格 专项网格",
    "micro": "微网格 微格",
    "unit": "单元网格 万米单元网格",
    "responsibility": "责任区 责任网格 责任区网格",
    "beat": "警务区 社区警务区 社区民警责任区 警格",
    "patrol": "巡区 巡逻区 巡防区 巡逻防控区",
    "village": "村 社区 村(社区) 村/社区 村居 行政村",
    "town": "镇 乡 街道 乡镇 镇街 乡镇街道 镇(街道)",
    "county": "县 区县 县区 市辖区 县级市",
    "city": "市 地级市 设区市",
}
"""Code of an area's kind -> words for it: kinds of grid, whose rules are in `data.grid_kinds`, and
the divisions that grids are parts of."""

WORKER_ROLES: Final = {
    "grid_worker": "网格员 专职网格员 兼职网格员",
    "grid_leader": "网格长",
    "grid_instructor": "网格指导员",
    "building_leader": "楼栋长 楼长 单元长 中心户长 微网格员",
    "police": "社区民警 驻村民警 包片民警",
    "auxiliary": "辅警 社区辅警",
    "other": "其他 其它",
}
"""Code of what a slot in a grid is for -> words for it: a closed list, for other words in that
column may be names."""

WORKER_KINDS: Final = {
    "full_time": "专职 全职 专职网格员",
    "part_time": "兼职 兼职网格员",
}
"""Code of a slot's kind -> words for it."""

SLOT_STATES: Final = {
    "filled": "在岗 在职 已配备 已配 满编",
    "vacant": "空缺 空岗 缺编 缺员 未配备 未配",
}
"""Code of whether somebody has a slot -> words for it; who has it is not kept."""

WORK_KINDS: Final = {
    "matters": "办事 办理事项 办事件数 代办事项",
    "opinions": "社情民意 收集社情民意 民意",
    "visits": "走访 入户走访 走访入户 走访次数",
}
"""Code of a kind of work -> words for it: those that monthly reports of grids count."""

COVERT_SIGNS: Final = ("暗哨", "暗岗")
"""What a post's kind or name holds where the file has no column for visibility."""

SITE_KINDS: Final = {
    "school": "学校 幼儿园 小学 中学 大学 校园 校园周边 college kindergarten university",
    "hospital": "医院 卫生院 clinic",
    "market": "市场 农贸市场 集贸市场 集市 marketplace",
    "mall": "商场 商业中心 购物中心 超市 supermarket",
    "bank": "银行 金融网点 信用社",
    "government": "党政机关 机关 政府 政务大厅 townhall",
    "square": "广场 中心广场",
    "park": "公园",
    "scenic_spot": "景区 景点 旅游景区 attraction",
    "stadium": "体育场馆 体育馆 体育场 场馆",
    "temple_fair": "庙会 庙会场地",
    "hotel_lobby": "宾馆大厅 酒店大堂 宾馆大堂 旅馆大厅",
    "bus_station": "汽车站 客运站 公交站 长途汽车站",
    "railway_station": "火车站 高铁站 铁路车站",
    "metro_station": "地铁站 轨道站",
    "wharf": "码头 渡口 ferry_terminal",
    "transport_hub": "交通枢纽 车站码头 车站",
    "airport": "机场 航站楼 aerodrome",
    "car_park": "停车场 公共停车场 parking",
    "service_area": "服务区 高速服务区",
    "main_road": "主干道 主要道路 交通干线 交通要道",
    "bridge": "桥梁 大桥 桥",
    "tunnel": "隧道",
    "underpass": "地下通道 下穿通道 人行地道",
    "checkpoint": "检查站 省际检查站 卡点 出入口 边界点",
    "other": "其他",
}
"""
Code of a public place -> words for it, the one to show first: a closed list.

The places are those where Order 799, Article 7, has cameras built, and what GB/T 28181 calls
PositionType. Nothing of Article 8 (guest rooms, dormitories, baths, toilets, changing rooms) is
offered, nor places of worship: belief is no attribute here.
"""

POSITION_TYPE_HEADS: Final = frozenset({plain("PositionType")})
"""Heads whose numbers are the codes below (GB/T 28181-2016)."""

POSITION_TYPES: Final = {
    "1": "checkpoint", "2": "government", "3": "transport_hub", "4": "square", "5": "stadium",
    "6": "mall", "8": "school", "10": "main_road",
}  # fmt: skip
"""Code of PositionType -> kind of place. 7 (worship) and 9 (complex security) are none here."""

SCHOOL_NEED_KINDS: Final = {
    "sign": "标志 标志牌 交通标志 警示标志 警示标志牌 限速标志 学校标志 signs traffic_sign",
    "speed_bump": "减速带 减速丘 减速垄 speed_bumps bump",
    "escort_post": "护学岗 护学点 护校岗 escort_posts",
}
"""Code of what belongs around a school, beside cameras -> words for it, the one to show first."""

CLOSED_LISTS: Final = {
    ("school_needs", "kind"): "need_unknown",
    ("units", "mode"): "mode_unknown",
    ("units", "force"): "force_unknown",
    ("roster", "mode"): "mode_unknown",
    ("roster", "force"): "force_unknown",
    ("duties", "place_kind"): "place_kind_unknown",
    ("duties", "force"): "force_unknown",
    ("incidents", "count_unit"): "count_unit_unknown",
    ("stations", "unit_class"): "unit_class_unknown",
    ("stations", "mode"): "mode_unknown",
    ("stations", "state"): "station_state_unknown",
    ("duty_units", "mode"): "mode_unknown",
    ("duty_units", "force"): "force_unknown",
    ("duty_units", "state"): "unit_state_unknown",
}
"""Kind of layer and column of words -> why a row is set aside whose word nobody knows, or that has
none. A force that is not understood might be one whose positions may not be kept; what is counted
in a unit that nobody knows cannot be added to anything."""

MAY_BE_BLANK: Final = frozenset({
    ("units", "mode"), ("units", "force"), ("roster", "mode"), ("roster", "force"),
    ("incidents", "count_unit"), ("stations", "unit_class"), ("stations", "mode"),
    ("stations", "state"),
    ("duty_units", "mode"), ("duty_units", "force"), ("duty_units", "state"),
})  # fmt: skip
"""Those of them that a row may leave out."""

UNKNOWN_AS: Final = {
    ("key_sites", "kind"): "other",
    ("posts", "visibility"): "covert",
    ("workers", "role"): "other",
    ("incidents", "found_by"): "other",
    ("incidents", "first_handler"): "other",
    ("incidents", "place_quality"): "area",
}
"""
Kind of layer and column -> code for words that nobody knows; elsewhere they stay as they came.

A visibility that cannot be read counts as covert: shown too little, not too much. A place whose
quality nobody can tell is taken for the worst that is still a place.
"""

UNTOLD: Final = frozenset({
    ("workers", "role"), ("workers", "kind"), ("workers", "state"), ("incidents", "found_by"),
    ("incidents", "first_handler"), *UNTOLD_WORDS,
})  # fmt: skip
"""Columns beside which people are written: a word that nobody knows may be a name there. It is
neither kept nor told of."""


def by_word(codes: Mapping[str, str]) -> dict[str, str]:
    """Return plain word -> code; a code is a word for itself."""
    return {plain(word): code for code, words in codes.items() for word in (code, *words.split())}


CODE_LISTS: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("incidents", "kind"): INCIDENT_KINDS,
    ("incidents", "state"): INCIDENT_STATES,
    ("incidents", "found_by"): FINDERS,
    ("incidents", "first_handler"): FINDERS,
    ("incidents", "count_unit"): COUNT_UNITS,
    ("incidents", "place_quality"): PLACE_QUALITIES,
    ("incidents", "colour"): COLOUR_WORDS,
    ("incidents", "closed_level"): CLOSED_LEVELS,
    ("incidents", "outcome"): OUTCOMES,
    ("posts", "visibility"): VISIBILITIES,
    ("posts", "mobility"): MOBILITIES,
    ("posts", "channel"): CHANNELS,
    ("posts", "crew"): CREWS,
    ("posts", "duties"): DUTIES,
    ("areas", "kind"): AREA_KINDS,
    ("areas", "risk"): RISKS,
    ("areas", "setting"): SETTINGS,
    ("cameras", "light"): LIGHTS,
    ("cameras", "point_class"): POINT_CLASSES,
    ("key_sites", "kind"): SITE_KINDS,
    ("school_needs", "kind"): SCHOOL_NEED_KINDS,
    ("workers", "role"): WORKER_ROLES,
    ("workers", "kind"): WORKER_KINDS,
    ("workers", "state"): SLOT_STATES,
    ("work", "kind"): WORK_KINDS,
    ("units", "mode"): MODES,
    ("units", "force"): FORCES,
    ("roster", "mode"): MODES,
    ("roster", "force"): FORCES,
    ("duties", "place_kind"): PLACE_KINDS,
    ("duties", "force"): FORCES,
    ("stations", "unit_class"): STATION_CLASSES,
    ("stations", "mode"): MODES,
    ("stations", "state"): STATION_STATES,
    ("duty_units", "mode"): MODES,
    ("duty_units", "force"): FORCES,
    ("duty_units", "state"): UNIT_STATES,
}
"""Kind of layer and column -> its code list."""

CODES: Final = {place: by_word(codes) for place, codes in CODE_LISTS.items()}
"""Kind of layer and column -> plain word -> code."""

ENDINGS: Final = {"警情": "police_call", "案件": "case", "纠纷": "dispute", "隐患": "hazard"}
"""
How the names of classes end that are still of a kind: `道路交通类警情`, `刑事案件`.

Police calls and cases must be known as such even under a class name: they are the police's rows.
"""
