"""Incidents of the invented town, and what was found of them, small enough to count by hand."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiLineString, Point, box

from maps import IncidentScene, ReportScene, Section
from maps.tables import TextTable
from tests.maps import scenes

SENTENCE: Final = "同比上升56.3%(16→25件;小基数,差异不显著,E检验 p=0.165,条件检验 p=0.211)"
"""As `geo.incidents.changes` writes it."""


def incidents() -> gpd.GeoDataFrame:
    """Return a theft at noon, a burglary of a night, two disputes without times, one nowhere."""
    rows = scenes.frame(
        [Point(50, 50), Point(200, 60), Point(51, 50), Point(350, 150), Point(0, 0)],
        incident_id=["a", "b", "c", "d", "e"],
        kind=["case", "case", "dispute", "dispute", "event"],
        time=["2026-03-01T12:10", "2026-03-02T22:00", None, "2026-03-01", "2026-03-03T08:00"],
        time_to=[None, "2026-03-03T06:00", None, "2026-03-20", None],
        **{"class": ["theft", "burglary", "noise", "noise", "facility"]},
    )
    rows.geometry = [*rows.geometry.iloc[:4], None]
    return rows


def areas(*, many: bool = False) -> gpd.GeoDataFrame:
    """Return three grids: one rose for sure, one perhaps, of the third nothing is known."""
    frame = scenes.areas().assign(
        now=[90.0, 25.0, np.nan],
        before=[40.0, 16.0, np.nan],
        share=[1.25, 0.5625, np.nan],
        e_p=[0.0001, 0.165, np.nan],
        per_ten_thousand=[39.0, 3.9, np.nan],
        unstable=[False, True, False],
        sentence=["同比上升125.0%(40→90件)", SENTENCE, ""],
    )
    if not many:
        return frame
    more = scenes.frame(
        [box(x, 300, x + 90, 400) for x in (0, 100, 200)],
        area_id=["610999001001004", "610999001001005", "610999001001006"],
        name=["四", "五", "六"],
        now=[0.0, 3.0, 10.0],
        before=[0.0, 0.0, 60.0],
        share=[np.nan, np.nan, -5 / 6],
        e_p=[1.0, 0.1, 0.0],
        per_ten_thousand=[0.0, 1.5, 12.0],
        unstable=[False, True, False],
    )
    return pd.concat([frame, more], ignore_index=True)


def hot_places() -> gpd.GeoDataFrame:
    """Return four segments: two hot, one of them without incidents, one plain, one empty."""
    return scenes.frame(
        [LineString([(x, 0), (x + 100, 0)]) for x in (0, 100, 200, 300)],
        place_id=["s1", "s2", "s3", "s4"],
        n=[12, 0, 3, 0],
        z=[5.25, 3.4, 0.2, -0.5],
        p=[0.0001, 0.0002, 0.4, 0.8],
        q=[0.0004, 0.0123, 0.5, 0.8],
        hot=[True, True, False, False],
        spot_id=["s1", "s1", None, None],
    )


def hot_spots(*, cells: bool = False) -> gpd.GeoDataFrame:
    """Return two hot spots near each other, of segments or of cells."""
    frame = scenes.frame(
        [box(0, 0, 200, 100), box(210, 0, 260, 50)]
        if cells
        else [
            MultiLineString([[(0, 0), (100, 0)], [(100, 0), (200, 0)]]),
            MultiLineString([[(210, 0), (260, 0)]]),
        ],
        spot_id=["s1", "s7"],
        n=[12, 4],
        places=[2, 1],
        peak_place=["临江街", "柳巷"],
        kept=[True, False],
    )
    return frame.assign(**{"area_m2" if cells else "length_m": [200.0, 50.0]})


def ring_streets() -> gpd.GeoDataFrame:
    """Return a street in three rings."""
    return scenes.frame(
        [LineString([(a, 0), (b, 0)]) for a, b in ((0, 100), (100, 300), (300, 400))],
        street_id=["1", "1", "1"],
        minutes=[1.0, 3.0, 5.0],
        station_id=["站一", "站一", "站二"],
        name=["临江街"] * 3,
    )


def outside() -> gpd.GeoDataFrame:
    """Return a street too far and one on an island."""
    return scenes.frame(
        [LineString([(0, 200), (400, 200)]), LineString([(0, 300), (400, 300)])],
        street_id=["2", "3"],
        reason=["beyond", "no_way"],
        length_m=[400.0, 400.0],
    )


def stations() -> gpd.GeoDataFrame:
    """Return a station on duty and one that is not."""
    return scenes.frame(
        [Point(0, 0), Point(400, 10)],
        station_id=["站一", "站二"],
        name=["临江派出所", "柳巷警务站"],
        unit_class=["station", "post"],
        reason=[None, "off_duty"],
        lost_m=[300.0, None],
    )


def candidates() -> gpd.GeoDataFrame:
    """Return two ways to one place, the second over part of the first."""
    return scenes.frame(
        [LineString([(0, 0), (200, 0)]), LineString([(0, 100), (0, 0), (200, 0)])],
        place=["p", "p"],
        rank=[1, 2],
        unit_id=["u1", "u2"],
        minutes=[0.4, 0.61],
        distance_m=[200.0, 300.0],
        lost_m=[120.0, 0.0],
    )


def hours() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return a burglary spread over a night, two thefts on Sunday at noon."""
    found = np.zeros((7, 24))
    found[0, 22:] = 0.125
    found[1, :6] = 0.125
    found[6, 12] = 2.0
    return found


def scene(**changes: Any) -> IncidentScene:  # noqa: ANN401
    """Return all that a page can show, with parts replaced as told."""
    parts: dict[str, Any] = {
        "incidents": incidents(),
        "areas": areas(many=True),
        "colours": ["now", "per_ten_thousand", "share"],
        "hot_places": hot_places(),
        "hot_spots": hot_spots(),
        "ring_streets": ring_streets(),
        "outside": outside(),
        "stations": stations(),
        "candidates": candidates(),
        "places": scenes.frame([Point(200, 0)], place=["p"]),
        "hours": hours(),
        "streets": scenes.streets(),
        "background": scenes.background(),
        "figures": [("本月", "25 件")],
        "tables": [TextTable("分类", [["类", "数"], ["盗窃", "25"]], 1)],
    }
    return IncidentScene(**(parts | changes))


def report(**changes: Any) -> ReportScene:  # noqa: ANN401
    """Return all that a report can tell, with parts replaced as told."""
    parts: dict[str, Any] = {
        "period": "2026年3月（与2025年3月比）",
        "summary": [SENTENCE],
        "sections": {
            "notes": Section(["按受理时间计。"]),
            "classes": Section([], [TextTable("分类", [["类", "数"], ["盗窃", "25"]], 1)]),
            "parent": Section(["全市同期下降3.0%。"]),
        },
        "areas": areas(many=True),
        "hot_spots": hot_spots(),
        "hours": hours(),
        "streets": scenes.streets(),
    }
    return ReportScene(**(parts | changes))
