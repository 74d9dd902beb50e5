"""The limits of matching and reporting: each can be set by `--rule`, and all are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import typer

from api.words import WORDS, say
from geo.patrol.cleaning import CleaningRules
from geo.patrol.compliance import ComplianceRules
from geo.patrol.evidence import EvidenceRules
from geo.patrol.matching import SEARCH_M
from geo.patrol.presence import PresenceRules
from maps.tables import TextTable


@dataclass(frozen=True)
class MatchingRules:
    """
    How fixes are laid on streets.

    Parameters
    ----------
    search_m
        How far from a fix its street may be, in metres.
    """

    search_m: float = SEARCH_M


@dataclass(frozen=True)
class Limits:
    """
    Every limit of a run, by what it belongs to.

    Parameters
    ----------
    cleaning
        Which fixes are dropped, and what is a gap.
    matching
        How fixes are laid on streets.
    evidence
        What counts as done.
    compliance
        What answers for what was due.
    presence
        What is seen of a patrol.
    """

    cleaning: CleaningRules = field(default_factory=CleaningRules)
    matching: MatchingRules = field(default_factory=MatchingRules)
    evidence: EvidenceRules = field(default_factory=EvidenceRules)
    compliance: ComplianceRules = field(default_factory=ComplianceRules)
    presence: PresenceRules = field(default_factory=PresenceRules)


MATCHING: Final = ("cleaning", "matching")
"""What the matching of tracks goes by."""

REPORTING: Final = (*MATCHING, "evidence", "compliance", "presence")
"""What a report goes by."""


def limits_of(values: Sequence[str], groups: Sequence[str]) -> Limits:
    """
    Read what `--rule` was given.

    Parameters
    ----------
    values
        "dwell_s=180", or "presence.within_m=60" where rules of several kinds share a name and
        differ.
    groups
        The kinds of rules of this run: fields of `Limits`.

    Returns
    -------
    limits
        What was not named is as it was; a name that several kinds share sets all of them.

    Raises
    ------
    typer.BadParameter
        When a value is not of that form, is no number, or names no rule, or several that differ.
    InvalidParameterError
        When a number is none that the rule can have.
    """
    limits = Limits()
    for value in values:
        path, equals, text = value.partition("=")
        group, _, name = path.strip().rpartition(".")
        owners = [
            each
            for each, known, _ in told_limits(limits, groups)
            if group in ("", each) and name == known
        ]
        number = _number(text)
        if not equals or not owners or number is None:
            known = ", ".join(f"{each}.{name}" for each, name, _ in told_limits(limits, groups))
            raise typer.BadParameter(
                f"{value}: 应写成 名称=数字，可用 / write NAME=NUMBER, one of: {known}",
                param_hint="--rule",
            )
        usual = {getattr(getattr(Limits(), each), name) for each in owners}
        if len(usual) > 1:
            raise typer.BadParameter(
                f"{value}: 有几个同名的规则，请写明 / several rules have this name, write one of: "
                f"{', '.join(f'{each}.{name}={text}' for each in owners)}",
                param_hint="--rule",
            )
        whole = isinstance(usual.pop(), int) and number.is_integer()
        for each in owners:
            new = replace(getattr(limits, each), **{name: int(number) if whole else number})
            limits = replace(limits, **{each: new})
    return limits


def told_limits(limits: Limits, groups: Sequence[str]) -> list[tuple[str, str, float]]:
    """
    List limits.

    Parameters
    ----------
    limits
        Those of a run.
    groups
        The kinds of rules that it goes by.

    Returns
    -------
    rows
        Kind, name and number of each.
    """
    return [
        (group, each.name, getattr(getattr(limits, group), each.name))
        for group in groups
        for each in fields(getattr(limits, group))
    ]


def limits_record(limits: Limits, groups: Sequence[str]) -> dict[str, dict[str, Any]]:
    """
    Return limits for a summary.

    Parameters
    ----------
    limits
        Those of a run.
    groups
        The kinds of rules that it goes by.

    Returns
    -------
    record
        Kind -> name -> number.
    """
    record: dict[str, dict[str, Any]] = {group: {} for group in groups}
    for group, name, number in told_limits(limits, groups):
        record[group][name] = number
    return record


def limits_table(limits: Limits, groups: Sequence[str], lang: str) -> TextTable:
    """
    Say by which limits a result was found.

    Parameters
    ----------
    limits
        Those of the run.
    groups
        The kinds of rules that it goes by.
    lang
        "zh" or "en".

    Returns
    -------
    table
        What each is for, its number, and what it is called in `--rule`.
    """
    heads = [
        say(head, lang) for head in ("limit_meaning_head", "limit_name_head", "limit_value_head")
    ]
    rows = [
        [_meaning(WORDS, group, name, lang), f"{group}.{name}", f"{number:g}"]
        for group, name, number in told_limits(limits, groups)
    ]
    return TextTable(say("limits_table", lang), [heads, *rows], 2)


def _meaning(known: Mapping[str, object], group: str, name: str, lang: str) -> str:
    """Say what a limit is for: in words of its kind, where kinds that share a name differ."""
    own = f"limit.{group}.{name}"
    return say(own if own in known else f"limit.{name}", lang)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
