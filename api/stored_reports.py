"""The monthly pack of stored incidents: a page to be printed, and a workbook."""

from dataclasses import replace
from typing import Any, Final

from api.answering import Outcome
from api.errors import BadRequestError
from api.incidents.report import PAPER, WORKBOOK, ReportOptions, make_report
from api.incidents.spans import month_of
from api.incidents.spots import SpotOptions
from api.incidents.statistics import StatOptions
from api.stored_incidents import MOST_INCIDENTS, gathered, require_days
from api.stored_seen import POLICE, seen_said, seen_told
from api.stored_spots import require_small
from api.words import say
from data.store import Store

PROCESS: Final = "incident-report"
"""What the job is called."""


def stored_report(
    store: Store,
    code: str | None,
    month: str,
    *,
    against: str = "year",
    align_festival: bool = False,
    lang: str,
    waiting: bool = False,
) -> Outcome:
    """
    Make the monthly pack of an area, or of all that is stored.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        A stored area, or what stored areas name as their parent; None for all.
    month
        Such as "2026-03".
    against
        "year" or "period".
    align_festival
        Whether the year before is taken at the same days from the Spring Festival.
    lang
        "zh" or "en".
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    outcome
        As `gridpatrol incidents report` makes it, with `PAPER` among its texts and `WORKBOOK`
        among its books; its summary says what the scope does not see, and so does the paper.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, or no incident anywhere.
    BadRequestError
        When the month is still to come, or somebody waits and it would take long.
    GeoError
        When nothing can be measured.
    """
    most = MOST_INCIDENTS if waiting else None
    taken = gathered(store, code, beside=("parent", "streets"), most=most)
    period = month_of(month)
    require_days(taken, period)
    spots = SpotOptions(period)
    try:
        require_small(taken, spots, waiting=waiting)
    except BadRequestError as error:
        if error.code != "ask_spots_as_job":
            raise
        raise BadRequestError(
            "ask_month_as_job", path=f"POST /processes/{PROCESS}/execution"
        ) from error
    unseen = seen_said(store, lang)
    in_brackets = "".join(say("in_brackets", lang, text=text) for text in unseen)
    options = ReportOptions(
        StatOptions(
            period, against, align_festival, taken.population, taken.parent_people, data=taken.data
        ),
        spots,
        taken.source + in_brackets,
        taken.datum,
        unseen,
    )
    found = make_report(taken.frames, options, lang=lang)
    told: dict[str, Any] = {**found.summary, **seen_told(store), "remarks": found.remarks}
    if POLICE not in store.scope.lines and told["hot_spots"] is not None:
        told["hot_spots"] = {k: v for k, v in told["hot_spots"].items() if k != "dose_date"}
    return replace(found, summary=told)


def report_name(month: str, area: str | None, suffix: str, store: Store, lang: str) -> str:
    """
    Name a file of a pack, so that whoever is handed it sees what is not counted.

    Parameters
    ----------
    month
        Such as "2026-03".
    area
        The area; None for all.
    suffix
        "xlsx" or "html".
    store
        Opened for the scope of the request.
    lang
        "zh" or "en".

    Returns
    -------
    name
        With the suffix.
    """
    parts = [say("report_file", lang), month, area or ""]
    if POLICE not in store.scope.lines:
        parts.append(say("without_police_work", lang))
    return "-".join(part for part in parts if part) + f".{suffix}"


def report_files(found: Outcome) -> dict[str, bytes]:
    """
    Return the files of a pack.

    Parameters
    ----------
    found
        Outcome of `stored_report`.

    Returns
    -------
    files
        Name -> content.
    """
    return {PAPER: found.texts[PAPER].encode(), WORKBOOK: found.books[WORKBOOK]}
