"""The words of hot spots, both languages side by side."""

from typing import Final

SPOT_WORDS: Final[dict[str, tuple[str, str]]] = {
    "hotspots_title": ("热点", "Hot spots"),
    "spots_counted": ("计入的事件 / 统计期内", "Incidents counted / in the period"),
    "places_of_streets": ("检验的路段", "Street segments tested"),
    "places_of_cells": ("检验的方格", "Cells tested"),
    "spots_found": ("热点", "Hot spots"),
    "spots_hold": ("热点内的事件", "Incidents in them"),
    "found_by_patrols": ("巡逻发现的（占已知来源）", "Found by patrols (of known source)"),
    "count_and_share": ("{count}（{share}）", "{count} ({share})"),
    "patrols_left_out": (
        "默认只用群众报的：巡逻发现的 {rate} 不计入",
        "What patrols found is left out, {rate} of what is known",
    ),
    "patrols_included": (
        "巡逻发现的 {rate} 也计入：巡逻多的地方会显得更热",
        "What patrols found counts too, {rate}: where they walk more, more is found",
    ),
    "source_unknown": (
        "有 {count} 行不知道是谁发现的，照样计入",
        "Rows of which nobody knows who found them, counted all the same: {count}",
    ),
    "spots_without_place": (
        "有 {count} 行没有位置或只到辖区，不在图上",
        "Rows without a place, or placed to an area alone, which are on no map: {count}",
    ),
    "spots_outside": (
        "有 {count} 行不在任何路段或方格上",
        "Rows at no segment or cell: {count}",
    ),
    "cells_on_bounds": (
        "没有网格：方格铺满外接矩形，空地使热点显得更多；请给出网格或街道",
        (
            "Without areas cells lie on the whole box around, and empty ground makes hot spots "
            "too easily: give areas, or streets"
        ),
    ),
    "spots_tested": (
        "Getis-Ord G*，至多 {permutations} 次置换，单侧，错误发现率 {level} 以内；同一种子结果相同",
        (
            "Getis-Ord G*, up to {permutations} permutations, one-sided, false discoveries within "
            "{level}; the same seed gives the same"
        ),
    ),
    "no_spots": (
        "没有达到显著水平的热点：分布与偶然无异，或事件太少；可延长时间，或加大方格",
        "No hot spot is more than chance: take a longer time, or larger cells",
    ),
    "piles_met": (
        "有 {count} 行堆在可疑的同一点（可能是地址定位的默认点），热点里若有，先核对",
        "{count} rows lie on suspicious single points (defaults of a geocoder?): check them first",
    ),
    "near_not_looked": (
        "没有算近重复：要有时间，且不超过 {most} 件；可缩短时间或选一类",
        (
            "Near repeats were not looked for: it takes times, and at most {most} (take fewer "
            "days, or one class)"
        ),
    ),
    "near_of_several": (
        "近重复把 {count} 类混在一起算，最好只选一类",
        "Near repeats are of {count} classes at once; better name one",
    ),
    # --- tables
    "spots_table": ("热点（件数多的在前）", "Hot spots, the most incidents first"),
    "moves_table": ("上期热点的去向", "What became of earlier hot spots"),
    "sensitivity_table": ("换方格大小和位置，还是不是热点", "The same in other cells"),
    "near_table": ("近重复（同处短期内再发）", "Near repeats (Knox)"),
    "evaluation_table": ("用留出的几周检验", "Held against weeks held out"),
    "piles_table": ("可疑的堆积点", "Suspicious pile-ups"),
    "dose_table": ("驻巡单（{date} 起的班次）", "Stays at hot spots (shift of {date})"),
    "number_head": ("序号", "No."),
    "spot_id_head": ("热点编号", "Id"),
    "incidents_head": ("件数", "Incidents"),
    "around_head": ("含相邻", "With neighbours"),
    "places_head": ("单元数", "Places"),
    "size_head": ("长度或面积", "Size"),
    "since_head": ("与上期", "Since before"),
    "spot_was_there": ("延续", "was there"),
    "spot_is_new": ("新出现", "new"),
    "previous_head": ("上期编号", "Earlier id"),
    "became_head": ("去向", "Became"),
    "move.split": ("分出", "split off"),
    "move.merged": ("并入", "merged into"),
    "move.ended": ("消失", "ended"),
    "cell_head": ("方格边长（米）", "Cell, m"),
    "shift_head_m": ("错开（米）", "Moved by, m"),
    "hot_head": ("热的方格", "Hot cells"),
    "spots_head": ("热点", "Spots"),
    "again_head": ("原热点再现", "Found again"),
    "jaccard_head": ("事件重合率", "Incidents in both"),
    "band_head": ("相距（米）", "Apart, m"),
    "days_head": ("相隔（天）", "Apart, days"),
    "pairs_head": ("对数", "Pairs"),
    "raised_mark": ("高于偶然", "more than chance"),
    "score_head": ("按什么排序", "Ranked by"),
    "score.z": ("热点统计量", "G*"),
    "score.n": ("件数", "counts"),
    "ground_head": ("所占地面", "Share of ground"),
    "hits_head": ("命中", "Hits"),
    "hit_rate_head": ("命中率", "Hit rate"),
    "pai_head": ("PAI", "PAI"),
    "best_pai_head": ("最好可能的 PAI", "Best possible PAI"),
    "pei_head": ("PEI", "PEI"),
    "usual_head": ("周边一般", "Usual around"),
    "known_head": ("所在已知地点", "At the known place"),
    "pile.known": ("正在已知地点上", "at a known place"),
    "pile.mix": ("各类混杂，与总体相同", "of all classes, as the whole is"),
    "pile.both": ("在已知地点上，且各类混杂", "at a known place, and of all classes"),
    "stay_head": ("停留（分钟）", "Stay, min"),
    # --- gaps by incidents
    "ranked_table": ("空白按事件排序（前列先补）", "Gaps by incidents, those to close first"),
    "per_100_m_head": ("每百米", "Per 100 m"),
    "stretch_head": ("起止（米）", "From – to, m"),
    "no_days": ("时间不明", "of unknown days"),
    "gaps_ranked": (
        (
            "空白按事件排序（{days}）：{gaps} 件在空白处，{covered} 件在已覆盖处，"
            "{far} 件离应覆盖街面 {reach} 以外"
        ),
        (
            "Gaps are ranked by incidents ({days}): {gaps} at gaps, {covered} at covered "
            "stretches, {far} farther than {reach} from every due street"
        ),
    ),
    "gap_patrols_left_out": (
        "排序只用群众报的：巡逻发现的 {rate} 不计入",
        "What patrols found is left out of the ranking, {rate} of what is known",
    ),
    "gap_without_place": (
        "有 {count} 件没有位置或只到辖区，不参与排序",
        "Incidents without a place, or placed to an area alone, which rank no gap: {count}",
    ),
}
"""Key -> Chinese, English."""
