"""The words of the page of tonight's patrol, both languages side by side."""

from typing import Final

TONIGHT_WORDS: Final[dict[str, tuple[str, str]]] = {
    "tonight": ("今晚巡逻", "Tonight's patrol"),
    "tonight_hint": (
        "选巡区、班次和单位，排出今晚谁走哪里，确认后打印",
        "Choose area, shift and units; see who walks where; accept and print",
    ),
    # --- what is wanted
    "patrol_area": ("巡区", "Patrol area"),
    "patrol_day": ("日期", "Date"),
    "choose": ("选定", "Choose"),
    "duty_units": ("派出的单位", "Units to send"),
    "by_video": ("视频巡查，不排路线", "video rounds: no route"),
    "balanced": ("各单位用时均衡", "Make shifts as long as each other"),
    "to_plan": ("排计划", "Plan"),
    "draws_anew": (
        "每次排都另抽一套路线，今晚与昨晚不同。",
        "Every press draws other routes: tonight is not last night.",
    ),
    "no_units_then": (
        "这个巡区在这一天没有单位当班。请换一个巡区或日期，或导入巡逻单位表。",
        "No unit of this area is on duty that day. Choose another, or import a sheet of units.",
    ),
    "nobody": ("（没有单位当班）", "(nobody on duty)"),
    "units_template": ("巡逻单位模板", "Template of units"),
    "no_unit_chosen": ("请至少选一个单位。", "Choose one unit at least."),
    "plans_of_day": ("这一天已有的计划", "Plans of this day"),
    "made": ("排出时间", "Made"),
    "open_plan": ("打开", "Open"),
    "proposed": ("草案", "proposal"),
    "accepted": ("已确认", "accepted"),
    "withdrawn": ("已撤回", "withdrawn"),
    "plans_of_police": (
        "巡逻计划是公安条线的，当前授权看不到。请由有权限的人打开。",
        "Plans of patrols are the police's; this access does not show them: ask who may look.",
    ),
    "plans_read_only": (
        "当前授权只能查看计划，不能排、改或确认。",
        "This access may look at plans, not make, change or accept them.",
    ),
    # --- nothing to plan with
    "lacking": ("还排不了计划。缺这些数据：", "Nothing can be planned yet. What is missing:"),
    "lacking_step": (
        "下载模板填好，或用手里的文件，再到“导入数据”上传。",
        "Fill in the template or take a file you have, then upload it under Import.",
    ),
    "lacking_areas": (
        "网格类别写“巡区”的作为巡区；没有巡区时，用网格排",
        "those of kind patrol are patrolled; without any, grids are",
    ),
    # --- while it is planned
    "planning": ("正在排计划", "Planning"),
    "waits_turn": ("排队等候", "Waiting its turn"),
    "refreshes": ("本页每 {seconds} 秒自动更新。", "This page looks again every {seconds} s."),
    "dismiss": ("取消", "Dismiss"),
    "plan_failed": ("没有排成：{why}", "Nothing was planned: {why}"),
    "was_dismissed": ("已取消。", "It was dismissed."),
    # --- a plan
    "plan_of": ("{area} {date} {shift} 班", "{area}, {date}, {shift}"),
    "decided": ("{state}：{at}，由 {who}", "{state}: {at}, by {who}"),
    "newest_below": (
        "没有改动。下面是最新的一版。",
        "Nothing was done. The newest version is below.",
    ),
    "broken_rules": (
        "有 {count} 处不合规则，改好才能确认",
        "Broken rules ({count}): mend them before it can be accepted",
    ),
    "broken_rule": (
        "{unit}，{place}：{rule}（实际 {met}，限度 {limit}）",
        "{unit}, {place}: {rule} (met {met}, limit {limit})",
    ),
    "whole_shift": ("全程", "the whole shift"),
    "accept": ("确认执行", "Accept"),
    "accept_off": ("不合规则，不能确认", "It breaks rules"),
    "withdraw": ("撤回", "Withdraw"),
    "print_sheets": ("打印路线单", "Print route sheets"),
    "print_hint": (
        "路线单在新页打开，用浏览器的打印（Ctrl+P）打印。",
        "The sheets open on a page of their own: print it with the browser (Ctrl+P).",
    ),
    "gpx": ("下载 GPX（手持设备用）", "GPX for devices"),
    "plan_again": ("另排一套，或换单位", "Plan again, or with other units"),
    "plan_map": ("路线图", "Map of the routes"),
    "routes_by_unit": ("各单位路线", "Routes by unit"),
    "unit_idle": ("没有任务", "nothing to do"),
    "unit_line": (
        "{mode}，{leave} 出发，{finish} 返回，{stops} 站，{length}，用时 {took}",
        "{mode}, leaves {leave}, back {finish}, {stops} stops, {length}, {took}",
    ),
    "order": ("次序", "Order"),
    "stop_place": ("地点", "Place"),
    "stop_what": ("事项", "What"),
    "arrive": ("到达", "Arrives"),
    "leave": ("离开", "Leaves"),
    "change_it": ("改动", "Change"),
    "next_day": ("次日 {time}", "{time} (+1)"),
    "drop": ("去掉", "Drop"),
    "drop_of": ("去掉：{place}", "Drop: {place}"),
    "give_to": ("交给", "Give to"),
    "give_of": ("把“{place}”交给", "Give {place} to"),
    "send": ("派给", "Send"),
    "send_of": ("把“{place}”派给", "Send to {place}"),
    "left_out": ("没有排入的", "Left out"),
    "nothing_left_out": ("全部排入。", "Everything is served."),
    "relaxation": ("最小的放宽（已试算）", "Nearest relaxation (tried)"),
}
"""Key -> Chinese, English."""
