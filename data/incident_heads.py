"""The heads that files have for incidents, stations and units on duty, and for their sheets."""

from typing import Final

from data.patrol_heads import FORCE_HEADS, MODE_HEADS, SHIFT_HEADS, UNIT_HEADS

INCIDENT_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "incident_id": (
        "incident_id", "event_id", "case_id", "id", "事件编号", "警情编号", "案件编号",
        "纠纷编号", "隐患编号", "接警编号", "编号", "编码",
    ),
    "kind": ("kind", "事件类型", "警情类型", "事项类型", "类型"),
    # What was found after handling stands before what the first call said.
    "class": (
        "class", "type", "offence", "反馈报警类别", "事件类别", "警情类别", "案件类别",
        "纠纷类别", "纠纷类型", "隐患类别", "事项类别", "案由", "类别",
    ),
    "time": (
        "time", "time_from", "datetime", "datetime_local", "occurred_at", "发生时间起",
        "发生时间(起)", "发案时间起", "发案时间(起)", "案发时间起", "案发时间(起)",
        "最早发生时间", "发生时间", "发案时间", "案发时间", "事发时间", "发现时间", "接警时间",
        "上报时间", "时间",
    ),
    "time_to": (
        "time_to", "发生时间止", "发生时间(止)", "发案时间止", "发案时间(止)", "案发时间止",
        "案发时间(止)", "最晚发生时间",
    ),
    "accepted": (
        "accepted", "accepted_at", "受理时间", "受理日期", "立案时间", "立案日期", "受案时间",
        "受案日期", "受理登记时间",
    ),
    "closed": (
        "closed", "closed_at", "办结时间", "办结日期", "结案时间", "结案日期", "化解时间",
        "化解日期", "解决时间", "整改完成时间", "处置完成时间",
    ),
    "state": ("state", "status", "办理状态", "处置状态", "状态"),
    "count": (
        "count", "数量", "总数", "件数", "起数", "件次数", "起次数", "场次数", "条数", "事件数",
        "案件数", "警情数", "纠纷数", "隐患数", "数量(件)", "数量(起)", "数量(条)", "数量(场次)",
        "数量(人次)", "数量(户)", "数量(件次)",
    ),
    "about": ("about", "是否约数", "约数"),
    "count_unit": ("count_unit", "计量单位", "数量单位", "量词"),
    "place_quality": (
        "place_quality", "geocode_quality", "定位质量", "定位级别", "落图精度", "匹配级别",
        "坐标来源",
    ),
    "tags": ("tags", "标签", "事件标签", "案件标签", "警情标签", "标记"),
    "colour": (
        "colour", "color", "预警颜色", "三色预警", "颜色等级", "风险颜色", "颜色",
    ),
    "closed_level": (
        "closed_level", "办结层级", "化解层级", "结案层级", "解决层级", "处置层级", "办理层级",
    ),
    "mediated": ("mediated", "是否调解", "是否组织调解", "调解情况"),
    "mediation_success": (
        "mediation_success", "是否调解成功", "调解是否成功", "调解成功", "调解结果",
    ),
    "outcome": ("outcome", "化解结果", "化解情况", "是否化解", "办理结果", "处置结果"),
    # By which force, never by whom: heads of a finder's or a handler's name are not taken.
    "found_by": ("found_by", "发现方式", "发现途径", "发现来源", "发现力量"),
    "first_handler": ("first_handler", "先期处置力量", "首处力量", "最先处置力量"),
}  # fmt: skip
"""Our column of incidents -> heads accepted for it, the likelier first. How many people had to do
with a matter (涉及人数) is no count of matters, so that no such head is taken for one."""

STATION_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "station_id": (
        "station_id", "警务站编号", "警务站编码", "派出所编号", "派出所编码", "岗亭编号",
        "站点编号", "站点编码", "osm_id", "id", "编号", "编码",
    ),
    "name": ("name", "警务站名称", "派出所名称", "岗亭名称", "站点名称", "名称"),
    "unit_class": (
        "unit_class", "kind", "单位类别", "站点类型", "站点类别", "警务站类型", "类型", "类别",
    ),
    "mode": ("mode", "出警方式", "处警方式", "到达方式", "方式"),
    "hours": ("hours", "opening_hours", "值守时间", "值班时间", "执勤时段", "开放时间", "时段"),
    "state": ("state", "站点状态", "运行状态", "状态"),
}  # fmt: skip
"""The same of stations: where police set out from, never who."""

DUTY_UNIT_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "unit_id": (*UNIT_HEADS, "id", "编号", "编码"),
    "name": ("name", "单元名称", "巡组名称", "队伍名称", "单位名称", "名称"),
    "force": FORCE_HEADS,
    "mode": MODE_HEADS,
    "shift": SHIFT_HEADS,
    "state": ("state", "单元状态", "出警状态", "勤务状态", "状态"),
    "time": ("time", "timestamp", "datetime", "gps_time", "定位时间", "时间"),
}
"""The same of units on duty and where each is now."""

CLASS_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "kind": ("kind", "事项类型", "事件类型", "类型"),
    "class": ("class", "类别代码", "类别编码", "代码"),
    "label": ("label", "类别名称", "类别", "名称"),
    "label_en": ("label_en", "英文名称"),
    "group": ("group", "归类", "大类"),
    "words": ("words", "也可写作", "同义词"),
    "since": ("since", "生效日期"),
    "until": ("until", "失效日期"),
}
"""Our column of the sheet of classes -> heads accepted for it."""

TAG_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "tag": ("tag", "标签代码", "代码"),
    "label": ("label", "标签名称", "标签", "名称"),
    "label_en": ("label_en", "英文名称"),
    "class": ("class", "类别代码", "类别编码", "类别"),
    "since": ("since", "生效日期"),
    "until": ("until", "失效日期"),
}
"""The same of the sheet of tags: a row is one class of one tag."""

COLOUR_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "colour": ("colour", "颜色代码", "代码"),
    "label": ("label", "颜色名称", "颜色", "名称"),
    "rank": ("rank", "严重程度", "等级"),
    "level": ("level", "办理层级", "层级"),
    "limit_days": ("limit_days", "办结期限(天)", "办结期限"),
    "follow_up_days": ("follow_up_days", "回访期限(天)", "回访期限"),
    "since": ("since", "生效日期"),
    "until": ("until", "失效日期"),
}
"""The same of the sheet of colours."""
