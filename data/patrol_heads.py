"""The heads that files have for the columns of patrols: what is walked, by whom, and who must."""

from typing import Final

PATROL_AREA_HEADS: Final = (
    "area_code", "area_id", "patrol_area_id", "所属巡区编号", "所属巡区编码", "所属巡区",
    "巡区编号", "巡区编码", "巡区", "所属区域编码", "grid_id", "所属网格编码", "网格编码",
    "网格编号",
)  # fmt: skip
"""Heads of the column that names the patrol area a row lies in, or is on duty in."""

UNIT_HEADS: Final = (
    "unit_id", "unit", "巡逻单元编号", "巡逻单元", "单元编号", "单元编码", "巡组编号",
    "巡逻组编号", "巡逻组", "车组编号", "队伍编号", "单位编号",
)  # fmt: skip
"""Heads of the column that names a unit. A unit is a patrol, a car, a post of a roster: never a
person, so that no head of a badge number or of a handset is taken."""

FORCE_HEADS: Final = (
    "force", "力量类型", "力量类别", "警种", "队伍类型", "队伍类别", "队伍性质", "责任力量",
    "责任队伍", "责任警种",
)  # fmt: skip
"""Heads of the column that says which force a unit is of, or which answers."""

MODE_HEADS: Final = ("mode", "巡逻方式", "巡逻类型", "巡防方式", "方式")
"""Heads of the column that says how a unit goes."""

VISIBLE_HEADS: Final = (
    "visible",
    "是否显性",
    "显性",
    "显性巡逻",
    "着装情况",
    "是否着装",
    "着装",
    "着装/便衣",
)
"""Heads of the column that says whether people see who patrols: in uniform, in a marked car."""

SHIFT_HEADS: Final = (
    "shift", "班次时间", "班次时段", "班次", "巡逻时间", "巡逻时段", "上岗时段", "值勤时段",
    "执勤时段", "勤务时段", "在岗时间",
)  # fmt: skip
"""Heads of the column with the hours of a shift."""

REQUIRED_HEADS: Final = ("required", "是否必到", "是否必巡", "必到", "必巡")
"""Heads of the column that says whether a place may be left out."""

PRIZE_HEADS: Final = ("prize_m", "prize", "折算里程", "折合里程", "可绕行距离", "绕行里程")
"""Heads of the column that says how long a way a place that may be left out is worth."""

PRIORITY_HEADS: Final = ("priority", "优先级", "优先等级", "优先级别", "巡逻等级", "巡逻级别")
"""Heads of the column that ranks places, 1 before 5."""

SKILL_HEADS: Final = ("skills", "所需技能", "技能", "技能要求", "装备要求", "装备", "资质要求")
"""Heads of the column of words that a place asks for and a unit has."""

WINDOW_HEADS: Final = ("windows", "time_windows", "巡逻时间窗", "巡段时段", "时间窗", "时段")
"""Heads of the column with the hours in which a segment counts."""

PATROL_ALIASES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "segments": {
        "segment_id": (
            "segment_id", "巡段编号", "巡段编码", "巡逻段编号", "路段编号", "osm_id", "id", "编号",
            "编码",
        ),
        "name": ("name", "巡段名称", "巡逻段名称", "路段名称", "名称"),
        "visits": ("visits", "frequency", "每班次数", "巡逻频次", "频次", "次数"),
        "windows": WINDOW_HEADS,
        "both": ("both", "both_directions", "是否双向", "双向", "往返", "是否往返"),
        "required": REQUIRED_HEADS,
        "prize_m": PRIZE_HEADS,
        "priority": PRIORITY_HEADS,
        "skills": SKILL_HEADS,
        "area_code": PATROL_AREA_HEADS,
    },
    "units": {
        "unit_id": (*UNIT_HEADS, "id", "编号", "编码"),
        "name": ("name", "单元名称", "巡组名称", "队伍名称", "单位名称", "名称"),
        "force": FORCE_HEADS,
        "mode": MODE_HEADS,
        "visible": VISIBLE_HEADS,
        "speed_kmh": ("speed_kmh", "speed", "巡逻速度", "速度", "时速"),
        "shift": SHIFT_HEADS,
        "start": ("start", "起点", "出发点", "出发地点", "上勤地点"),
        "end": ("end", "终点", "收班点", "收班地点", "收勤地点"),
        "break_min": (
            "break_min", "休息时长", "休息分钟数", "休息分钟", "用餐时长",
        ),
        "break_window": ("break_window", "休息时段", "用餐时段", "休息时间窗", "休息时间"),
        "skills": SKILL_HEADS,
        "most_stops": ("most_stops", "最多点数", "每班最多点数", "最多任务数"),
        "area_code": PATROL_AREA_HEADS,
    },
    "standby": {
        "place_id": (
            "place_id", "备勤点编号", "备勤点编码", "驻点编号", "驻勤点编号", "屯警点编号",
            "osm_id", "id", "编号", "编码",
        ),
        "name": ("name", "备勤点名称", "驻点名称", "驻勤点名称", "屯警点名称", "名称"),
        "hours": ("hours", "opening_hours", "开放时间", "开放时段", "备勤时段", "时段"),
        "area_code": PATROL_AREA_HEADS,
    },
    "duties": {
        "duty_id": ("duty_id", "责任编号", "id", "编号"),
        "place_kind": (
            "place_kind", "责任部位类型", "责任区类型", "部位类型", "场所类型", "地点类型",
            "kind", "类型",
        ),
        "place_id": (
            "place_id", "责任部位编号", "责任区编号", "部位编号", "场所编号", "地点编号",
        ),
        "force": FORCE_HEADS,
        "hours": ("hours", "责任时段", "责任时间", "值守时段", "时段", "时间"),
        "unit_id": UNIT_HEADS,
    },
    "roster": {
        "unit_id": UNIT_HEADS,
        "date": ("date", "日期", "排班日期", "班次日期", "值勤日期", "勤务日期"),
        "shift": SHIFT_HEADS,
        "force": FORCE_HEADS,
        "mode": MODE_HEADS,
        "visible": VISIBLE_HEADS,
        "area_code": PATROL_AREA_HEADS,
    },
    "checkins": {
        "point_id": (
            "point_id", "必到点编号", "必巡点编号", "签到点编号", "巡更点编号", "点位编号",
            "必到点编码", "必巡点编码",
        ),
        "unit_id": UNIT_HEADS,
        "time": ("time", "timestamp", "datetime", "签到时间", "打卡时间", "巡更时间", "时间"),
    },
}  # fmt: skip
"""Kind of layer -> our column -> heads accepted for it, the likelier first."""
