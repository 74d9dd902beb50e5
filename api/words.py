"""The words of the command line, both languages side by side."""

from typing import Final

from api.grid_words import GRID_WORDS
from api.incidents.words import INCIDENT_WORDS
from api.patrol.words import PATROL_WORDS
from api.response.words import RESPONSE_WORDS

WORDS: Final[dict[str, tuple[str, str]]] = {
    "posts_title": ("观察哨覆盖", "Coverage by observation posts"),
    "cameras_title": ("摄像机覆盖", "Coverage by cameras"),
    "demo_title": ("临江示范镇 · 巡防覆盖", "Linjiang demo town: patrol coverage"),
    "demo_source": ("示例数据（虚构）", "Demo data (invented)"),
    "reading": ("读取{what}", "Reading {what}"),
    "making_town": ("生成示例城镇", "Making the demo town"),
    "computing": ("计算覆盖", "Computing coverage"),
    "storing": ("存入数据库", "Storing the town"),
    "writing": ("写出结果", "Writing results"),
    "figure": ("指标", "Figure"),
    "value": ("数值", "Value"),
    "excluded": ("未计入（{reasons}）", "Not counted ({reasons})"),
    "tunnel": ("隧道", "tunnels"),
    "elevated": ("高架", "elevated roads"),
    "motorway": ("高速公路", "motorways"),
    "not_street": ("非街道", "not streets"),
    "outside": ("范围外", "outside"),
    "class": ("其他等级", "other classes"),
    "area": ("网格", "Area"),
    "area_outside": ("（网格外）", "(outside)"),
    "due": ("应覆盖", "Due"),
    "gap": ("空白", "Gap"),
    "share": ("占比", "Share"),
    "border": ("边界", "Border"),
    "posts": ("观察哨", "Posts"),
    "cameras": ("摄像机", "Cameras"),
    "streets": ("街道", "streets"),
    "areas": ("网格", "areas"),
    "within": ("计算范围", "the areas kept to"),
    "store": ("数据库", "the store"),
    "more_areas": ("另有 {count} 个网格，见 {file}", "{count} more areas in {file}"),
    "note": ("说明", "Note"),
    "set_aside": ("未用的行", "Rows set aside"),
    "row": ("行", "Row"),
    "reason": ("原因", "Reason"),
    "detail": ("原值", "Value met"),
    "step": ("怎么改", "What to do"),
    "os_error": ("{file}：{what}", "{file}: {what}"),
    "errno.17": ("已有同名文件，不能建文件夹；请换一个 --out", "is a file; choose another --out"),
    "errno.20": ("不是文件夹；请换一个 --out", "is no folder; choose another --out"),
    "errno.13": ("没有权限", "permission denied"),
    "errno.28": ("磁盘已满", "the disk is full"),
    "errno.30": ("只读，不能写入", "read-only"),
    "marking": (
        "{level} · 含暗哨 · {date} · {operator}",
        "{level} (internal): covert posts are included · {date} · {operator}",
    ),
    "worst_hour": ("最薄弱时段（{hour}起）占比", "Share in the worst hour ({hour})"),
    "day.Mo": ("周一", "Mo"),
    "day.Tu": ("周二", "Tu"),
    "day.We": ("周三", "We"),
    "day.Th": ("周四", "Th"),
    "day.Fr": ("周五", "Fr"),
    "day.Sa": ("周六", "Sa"),
    "day.Su": ("周日", "Su"),
    "overt_only": ("明哨口径", "Overt posts only"),
    "keep": ("必设点位", "places that must have a post"),
    "forbid": ("禁设范围", "places where no post may come"),
    "buildings": ("建筑物", "buildings"),
    "key_sites": ("重点部位", "key sites"),
    "gates": ("大门", "gates"),
    "volunteers": ("志愿者", "volunteers"),
    "walls": ("围墙", "walls"),
    "poles": ("杆位", "poles"),
    "entrances": ("出入口", "entrances"),
    "school_needs": ("学校周边设施", "what belongs around schools"),
    "incidents": ("事件", "incidents"),
    "cordon": ("封控范围", "areas to close"),
    "states": ("在线记录", "states"),
    "faults": ("故障台账", "faults"),
    "covered_households": ("覆盖户数", "Households covered"),
    "covered_key_sites": ("覆盖重点部位", "Key sites covered"),
    "covered_of": ("{covered} / {total}（{share}）", "{covered} of {total} ({share})"),
    "gates_counted": (
        "大门 {count} 处：关注时段内关闭 {shut} 处；{doubtful} 处没有时间、时间读不懂或不在街上",
        (
            "gates: {count}, shut in the hours asked for: {shut}; without hours, with hours that "
            "cannot be read, or at no street: {doubtful}"
        ),
    ),
    "volunteers_counted": (
        "志愿者只按职业计数，不登记个人",
        "volunteers are counted by occupation only; nobody is registered",
    ),
    "restricted_lists": (
        "内部资料：结果中有盲区或无人看到的出口，不得外传",
        "Restricted: it lists where nobody looks; do not pass it on",
    ),
    "only_proposed": (
        "调整和新增摄像机只是建议，由人决定后才算数",
        "Turning and buying cameras is a proposal until a person accepts it",
    ),
    "covered_road": ("看到的{road}", "Seen of {road}"),
    "road.arterial": ("干道", "arterials"),
    "road.street": ("街道", "streets"),
    "road.back_lane": ("背街小巷", "back lanes"),
    "road.other": ("其他道路", "other ways"),
    "road.unknown": ("等级不明的道路", "roads of unknown class"),
    "junctions": ("看得到的路口", "Junctions in sight"),
    "rate.online": ("在线率（{basis}）", "Online ({basis})"),
    "rate.online_own": ("在线率，不计平台中断（{basis}）", "Online but for outages ({basis})"),
    "rate.in_order": ("完好率（{basis}）", "In good order ({basis})"),
    "rate.available": ("在线且完好（{basis}）", "Online and in good order ({basis})"),
    "rate.high_definition": ("高清率（{basis}）", "High definition ({basis})"),
    "basis.sheet": ("按台，照台账", "cameras, by their sheet"),
    "entrances_watched": ("看得到的出入口", "Entrances in sight"),
    "need.cameras": ("周边有摄像机的学校", "Schools with cameras around"),
    "need.signs": ("周边有标志的学校", "Schools with signs around"),
    "need.speed_bumps": ("周边有减速带的学校", "Schools with speed bumps around"),
    "need.escort_posts": ("周边有护学岗的学校", "Schools with escort posts around"),
    "basis.snapshot": ("按台，一时", "cameras, at a moment"),
    "basis.time": ("按小时，全程", "hours, over the span"),
    "goal.coverage": ("全域覆盖 · {sector}", "Coverage · {sector}"),
    "goal.sharing": ("全网共享 · {sector}", "Sharing · {sector}"),
    "goal.availability": ("全时可用 · {sector}", "Availability · {sector}"),
    "goal.control": ("全程可控 · {sector}", "Control · {sector}"),
    "sector.key_area": ("重点公共区域", "key public areas"),
    "sector.key_industry": ("重点行业", "key industries"),
    "goal_state.met": ("达到 {target}", "meets {target}"),
    "goal_state.missed": ("未达 {target}", "below {target}"),
    "goal_state.unknown": ("资料不全，不能判定 {target}", "not enough known for {target}"),
    "crossings_served": ("有治安卡口的边界路口", "Roads over the border with a checkpoint"),
    "listed_twice": ("两家重复登记的摄像机（对）", "Pairs of cameras listed by two owners"),
    "proposed_reaim": ("建议调整朝向", "Turns proposed"),
    "proposed_new_cameras": ("建议新增", "New cameras proposed"),
    "proposed_value": (
        "{count} 台：{before} → {after}（与最优相差不超过 {gap}）",
        "{count}: {before} to {after} (at most {gap} from the best)",
    ),
    "cordon_ways": ("无人看到的出口 / 全部出口", "Unseen ways out / all ways out"),
    "cordon_closures": ("最少封控处", "Fewest closures"),
    "left_out": ("有 {count} 行数据未用", "{count} rows of data were not used"),
    "more_rows": ("另有 {count} 行", "{count} more rows"),
    "written": ("已写出 {files}", "Wrote {files}"),
    "next_map": ("下一步：用浏览器打开 {file}", "Next: open {file} in a browser"),
    "no_map": ("没有一行有位置，没有地图", "Nothing has a place, so there is no map"),
    "next_out": (
        "下一步：加 --out 文件夹，写出结果图层、汇总和离线地图",
        "Next: add --out DIR to write the layers, the summary and an offline map",
    ),
    "failed": ("未完成：{what}", "Failed: {what}"),
    "serving": (
        "请在浏览器打开（地址只能用一次）：{url}\n按 Ctrl+C 结束",
        "Open in a browser (the address works once): {url}\nPress Ctrl+C to stop",
    ),
    "serving_others": (
        "服务地址：{url}（只读；访问要带令牌）\n按 Ctrl+C 结束",
        "Serving {url} (read-only; requests bear the token)\nPress Ctrl+C to stop",
    ),
    "need_scope": (
        ("{host}：对其他机器开放时，必须用 --scope 限定范围，并设置 GRIDPATROL_READER_TOKEN"),
        ("{host}: to be open to other machines it needs --scope, and GRIDPATROL_READER_TOKEN set"),
    ),
    "import_title": ("导入", "Import"),
    "rows_read": ("读取行数", "Rows read"),
    "added": ("新增", "Added"),
    "changed": ("更新", "Changed"),
    "unchanged": ("未变", "Unchanged"),
    "duplicates": ("重复未存", "Duplicates left out"),
    "repeats": ("重复保留", "Repeats kept"),
    "codes_changed": ("新旧代码对照", "Old codes noted"),
    "template_written": (
        "已写出 {file}；填好后执行 gridpatrol import",
        "Wrote {file}; fill it in, then run gridpatrol import",
    ),
    "template_written_file": (
        "已写出 {file}；填好后作为文件交给分析命令，见 gridpatrol posts --help、cameras --help",
        (
            "Wrote {file}; fill it in, then give it to an analysis as a file: see gridpatrol "
            "posts --help, cameras --help"
        ),
    ),
    "next_serve": (
        "下一步：gridpatrol serve 打开地图",
        "Next: gridpatrol serve shows the maps",
    ),
    "db_current": ("数据库 {url} 是最新的（第 {head} 步）", "{url} is current (step {head})"),
    "db_behind": (
        "数据库 {url} 在第 {revision} 步，最新是第 {head} 步；请执行 gridpatrol db upgrade",
        "{url} is at step {revision} of {head}; run gridpatrol db upgrade",
    ),
    "db_differs": (
        "数据库 {url} 的表与本程序不符：\n{differences}\n请从备份恢复，或请人检查",
        (
            "the tables of {url} are not those of this program:\n{differences}\n"
            "restore a backup, or have it looked at"
        ),
    ),
    "db_backed_up": ("已备份到 {file}", "Wrote the backup {file}"),
    "positions_purged": (
        "清除了 {days} 天以前的定位点 {deleted:,} 个",
        "Deleted {deleted:,} positions older than {days} days",
    ),
    "positions_overdue": (
        "其中 {count:,} 个已满 {most} 天，没有保留任何结果",
        "{count:,} of them were {most} days old; nothing is kept of what was done",
    ),
    "positions_waiting": (
        "还有 {count:,} 个到期而未作轨迹匹配，最迟 {most} 天清除；请用任务 track-match 保留结果",
        (
            "{count:,} are old enough but not matched: they go after {most} days; ask for the job "
            "track-match to keep what was done"
        ),
    ),
    "db_restored": ("已从 {file} 恢复", "Restored {file}"),
    "views_title": ("受限数据查阅记录", "Restricted views"),
    "view_at": ("时间", "Time"),
    "view_who": ("授权范围", "Scope"),
    "view_division": ("区划", "Division"),
    "view_what": ("查阅内容", "What"),
    "view_area": ("范围", "Part"),
    "view_rows": ("行数", "Rows"),
    "no_views": (
        "还没有查阅记录；有权限的人查看哨位、地图、分析或导入记录后，会记在这里",
        (
            "nobody has looked yet: once somebody with the right looks at posts, maps, analyses "
            "or imports of them, it stands here"
        ),
    ),
    "gates_not_stored": (
        "数据库不存大门的开放时间，按都开着算",
        "The store knows no gates with hours: all count as open",
    ),
    "states_not_stored": (
        "数据库不知道谁正在处置，请先向单位核实",
        "The store does not know who is busy: ask the unit first",
    ),
    "units_by_position": (
        "位置取各单元最近 {minutes} 分钟内的最后一次定位",
        "Units are where their last position of {minutes} min puts them",
    ),
    "units_beyond": (
        "另有 {count} 个单元离得太远（{km} 公里以外），没有计算",
        "{count} more are beyond {km} km and were left out",
    ),
    "in_brackets": ("（{text}）", " ({text})"),
    "report_file": ("事件月报", "incidents"),
    "without_police_work": ("不含案件警情", "without-police-work"),
    "kinds_unseen": (
        "当前授权看不到{kinds}，以上不含这些",
        "This access does not see {kinds}: none of them is counted here",
    ),
    "kinds_in_part": (
        "{kinds}只计当前授权的条线（{lines}）",
        "Of {kinds} only what is of the lines of this access is counted ({lines})",
    ),
    "more_views": (
        "更早的记录：gridpatrol db views --before {before}",
        "Earlier views: gridpatrol db views --before {before}",
    ),
    "port_taken": (
        "端口 {port} 已被占用；请用 --port 换一个",
        "port {port} is taken; choose another with --port",
    ),
    **GRID_WORDS,
    **PATROL_WORDS,
    **RESPONSE_WORDS,
    **INCIDENT_WORDS,
}
"""Key -> Chinese, English."""


def say(key: str, lang: str, **values: object) -> str:
    """Return one wording in a language ("zh" or "en"), its places filled."""
    return WORDS[key][0 if lang == "zh" else 1].format(**values)


def role_name(role: str, lang: str) -> str:
    """Return what a layer of a run is called: its word, or the name that it was given."""
    return say(role, lang) if role in WORDS else role
