"""
Which classes incidents have, which tags stand for several of them, and what colours ask for.

What stands here is only what a new store begins with: an office changes the sheets and brings them
back (`data.incident_sheets`). There is no class for what somebody is, believes, says or asks the
authorities for.
"""

from typing import Final

import pandas as pd

from data.columns import plain

CLASSES: Final = "classes"
"""What the sheet of classes is called."""

TAGS: Final = "tags"
"""What the sheet of tags is called."""

COLOURS: Final = "colours"
"""What the sheet of colours is called."""

Row = tuple[object, ...]

EVENT_CLASSES: Final[tuple[Row, ...]] = (
    ("livelihood", "民生事项", "livelihood matter", "livelihood", "民生 民生服务 代办事项"),
    ("mediation", "矛盾调解", "dispute settled in the grid", "dispute", "矛盾纠纷 纠纷调解"),
    ("opinion", "社情民意", "concern of the neighbourhood", "opinion", "民意 社情民意收集"),
    ("security", "治安防控", "security", "security", "治安 参与治安防控"),
    ("street_order", "街面秩序", "order in the street", "security", "占道经营 乱停乱放"),
    ("school_gate", "校园周边秩序", "order around schools", "security", "校门口秩序 校园周边"),
    ("hazard", "安全隐患", "hazard", "hazard", "隐患 风险隐患"),
    ("facility", "公共设施", "public facility", "facility", "设施损坏 公用设施 部件"),
)
"""Class, Chinese, English, group and further words of grid events. The first four groups are the
four classes that grids report by."""

CALL_CLASSES: Final[tuple[Row, ...]] = (
    ("criminal", "刑事类警情", "criminal call", "criminal", "刑事 刑事警情"),
    ("theft", "盗窃警情", "theft", "criminal", "盗窃 被盗"),
    ("public_order", "行政（治安）类警情", "public order call", "public_order",
     "治安类警情 行政类警情 治安警情"),
    ("brawl", "打架斗殴警情", "brawl", "public_order", "打架 斗殴 殴打他人"),
    ("noise", "噪声扰民警情", "noise", "public_order", "噪声扰民 噪音扰民 噪音"),
    ("traffic", "道路交通类警情", "traffic call", "traffic", "交通警情 交通事故 道路交通"),
    ("dispute", "纠纷警情", "dispute", "dispute", "纠纷 纠纷类警情"),
    ("help", "群众紧急求助", "call for help", "help", "求助 紧急求助 群众求助"),
    ("other", "其他警情", "other call", "other", "其他 其它"),
    ("nuisance", "骚扰警情", "nuisance call", "nuisance", "骚扰 骚扰电话 误报 无效警情"),
)  # fmt: skip
"""The same of police calls: the six groups of the reports, and calls that are none (有效警情 is
all without `nuisance`)."""

CASE_CLASSES: Final[tuple[Row, ...]] = (
    ("criminal", "刑事案件", "criminal case", "criminal", "刑事 其他刑事案件"),
    ("burglary", "入室盗窃", "burglary", "criminal", "入户盗窃 入室盗窃案"),
    ("theft_from_vehicle", "盗窃车内物品", "theft from vehicle", "criminal", "车内盗窃 砸窗盗窃"),
    ("e_bike_theft", "盗窃电动车", "theft of an e-bike", "criminal", "电动车盗窃 盗窃电动自行车"),
    ("vehicle_theft", "盗窃机动车", "theft of a vehicle", "criminal", "机动车盗窃 盗窃摩托车"),
    ("pickpocketing", "扒窃", "pickpocketing", "criminal", "扒窃案"),
    ("livestock_theft", "盗窃牲畜", "theft of livestock", "criminal", "盗窃耕牛 盗牛盗羊"),
    ("theft", "其他盗窃", "other theft", "criminal", "盗窃 盗窃案 盗窃案件"),
    ("robbery_snatch", "抢劫抢夺", "robbery and snatching", "criminal", "抢劫 抢夺 飞车抢夺"),
    ("fraud", "诈骗", "fraud", "criminal", "诈骗案 电信网络诈骗 电信诈骗"),
    ("injury", "故意伤害", "injury", "criminal", "故意伤害案 伤害"),
    ("public_order", "治安案件", "public order case", "public_order", "治安 行政案件 其他治安案件"),
    ("petty_theft", "盗窃（治安）", "petty theft", "public_order", "治安盗窃 小额盗窃"),
    ("brawl", "殴打他人", "brawl", "public_order", "打架斗殴 斗殴"),
    ("damage", "故意损毁财物", "damage to property", "public_order", "损毁财物 毁坏财物"),
)  # fmt: skip
"""The same of cases: groups are the two kinds of law that they go by."""

DISPUTE_CLASSES: Final[tuple[Row, ...]] = (
    ("family_dispute", "婚恋家庭纠纷", "family", "family_dispute", "01 婚姻家庭 家庭纠纷 婚恋家庭"),
    ("neighbour_dispute", "邻里纠纷", "neighbours", "neighbour_dispute", "02 邻里 邻里关系"),
    ("water_leak_dispute", "漏水纠纷", "water leaks", "neighbour_dispute", "渗水纠纷 楼上漏水"),
    ("noise_dispute", "噪声纠纷", "noise", "neighbour_dispute", "噪音纠纷 扰民纠纷"),
    ("passage_dispute", "通行采光纠纷", "passage", "neighbour_dispute", "通行纠纷 采光纠纷"),
    ("personality_dispute", "人格权纠纷", "personal rights", "personality_dispute", "03 人格权"),
    ("property_dispute", "物权纠纷", "property", "property_dispute", "04 物权 物权相关 房产物业"),
    ("tort_dispute", "侵权纠纷", "torts", "tort_dispute", "05 侵权 侵权相关 损害赔偿 人身伤害"),
    ("contract_dispute", "合同纠纷", "contracts", "contract_dispute", "06 合同 合同及相关"),
    ("trade_dispute", "买卖消费纠纷", "trade and consumption", "contract_dispute",
     "买卖纠纷 消费纠纷 消费者维权"),
    ("labour_dispute", "劳动人事纠纷", "labour", "labour_dispute", "07 劳动人事 欠薪 劳动社保"),
    ("lending_dispute", "金融借贷纠纷", "lending", "lending_dispute", "08 金融借贷 借贷 民间借贷"),
    ("land_dispute", "土地及资源权属纠纷", "land and resources", "land_dispute",
     "09 土地纠纷 山林权属 边界纠纷 土地及资源权属"),
    ("civil_dispute", "其他民商事纠纷", "other civil matters", "civil_dispute", "10 其他民商事"),
    ("building_dispute", "城乡建设发展纠纷", "building and clearance", "building_dispute",
     "11 城乡建设发展 征地拆迁 拆迁纠纷"),
    ("welfare_dispute", "涉民政纠纷", "welfare", "welfare_dispute", "12 涉民政"),
    ("enforcement_dispute", "行政执法纠纷", "enforcement by authorities", "enforcement_dispute",
     "13 其他行政执法 行政执法"),
    ("other_dispute", "其他纠纷", "other", "other_dispute", "99 其他 其它"),
)  # fmt: skip
"""The same of disputes, by the newer list of two levels: `group` is the first. Of that list 14 to
16 are left out: they class people by what they ask of the authorities, believe, or are."""

HAZARD_CLASSES: Final[tuple[Row, ...]] = (
    ("fire_hazard", "消防隐患", "fire", "fire", "消防通道堵塞 火灾隐患 电动车飞线充电"),
    ("road_damage", "道路隐患", "roads", "traffic", "道路破损 道路损坏 井盖缺失"),
    ("traffic_hazard", "交通隐患", "traffic", "traffic", "交通安全隐患"),
    ("building_hazard", "房屋建筑隐患", "buildings", "building", "危房 房屋隐患 高空坠物"),
    ("work_hazard", "安全生产隐患", "safety at work", "work", "生产安全隐患 施工隐患"),
    ("gas_hazard", "燃气隐患", "gas", "fire", "燃气泄漏 燃气安全"),
    ("water_hazard", "防汛涉水隐患", "floods and water", "nature", "防汛隐患 溺水隐患"),
    ("slope_hazard", "地质灾害隐患", "slopes", "nature", "滑坡 崩塌 地灾隐患"),
    ("other_hazard", "其他隐患", "other", "other", "其他 其它"),
)
"""The same of hazards."""

DEFAULT_CLASSES: Final = (
    ("event", EVENT_CLASSES),
    ("police_call", CALL_CLASSES),
    ("case", CASE_CLASSES),
    ("dispute", DISPUTE_CLASSES),
    ("hazard", HAZARD_CLASSES),
)
"""Kind of incident -> its classes."""

PREVENTABLE: Final = (
    "burglary", "theft_from_vehicle", "e_bike_theft", "vehicle_theft", "pickpocketing",
    "robbery_snatch",
)  # fmt: skip
"""Classes that patrols and locks prevent (可防性案件). Cities differ: the sheet is theirs."""

TWO_ROBBERIES_ONE_THEFT: Final = (
    "robbery_snatch", "burglary", "theft_from_vehicle", "e_bike_theft", "vehicle_theft",
    "pickpocketing", "livestock_theft", "theft",
)  # fmt: skip
"""Classes of 两抢一盗."""

DEFAULT_TAGS: Final = (
    ("preventable", "可防性", "preventable", PREVENTABLE),
    (
        "two_robberies_one_theft", "两抢一盗", "robbery, snatching and theft",
        TWO_ROBBERIES_ONE_THEFT,
    ),
)  # fmt: skip
"""Tag, Chinese, English, and its classes. A tag lies across classes and is no total beside them."""

DEFAULT_COLOURS: Final[tuple[Row, ...]] = (
    ("blue", "蓝色", 1, "grid", 3, None),
    ("yellow", "黄色", 2, "village", 15, None),
    ("red", "红色", 3, "town", 30, None),
)
"""Colour, Chinese, rank (the most serious last), who handles it, and within how many days. No days
of follow-up are set: practice differs."""

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    CLASSES: ("kind", "class", "label", "label_en", "group", "words", "since", "until"),
    TAGS: ("tag", "label", "label_en", "class", "since", "until"),
    COLOURS: (
        "colour", "label", "rank", "level", "limit_days", "follow_up_days", "since", "until",
    ),
}  # fmt: skip
"""Columns of each sheet. A row holds from the day `since` on, up to the day before `until`; blank
is always."""

KEYS: Final[dict[str, tuple[str, ...]]] = {
    CLASSES: ("kind", "class"),
    TAGS: ("tag", "class"),
    COLOURS: ("colour",),
}
"""The columns by which a row of a sheet is the same one in another version."""


def default_table(kind: str) -> pd.DataFrame:
    """
    Return what a new store begins with.

    Parameters
    ----------
    kind
        `CLASSES`, `TAGS` or `COLOURS`.

    Returns
    -------
    table
        In the columns of `COLUMNS`; `since` and `until` are blank.
    """
    rows: list[Row]
    if kind == CLASSES:
        rows = [(of, *row) for of, classes in DEFAULT_CLASSES for row in classes]
    elif kind == TAGS:
        rows = [(tag, zh, en, each) for tag, zh, en, held in DEFAULT_TAGS for each in held]
    else:
        rows = list(DEFAULT_COLOURS)
    table = pd.DataFrame([(*row, None, None) for row in rows], columns=list(COLUMNS[kind]))
    return table.astype(object).where(table.notna(), None)


def in_force(table: pd.DataFrame, day: object) -> pd.DataFrame:
    """
    Return the rows of a sheet that hold on a day, and of which version they are.

    Parameters
    ----------
    table
        n rows with `since` and `until`: dates, or None.
    day
        The day, a date.

    Returns
    -------
    rows
        Those that hold. For tags `version` counts the days up to this one on which the classes of
        the tag changed, from 1 on.
    """
    since, until = (pd.to_datetime(table[name]) for name in ("since", "until"))
    today = pd.Timestamp(str(day))
    held = (since.isna() | (since <= today)) & (until.isna() | (until > today))
    rows = table[held].reset_index(drop=True)
    if "tag" not in table.columns:
        return rows
    on = pd.concat([since, until]).astype("datetime64[us]")
    changes = pd.DataFrame({"tag": [*table["tag"]] * 2, "on": on.to_numpy()})
    past = changes[changes["on"] <= today].drop_duplicates().groupby("tag").size()
    return rows.assign(version=rows["tag"].map(past).fillna(0).astype("int64") + 1)


def coded_classes(incidents: pd.DataFrame, classes: pd.DataFrame) -> pd.Series:
    """
    Return the code of the class of each incident, where the sheet knows what stands there.

    Parameters
    ----------
    incidents
        n rows with `class`, and `kind` where it is known.
    classes
        A sheet of classes; a class may be written as its code, its labels or one of its words.

    Returns
    -------
    codes
        n codes; what the sheet does not know stays as it is, and what is blank blank.
    """
    known: dict[tuple[str, str], str] = {}
    for row in classes.to_dict("records"):
        told = [row["class"], row["label"], row["label_en"], *str(row["words"] or "").split()]
        for text in told:
            # The first row that claims a word has it: `其他` is listed last of each kind.
            known.setdefault((str(row["kind"]), plain(text)), str(row["class"]))
    met = incidents["class"].astype(object)
    kinds = incidents.get("kind", pd.Series(None, index=met.index, dtype=object)).astype(object)
    # Each pair of words is looked up once: a ledger has many rows and few classes.
    pairs = list(zip(kinds.where(kinds.notna(), ""), met.where(met.notna(), None), strict=True))
    codes = {
        (of, text): None if text is None else known.get((str(of), plain(text)), text)
        for of, text in set(pairs)
    }
    return pd.Series([codes[pair] for pair in pairs], index=met.index, dtype=object)
