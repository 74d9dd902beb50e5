"""The words of statistics and hours of incidents, both languages side by side."""

from typing import Final

from api.incidents.spot_words import SPOT_WORDS

INCIDENT_WORDS: Final[dict[str, tuple[str, str]]] = {
    "stats_title": ("事件警情统计", "Incident statistics"),
    "hours_title": ("时段分布", "Hours of incidents"),
    "month_report_title": ("月度研判：{period}", "Monthly report: {period}"),
    "pack_title": ("月度研判", "Monthly report"),
    "parent": ("上级的事件", "incidents of the parent area"),
    "classes": ("类别表", "table of classes"),
    "tags": ("标签表", "table of tags"),
    "reporting": ("上报名单", "list of who reported"),
    **SPOT_WORDS,
    # --- what to do next, on the terminal alone
    "hint.days": (
        "指定日期：--month、--year，或 --since 和 --until",
        "To name the days: --month, --year, or --since and --until",
    ),
    "hint.until": ("截到这一天：--until {last}", "For the days up to there: --until {last}"),
    "hint.time_column": ("指定时间列：--map time=列名", "To name the times: --map time=HEAD"),
    "hint.patrols": ("巡逻发现的也计入：--include-patrol", "To count patrols: --include-patrol"),
    "hint.ground": ("指定网格或街道：--areas、--streets", "To give the ground: --areas, --streets"),
    "hint.only": ("只取一类：--only 类别", "To take one class: --only CLASS"),
    # --- periods
    "whole_year": ("{year}年", "{year}"),
    "whole_month": ("{year}年{month}月", "{year}-{month:02d}"),
    "from_to": ("{first} 至 {last}", "{first} to {last}"),
    "against.year": ("同比", "year on year"),
    "against.period": ("环比", "on the period before"),
    "days_compared": (
        "统计期 {now}，{against}对比 {before}（均含首尾日；按受理时间，没有的按发生时间）",
        (
            "Period {now}, {against} against {before} (first and last day included; by when "
            "accepted, else by when it happened)"
        ),
    ),
    "period_not_chosen": (
        "没有指定日期，取数据中最后一个完整的月",
        "No days were asked for: the last whole month of the data",
    ),
    "data_end": (
        "数据似乎只到 {last}：后面若还没有上报，升降不可信，请截到这一天",
        (
            "The data seem to end on {last}: if more is to come, no change can be trusted; ask for "
            "the days up to it"
        ),
    ),
    "before_without_data": (
        "数据从 {first} 才开始，对比期的数不全，升降不可信",
        "The data begin on {first}: the count before is not whole, and no change can be trusted",
    ),
    "nothing_in_period": (
        "统计期内没有记录：数据从 {first} 到 {last}，请换一个时间",
        "Nothing in this period: the data run from {first} to {last}; ask for other days",
    ),
    "no_times": (
        "没有一行有时间，只能计总数；请核对时间列（发生时间、受理时间）",
        "No row has a time, so there are only plain counts; look at the column of times",
    ),
    "untimed": (
        "有 {count} 行没有时间，不在任何一期内",
        "Rows without a time, which are in no period: {count}",
    ),
    "fall_is_silence": (
        "没有上报的辖区上期共 {counts}：下降可能只是没有上报",
        "Areas that sent nothing had {counts} before: so much of a fall may be their silence",
    ),
    "pending_at": (
        "截至 {day} 尚有 {count} 件未办结，已列表",
        "Pending on {day}, and listed: {count}",
    ),
    # --- figures
    "all_rows": ("全部行数", "Rows in all"),
    "rows_with_place": ("有位置的", "With a place"),
    "rows_repeated": ("与他行全同的", "Equal to another row"),
    "in_period": ("统计期内（{unit}）", "In the period ({unit})"),
    "rate.resolution": ("化解率", "Resolved of accepted"),
    "rate.mediation": ("调解成功率", "Mediated with success"),
    "both_fell": ("刑事、治安双下降", "Criminal and public order cases both fell"),
    "not_both_fell": ("未实现双下降", "Criminal and public order cases did not both fall"),
    "fall_by_chance": ("（{names}的下降可能只是偶然）", " (the fall of {names} may be chance)"),
    "group.criminal": ("刑事", "criminal cases"),
    "group.public_order": ("治安", "public order cases"),
    "group.traffic": ("道路交通", "traffic"),
    "group.help": ("求助", "help"),
    "group.nuisance": ("骚扰", "nuisance"),
    "group.livelihood": ("民生事项", "livelihood"),
    "group.dispute": ("矛盾调解", "disputes"),
    "group.opinion": ("社情民意", "opinion"),
    "group.security": ("治安防控", "security"),
    "group.hazard": ("隐患", "hazards"),
    "group.facility": ("设施", "facilities"),
    "group.other": ("其他", "other"),
    "colour.blue": ("蓝色", "blue"),
    "colour.yellow": ("黄色", "yellow"),
    "colour.orange": ("橙色", "orange"),
    "colour.red": ("红色", "red"),
    "colour.green": ("绿色", "green"),
    "level.grid": ("网格", "grid"),
    "level.village": ("村（社区）", "village"),
    "level.town": ("镇（街道）", "town"),
    "level.county": ("县（市、区）", "county"),
    "level.city": ("市", "city"),
    "slot.several": ("跨时段（时间不确定）", "several (time not known)"),
    "elsewhere.outside": ("（在各辖区之外）", "(outside all areas)"),
    "elsewhere.no_place": ("（没有位置）", "(no place)"),
    "elsewhere.not_named": ("（未写辖区）", "(names no area)"),
    "not_told": ("（未填）", "(not told)"),
    "all_together": ("合计", "Total"),
    "no_report": ("无数据（未上报）", "no data (no report)"),
    "state.zero": ("零（已上报）", "zero (it reported)"),
    "state.none_recorded": ("没有记录（是否上报不明）", "none recorded (unknown whether reported)"),
    "state.no_data": ("无数据（未上报）", "no data (no report)"),
    "high_mark": ("高发", "high"),
    "unstable_mark": ("数量少，比率不稳定", "few, the rate is unstable"),
    "and_others": ("等", " and others"),
    "zero_areas": (
        "零发案（已上报）{count} 个：{names}",
        "Areas that reported none: {count} ({names})",
    ),
    "no_data_areas": (
        "没有上报 {count} 个，不算零发案：{names}",
        "Areas that sent no report, which is no zero: {count} ({names})",
    ),
    "none_recorded_areas": (
        (
            "没有记录的辖区 {count} 个：{names}。是否上报不明，不能算零发案：要有"
            "上报名单，或数量填 0 的零报告行"
        ),
        (
            "Areas with nothing recorded: {count} ({names}). Whether they reported is not known, "
            "so this is no zero: it takes a list of who reported, or rows with count 0"
        ),
    ),
    # --- tables
    "totals_table": ("总量", "Totals"),
    "kind_table": ("按事项类型", "By kind"),
    "class_table": ("按类别", "By class"),
    "group_table": ("按大类", "By group"),
    "tag_table": ("按标签（与类别交叉，不另计总数）", "By tag (across classes, no total beside)"),
    "slot_table": ("按时段", "By slot of the day"),
    "colour_table": ("按颜色", "By colour"),
    "area_table": ("按辖区", "By area"),
    "parent_table": ("与上级同期比较", "Beside the parent area, same periods"),
    "high_table": ("高发辖区（对照：{basis}）", "High areas (against {basis})"),
    "basis_of.parent": ("上级的每万人数", "the parent's rate per 10,000"),
    "basis_of.people": ("全部辖区的每万人数", "the rate per 10,000 of all areas"),
    "basis_of.areas": ("各辖区平均，人口不明", "the mean of areas; people not known"),
    "closing_table": ("在哪一级办结", "Closed at which level"),
    "grid_classes_table": ("网格四类事件与网格内办结", "Grid events by class, closed in the grid"),
    "rates_table": ("比率", "Rates"),
    "settled_table": ("各类办理情况", "What became of each class"),
    "plain_year_table": ("全部行：按年", "All rows by year"),
    "plain_class_table": ("全部行：按类别原文", "All rows by class as written"),
    "plain_area_table": ("全部行：按辖区", "All rows by area"),
    "by.area": ("辖区", "Area"),
    "by.kind": ("事项类型", "Kind"),
    "by.class": ("类别", "Class"),
    "by.group": ("大类", "Group"),
    "by.tag": ("标签", "Tag"),
    "by.slot": ("时段", "Slot"),
    "by.colour": ("颜色", "Colour"),
    "by.year": ("年", "Year"),
    "kind_head": ("事项类型", "Kind"),
    "rows_head": ("行数", "Rows"),
    "unit_of_count": ("单位", "Unit"),
    "count_before": ("对比期", "Before"),
    "count_now": ("本期", "Now"),
    "share_of_all": ("占比", "Share"),
    "change_head": ("变化", "Change"),
    "change_of_count": ("本地变化", "Our change"),
    "parent_before": ("上级对比期", "Parent before"),
    "parent_now": ("上级本期", "Parent now"),
    "parent_change": ("上级变化", "Parent's change"),
    "beyond_parent": ("（本地数超过上级，请核对）", " (we have more than the parent: check)"),
    "per_people_head": ("每万人", "Per 10,000"),
    "parent_per_people": ("上级每万人", "Parent per 10,000"),
    "mark_head": ("注", "Mark"),
    "expected_head": ("按平均应有", "Expected"),
    "ratio_head": ("倍数", "Ratio"),
    "times": ("{number}倍", "{number} times"),
    "q_head": ("校正显著性", "Corrected"),
    "level_head": ("办结层级", "Level"),
    "closed_count": ("办结", "Closed"),
    "closed_in_grid_head": ("网格内办结", "Closed in grid"),
    "accepted_head": ("受理", "Accepted"),
    "resolved_head": ("化解", "Resolved"),
    "pending_head": ("未结", "Pending"),
    "rate_head": ("比率", "Rate"),
    "rate_now": ("本期", "Now"),
    # --- the monthly pack
    "total_sentence": ("{count}，{change}，{difference}", "{count}: {change}, {difference}"),
    "part_sentence": ("{name}{change}", "{name}: {change}"),
    "spots_sentence": (
        "发现热点 {count} 处，集中了 {incidents} 件",
        "Hot spots: {count}, which hold {incidents} incidents",
    ),
    "sheet.totals": ("总表", "Totals"),
    "sheet.classes": ("分类", "Classes"),
    "sheet.areas": ("分区", "Areas"),
    "sheet.hours": ("时段", "Hours"),
    "sheet.spots": ("热点", "Hot spots"),
    "sheet.notes": ("口径", "Notes"),
    "nothing_told": ("本期没有", "Nothing in this period"),
    # --- hours
    "hours_of": ("{unit}：星期与钟点", "{unit}: weekday by hour"),
    "weekday_name": ("周{day}", "{day}"),
    "hours_timed": ("计入时段（{unit}）", "Spread over hours ({unit})"),
    "hours_interval": ("其中只知起止的", "Of these, known by an interval"),
    "hours_unknown": ("没有时间的（{share}）", "Without a time ({share})"),
    "hours_too_long": ("跨度超过 {hours:g} 小时，另列", "Longer than {hours:g} h, told apart"),
    "hours_midnight": ("恰在 0 点整的（可能只有日期）", "At 00:00 sharp (perhaps only a day)"),
    "hours_peak": ("最多的钟点", "Fullest hour"),
    "hours_peak_is": (
        "周{weekday} {hour:02d}:00-{until:02d}:00；按时段每小时最多：{slot}",
        "{weekday} {hour:02d}:00-{until:02d}:00; most an hour of a slot: {slot}",
    ),
    "hours_spread": (
        "只知起止时间的，按时长分摊到各钟点，故有小数；合计与件数相等",
        "What is known by an interval is spread over it, so there are fractions; sums are counts",
    ),
    "hours_none": (
        "没有可用的时间，请核对发生时间列",
        "No usable time: look at the column of times",
    ),
    "slots_table": ("命名时段", "Named slots"),
    "hours_head": ("小时数", "Hours"),
    "count_head": ("数量", "Count"),
    "per_hour_head": ("每小时", "Per hour"),
    "day_head": ("星期", "Day"),
    "sum_head": ("合计", "Sum"),
    # --- how figures are reckoned
    "reckoned_of.change": ("同比、环比", "Change"),
    "reckoned.change": (
        "（本期－对比期）÷对比期，四舍五入；对比期为 0 只写“—”和两数",
        "(now - before) / before, rounded half up; a dash and both counts where before is 0",
    ),
    "reckoned_of.difference": ("增减数", "Difference"),
    "reckoned.difference": (
        "本期－对比期，带单位，不是百分比",
        "now - before with its unit, no percentage",
    ),
    "reckoned_of.tests": ("差异是否显著", "Significant"),
    "reckoned.tests": (
        (
            "E 检验（Krishnamoorthy、Thomson 2004，双侧）p<0.05 为显著；旁列条件检验；"
            "两期天数不同按天数折算；同一表中行数多时，二十行约有一行会偶然显著"
        ),
        (
            "E-test (Krishnamoorthy and Thomson 2004, two-sided) below 0.05; the conditional test "
            "beside it; by days where lengths differ; of many rows one in twenty is so by chance"
        ),
    ),
    "reckoned_of.small": ("小基数", "Small base"),
    "reckoned.small": ("对比期不足 30", "before is below 30"),
    "reckoned_of.rate": ("万分之", "Per 10,000"),
    "reckoned.rate": (
        "本期数÷人口列中的人数×10000；本期不足 20 的标“不稳定”，不参加排名",
        "count / people of the area x 10,000; below 20 it is marked unstable and not ranked",
    ),
    "reckoned_of.resolution": ("化解率", "Resolved of accepted"),
    "reckoned.resolution": (
        "截至统计期末日，受理事项中已化解数÷受理数；与上期之差用百分点，相对变化另写",
        "resolved by the last day / accepted; differences in points, the relative change apart",
    ),
    "reckoned_of.mediation": ("调解成功率", "Mediated with success"),
    "reckoned.mediation": (
        "调解成功数÷有结果的调解数，分母与化解率不同",
        "successful / mediations that ended; another denominator than the one above",
    ),
    "reckoned_of.closed_share": ("各级办结占比", "Closed by level"),
    "reckoned.closed_share": (
        "在该级办结数÷已知层级的办结数；上交后退回的按实际办结的层级",
        "closed at the level / closed where the level is known; what was sent back counts there",
    ),
    "reckoned_of.closed_in_grid": ("网格内办结率", "Closed in the grid"),
    "reckoned.closed_in_grid": ("网格级办结数÷该类受理数", "closed at grid level / accepted"),
    "reckoned_of.units": ("计量单位", "Units"),
    "reckoned.units": ("件、起、人、人次、户、条、场次从不相加", "are never added to each other"),
    "reckoned_of.about": ("“余”", "At least"),
    "reckoned.about": ("含约数的合计是“至少”", "a sum with such a count is at least so many"),
    "reckoned_of.tags": ("标签", "Tags"),
    "reckoned.tags": (
        "如可防性，与类别交叉，不是第三类，不与类别相加",
        "such as preventable: across classes, never a third total; by the table of the last day",
    ),
    "reckoned_of.border": ("落在界线上", "On a border"),
    "reckoned.border": (
        "只计一次；各辖区＋界外＋无位置＝总数",
        "counted once; areas, outside and without a place add up to the total",
    ),
}
"""Key -> Chinese, English."""
