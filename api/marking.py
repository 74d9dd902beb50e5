"""What results and pages about posts have to say of covert ones."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from api.words import say


def marked(operator: str, on: dt.date) -> dict[str, str]:
    """
    Return what whatever tells of covert posts must bear.

    Parameters
    ----------
    operator
        Who asked: a login, or the name of a scope.
    on
        The day.

    Returns
    -------
    marking
        "level", "date" and "operator".
    """
    return {"level": "内部", "date": on.isoformat(), "operator": operator}


def counted(marking: Mapping[str, str] | None) -> dict[str, Any]:
    """
    Return which posts a summary or an answer counts.

    Parameters
    ----------
    marking
        From `marked`; None where covert posts are left out.

    Returns
    -------
    members
        "posts_counted", and the "marking" where there is one.
    """
    if marking is None:
        return {"posts_counted": "overt"}
    return {"posts_counted": "overt_and_covert", "marking": dict(marking)}


def remark(marking: Mapping[str, str] | None, lang: str) -> str:
    """
    Say the same for whoever reads a page or a table.

    Parameters
    ----------
    marking
        From `marked`; None where covert posts are left out.
    lang
        "zh" or "en".

    Returns
    -------
    remark
        A few words.
    """
    return say("overt_only", lang) if marking is None else say("marking", lang, **marking)
