"""What is said of incidents, stations and their sheets, Chinese and English."""

from typing import Final

INCIDENT_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "no_duty_units_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；每行写一个值勤单元的编号和现在的位置，"
            "不写人名、警号"
        ),
        (
            "{file}: no column {names}; it has: {heads}; a row is one unit on duty and where it is "
            "now (unit_id, lon, lat), without names of people"
        ),
    ),
    "no_table_columns": (
        "{file}：没有 {names} 列；其余表头有：{heads}；请照 gridpatrol template 写出的模板填写",
        (
            "{file}: no column {names}; it has: {heads}; fill in the sheet that gridpatrol "
            "template writes"
        ),
    ),
    "colour_of_police": (
        "警情和案件没有颜色；请去掉 colour，或改正 kind",
        "police calls and cases have no colour; leave out colour, or mend kind",
    ),
    "time_to_too_early": (
        "time_to（{end}）早于 time（{start}）；请改正",
        "time_to ({end}) is before time ({start}); mend one of them",
    ),
    "closed_too_early": (
        "closed（{end}）早于 accepted（{start}）；请改正",
        "closed ({end}) is before accepted ({start}); mend one of them",
    ),
    "tables_of_all": (
        "类别、标签和颜色表供全库使用，只能由管全部区划的人更改；这里只管 {division}",
        (
            "classes, tags and colours serve the whole store and are changed by whoever has all "
            "of it; this access has {division}"
        ),
    ),
    "table_later": (
        "{kind} {ids} 在 {on} 之后已有更新的版本，不能再从 {on} 起更改；请核对日期",
        "{kind} {ids} have a version that begins after {on}: check the day",
    ),
}
"""Every refusal by its code: Chinese, English."""

INCIDENT_REMARKS: Final[dict[str, tuple[str, str]]] = {
    "day_only": (
        "{count} 行只写了日期，没有时刻：按当天任何时候都可能处理（第 {rows} 行）",
        "rows with a day and no time of it, taken as any time of that day: {count} (lines {rows})",
    ),
    "colour_dropped": (
        (
            "{count} 行警情或案件写了颜色；颜色只用于事件、纠纷和隐患，没有读入：{reasons}"
            "（第 {rows} 行）"
        ),
        (
            "police calls and cases with a colour, which only events, disputes and hazards have, "
            "left out: {reasons} (rows: {count}, lines {rows})"
        ),
    ),
    "kept_by_area": (
        "{count} 行没有坐标，只知道所属网格或村（社区）：计入该区域，不编造点位",
        (
            "rows without coordinates that name their area: {count}; they count there, and no "
            "point is made up"
        ),
    ),
    "table_again": (
        "{count} 行与前面的行相同，只留第一行（第 {rows} 行）",
        "rows that repeat one before, left out: {count} (lines {rows})",
    ),
}
"""Every remark by its code: Chinese, English."""

INCIDENT_WORDS: Final[dict[str, tuple[str, str]]] = {
    "stations": ("警务站点", "stations"),
    "duty_units": ("值勤单元", "units on duty"),
    "classes": ("事项类别", "classes of incidents"),
    "tags": ("事项标签", "tags of incidents"),
    "colours": ("预警颜色", "colours"),
    "blue": ("蓝", "blue"),
    "yellow": ("黄", "yellow"),
    "orange": ("橙", "orange"),
    "red": ("红", "red"),
    "green": ("绿", "green"),
    "time_to_before_time": ("最晚发生时间早于最早发生时间", "latest time before the earliest"),
    "closed_before_accepted": ("办结早于受理", "closed before it was accepted"),
    "count_unreadable": ("数量看不懂", "number that cannot be read"),
    "count_unit_other": ("数量的单位与单位列不同", "another unit in the number than beside it"),
    "count_unit_unknown": ("数量的单位不认识", "unknown unit of a number"),
    "unit_class_unknown": ("站点类型不认识", "unknown class of station"),
    "station_state_unknown": ("站点状态不认识", "unknown state of a station"),
    "unit_state_unknown": ("单元状态不认识", "unknown state of a unit"),
    "no_table_key": ("没有写全代码", "code left out"),
    "table_kind_unknown": ("事项类型不认识", "unknown kind of incident"),
    "table_twice": ("同一代码、同一天有不同的写法", "the same code said otherwise on the same day"),
    "table_day_unreadable": ("日期看不懂", "day that cannot be read"),
    "table_days_turned": ("失效日期不晚于生效日期", "ends no later than it begins"),
    "table_number": ("不是可用的数", "no usable number"),
    "table_class_barred": ("不设这样的类别", "class that is not kept"),
}
"""What codes are called in sentences: Chinese, English."""

INCIDENT_STEPS: Final[dict[str, tuple[str, str]]] = {
    "time_to_before_time": ("改正发生时间的起止", "mend the two times"),
    "closed_before_accepted": ("改正受理或办结时间", "mend when it was accepted or closed"),
    "count_unreadable": (
        "写成数，例如 21000、2.1万余、1400余起",
        "write a number, such as 21000, 2.1万余 or 1400余起",
    ),
    "count_unit_other": ("只写一个单位", "keep one of the two units"),
    "count_unit_unknown": (
        "写 件、起、人、人次、户、条、场次、件次 或 起次，或空着",
        (
            "write matter, occurrence, person, person_time, household, item, session, item_time "
            "or occurrence_time, or leave it blank"
        ),
    ),
    "unit_class_unknown": (
        "写 派出所、岗亭、分局 或 市局，或空着",
        "write station, post, sub_bureau or city, or leave it blank",
    ),
    "station_state_unknown": ("写 在用 或 停用，或空着", "write open or closed, or leave it blank"),
    "unit_state_unknown": (
        "写 空闲、出警 或 离岗，不知道就空着",
        "write free, busy or off, or leave it blank where unknown",
    ),
    "no_table_key": ("填上代码", "give its code"),
    "table_kind_unknown": (
        "写 事件、案件、警情、纠纷 或 隐患",
        "write event, case, police_call, dispute or hazard",
    ),
    "table_twice": ("只留一行，或写明各自的生效日期", "keep one, or give each its first day"),
    "table_day_unreadable": ("写成例如 2026-01-01", "write such as 2026-01-01"),
    "table_days_turned": ("改正生效或失效日期", "mend the days"),
    "table_number": ("写正整数，或空着", "write a whole number, or leave it blank"),
    "table_class_barred": (
        "去掉：不按民族、宗教、信访或言论分类",
        "take it out: nothing is classed by what people are, believe, say or ask for",
    ),
}
"""What to do about each reason of the quarantine: Chinese, English."""
