"""What is said of patrols: refusals, remarks, reasons and next steps, Chinese and English."""

from typing import Final

PATROL_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "no_units_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；每行写一个巡逻单元的编号和班次时间，"
            "例如 18:00-02:00，不写人名"
        ),
        (
            "{file}: no column {names}; it has: {heads}; a row is one unit with its hours of duty "
            "(unit_id, shift such as 18:00-02:00), without names of people"
        ),
    ),
    "no_roster_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；每行写一个单元一天的一个班次"
            "（单元编号、日期、班次时间），不写人名"
        ),
        (
            "{file}: no column {names}; it has: {heads}; a row is one shift of one unit (unit_id, "
            "date, shift), without names of people"
        ),
    ),
    "no_duties_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；每行写哪一类部位由哪支力量负责"
            "（责任部位类型、力量类型，可加部位编号和时段）"
        ),
        (
            "{file}: no column {names}; it has: {heads}; a row says which force answers for which "
            "kind of place (place_kind, force, and maybe place_id and hours)"
        ),
    ),
    "no_checkins_columns": (
        "{file}：没有 {names} 列；其余表头有：{heads}；每行写一个单元在一个必到点的一次签到",
        (
            "{file}: no column {names}; it has: {heads}; a row is one check-in of a unit at a "
            "must-visit point (point_id, unit_id, time)"
        ),
    ),
    "no_fix_times": (
        "{file} 没有可用的定位时间，不能作为轨迹存入；请给每个定位点写上时间",
        "{file}: its fixes have no times, so no track can be stored; give each fix its time",
    ),
    "no_fixes": (
        "{file} 里没有定位点，无法匹配；请检查文件和图层",
        "{file} holds no fix, so there is nothing to match; check the file and the layer",
    ),
    "keep_days": (
        "positions_keep_days：保留 {met} 天不行；轨迹最多保留 {most} 天，请写 1 到 {most}",
        (
            "positions_keep_days: {met} is too long or no number of days; positions are kept for "
            "at most {most} days, give 1 to {most}"
        ),
    ),
    "positions_police": (
        "巡逻轨迹和方案只给公安条线看；这里看得到的是 {lines}，请由有权限的人查看",
        (
            "positions and plans of patrols are for the police's line; this access sees {lines}: "
            "let somebody look who may"
        ),
    ),
    "plan_state": (
        "方案 {id} {met}，不能改为{expected}；请重新读取，或另作一个方案",
        "plan {id} is {met} and cannot become {expected}; read it again, or make another plan",
    ),
    "plan_broken": (
        "方案 {id} 有 {count} 处不合规则，不能采用；请先改正，或另作一个方案",
        "plan {id} breaks rules ({count}) and cannot be accepted; mend it, or make another plan",
    ),
    "no_such_stop": (
        "方案 {id} 里没有 {due}，或它不能交给 {unit}；请重新读取方案",
        "plan {id} has no {due}, or {unit} cannot be sent there; read the plan again",
    ),
    "no_such_units": (
        "巡区 {id} 没有单元 {units}；请核对编号，或先执行 gridpatrol import units 文件",
        "area {id} has no units {units}; check the codes, or run gridpatrol import units FILE",
    ),
    "no_units_on_duty": (
        (
            "{date} {shift} 巡区 {id} 没有可派的单元；请换一个班次，或先执行"
            " gridpatrol import units 文件"
        ),
        (
            "no unit of area {id} can be sent on {date}, {shift}; name another shift, or run "
            "gridpatrol import units FILE"
        ),
    ),
    "no_positions": (
        "{date} 没有可用的定位；请先导入当天的轨迹，或换一天",
        "no position is stored of {date}; import the tracks of that day, or name another",
    ),
    "no_streets_near_positions": (
        "{date} 的定位一带没有存入街道；请先执行 gridpatrol import streets 文件，或核对坐标基准",
        (
            "no street is stored near the positions of {date}; run gridpatrol import streets "
            "FILE, or check the datum of the tracks"
        ),
    ),
    "nobody_on_duty": (
        "巡区 {id} 从 {since} 到 {until} 没有人排班；请换一段日期，或先导入单元表、勤务排班",
        (
            "nobody had a shift in area {id} from {since} to {until}; name other days, or import "
            "units or a roster first"
        ),
    ),
    "nothing_to_patrol": (
        (
            "巡区 {id} 里没有必到点和巡段；请先执行 gridpatrol import must_visit 文件，或"
            " gridpatrol import segments 文件"
        ),
        (
            "area {id} has neither must-visit points nor segments; run gridpatrol import "
            "must_visit FILE or gridpatrol import segments FILE first"
        ),
    ),
    "plan_accepted_already": (
        "{area} {date} {shift} 已经有采用的方案 {other}；请先撤销它，再采用别的",
        (
            "{area}, {date}, {shift}: plan {other} is accepted already; withdraw it first, then "
            "accept another"
        ),
    ),
    "result_unknown": (
        "done：第 {row} 行的 {name} 是“{met}”，不能存入；{name} 可以是 {known}",
        "done: {name} of row {row} is {met!r}, which cannot be stored; use one of {known}",
    ),
    "results_columns": (
        "done：缺少 {names} 列；有：{heads}；请传入 geo.patrol.evidence 的结果",
        "done: no column {names}; it has: {heads}; pass what geo.patrol.evidence returns",
    ),
}
"""Every refusal by its code: Chinese, English."""

PATROL_REMARKS: Final[dict[str, tuple[str, str]]] = {
    "one_track": (
        "没有轨迹编号，{count} 个定位点作为一条轨迹",
        "no ids of tracks or units; the fixes ({count}) are taken as one track",
    ),
    "volunteer_fixes": (
        (
            "志愿者没有轨迹：{count} 个定位点属于志愿力量的单元 {units}，没有存入，位置和时间也没有"
            "留下；志愿巡逻请用签到记录"
        ),
        (
            "volunteers have no tracks: fixes of volunteer units ({units}), {count} in all, were "
            "not stored, nor their places and times set aside; record volunteer patrols by "
            "check-ins"
        ),
    ),
    "unknown_unit_fixes": (
        (
            "{count} 个定位点的单元不在已存的单元表里：{units}，没有存入，位置和时间也没有留下；"
            "请先导入单元表，或改正编号"
        ),
        (
            "fixes of units that are not stored ({units}), {count} in all, were not stored, nor "
            "their places and times set aside: import the units first, or mend the ids"
        ),
    ),
    "fixes_repeated": (
        "{count} 个定位点与同一单元、同一轨迹、同一时间的前一个重复，只留第一个",
        "fixes with the unit, track and time of one before, left out: {count}",
    ),
}
"""Every remark by its code: Chinese, English."""

PATROL_WORDS: Final[dict[str, tuple[str, str]]] = {
    "segments": ("巡段", "patrol segments"),
    "standby": ("备勤点", "standby places"),
    "units": ("巡逻单元", "patrol units"),
    "duties": ("责任分工", "duties"),
    "roster": ("勤务排班", "roster"),
    "checkins": ("签到记录", "check-ins"),
    "positions": ("巡逻轨迹", "positions"),
    "plans": ("巡逻方案", "patrol plans"),
    "results": ("巡逻结果", "patrol results"),
    "proposed": ("待采用", "proposed"),
    "accepted": ("已采用", "accepted"),
    "withdrawn": ("已撤销", "withdrawn"),
    "no_unit": ("没有单元编号", "no code of its unit"),
    "no_shift": ("没有班次时间", "no hours of duty"),
    "no_date": ("没有可用的日期", "no usable date"),
    "no_point": ("没有必到点编号", "no code of its point"),
    "unit_twice": ("单元编号重复", "unit listed before"),
    "unit_unknown": ("单元不在单元表里", "unit that is not stored"),
    "volunteer_track": ("志愿者没有轨迹", "volunteers have no tracks"),
    "mode_unknown": ("巡逻方式不认识", "unknown way of patrolling"),
    "force_unknown": ("力量类型不认识", "unknown force"),
    "place_kind_unknown": ("责任部位类型不认识", "unknown kind of place"),
    "speed_impossible": ("速度不可能", "impossible speed"),
    "shift_unreadable": ("班次时间看不懂", "hours of duty that cannot be read"),
    "break_beyond_shift": ("休息比班次还长", "break as long as the shift"),
    "windows_unreadable": ("时段看不懂", "hours that cannot be read"),
    "windows_empty": ("时段是空的", "hours of no length"),
    "windows_upside_down": ("时段的起止写反了", "start and end of the hours exchanged"),
    "dwell_beyond_window": ("停留时间比时段还长", "stay longer than its hours"),
    "visits_beyond_window": ("时段里排不下要到的次数", "more visits than its hours hold"),
    "interval_upside_down": ("最短间隔大于最长间隔", "least interval above the greatest"),
}
"""What codes are called in sentences: Chinese, English."""

PATROL_STEPS: Final[dict[str, tuple[str, str]]] = {
    "no_unit": ("填上单元编号，不要写人名、警号", "give the code of the unit, never a person's"),
    "no_shift": ("填上班次时间，例如 18:00-02:00", "give the hours of duty, such as 18:00-02:00"),
    "no_date": ("填上日期，例如 2026-05-01", "give the date, such as 2026-05-01"),
    "no_point": ("填上必到点编号", "give the code of the must-visit point"),
    "unit_twice": (
        "一个单元只写一行；几段时间写在班次里，用分号隔开",
        "keep one row a unit; write several spells of duty into its shift, semicolons between",
    ),
    "unit_unknown": (
        "先导入单元表，或改正单元编号",
        "import the units first, or mend the code of the unit",
    ),
    "volunteer_track": (
        "去掉志愿者的轨迹；志愿巡逻用签到记录",
        "take the tracks of volunteers out; record their patrols by check-ins",
    ),
    "mode_unknown": (
        "写 步巡、电动车、车巡 或 视频巡",
        "write foot, e_bike, car or video",
    ),
    "force_unknown": (
        "写 巡特警、交警、派出所、武警、保安、辅警、网格员 或 志愿者",
        (
            "write patrol_swat, traffic_police, station_police, armed_police, security_guard, "
            "auxiliary_police, grid_worker or volunteer"
        ),
    ),
    "place_kind_unknown": (
        "写 主干线、路面、社区、小区、重点部位 或 网格",
        "write main_road, road, community, compound, key_site or grid",
    ),
    "speed_impossible": (
        "写大于 0、不超过 120 的数（公里/小时），或空着",
        "give a number above 0 and up to 120 km/h, or leave it blank",
    ),
    "shift_unreadable": (
        "写成例如 08:00-16:00，跨零点写 18:00-02:00",
        "write such as 08:00-16:00, or 18:00-02:00 over midnight",
    ),
    "break_beyond_shift": ("改正休息时长或班次时间", "mend the break or the hours of duty"),
    "windows_unreadable": (
        "写成例如 08:30-11:30;13:30-17:00",
        "write such as 08:30-11:30;13:30-17:00",
    ),
    "windows_empty": (
        "起止时间要不同；整班都行就空着",
        "give an end other than the start, or leave it blank for the whole shift",
    ),
    "windows_upside_down": (
        "先写开始再写结束；真要跨零点就写明 次日，例如 16:00-次日09:00",
        ("write the start first; hours that do last over midnight say so, such as 16:00-次日09:00"),
    ),
    "dwell_beyond_window": ("缩短停留时间，或放宽时段", "shorten the stay, or widen its hours"),
    "visits_beyond_window": (
        "减少次数、缩短停留或间隔，或放宽时段",
        "ask for fewer or shorter visits or a lesser interval, or widen its hours",
    ),
    "interval_upside_down": ("改正最短间隔或最长间隔", "mend the least or the greatest interval"),
}
"""What to do about each reason of the quarantine: Chinese, English."""
