"""The wordings of planned patrols: who walks where and when, what is left out, route sheets."""

from __future__ import annotations

from typing import Final

PATROL: Final[dict[str, dict[str, str]]] = {
    "plain_streets": {"zh": "街道", "en": "Streets"},
    "plain_street": {"zh": "街道", "en": "Street"},
    "moving": {"zh": "按时间查看各单位位置", "en": "Units by time"},
    "moving_note": {
        "zh": "拖动地图下方的滑块，看计划中某一时刻各单位在哪里。",
        "en": "Drag the slider under the map: where the plan has each unit at a time.",
    },
    "unit_at": {"zh": "{name}（计划位置）", "en": "{name} (planned place)"},
    "clock": {"zh": "{time}", "en": "{time}"},
    "clock_next": {"zh": "次日 {time}", "en": "{time} (+1)"},
    "play": {"zh": "播放", "en": "Play"},
    "pause": {"zh": "暂停", "en": "Pause"},
    "slider": {"zh": "时刻", "en": "Time of day"},
    "unserved": {"zh": "未排入的点与路段", "en": "Left out of the plan"},
    "unserved_place": {"zh": "未排入", "en": "Left out"},
    "relaxation": {"zh": "最小的放宽", "en": "Nearest relaxation"},
    "arrive": {"zh": "计划到达", "en": "Arrive"},
    "leave": {"zh": "计划离开", "en": "Leave"},
    "done_at": {"zh": "实到", "en": "Done at"},
    "stop": {"zh": "地点", "en": "Place"},
    "stop_kind": {"zh": "事项", "en": "What"},
    "stop_kind.start": {"zh": "出发", "en": "start"},
    "stop_kind.point": {"zh": "必到点", "en": "must-visit point"},
    "stop_kind.segment": {"zh": "巡段", "en": "segment"},
    "stop_kind.break": {"zh": "休息", "en": "break"},
    "stop_kind.standby": {"zh": "备勤", "en": "standby"},
    "stop_kind.end": {"zh": "返回", "en": "end"},
    "way_to": {"zh": "路程", "en": "Way"},
    "sheet": {"zh": "巡逻路线单", "en": "Route sheet"},
    "sheet_of": {"zh": "{unit} · {day} · {shift}", "en": "{unit} · {day} · {shift}"},
    "sheet_total": {
        "zh": "全程 {length}，用时 {duration}，停留 {stops} 处",
        "en": "{length}, {duration}, {stops} stops",
    },
    "proposed": {
        "zh": "草案：须经负责人确认后执行",
        "en": "Proposal: for a person to accept before it is walked",
    },
    "accepted": {"zh": "已确认", "en": "Accepted"},
    "hours_minutes": {"zh": "{hours} 小时 {minutes} 分", "en": "{hours} h {minutes} min"},
    "north": {"zh": "北", "en": "N"},
    "nobody_walks": {
        "zh": "没有排出任何路线：请看未排入的原因，或增加单位、延长班次",
        "en": "No route was planned: see why below, or add units or a longer shift",
    },
}
"""Key -> language -> wording, as in `maps.catalogue.CATALOGUE`."""
