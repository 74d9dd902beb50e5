"""What `gridpatrol incidents hotspots` finds, told and drawn."""

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.incidents.listings import Cell, Listing
from api.incidents.spans import period_said
from api.incidents.spots import MOST_PAIRED, SpotOptions, Spotted, spots_of
from api.words import say
from geo.incidents.numbers import percent_text, plain_text
from geo.incidents.rows import in_period
from geo.incidents.telling import p_text
from maps import IncidentScene, words
from maps.hotspots import named_spots

Frames = Mapping[str, gpd.GeoDataFrame]

CHANCE: Final = 0.05
"""Above this share near repeats are no more than chance."""


def tell_hot_spots(
    frames: Frames,
    options: SpotOptions,
    *,
    previous: pd.DataFrame | None = None,
    stays: bool = True,
    lang: str,
) -> Outcome:
    """
    Find hot spots, and say how far to trust them.

    Parameters
    ----------
    frames, options, previous
        See `api.incidents.spots.spots_of`.
    stays
        Whether the stays of patrols are shown: not on a page for those who do not plan them.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Spots, the same in other cells, near repeats, pile-ups, points to visit and their stays.

    Raises
    ------
    GeoError
        When cells are finer than a street segment, or an option is out of range.
    """
    spotted = spots_of(frames, options, previous=previous)
    found = spotted.found
    incidents = frames["incidents"]
    if options.period is not None:
        incidents = incidents[in_period(incidents, options.period)]
    scene = IncidentScene(
        incidents=incidents if "kind" in incidents.columns else incidents.assign(kind=None),
        areas=frames.get("areas"),
        hot_places=found.places,
        hot_spots=shown_spots(spotted, known=previous is not None),
        unit=found.taken.unit,
        streets=frames.get("streets"),
        figures=spot_figures(spotted, lang),
        tables=[
            listing.text()
            for listing in (
                spot_listing(spotted, lang, known=previous is not None),
                _moves(spotted, lang),
                _sensitivity(spotted, lang),
                _near(spotted, lang),
                _evaluation(spotted, lang),
                _piles(spotted, lang),
                *([_dose(spotted, lang)] if stays else []),
            )
        ],
    )
    return Outcome(
        spotted.summary(),
        spotted.tables(),
        scene,
        spot_remarks(spotted, lang),
        "\n".join(spot_hints(spotted, lang)),
    )


def shown_spots(spotted: Spotted, *, known: bool) -> gpd.GeoDataFrame:
    """
    Return the spots as a map shows them.

    Parameters
    ----------
    spotted
        What was found.
    known
        Whether those of the week before are known: else none is called new.

    Returns
    -------
    spots
        With the names of their peaks.
    """
    spots = named_spots(spotted.found.spots, spotted.found.places)
    return spots if known else spots.assign(kept=None)


def spot_figures(spotted: Spotted, lang: str) -> list[tuple[str, str]]:
    """
    Return the key figures of hot spots.

    Parameters
    ----------
    spotted
        What was found.
    lang
        "zh" or "en".

    Returns
    -------
    figures
        Labels and values.
    """
    found, taken = spotted.found, spotted.found.taken
    counted = say("numbers_of", lang, part=f"{taken.counted:,}", whole=f"{taken.rows:,}")
    inside = int(found.spots["n"].sum())
    share = percent_text(inside / taken.counted if taken.counted else None)
    of = say("places_of_streets" if spotted.streets else "places_of_cells", lang)
    figures = [
        (say("spots_counted", lang), counted),
        (of, f"{len(found.places):,}"),
        (say("spots_found", lang), f"{len(found.spots):,}"),
        (say("spots_hold", lang), say("count_and_share", lang, count=f"{inside:,}", share=share)),
    ]
    if found.left_out.denominator:
        figures.append((say("found_by_patrols", lang), found.left_out.text(lang)))
    return figures


def spot_listing(spotted: Spotted, lang: str, *, known: bool = False) -> Listing:
    """
    Write hot spots, the most incidents first.

    Parameters
    ----------
    spotted
        What was found.
    lang
        "zh" or "en".
    known
        Whether those of the week before are known.

    Returns
    -------
    listing
        Numbered as on the map.
    """
    say_map = words(lang)
    size = "length_m" if spotted.streets else "area_m2"
    write = say_map.length if spotted.streets else say_map.area
    rows: list[Sequence[Cell]] = []
    spots = shown_spots(spotted, known=known)
    for number, row in enumerate(spots.drop(columns="geometry").to_dict("records"), start=1):
        name = row.get("name")
        since = say("spot_was_there" if row["kept"] else "spot_is_new", lang) if known else ""
        rows.append(
            [number, str(row["spot_id"]), _text(name), int(row["n"]), int(row["n_around"]),
             int(row["places"]), write(row[size]), since]
        )  # fmt: skip
    heads = ["number_head", "spot_id_head", "name_head", "incidents_head", "around_head",
             "places_head", "size_head"]  # fmt: skip
    told = [say(head, lang) for head in heads] + [say("since_head", lang)]
    if not known:
        told, rows = told[:-1], [row[:-1] for row in rows]
    return Listing(say("spots_table", lang), told, rows, 3)


def spot_remarks(spotted: Spotted, lang: str) -> list[str]:
    """
    Say what whoever reads a map of hot spots has to know.

    Parameters
    ----------
    spotted
        What was found.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        The days, what was left out, and what limits the test.
    """
    found, taken = spotted.found, spotted.found.taken
    remarks = [] if spotted.days is None else [period_said(spotted.days, lang)]
    if taken.rows - taken.unknown_source - taken.empty:
        key = "patrols_left_out" if spotted.public_only else "patrols_included"
        remarks.append(say(key, lang, rate=found.left_out.text(lang)))
    if taken.unknown_source:
        remarks.append(say("source_unknown", lang, count=taken.unknown_source))
    if taken.without_place:
        remarks.append(say("spots_without_place", lang, count=taken.without_place))
    if taken.outside:
        remarks.append(say("spots_outside", lang, count=taken.outside))
    if spotted.on_bounds:
        remarks.append(say("cells_on_bounds", lang))
    remarks.append(
        say("spots_tested", lang, permutations=f"{found.finest:,}", level=f"{found.level:.0%}")
    )
    if found.spots.empty:
        remarks.append(say("no_spots", lang))
    if len(spotted.piles):
        remarks.append(say("piles_met", lang, count=int(spotted.piles["n"].sum())))
    if spotted.near is None:
        remarks.append(say("near_not_looked", lang, most=f"{MOST_PAIRED:,}"))
    elif spotted.classes > 1:
        remarks.append(say("near_of_several", lang, count=spotted.classes))
    return remarks


def spot_hints(spotted: Spotted, lang: str) -> list[str]:
    """
    Name the options of the command that would change what `spot_remarks` says.

    Parameters
    ----------
    spotted
        What was found.
    lang
        "zh" or "en".

    Returns
    -------
    hints
        For the terminal alone: a page, a paper and the service have no such options.
    """
    taken = spotted.found.taken
    known = taken.rows - taken.unknown_source - taken.empty
    several = spotted.near is None or spotted.classes > 1
    hints = {
        "patrols": bool(known) and spotted.public_only,
        "ground": spotted.on_bounds,
        "only": several,
    }
    return [say(f"hint.{name}", lang) for name, fits in hints.items() if fits]


def _moves(spotted: Spotted, lang: str) -> Listing:
    """Write what became of the spots of the week before."""
    told = spotted.found.moves
    told = told[~told["what"].isin(["kept", "new"])]
    rows: list[Sequence[Cell]] = [
        [_text(row["previous_id"]), say(f"move.{row['what']}", lang), _text(row["spot_id"])]
        for row in told.to_dict("records")
    ]
    heads = [say(head, lang) for head in ("previous_head", "became_head", "spot_id_head")]
    return Listing(say("moves_table", lang), heads, rows, 3)


def _sensitivity(spotted: Spotted, lang: str) -> Listing:
    heads = ("cell_head", "shift_head_m", "hot_head", "spots_head", "again_head", "jaccard_head")
    rows: list[Sequence[Cell]] = [
        [
            plain_text(row["cell_m"]),
            plain_text(row["shift_m"]),
            int(row["hot"]),
            int(row["spots"]),
            say("numbers_of", lang, part=f"{row['found_again']:,}",
                whole=f"{row['base_spots']:,}"),
            percent_text(row["jaccard"]),
        ]
        for row in spotted.sensitivity.to_dict("records")
    ]  # fmt: skip
    return Listing(say("sensitivity_table", lang), [say(head, lang) for head in heads], rows, 0)


def _near(spotted: Spotted, lang: str) -> Listing:
    """Write near repeats, and which are more than chance."""
    table = pd.DataFrame() if spotted.near is None else spotted.near.table
    heads = ("band_head", "days_head", "pairs_head", "expected_head", "ratio_head", "q_head",
             "mark_head")  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for row in table.to_dict("records"):
        raised = row["q"] <= CHANCE and row["ratio"] > 1.0
        ratio = "" if pd.isna(row["ratio"]) else say(
            "times", lang, number=plain_text(row["ratio"], 2)
        )  # fmt: skip
        rows.append(
            [str(row["band"]), str(row["window"]), int(row["pairs"]),
             plain_text(row["expected"], 1), ratio, p_text(row["q"]).replace("p", "q", 1),
             say("raised_mark", lang) if raised else ""]
        )  # fmt: skip
    return Listing(say("near_table", lang), [say(head, lang) for head in heads], rows, 0)


def _evaluation(spotted: Spotted, lang: str) -> Listing:
    """Write how well a ranking foretold the weeks held out."""
    table = pd.DataFrame() if spotted.evaluation is None else spotted.evaluation
    heads = ("score_head", "ground_head", "hits_head", "hit_rate_head", "pai_head",
             "best_pai_head", "pei_head")  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [
            say(f"score.{row['score']}", lang),
            percent_text(row["ground_share"], 2),
            say("numbers_of", lang, part=f"{row['hits']:,}", whole=f"{row['incidents']:,}"),
            percent_text(row["hit_rate"]),
            _number(row["pai"]),
            _number(row["best_pai"]),
            percent_text(row["pei"]),
        ]
        for row in table.to_dict("records")
    ]
    title = say("evaluation_table", lang)
    if spotted.held_out is not None:
        title = f"{title} · {period_said(spotted.held_out, lang)}"
    return Listing(title, [say(head, lang) for head in heads], rows, 1)


def _piles(spotted: Spotted, lang: str) -> Listing:
    heads = ("number_head", "incidents_head", "share_of_all", "usual_head", "known_head",
             "reason_head")  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [number, int(row["n"]), percent_text(row["share"]), plain_text(row["usual"], 1),
         _text(row["known_id"]), say(f"pile.{row['reason']}", lang)]
        for number, row in enumerate(
            spotted.piles.drop(columns="geometry").to_dict("records"), start=1
        )
    ]  # fmt: skip
    return Listing(say("piles_table", lang), [say(head, lang) for head in heads], rows, 1)


def _dose(spotted: Spotted, lang: str) -> Listing:
    """Write the stays of one shift at the spots."""
    heads = ("spot_id_head", "name_head", "window_head", "stay_head")
    dose = spotted.dose
    rows: list[Sequence[Cell]] = [] if dose is None else [
        [str(row["spot_id"]), _text(row["name"]), str(row["windows"]), int(row["dwell_min"])]
        for row in dose.drop(columns="geometry").to_dict("records")
    ]  # fmt: skip
    date = "" if spotted.date is None else spotted.date.isoformat()
    return Listing(say("dose_table", lang, date=date), [say(h, lang) for h in heads], rows, 3)


def _number(value: float) -> str:
    return "" if pd.isna(value) else plain_text(value, 1)


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
