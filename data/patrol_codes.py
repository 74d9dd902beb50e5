"""What words in the sheets of patrols stand for: forces, ways to go, places that somebody keeps."""

from typing import Final

VOLUNTEER: Final = "volunteer"
"""The force whose positions are not stored."""

FORCES: Final = {
    "patrol_swat": "巡特警 特巡警 巡警 特警 巡逻警察",
    "traffic_police": "交警 交通警察 交管",
    "station_police": "派出所 派出所民警 社区民警 民警",
    "armed_police": "武警 武装警察",
    "security_guard": "保安 保安员 保安队",
    "auxiliary_police": "辅警 警务辅助人员",
    "grid_worker": "网格员 专职网格员 兼职网格员",
    VOLUNTEER: (
        "志愿者 志愿 志愿队 义警 红袖标 平安志愿者 治安志愿者 群防群治 义务巡逻队 义务巡逻"
    ),
}  # fmt: skip
"""Code of a force -> words for it, the one to show first. Kinds of organisation, no persons."""

MODES: Final = {
    "foot": "步巡 步行 徒步 徒步巡逻 步行巡逻 walk",
    "e_bike": "电动车 电动车巡逻 电瓶车 骑巡 骑行 自行车 摩托车 摩巡 bike",
    "car": "车巡 汽车 巡逻车 警车 机动车 驾车 vehicle",
    "video": "视频巡 视频巡查 视频巡逻 网上巡查 线上巡查",
}
"""Code of how a unit goes -> words for it. Video goes nowhere: its rounds are told apart."""

FINDERS: Final = {
    "patrol": "巡逻 巡逻发现 巡防 巡防发现 巡查发现 巡逻力量 巡逻队 巡逻组 街面巡逻",
    "video": "视频 视频发现 视频巡查 视频巡逻 监控 监控发现",
    "grid": "网格 网格上报 网格员 网格巡查",
    "call": "报警 群众报警 接警 110 电话报警 群众举报 群众反映",
    "other": "其他",
}
"""Code of how an event was found, and of who came first -> words for it. Only what says patrol
counts in the handling rate; of any other word nothing is kept, for it may be a name."""

PLACE_KINDS: Final = {
    "main_road": "主干线 主干道 干道",
    "road": "路面 道路 街道",
    "community": "社区 村 村居",
    "compound": "小区 居民小区 住宅小区",
    "key_site": "重点部位 重点场所 要害部位",
    "grid": "网格 责任区",
}
"""Code of what a force answers for -> words for it."""

VISIBLES: Final = {
    "着装": True, "制服": True, "显性": True, "制式车": True, "警车": True,
    "便衣": False, "便装": False, "隐性": False, "民用车": False,
}  # fmt: skip
"""Further words for a unit that people see, or not."""

BOTHS: Final = {"双向": True, "往返": True, "单向": False, "单程": False}
"""Further words for a segment that has to be patrolled in both directions, or in one of them."""

REQUIREDS: Final = {
    "必到": True, "必巡": True, "必须": True, "选到": False, "选巡": False, "可选": False,
}  # fmt: skip
"""Further words for a place that has to be visited, or may be left out."""

TOLD_BY_ROW: Final = frozenset(
    {("tracks", "time"), ("checkins", "time"), ("roster", "date"), ("units", "speed_kmh")}
)
"""Kind of layer and column whose unusable cells set their rows aside, which says enough."""

SHEETS_NEED: Final[dict[str, dict[str, str]]] = {
    "units": {"unit_id": "no_unit", "shift": "no_shift"},
    "roster": {"unit_id": "no_unit", "date": "no_date", "shift": "no_shift"},
    "duties": {"place_kind": "place_kind_unknown", "force": "force_unknown"},
    "checkins": {"point_id": "no_point", "unit_id": "no_unit", "time": "no_time"},
    "duty_units": {"unit_id": "no_unit"},
}
"""Kind of sheet -> the columns that every row needs, and the reason where one is blank."""
