"""The words of the command line, both languages side by side."""

from typing import Final

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
    "left_out": ("有 {count} 行数据未用", "{count} rows of data were not used"),
    "more_rows": ("另有 {count} 行", "{count} more rows"),
    "written": ("已写出 {files}", "Wrote {files}"),
    "next_map": ("下一步：用浏览器打开 {file}", "Next: open {file} in a browser"),
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
    "db_restored": ("已从 {file} 恢复", "Restored {file}"),
    "port_taken": (
        "端口 {port} 已被占用；请用 --port 换一个",
        "port {port} is taken; choose another with --port",
    ),
}
"""Key -> Chinese, English."""


def say(key: str, lang: str, **values: object) -> str:
    """Return one wording in a language ("zh" or "en"), its places filled."""
    return WORDS[key][0 if lang == "zh" else 1].format(**values)
