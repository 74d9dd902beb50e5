"""What falls to one officer, ranked, and towns whose team is too small."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import ColumnError, CRSError, InvalidParameterError
from geo.partition.workload import short_teams, workload
from tests.strategies import CRS, box, points_of


def teams(**columns: list) -> gpd.GeoDataFrame:
    """Make four teams side by side on ground of 1 x 1, 2 x 1, 3 x 1 and 4 x 1 km."""
    west = [0, 1_000, 3_000, 6_000]
    ground = [box(x, 0, x + 1_000 * (k + 1), 1_000) for k, x in enumerate(west)]
    return gpd.GeoDataFrame({"team_id": ["c", "a", "b", "d"]} | columns, geometry=ground, crs=CRS)


def test_each_officer_of_a_team_has_so_much_ground_people_and_incidents() -> None:
    """Drawn on paper: 1, 2, 3 and 4 km2 over 2, 2, 3 and 8 officers."""
    result = workload(
        teams(officers=[2, 2, 3, 8], people=[1_000, 3_000, None, 8_000], incidents=[6, 6, 9, 80])
    )
    table = result.table.set_index("team_id")
    assert table["area_km2"].to_dict() == pytest.approx({"d": 4, "a": 2, "b": 3, "c": 1})
    assert table["area_km2_per_officer"].to_dict() == pytest.approx(
        {"d": 0.5, "a": 1, "b": 1, "c": 0.5}
    )
    assert table["people_per_officer"].to_dict() == pytest.approx(
        {"d": 1_000, "a": 1_500, "b": np.nan, "c": 500}, nan_ok=True
    )
    assert table["incidents_per_officer"].to_dict() == pytest.approx(
        {"d": 10, "a": 3, "b": 3, "c": 3}
    )
    # Three of equal load: the lower id first.
    assert result.table["team_id"].tolist() == ["d", "a", "b", "c"]
    assert result.table["rank"].tolist() == [1, 2, 3, 4]
    assert result.without_rate.empty
    assert result.summary()["officers"] == 15
    assert result.summary()["people"] == 12_000


def test_the_ranking_does_not_depend_on_the_order_of_the_rows() -> None:
    """Ties by id, by any measure."""
    frame = teams(officers=[1, 2, 3, 4], people=[10, 20, 30, 40], incidents=[1, 2, 3, 4])
    for by in ("area_km2", "people", "incidents"):
        assert workload(frame, by=by).table["team_id"].tolist() == ["a", "b", "c", "d"]
        turned = workload(frame.iloc[::-1], by=by)
        assert turned.table.equals(workload(frame, by=by).table)


def test_teams_without_officers_have_no_rate_and_are_listed() -> None:
    """0 officers, unknown officers, unknown people: last, by id, without a rank."""
    frame = teams(officers=[0, None, 2, 2], people=[10, 20, None, 40])
    result = workload(frame, by="people")
    assert result.table["team_id"].tolist() == ["d", "a", "b", "c"]
    assert result.table["rank"].isna().tolist() == [False, True, True, True]
    assert result.without_rate.to_dict("records") == [
        {"team_id": "a", "why": "officers_unknown"},
        {"team_id": "b", "why": "people_unknown"},
        {"team_id": "c", "why": "no_officers"},
    ]
    assert result.table["people_per_officer"].tolist()[1:] == pytest.approx(
        [np.nan] * 3, nan_ok=True
    )
    assert result.summary()["incidents"] is None
    nothing = workload(frame.drop(columns="officers"), by="area_km2")
    assert set(nothing.without_rate["why"]) == {"officers_unknown"}


def test_incidents_are_counted_by_place_and_the_rest_is_told() -> None:
    """Two inside c, one on the border of c and a, one outside, one without a place."""
    incidents = points_of([(10, 10), (20, 10), (1_000, 500), (-50, 0)])
    incidents = gpd.GeoDataFrame(geometry=[*incidents.geometry, None], crs=CRS)
    result = workload(teams(officers=[1, 1, 1, 0]), incidents)
    counts = result.table.set_index("team_id")["incidents"].to_dict()
    assert counts == {"a": 1, "b": 0, "c": 2, "d": 0}
    assert result.incidents_outside == 2
    assert result.table["team_id"].tolist() == ["c", "a", "b", "d"]
    given = teams(officers=[1, 1, 1, 1], incidents=[99, 99, 99, 99])
    assert workload(given, incidents).table["incidents"].sum() == 3
    assert workload(given).incidents_outside is None


def test_a_team_of_nine_is_short_and_one_of_ten_is_not() -> None:
    """Rows of a town are added up; part-time members are in another column."""
    frame = pd.DataFrame(
        {
            "town_id": ["t9", "t10", "t6", "t6", "tx", "tx", "ty", "tz"],
            "full_time": [9, 10, 3, 3, 4, None, None, 0],
            "part_time": [50] * 8,
        }
    )
    short = short_teams(frame, ["t9", "t10", "none"]).set_index("town_id")
    assert short["state"].to_dict() == {
        "none": "no_report", "t6": "short", "t9": "short", "tx": "unknown", "ty": "unknown",
        "tz": "short",
    }  # fmt: skip
    assert short["missing"].to_dict() == pytest.approx(
        {"none": np.nan, "t6": 4, "t9": 1, "tx": 6, "ty": np.nan, "tz": 10}, nan_ok=True
    )
    assert np.isnan(short.loc["ty", "full_time"])
    assert np.isnan(short.loc["none", "full_time"])
    assert short_teams(frame)["town_id"].tolist() == ["t6", "t9", "tx", "ty", "tz"]
    assert short_teams(frame, least=3)["town_id"].tolist() == ["ty", "tz"]
    assert short_teams(frame.iloc[:0]).empty


def test_teams_that_cannot_be_reckoned_are_refused() -> None:
    """No id, one twice, fewer than nobody, degrees, an unknown measure."""
    with pytest.raises(ColumnError, match="teams: no column team_id"):
        workload(teams()[["geometry"]])
    with pytest.raises(ColumnError, match="row 1 has team_id 'a'"):
        workload(teams().assign(team_id=["a", "a", "b", "c"]))
    with pytest.raises(InvalidParameterError, match="row 2 has officers -3"):
        workload(teams(officers=[1, 1, -3, 1]))
    with pytest.raises(CRSError):
        workload(teams(officers=[1] * 4).to_crs(4326))
    with pytest.raises(InvalidParameterError, match="by: 'calls' is unknown"):
        workload(teams(officers=[1] * 4), by="calls")
    with pytest.raises(ColumnError, match="teams: no column full_time"):
        short_teams(pd.DataFrame({"town_id": ["a"]}))
    with pytest.raises(ColumnError, match="teams: row 1 has no town_id"):
        short_teams(pd.DataFrame({"town_id": ["a", None], "full_time": [1, 2]}))
    with pytest.raises(InvalidParameterError, match="row 0 has full_time -1"):
        short_teams(pd.DataFrame({"town_id": ["a"], "full_time": [-1]}))
