"""The words of the commands on reach by road, both languages side by side."""

from typing import Final

RESPONSE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "rings_title": ("道路可达圈", "Reach by road"),
    "nearest_title": ("就近力量", "Nearest units"),
    "stations": ("站点", "stations"),
    "duty_units": ("在勤单位", "units on duty"),
    "places": ("地点", "places"),
    # --- rings
    "stations_counted": ("计入的站点", "Stations counted"),
    "stations_left_out": ("未计入的站点", "Stations left out"),
    "within_minutes": ("{minutes} 分钟内", "Within {minutes} min"),
    "outside_rings": ("各圈之外", "Outside every ring"),
    "own_minutes_reach": ("各类单位在规定分钟内", "Within the minutes of each class"),
    "length_and_share": ("{length}（{share}）", "{length} ({share})"),
    "bands_table": ("各圈路长", "Street by ring"),
    "classes_reach_table": ("各类单位的规定时间", "By class of unit, in its own minutes"),
    "stations_table": ("各站点", "Stations"),
    "losses_table": ("撤去一处会失去什么", "What is lost if a station closes"),
    "stations_out_table": ("未计入的站点与原因", "Stations left out, and why"),
    "outside_table": ("圈外道路", "Streets outside every ring"),
    "ring_head": ("圈", "Ring"),
    "length_head": ("路长", "Length"),
    "share_head": ("占比", "Share"),
    "within_head": ("累计占比", "Up to it"),
    "class_of_unit_head": ("单位类别", "Class"),
    "minutes_head": ("分钟", "Minutes"),
    "stations_head": ("站点", "Stations"),
    "reach_head": ("可达", "Reaches"),
    "only_head": ("仅此处可达", "Reached by it alone"),
    "alone_head": ("其中再无别处可达", "Of it by no other at all"),
    "next_head": ("其余由次近处到达（平均/最长分钟）", "Next to come, min (mean / most)"),
    "street_head": ("街道", "Street"),
    "pieces_head": ("段数", "Stretches"),
    "unnamed": ("（无名）", "(unnamed)"),
    "unit_class.station": ("派出所、警务站", "station"),
    "unit_class.post": ("岗亭、执勤点", "post"),
    "unit_class.sub_bureau": ("分局", "sub-bureau"),
    "unit_class.city": ("市局", "city"),
    "outside_reason.beyond": ("超过最长时限", "beyond the longest ring"),
    "outside_reason.no_way": ("无路可到（孤立路段）", "no way leads there (an island)"),
    "outside_reason.closed": ("各站点的方式都不能走", "closed to the modes of all stations"),
    "rings_are_reckoned": (
        "按设定车速沿路推算，出警准备 {turnout:g} 秒；不计路况和信号灯",
        "By the speeds set, along the road, turn-out {turnout:g} s; no traffic, no lights",
    ),
    "hint.now": (
        "看谁在班：--now 当地时间，如 2026-03-01T08:00",
        "For who is on duty: --now LOCAL-TIME such as 2026-03-01T08:00",
    ),
    "hours_not_asked": (
        "没有指定时刻：不看值班时间，全部按在岗计算",
        "Without a time hours were not looked at: everybody counts as on duty",
    ),
    "no_station_counts": (
        "没有一处站点可计入，请核对坐标、停用状态、值守时间和街道范围",
        "No station counts: look at places, states, hours and the extent of the streets",
    ),
    "stations_without_class": (
        "有 {count} 处没有单位类别，不计入规定分钟",
        "Stations without a class, which have no minutes of their own: {count}",
    ),
    # --- nearest
    "units_free": ("可派单位", "Units free"),
    "units_refused": ("不能派的单位", "Units that cannot go"),
    "nearest_to": ("{place} 最近", "Nearest to {place}"),
    "nearest_is": (
        "{unit}，{minutes} 分钟，{distance}",
        "{unit}, {minutes} min, {distance}",
    ),
    "nobody": ("无", "nobody"),
    "candidates_table": ("各地点可派的单位", "Units that can go, by place"),
    "without_table": ("无人可派的地点与原因", "Places that nobody can go to, and why"),
    "refused_table": ("不能派的单位与原因", "Units that cannot go, and why"),
    "place_head": ("地点", "Place"),
    "rank_head": ("次序", "Rank"),
    "way_head": ("路程", "Way"),
    "off_road_head": ("离路", "Off the road"),
    "lost_head": ("离开后失去覆盖", "Cover left behind"),
    "all_places": ("各处", "every place"),
    "person_decides": ("仅供参考，派谁由指挥员决定", "Advice only: a person decides who goes"),
    "no_unit_free": (
        "没有可派的单位：都在忙、离岗、不在班，或离街道太远；请看原因，更新状态和位置",
        (
            "No unit is free: all are busy, off duty, or far from the streets; see why, and bring "
            "states and positions up to date"
        ),
    ),
    # --- why somebody does not count
    "refused.no_place": ("没有位置", "no place is known"),
    "refused.off_duty": ("不在班", "off duty"),
    "refused.hours_unsure": ("值班时间看不懂或未定", "its hours cannot be read, or leave it open"),
    "refused.busy": ("正在处置", "busy"),
    "refused.closed": ("已停用", "closed"),
    "refused.state_unknown": ("状态看不懂", "its state is unknown"),
    "refused.mode_unknown": ("方式不走道路", "its mode has no roads"),
    "refused.not_on_network": ("离可走的街道太远", "too far from every street it may use"),
    "refused.unreachable": ("无路可到", "no way leads there"),
    "refused.no_unit": ("没有可派的单位", "no unit is free"),
}
"""Key -> Chinese, English."""
