"""The layers of spacing and of proposals, and what the page says of them."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.posts import Wish, post_coverage, post_spacing, propose_posts
from maps import Scene, coverage_page
from maps.proposals import proposal_layer
from maps.spacing import spacing_layer
from tests.strategies import line, points_of, streets_of

STREETS = streets_of([line((0, 0), (400, 0)), line((900, 0), (950, 0))], street_id=["A", "B"])
POSTS = points_of([(10, 0), (30, 0), (200, 20), (215, -20)], post_id=["a", "b", "c", "d"])


def test_gaps_and_pairs_are_told_apart_in_the_legend() -> None:
    """Too far, no post at all, too near, and facing over a wide road."""
    layer = spacing_layer(post_spacing(STREETS, POSTS))
    labels = {row.look.label: row.count for row in layer.legend}
    assert labels == {
        "超距街段（沿街量算）": 2,
        "步行到不了任何哨位": 1,
        "哨位过密": 1,
        "宽路两侧相对（不计入过密）": 1,
    }


def test_a_gap_says_how_wide_it_is_and_where_it_ends() -> None:
    """Spacing, what it should be, length, dead end, streets."""
    drawn = "".join(spacing_layer(post_spacing(STREETS, POSTS)).shapes)
    assert "沿街间距：185 米" not in drawn
    for text in ("沿街间距：370 米", "应不超过：100 米", "含断头路：是", "街段编号：A", "a - b"):
        assert text in drawn, text


def test_a_proposal_says_its_steps_and_how_good_it_is() -> None:
    """In order, with what each covers newly; the note is the certificate."""
    proposal = propose_posts(STREETS, POSTS, Wish(1))
    layer = proposal_layer(proposal)
    assert [(row.look.label, row.count) for row in layer.legend] == [("新增", 1)]
    assert layer.note == "建议方案，须经人工确认；在候选点中已证明最优"
    assert "第 1 步：新增" in layer.shapes[0]
    assert "补上空白街段" in layer.shapes[0]
    moved = proposal_layer(propose_posts(STREETS, POSTS, Wish(0, rearrange=True)), lang="en")
    assert "Move here" in {row.look.label for row in moved.legend}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_both_distances_and_the_figures(lang: str) -> None:
    """Along the street first, straight beside it; no circles, which would be wrong."""
    scene = Scene(
        posts=post_coverage(STREETS, POSTS, distance="street"),
        spacing=post_spacing(STREETS, POSTS),
        proposal=propose_posts(STREETS, POSTS, Wish(1)),
    )
    page = coverage_page(scene, title="t", made_on=dt.date(2026, 11, 22), lang=lang)
    wanted = {
        "zh": ("按直线距离计", "最大间距", "过密哨位对", "建议后占比", "沿街距观察哨不超过 50 米"),
        "en": ("By straight distance", "Widest spacing", "Pairs too near",
               "Share with the proposal",
               "along the street"),
    }  # fmt: skip
    for text in wanted[lang]:
        assert text in page, text
    assert "直线距离，未计河流与街道" not in page
    assert "radius_m" not in page.split("<script>")[-1]
