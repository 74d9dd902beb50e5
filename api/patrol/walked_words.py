"""The words of matching tracks and of reports on patrols, both languages side by side."""

from typing import Final

WALKED_WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- tracks matched
    "match_title": ("轨迹匹配", "Tracks matched"),
    "tracks": ("轨迹", "tracks"),
    "roster": ("勤务排班", "roster"),
    "checkins": ("签到记录", "check-ins"),
    "walk": ("步行", "on foot"),
    "vehicle": ("车辆", "by vehicle"),
    "track_head": ("轨迹", "Track"),
    "tracks_head": ("轨迹", "Tracks"),
    "profile_head": ("按何种方式匹配", "Matched as"),
    "fixes_head": ("定位点", "Fixes"),
    "dropped_head": ("剔除的定位点", "Fixes dropped"),
    "dropped_fixes": ("剔除的定位点", "Fixes dropped"),
    "unknown_head": ("去向不明", "Unknown"),
    "walked_head": ("走过", "Walked"),
    "suspicion_head": ("疑问与办法", "What looks wrong, and what to do"),
    "tracks_table": ("各条轨迹", "Tracks"),
    "suspicions_table": ("可疑的轨迹", "Tracks that look wrong"),
    "gaps_are_unknown": (
        "定位中断的时间算去向不明，不算已巡，也不算未巡",
        "Time without positions is unknown: neither patrolled nor not",
    ),
    "tracks_suspected": (
        "有 {count} 条轨迹的坐标基准、时间或单位可疑，见表",
        "Tracks whose datum, clock or unit looks wrong: {count}; see the table",
    ),
    "volunteers_have_no_tracks": (
        "志愿者没有轨迹：其定位点已全部剔除，未作匹配",
        "Volunteers have no tracks: their fixes were dropped and not matched",
    ),
    "match_without_roster": (
        "没有给出排班或单位表：不核对是否在班，全部按{profile}匹配（--roster、--units、--profile）",
        (
            "No roster and no units: duty was not looked at, and all went {profile} "
            "(--roster, --units, --profile)"
        ),
    ),
    "dropped.no_time": ("没有时间", "no time"),
    "dropped.no_place": ("没有位置或位置太远", "no place, or far away"),
    "dropped.future": ("时间在将来", "in the future"),
    "dropped.off_shift": ("不在班次内", "off duty"),
    "dropped.accuracy": ("精度太差", "too inexact"),
    "dropped.duplicate": ("重复", "told before"),
    "dropped.order": ("时间倒退", "back in time"),
    "dropped.speed": ("快得不可能", "too fast"),
    "dropped.frozen": ("坐标卡住不动", "frozen"),
    "dropped.volunteer": ("志愿者没有轨迹", "volunteers have no tracks"),
    "suspect.datum": (
        (
            "坐标疑为 {datum}：离街道的中位距离 {given} 米，换算后 {better} 米；"
            "请加 --datum tracks={datum} 重算"
        ),
        (
            "its coordinates look like {datum}: {given} m from streets, {better} m if converted; "
            "run again with --datum tracks={datum}"
        ),
    ),
    "suspect.datum_streets": (
        (
            "与街道的坐标基准不一致：离街道的中位距离 {given} 米，改正后 {better} 米；"
            "请核对街道文件的坐标基准（--datum streets=…）"
        ),
        (
            "its datum is not that of the streets: {given} m from them, {better} m if they agreed; "
            "check the datum of the streets (--datum streets=...)"
        ),
    ),
    "suspect.clock": (
        "时钟疑差 {hours} 小时：现在 {given} 的点在班次内，改后 {better}；请改正时间后重算",
        (
            "its clock looks off: {given} of its fixes are on duty, {better} with {hours} hours; "
            "mend the times and run again"
        ),
    ),
    "suspect.order": (
        "时间从新到旧排列：{given}的点顺序正确；请按时间排好后重算",
        "its rows run back in time; sort them by time and run again",
    ),
    "suspect.no_shift": (
        "单位不在排班里；请核对单位编号，或补上排班",
        "its unit has no shift; check the code of the unit, or add the shift",
    ),
    # --- reports
    "report_title": ("巡逻报告", "Patrol report"),
    "compounds": ("驻地院落", "compounds of stations"),
    "report_period": ("统计时段 {begin} 至 {end}", "From {begin} to {end}"),
    "report_without_tracks": (
        "没有给出轨迹：只按签到统计，巡段无从判断，也不区分漏巡与不明",
        "No tracks: only check-ins count, segments cannot be told, and nothing is unknown",
    ),
    "shifts_unknown": (
        "应巡任务里有排班没有的班次：{shifts}",
        "Shifts that are due but not on the roster: {shifts}",
    ),
    "numbers_of": ("{part} / {whole}", "{part} of {whole}"),
    "share_range": ("{low}～{high}", "{low} to {high}"),
    "share_unknown": ("不明", "unknown"),
    "of_none": ("（无）", "(none)"),
    "visits_done_of_due": ("完成 / 应巡（次）", "Done / due (visits)"),
    "completed_share": ("完成率", "Completed"),
    "presence_rate": ("可见巡逻率", "Visible presence"),
    "handling_rate": ("巡逻发现处置率", "Handling rate"),
    "paper_units": ("有排班无活动的单位", "Units on paper alone"),
    "swath_merged": ("巡逻覆盖面积（合并）", "Ground covered (merged)"),
    "status.due": ("应巡", "Due"),
    "status.done": ("完成", "Done"),
    "status.late": ("迟到", "Late"),
    "status.too_short": ("停留不足", "Too short"),
    "status.driven_through": ("驶过", "Driven through"),
    "status.video_only": ("仅视频", "Video alone"),
    "status.missed": ("漏巡", "Missed"),
    "status.unknown": ("不明", "Unknown"),
    "status.too_often": ("过频", "Too often"),
    "status.too_soon": ("间隔不足", "Too soon"),
    "state.active": ("有活动", "active"),
    "state.paper": ("没有任何活动", "no sign at all"),
    "state.unknown": ("没有资料", "nobody looked"),
    "shift_head": ("班次", "Shift"),
    "patrol_area_head": ("巡区", "Area"),
    "grid_head": ("网格", "Grid"),
    "finding_head": ("问题", "Finding"),
    "window_head": ("时限", "Window"),
    "detail_head": ("经过", "In detail"),
    "state_head": ("在岗", "On duty"),
    "duty_head": ("班次时长", "Shift"),
    "silent_head": ("设备无信号", "Silent"),
    "longest_silence_head": ("最长无信号", "Longest silence"),
    "visits_head": ("到访", "Visits"),
    "longest_gap_head": ("最长无人到访", "Longest gap"),
    "date_head": ("日期", "Date"),
    "formula_head": ("算法", "Formula"),
    "shifts_table": ("按班次", "By shift"),
    "units_table_done": ("按单位", "By unit"),
    "areas_table": ("按巡区", "By area"),
    "grids_table": ("按网格", "By grid"),
    "findings_table": ("发现的问题", "Findings"),
    "activity_table": (
        "排班与活动（设备无信号不等于缺勤）",
        "Roster and signs (silence is not absence)",
    ),
    "places_table": ("各点与巡段", "Places"),
    "off_roster_table": ("没有排上班的行", "Rows without a shift"),
    "formulas_table": ("各指标的算法", "How figures are reckoned"),
    "late_by": ("迟到 {minutes} 分钟", "{minutes} min late"),
    "silent_for": ("时限内设备无信号占 {share}", "device silent for {share} of the window"),
    "begun_at": ("{time} 开始", "begun {time}"),
    "formula_of.completed": ("完成率", "Completed"),
    "formula.completed": (
        (
            "时限内完成且停留足够的次数 ÷ 应巡次数；后一个数把不明的也算完成。"
            "视频巡查另计。没有应巡的为无基数"
        ),
        (
            "visits done in their window and long enough / visits due; the other figure takes what "
            "is unknown as done. Rounds by video are counted apart. No figure where nothing was due"
        ),
    ),
    "formula_of.presence": ("可见巡逻率", "Visible presence"),
    "formula.presence": (
        (
            "Σ 巡段长度 × 看得见的时段 ÷ Σ 巡段长度 × 应巡时段；"
            "没有位置的时段前一个数算没有，后一个数不计入"
        ),
        (
            "length x slots seen / length x slots due; slots without positions count as not seen "
            "in the first figure and are left out of the second"
        ),
    ),
    "formula_of.handling": ("巡逻发现处置率", "Handling rate"),
    "formula.handling": (
        "巡逻发现或最先处置的街面事件 ÷ 同期本区全部街面事件；两项都没有写的，后一个数算作巡逻",
        (
            "street events found or first handled by patrol / all street events of the area and "
            "period; the other figure adds those of which neither is told"
        ),
    ),
    "formula_of.swath": ("巡逻覆盖面积", "Ground covered"),
    "formula.swath": (
        "离在班单位走过的路不超过可见距离的地面，各单位、各小时重叠处只算一次；不含视频",
        "ground within sight of where units on duty went, counted once; without video",
    ),
    "formula_of.silence": ("设备无信号", "Silent"),
    "formula.silence": (
        "在班时间里没有位置的时长；无信号期间应到而未见的算不明，有信号而未见的才算漏巡",
        (
            "time on duty without positions; what was due then and not seen is unknown, and missed "
            "only where the unit was heard"
        ),
    ),
    # --- limits
    "limits_table": ("口径与阈值（可用 --rule 名称=数值 修改）", "Limits (--rule NAME=NUMBER)"),
    "limit_meaning_head": ("口径", "Limit"),
    "limit_name_head": ("名称", "Name"),
    "limit_value_head": ("数值", "Value"),
    "limit.accuracy_m": ("精度差于此值的点剔除（米）", "a fix less exact is dropped (m)"),
    "limit.speed_kmh": ("快于此值的点剔除（公里/小时）", "a fix faster is dropped (km/h)"),
    "limit.step_m": ("不超过此距离的一步不看速度（米）", "no shorter step is too fast (m)"),
    "limit.frozen_s": ("坐标不变达到此时长为卡住（秒）", "same coordinates so long: frozen (s)"),
    "limit.gap_s": ("间隔超过此值为定位中断（秒）", "a longer step is a gap (s)"),
    "limit.bridge_m": (
        "中断前后相距不超过此值可衔接（米）",
        "a gap is bridged where its ends are this near (m)",
    ),
    "limit.search_m": ("离街道超过此值的点不在街上（米）", "a fix farther is on no street (m)"),
    "limit.share": ("巡段走过的长度达到此比例为完成", "share of a segment that is done"),
    "limit.driven_kmh": ("快于此值为驶过（公里/小时）", "faster is driven through (km/h)"),
    "limit.pause_s": ("未走完的巡段离开多久内可接着走（秒）", "a segment goes on after (s)"),
    "limit.again_s": ("走完的巡段离开多久后算再走（秒）", "a done segment begins anew after (s)"),
    "limit.evidence.within_m": ("距必到点多近算在场（米）", "this near is at a point (m)"),
    "limit.dwell_s": ("在点停留多久为确认到访（秒）", "a stay this long is a visit (s)"),
    "limit.away_s": ("离开不超过此时长不算离开（秒）", "away for less is not away (s)"),
    "limit.checkin_m": ("签到离点多近有效（米）", "a check-in this near counts (m)"),
    "limit.late_s": ("过了时限多久以内算迟到，再晚算漏（秒）", "late, not missed, up to (s)"),
    "limit.silence_s": ("设备多久没有位置为中断（秒）", "a device is silent after (s)"),
    "limit.unknown_share": (
        "时限内设备中断达到此比例，未见的算不明",
        "unknown where the device was silent for this share",
    ),
    "limit.same_visit_s": ("签到与到访相差多久以内算同一次（秒）", "same visit within (s)"),
    "limit.slot_min": ("可见率按多长的时段计（分钟）", "length of a slot of presence (min)"),
    "limit.presence.within_m": ("距巡逻多近算看得见（米）", "a patrol is seen from (m)"),
    "limit.least_share": ("巡段看得见的长度达到此比例算可见", "share of a segment to be seen"),
    "limit.join_s": ("相隔多久以内的位置相连（秒）", "positions are joined within (s)"),
    "limit.join_m": ("相距多远以内的位置相连（米）", "positions are joined within (m)"),
}
"""Key -> Chinese, English."""
