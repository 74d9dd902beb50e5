"""The figures of a run over cameras, as the terminal lists them."""

from collections.abc import Callable

from api.camera_findings import CameraFindings
from api.words import say
from geo.health import Rate
from maps.figures import camera_figures
from maps.words import Words

Pairs = list[tuple[str, str]]


def camera_pairs(found: CameraFindings, words_of_maps: Words, lang: str) -> Pairs:
    """
    List the figures of cameras.

    Parameters
    ----------
    found
        What a run found.
    words_of_maps
        How lengths, areas and shares are written.
    lang
        "zh" or "en".

    Returns
    -------
    pairs
        Labels and values, plain text: every share with its numerator and denominator.
    """
    share = words_of_maps.share
    pairs = [*camera_figures(found.coverage, words_of_maps)]
    for row in found.coverage.by_road().itertuples():
        label = say("covered_road", lang, road=say(f"road.{row.road}", lang))
        covered, due = map(words_of_maps.length, (row.covered_length_m, row.due_length_m))
        value = share(row.covered_share)
        pairs.append((label, say("covered_of", lang, covered=covered, total=due, share=value)))
    if len(found.junctions):
        watched = int(found.junctions["watched"].sum())
        pairs.append((say("junctions", lang), _of(watched, len(found.junctions), share, lang)))
    if found.hours is not None:
        worst = found.hours.loc[found.hours["covered_share"].idxmin()]
        label = say("worst_hour", lang, hour=f"{worst['hour']:02d}:00")
        pairs.append((label, share(worst["covered_share"])))
    if found.crossings is not None and len(found.crossings.crossings):
        served = int(found.crossings.crossings["served"].sum())
        total = len(found.crossings.crossings)
        pairs.append((say("crossings_served", lang), _of(served, total, share, lang)))
    pairs += _at_key_sites(found, share, lang)
    pairs += [_rate(rate, share, lang) for rate in found.health.rates]
    if found.definition.denominator:
        pairs.append(_rate(found.definition, share, lang))
    for goal in found.indicators.rows:
        if goal.denominator:
            name = say(f"goal.{goal.goal}", lang, sector=say(f"sector.{goal.sector}", lang))
            value = _of(goal.numerator, goal.denominator, share, lang)
            state = say(f"goal_state.{goal.state}", lang, target=share(goal.target_share))
            pairs.append((name, f"{value} · {state}"))
    if len(found.twice.pairs):
        pairs.append((say("listed_twice", lang), f"{len(found.twice.pairs):,}"))
    return [*pairs, *_proposed(found, words_of_maps, lang)]


def _at_key_sites(found: CameraFindings, share: Callable[[float | None], str], lang: str) -> Pairs:
    """List what is seen of entrances, and what schools have as far as that is known."""
    pairs = []
    if found.entrances is not None and len(found.entrances):
        watched = int(found.entrances["watched"].sum())
        value = _of(watched, len(found.entrances), share, lang)
        pairs.append((say("entrances_watched", lang), value))
    for row in [] if found.schools is None else found.schools.needs.to_dict("records"):
        if row["known"]:
            value = _of(row["with"], row["known"], share, lang)
            pairs.append((say(f"need.{row['need']}", lang), value))
    return pairs


def _rate(rate: Rate, share: Callable[[float | None], str], lang: str) -> tuple[str, str]:
    label = say(f"rate.{rate.name}", lang, basis=say(f"basis.{rate.basis}", lang))
    return label, _of(rate.numerator, rate.denominator, share, lang)


def _of(part: float, whole: float, share: Callable[[float | None], str], lang: str) -> str:
    parts = {"covered": f"{part:,.10g}", "total": f"{whole:,.10g}"}
    return say("covered_of", lang, **parts, share=share(part / whole if whole else None))


def _proposed(found: CameraFindings, words_of_maps: Words, lang: str) -> Pairs:
    pairs = []
    for key, part in (("reaim", found.turned), ("new_cameras", found.bought)):
        if part is None:
            continue
        summary = part.summary()
        before, after = summary["covered_share_before"], summary["covered_share_after"]
        pairs.append(
            (
                say(f"proposed_{key}", lang),
                say(
                    "proposed_value",
                    lang,
                    count=summary["turned" if key == "reaim" else "cameras_new"],
                    before=words_of_maps.share(before),
                    after=words_of_maps.share(after),
                    gap=words_of_maps.share(summary["gap"]),
                ),
            )
        )
    if found.cordon is not None:
        summary = found.cordon.summary()
        pairs.append((say("cordon_ways", lang), f"{summary['ways']:,} / {summary['crossings']:,}"))
        pairs.append((say("cordon_closures", lang), f"{summary['closures']:,}"))
    return pairs
