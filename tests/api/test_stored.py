"""A run over a stored area: what its files would give, and what the command line says of it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import make_url, select, update

from api import cli, reading
from api.app import create_app
from api.posts import PostOptions
from api.services import run as analyse
from api.settings import Settings
from api.shown import coverage_shown
from api.stock import stock
from api.stored import stored_layers
from data import read_layer
from data.engine import writing
from data.errors import NotFoundError
from data.export import to_json, write_geopackage
from data.models import Post
from data.scope import Scope
from data.store import Store
from data.town import make_town
from data.viewing import views
from geo.noding import noded
from geo.posts import Wish
from tests.api.files import scene
from tests.api.stored import fill, put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., tuple[int, str, str]]

GRID = "610999001001001"
"""A grid of the town that posts and cameras outside of it look into."""

LAYERS = ("areas", "streets", "posts", "cameras")


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the demo town, with its grid `GRID` as a layer of its own."""
    layers = make_town().layers()
    grid = layers["areas"][layers["areas"]["area_id"] == GRID]
    file = tmp_path_factory.mktemp("town") / "town.gpkg"
    write_geopackage(file, {name: layers[name] for name in LAYERS} | {"grid": grid})
    return file


@pytest.fixture
def gridpatrol(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return the command as a function: its exit code, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def filled(store: Store) -> Store:
    """Give a store with the rows of `fill`, on either engine."""
    fill(store)
    return store


def url_of(store: Store) -> str:
    """Return the URL of a store, for the command line."""
    return store.engine.url.render_as_string(hide_password=False)


def gaps_of(out: Path) -> list[tuple[Any, ...]]:
    """Return the gaps of a result, to the micrometre, in an order of their own."""
    frame = pyogrio.read_dataframe(out / "result.gpkg", layer="gaps")
    ends = frame[["start_m", "end_m", "length_m"]].round(6).to_numpy().tolist()
    places = shapely.to_wkt(frame.geometry.array, rounding_precision=6)
    return sorted(
        zip(frame["street_id"].astype(str), *zip(*ends, strict=True), places, strict=True)
    )


def test_an_area_of_the_store_gives_what_its_files_give(
    gridpatrol: Command, town: Path, tmp_path: Path, store_url: str
) -> None:
    """The same share, gaps and figures of the area, under the same names, in the same files."""
    store = Store.open(store_url)
    stock(store, [read_layer(f"{town}:{kind}", kind) for kind in LAYERS], division="610999001000")
    store.engine.dispose()
    grid = f"{town}:grid"
    for sites in ("posts", "cameras"):
        filed, stored = tmp_path / f"{sites}_filed", tmp_path / f"{sites}_stored"
        files = (f"{town}:streets", f"{town}:{sites}", "--within", grid, "--areas", grid)
        code, text, _ = gridpatrol(sites, *files, "--out", filed, "--json")
        assert code == 0
        expected = json.loads(text)
        code, text, _ = gridpatrol(
            sites, "--area", GRID, "--database", store_url, "--out", stored, "--json"
        )
        assert code == 0
        summary = json.loads(text)
        assert list(summary) == list(expected)
        assert summary["inputs"].keys() == expected["inputs"].keys()
        for key in ("covered_share", "due_length_m", "gap_length_m", "border_length_m"):
            assert summary[key] == pytest.approx(expected[key], abs=1e-9), key
        assert (summary["gaps"], summary["crs"]) == (expected["gaps"], expected["crs"])
        inside, outside = summary["areas"]
        assert inside == pytest.approx(expected["areas"][0], abs=1e-6)
        assert 0.0 < summary["covered_share"] < 1.0
        assert 0 < outside[sites] < expected["areas"][1][sites]
        assert gaps_of(stored) == gaps_of(filed)
        assert sorted(p.name for p in stored.iterdir()) == sorted(p.name for p in filed.iterdir())
        assert pyogrio.list_layers(stored / "result.gpkg")[:, 0].tolist() == (
            pyogrio.list_layers(filed / "result.gpkg")[:, 0].tolist()
        )


@ONE_ENGINE
def test_the_service_gives_the_figures_of_a_run_over_the_area(
    town: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coverage, spacing and a proposal, key by key, with and without the right to covert posts."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    store = Store.open(store_url)
    stock(store, [read_layer(f"{town}:{kind}", kind) for kind in LAYERS], division="610999001000")
    with writing(store.engine) as session:
        some = select(Post.id).order_by(Post.code).limit(200)
        session.execute(update(Post).where(Post.id.in_(some)).values(visibility="covert"))
    met = []
    for rights in (frozenset[str](), frozenset({"covert"})):
        ours = store.scoped(Scope(rights=rights))
        client = TestClient(create_app(Settings(), ours))
        for distance in ("street", "straight"):
            options = PostOptions(
                distance=distance, wish=Wish(3), include_covert=bool(rights), reach_m=40.0
            )
            done = analyse("posts", stored_layers(ours, "posts", GRID, reach_m=40.0), posts=options)
            summary = done.summary()
            told = {"posts_counted": summary["posts_counted"]}
            assert done.findings is not None
            expected: dict[str, Any] = {
                f"/coverage/posts?area={GRID}&distance={distance}&reach_m=40": done.coverage,
                f"/spacing/posts?area={GRID}": done.findings.spacing,
                f"/proposals/posts?area={GRID}&number=3&reach_m=40": done.findings.proposal,
            }
            for address, found in expected.items():
                assert found is not None
                figures = json.loads(to_json(found.summary())) | told
                answer = client.get(address).json()["summary"]
                for one in (figures, answer):
                    one.pop("seconds", None)
                assert answer.pop("marking", None) is not None or not rights
                assert answer == figures, address
            met.append((summary["posts"], summary["covered_share"], summary["spacing_gaps"]))
    store.engine.dispose()
    assert len(set(met)) == 4
    assert met[0][0] == met[1][0] < met[2][0] == met[3][0]


def test_reach_and_class_are_asked_for_as_of_files(gridpatrol: Command, filled: Store) -> None:
    """10 m, by a post 90 m outside; 75 m of 150 m; none of another class; in English."""
    narrow = areas_of({"03": box(-10, -50, 60, 100)}).rename(columns={"area_id": "code"})
    put(filled, "areas", narrow)
    asked = ("posts", "--area", "03", "--database", url_of(filled))
    _, text, _ = gridpatrol(*asked, "--json", "--reach", "100")
    assert json.loads(text)["covered_length_m"] == pytest.approx(10.0, abs=0.05)
    asked = ("posts", "--area", "01", "--database", url_of(filled))
    _, text, _ = gridpatrol(*asked, "--json", "--reach", "75")
    assert json.loads(text)["covered_length_m"] == pytest.approx(75.0, abs=0.05)
    _, text, _ = gridpatrol(*asked, "--json", "--classes", "primary")
    assert json.loads(text)["excluded_by_reason_m"]["class"] == pytest.approx(300.0, abs=0.1)
    code, text, _ = gridpatrol(*asked, "--lang", "en")
    assert code == 0
    assert "Next: add --out DIR" in text


def test_the_setting_names_the_store_of_a_run(
    gridpatrol: Command, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GRIDPATROL_DATABASE_URL, where no option does."""
    monkeypatch.setenv("GRIDPATROL_DATABASE_URL", url_of(filled))
    code, text, _ = gridpatrol("cameras", "--area", "02", "--json")
    assert code == 0
    assert json.loads(text)["covered_length_m"] == pytest.approx(50.0, abs=0.05)


def test_the_datum_named_is_that_of_the_stored_rows(
    gridpatrol: Command, store: Store, tmp_path: Path
) -> None:
    """The least exact one of those that the run takes; the page marks it."""
    fill(store)
    for code, at, datum in (("P2", 140, "gcj02"), ("P3", 2_000, "bd09")):
        put(store, "posts", points_of([(at, 0)], code=[code]))
        with writing(store.engine) as session:
            session.execute(update(Post).where(Post.code == code).values(source_datum=datum))
    asked = ("posts", "--area", "01", "--database", url_of(store), "--json", "--out", tmp_path)
    _, text, _ = gridpatrol(*asked)
    inputs = json.loads(text)["inputs"]
    assert {role: read["datum"] for role, read in inputs.items()} == {
        "streets": "wgs84",
        "posts": "gcj02",
        "areas": "wgs84",
        "within": "wgs84",
    }
    page = (tmp_path / "map.html").read_text("utf-8")
    assert "GCJ-02" in page
    assert "BD-09" not in page


def test_stored_layers_are_in_the_columns_of_files(filled: Store) -> None:
    """Nothing of the bookkeeping gets out; the source names neither server nor folder."""
    layers = stored_layers(filled, "cameras", "01")
    assert list(layers) == ["streets", "cameras", "areas", "within"]
    database = str(make_url(url_of(filled)).database).rpartition("/")[2]
    for role, layer in layers.items():
        kind = "areas" if role == "within" else role
        assert (layer.kind, layer.source) == (kind, f"{database}:{kind}")
        assert layer.rows_read == len(layer.frame) == len(layer.rows) > 0
        assert not {"id", "version", "division", "line", "changed_by", "source_datum"} & set(
            layer.frame
        )
        assert layer.quarantine.empty
    cameras = layers["cameras"].frame
    assert dict(zip(cameras["camera_id"], cameras["azimuth_deg"], strict=True)) == {
        "C1": 270.0,
        "C2": 90.0,
    }


def test_a_stored_row_that_cannot_be_measured_is_set_aside(filled: Store, tmp_path: Path) -> None:
    """A street from the area to another town: the run goes on without it and says so."""
    put(filled, "streets", streets_of([line((0, 50), (9, 50))], code=["S2"], tunnel=["yes"]))
    put(filled, "streets", streets_of([line((100, 50), (900_000, 0))], code=["S9"]))
    done = analyse("posts", stored_layers(filled, "posts", "01"))
    assert done.coverage.street_length_m == pytest.approx(309.0, abs=0.1)
    aside = done.tables()["set_aside_streets"]
    assert aside[["reason", "street_id"]].to_numpy().tolist() == [["far_away", "S9"]]
    write_geopackage(tmp_path / "result.gpkg", done.tables())


def test_an_area_without_a_code_goes_by_its_number(store: Store) -> None:
    """As every list of areas shows it."""
    fill(store)
    put(store, "areas", areas_of({"": box(-10, -50, 110, 100)}).drop(columns="area_id"))
    (number,) = set(store.frame("areas")["area_id"]) - {"01", "02"}
    done = analyse("posts", stored_layers(store, "posts", number))
    assert done.coverage.due_length_m == pytest.approx(110.0, abs=0.05)


def test_what_is_not_stored_is_named_with_the_next_step(store: Store) -> None:
    """First areas, then streets, then sites; unknown is not zero."""
    area = areas_of({"01": box(0, 0, 100, 100)}).rename(columns={"area_id": "code"})
    street = streets_of([line((10, 10), (90, 10))], code=["S1"])
    far = streets_of([line((9_000, 0), (9_100, 0))], code=["S2"])
    post = points_of([(5_000, 0)], code=["P1"])
    for says, layer, frame in (
        ("import areas FILE", "areas", area),
        ("import streets FILE", "streets", far),
        ("import posts FILE", "posts", post),
        ("no street is stored in or near area 01", "streets", street),
    ):
        with pytest.raises(NotFoundError, match=says):
            stored_layers(store, "posts", "01")
        put(store, layer, frame)
    # Posts are known, and none is here: that is a result.
    assert analyse("posts", stored_layers(store, "posts", "01")).coverage.covered_share == 0.0
    more = areas_of({f"1{i:02d}": box(0, 0, 9, 9) for i in range(20)})
    put(store, "areas", more.rename(columns={"area_id": "code"}))
    with pytest.raises(
        NotFoundError, match=r"no row 09; stored are 01, 100, .* and 11 more .*serve"
    ):
        stored_layers(store, "posts", "09")


@pytest.mark.parametrize(("lang", "says"), [("zh", "没有编号 09"), ("en", "no row 09")])
def test_an_unknown_area_ends_the_command_with_the_codes_there_are(
    gridpatrol: Command, filled: Store, lang: str, says: str
) -> None:
    """Exit 1, nothing on standard output."""
    code, out, err = gridpatrol(
        "posts", "--area", "09", "--database", url_of(filled), "--lang", lang
    )
    assert (code, out) == (1, "")
    assert says in err
    assert "01" in err
    assert "gridpatrol serve" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "STREETS POSTS，或用 --area"),
        (["{streets}"], "--area CODE to run from the store"),
        (["--area", ""], "--area CODE to run from the store"),
        (["{streets}", "{posts}", "--area", "01"], "leave out: STREETS, POSTS"),
        (["{streets}", "--area", "01"], "leave out: STREETS"),
        (["--area", "01", "--areas", "{areas}"], "leave out: --areas"),
        (["--area", "01", "--within", "{areas}"], "leave out: --within"),
        (["--area", "01", "--datum", "gcj02", "--crs", "EPSG:4326"], "leave out: --datum, --crs"),
        (["--area", "01", "--map", "name=x"], "leave out: --map"),
        (["{streets}", "{posts}", "--database", "sqlite:///x.db"], "goes with --area"),
    ],
)
def test_a_run_is_from_files_or_from_the_store(
    gridpatrol: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    says: str,
) -> None:
    """Exit 2; both ways are said, and what to leave out; no store is made."""
    monkeypatch.chdir(tmp_path)
    named = {name: str(file) for name, file in scene(tmp_path).items()}
    code, out, err = gridpatrol("posts", *[argument.format(**named) for argument in arguments])
    assert (code, out) == (2, "")
    assert says in err
    assert not list(tmp_path.glob("*.db"))


def test_a_store_that_is_not_there_is_not_made(gridpatrol: Command, tmp_path: Path) -> None:
    """A slip in its name must not look like an empty store."""
    file = tmp_path / "slip.db"
    code, _, err = gridpatrol("posts", "--area", "01", "--database", f"sqlite:///{file}")
    assert code == 1
    assert "没有数据库文件" in err
    assert not file.exists()


def test_the_page_of_coverage_nodes_the_streets_of_its_posts_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coverage and spacing share the network."""
    put(store, "streets", streets_of([line((0, 0), (300, 0))], code=["S1"]))
    put(store, "posts", points_of([(150, 0)], code=["P1"], kind=["fixed"]))
    made = []

    def counted(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        made.append(1)
        return noded(*given, **options)

    monkeypatch.setattr("geo.streets.noded", counted)
    shown = coverage_shown(store, None)
    assert shown.scene is not None
    assert shown.scene.posts is not None
    assert shown.scene.posts.covered_share == pytest.approx(1 / 3, abs=1e-4)
    assert shown.scene.spacing is not None
    assert len(made) == 1


def test_a_run_that_counts_covert_posts_is_written_down(
    gridpatrol: Command, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whom, of which area and how many posts; one without them is not, nor one that failed."""
    monkeypatch.setattr("getpass.getuser", lambda: "值班员")
    put(filled, "posts", points_of([(20, 0)], code=["P2"], visibility=["covert"]))
    asked = ("posts", "--database", url_of(filled), "--json", "--area")
    assert gridpatrol(*asked, "01")[0] == 0
    assert gridpatrol(*asked, "09", "--include-covert")[0] == 1
    assert views(filled).views == []
    code, text, _ = gridpatrol(*asked, "01", "--include-covert")
    assert code == 0
    (view,) = views(filled).views
    assert (view.who, view.what, view.area) == ("值班员", "gridpatrol posts", "01")
    assert view.rows_seen == json.loads(text)["posts"] == 2


def test_a_run_that_cannot_be_written_down_shows_nothing(
    gridpatrol: Command, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No summary, and no file."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "store.db")

    monkeypatch.setattr(reading, "note_view", full)
    asked = ("posts", "--database", url_of(filled), "--json", "--area", "01", "--include-covert")
    code, text, _ = gridpatrol(*asked)
    assert (code, text) == (1, "")


@pytest.mark.parametrize("area", ["01", "09"])
def test_the_store_is_closed_when_the_command_is_done(
    gridpatrol: Command, ready_file: Path, tmp_path: Path, area: str
) -> None:
    """SQLite takes its log away with the last connection, also when the command failed."""
    file = tmp_path / "store.db"
    file.write_bytes(ready_file.read_bytes())
    store = Store.open(f"sqlite:///{file}")
    fill(store)
    store.engine.dispose()
    gridpatrol("posts", "--area", area, "--database", f"sqlite:///{file}")
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]
