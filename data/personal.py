"""
Columns that tell about a person: found by head and by content, so that they can be left out.

Places, not people: a place name, a post name, the name of a street or a device id never counts.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns import plain

PERSONAL_HEADS: Final = (
    "姓名", "身份证", "证件", "护照", "手机", "电话", "联系方式", "联系人", "微信", "邮箱", "车牌",
    "号牌", "人脸", "面部", "人像", "指纹", "民族", "族别", "信仰", "宗教信仰", "教派",
    "性别", "出生日期", "出生年月", "生日", "年龄", "住址", "户籍", "户主", "上访", "信访",
    "报警人", "报案人", "上报人", "当事人", "嫌疑人", "受害人", "被害人", "违法人", "负责人",
    "责任人", "值守人", "值班人", "观察员", "网格员", "网格长", "楼长", "志愿者", "民警", "辅警",
    "联络人", "带班", "领导", "所长", "队员", "保安", "固话", "社保", "籍贯", "政治面貌",
    "驾驶员", "司机", "创建人", "录入人", "填表人", "经办人", "处置人", "办理人", "重点人员",
    "报修人", "报障人", "维修人", "运维人", "检修人", "巡检人", "处理人", "派单人", "接单人",
    "验收人", "组长", "队长", "组员", "警号", "巡逻人员", "巡防人员",
)  # fmt: skip
"""
Chinese heads of personal columns: any head that contains one.

Workers and officers count as persons: a file of posts often has their names and telephones.
"""

PERSONAL_WORDS: Final = frozenset({
    "phone", "telephone", "tel", "mobile", "cellphone", "email", "wechat", "ssn", "passport",
    "idcard", "surname", "forename", "firstname", "lastname", "fullname", "personname", "realname",
    "nickname", "user", "username", "plate", "platenumber", "licenceplate", "licenseplate",
    "numberplate", "face", "faceid", "fingerprint", "ethnicity", "ethnic", "race", "religion",
    "belief", "faith", "petition", "petitioner", "gender", "sex", "birthdate", "birthday", "dob",
    "contact", "qq", "person", "persons", "resident", "householder", "officer", "driver", "suspect",
    "victim", "complainant", "witness", "caller", "reporter",
})  # fmt: skip
"""English words that make a head personal, standing alone or as one word of several."""

PERSONAL_PAIRS: Final = frozenset({
    ("id", "card"), ("id", "no"), ("id", "number"), ("identity", "number"), ("first", "name"),
    ("last", "name"), ("full", "name"), ("family", "name"), ("given", "name"), ("contact", "name"),
    ("staff", "name"), ("owner", "name"), ("worker", "name"), ("home", "address"),
    ("licence", "no"), ("license", "no"),
})  # fmt: skip
"""English pairs of words that make a head personal, though each word alone does not."""

COUNTS: Final = ("数", "数量", "人次", "count", "total")
"""Heads whose last word is one of these count people and name none: `网格员人数`."""

PERSONAL_SHARE: Final = 0.2
"""From this share of its values on, a column of personal numbers is left out whole."""

MASK: Final = "***"
"""What stands in a kept text where a personal number stood."""

MOBILE: Final = (
    r"(?:^|[^0-9A-Za-z.])(?:\+?86[- ]?)?"
    r"1[3-9][0-9](?:[0-9]{8}|-[0-9]{4}-[0-9]{4}| [0-9]{4} [0-9]{4})(?:[^0-9A-Za-z]|$)"
)
"""
A mainland mobile number: 11 digits, also as 138-1234-5678, not part of a longer code nor the
decimals of a number.
"""

IDENTITY: Final = (
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
"""A mainland identity number: 18 characters with a date of birth; the check digit decides."""

PLATE: Final = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•\- ]?"
    r"(?:[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])(?:[^0-9A-Za-z]|$)"
)
"""A mainland number plate, of five or six characters after province and city."""

WHOLE_IDENTITY: Final = rf"(?<![0-9A-Za-z]){IDENTITY}(?![0-9A-Za-z])"
"""An identity number that is not part of a longer code."""

MASKED: Final = re.compile(
    rf"(?P<identity>{WHOLE_IDENTITY})"
    r"|(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9][0-9](?P<gap>[- ]?)[0-9]{4}(?P=gap)[0-9]{4}"
    r"(?![0-9A-Za-z])"
    rf"|{PLATE.replace('(?:[^0-9A-Za-z]|$)', '(?![0-9A-Za-z])')}"
)
"""The same numbers as above, without the characters around them, to be masked within a text."""

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Weights of the first 17 digits in the check digit of an identity number (GB 11643)."""

CHECK_DIGITS: Final = "10X98765432"
"""Check digit by the weighted sum modulo 11."""

HALF_WIDTH: Final = {
    code + 0xFEE0: code
    for signs in ("09", "AZ", "az")
    for code in range(ord(signs[0]), ord(signs[1]) + 1)
}
"""Full-width digits and letters, which sheets hold too -> those of ASCII."""

MOBILE_FROM: Final = 10**10
"""The smallest number of eleven digits: smaller numbers are not personal."""

IDENTITY_TO: Final = 10**18
"""One more than the largest number of eighteen digits: larger numbers are not personal."""

MAP_IDS: Final = frozenset({"osmid", "osmwayid", "wayid", "nodeid", "@id"})
"""Plain heads of OpenStreetMap ids: new ones have 11 digits and look like mobile numbers."""


def personal_heads(heads: Sequence[str]) -> frozenset[int]:
    """Return the positions of heads that announce a person's data."""
    return frozenset(i for i, head in enumerate(heads) if is_personal_head(head))


def is_personal_head(head: str) -> bool:
    """Tell whether a head announces a person's data."""
    compared = plain(head)
    words = _words(head)
    if compared.endswith(COUNTS[:3]) or (words and words[-1] in COUNTS):
        return False
    if any(part in compared for part in PERSONAL_HEADS):
        return True
    return (
        compared in PERSONAL_WORDS
        or not PERSONAL_WORDS.isdisjoint(words)
        or any(pair in PERSONAL_PAIRS for pair in pairwise(words))
    )


def personal_values(values: pd.Series, head: str) -> NDArray[np.bool_]:
    """
    Find the values that hold a mobile, identity or plate number.

    Parameters
    ----------
    values
        One column, of any type.
    head
        Its head: eleven digits under a head of OpenStreetMap ids are no telephone.

    Returns
    -------
    hits
        One bool per value; a missing value is False.
    """
    texts = _texts(values)
    if texts is None:
        return np.zeros(len(values), dtype=bool)
    hits = texts.str.contains(PLATE, regex=True).to_numpy(dtype=bool)
    if plain(head) not in MAP_IDS:
        hits |= texts.str.contains(MOBILE, regex=True).to_numpy(dtype=bool)
    return hits | _identities(texts)


def masked(values: pd.Series, hits: NDArray[np.bool_]) -> pd.Series:
    """
    Return a column with `***` for every mobile, identity and plate number in it.

    Parameters
    ----------
    values
        One column, of any type.
    hits
        Where `personal_values` found such a number.

    Returns
    -------
    values
        The same column if there is no hit; else one of objects, other values as they are.
    """
    if not hits.any():
        return values
    kept = values.astype(object)
    texts = _texts(values[hits])
    kept[hits] = [MASKED.sub(_mask, text) for text in ([] if texts is None else texts)]
    return kept


def identity_values(values: pd.Series) -> NDArray[np.bool_]:
    """
    Find the values that hold an identity number.

    Parameters
    ----------
    values
        One column, of any type.

    Returns
    -------
    hits
        One bool per value.
    """
    texts = _texts(values)
    if texts is None:
        return np.zeros(len(values), dtype=bool)
    return _identities(texts)


def personal_share(hits: NDArray[np.bool_], values: pd.Series) -> float:
    """Return the share of the values given that are personal; 0 when none is given."""
    given = int(values.notna().sum())
    return float(hits.sum()) / given if given else 0.0


def _words(head: str) -> list[str]:
    """Split a head at case changes and at everything that is not a letter."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head)
    return [word.casefold() for word in re.findall(r"[A-Za-z]+", spaced)]


def _texts(values: pd.Series) -> pd.Series | None:
    """Return the values as text, or None for a column that cannot hold such numbers."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return None
    if pd.api.types.is_numeric_dtype(values):
        size = values.abs()
        whole = values.where((values % 1 == 0) & (size >= MOBILE_FROM) & (size < IDENTITY_TO))
        if not whole.notna().any():
            return None
        values = whole.astype("Int64")
    return values.astype("string").fillna("").str.translate(HALF_WIDTH)


def _identities(texts: pd.Series) -> NDArray[np.bool_]:
    # Few texts have the shape of an identity number; the check digit needs each of them alone.
    hits = texts.str.contains(IDENTITY, regex=True).to_numpy(dtype=bool)
    hits[hits] = np.fromiter(map(_holds_identity, texts[hits]), dtype=bool)
    return hits


def _holds_identity(text: str) -> bool:
    """Tell whether a number in the text, not part of a longer code, has the right check digit."""
    return any(map(_is_identity, re.findall(WHOLE_IDENTITY, text)))


def _is_identity(number: str) -> bool:
    digits = zip(number[:17], WEIGHTS, strict=True)
    weighted = sum(int(digit) * weight for digit, weight in digits)
    return CHECK_DIGITS[weighted % 11] == number[17].upper()


def _mask(found: re.Match[str]) -> str:
    """Mask a number, but leave eighteen digits that no check digit makes an identity number."""
    number = found["identity"]
    return MASK if number is None or _is_identity(number) else found[0]
