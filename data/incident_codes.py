"""What words in ledgers of incidents stand for: units of count, levels, colours, how it ended."""

from typing import Final

COUNT_UNITS: Final = {
    "matter": "件",
    "occurrence": "起 宗",
    "person": "人 名 位",
    "person_time": "人次",
    "household": "户",
    "item": "条",
    "session": "场次 场 次",
    "item_time": "件次",
    "occurrence_time": "起次",
}
"""Code of a unit of count -> words for it, the one to show first. What is counted in one of them is
never added to what is counted in another: 人 and 人次 are two."""

PLACE_QUALITIES: Final = {
    "point": "坐标 精确 精确定位 定位点 GPS gps exact rooftop",
    "address": "门牌 门牌号 地址 楼栋 house parcel",
    "street": "街道 道路 路段 街路巷 路口 百米段 interpolated block hundred_block",
    "area": "区域 网格 村 社区 村(社区) 乡镇 中心点 区域中心 centroid approximate",
    "none": "无 未定位 无法定位 未落图",
}
"""Code of how well a place is known -> words for it. A place in the middle of an area stands for
the area."""

COLOUR_WORDS: Final = {
    "blue": "蓝 蓝色 蓝色预警 蓝标",
    "yellow": "黄 黄色 黄色预警 黄标",
    "orange": "橙 橙色 橙色预警",
    "red": "红 红色 红色预警 红标",
    "green": "绿 绿色",
}
"""Code of a colour -> words for it. What colours ask for is in the sheet of colours."""

CLOSED_LEVELS: Final = {
    "grid": "网格 网格级 网格内 格内",
    "village": "村 社区 村级 村(社区) 村(社区)级 村居",
    "town": "镇 乡镇 街道 镇级 镇街 乡镇级 镇(街道) 乡镇(街道)",
    "county": "县 区 县级 区县 县(区) 县区 区级",
    "city": "市 市级 地市级",
}
"""Code of a level -> words for it: at which one a matter was closed."""

OUTCOMES: Final = {
    "resolved": "已化解 化解 已解决 解决 调解成功 化解成功 办结 是 已整改",
    "unresolved": "未化解 未解决 化解失败 调解不成功 否 未整改",
    "withdrawn": "撤回 撤诉 自行和解 撤销",
    "transferred": "移交 转办 移送 转交 引导诉讼 上报上级",
}
"""Code of how a matter ended -> words for it. Of any other word nothing is kept, for it may be a
sentence about people."""

MEDIATED: Final[dict[str, bool | None]] = {
    "已调解": True, "经调解": True, "调解": True, "未调解": False, "不调解": False,
}  # fmt: skip
"""Further words for a matter that was mediated, or not."""

SUCCESSES: Final[dict[str, bool | None]] = {
    "成功": True, "调解成功": True, "达成协议": True, "达成": True,
    "不成功": False, "失败": False, "未成功": False, "调解不成功": False, "调解失败": False,
    "未达成协议": False, "未达成": False,
}  # fmt: skip
"""Further words for a mediation that succeeded, or not."""

STATION_CLASSES: Final = {
    "station": "派出所 警务站 警务室 中心警务站",
    "post": "岗亭 警亭 街面岗亭 执勤点 警务岗 移动警务站",
    "sub_bureau": "分局 县局 区局 县公安局",
    "city": "市局 市公安局 指挥中心",
}
"""Code of a unit's class -> words for it: each class answers within minutes of its own."""

STATION_STATES: Final = {
    "open": "在用 启用 开放 运行 使用中",
    "closed": "停用 关闭 撤销 暂停",
}
"""Code of whether a station answers -> words for it."""

UNIT_STATES: Final = {
    "free": "空闲 待命 在岗 可派 巡逻中",
    "busy": "忙 出警 出警中 处警中 处置中 任务中",
    "off": "离岗 休息 休班 下班 未上岗 离线",
}
"""Code of whether a unit can be sent -> words for it."""

UNTOLD_WORDS: Final = frozenset({("incidents", "outcome")})
"""Kind of layer and column where a word that nobody knows may be about people: it is neither kept
nor told of."""
