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
    "posts": ("哨位", "Posts"),
    "cameras": ("摄像机", "Cameras"),
    "streets": ("街道", "streets"),
    "areas": ("网格", "areas"),
    "more_areas": ("另有 {count} 个网格，见 {file}", "{count} more areas in {file}"),
    "note": ("说明", "Note"),
    "set_aside": ("未用的行", "Rows set aside"),
    "row": ("行", "Row"),
    "reason": ("原因", "Reason"),
    "detail": ("原值", "Value met"),
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
    "no_page": (
        "{folder} 里没有 map.html；请先运行 gridpatrol demo",
        "{folder} holds no map.html; run gridpatrol demo first",
    ),
    "port_taken": (
        "端口 {port} 已被占用；请用 --port 换一个",
        "port {port} is taken; choose another with --port",
    ),
    "locked": (
        "请用终端里打印的地址打开（地址只能用一次）；需要新地址请重新运行命令。",
        "Open the address printed in the terminal (it works once), or run the command again.",
    ),
}
"""Key -> Chinese, English."""


def say(key: str, lang: str, **values: object) -> str:
    """Return one wording in a language ("zh" or "en"), its places filled."""
    return WORDS[key][0 if lang == "zh" else 1].format(**values)
