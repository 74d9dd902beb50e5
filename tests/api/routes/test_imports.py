"""Importing over HTTP: a look first, then all or nothing, on both engines."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from api.uploads import UPLOADABLE
from data import read_layer
from data.models import LAYERS
from data.scope import Scope
from data.store import Store
from geo.datum import convert
from tests.api.stored import put
from tests.stores import ONE_ENGINE
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE = {"Accept": "text/html"}

POSTS = """观察哨编号,名称,经度,纬度,联系电话,备用
P1,东门,114.3,30.5,13800000000,x
P2,西门,abc,30.5,13800000001,x
P3,南门,114.31,30.51,13800000002,x
"""
"""Two posts that can be used, one that cannot, and a column about persons."""


VIRTUAL = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{file}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
"""What GDAL takes for a layer of another file."""

PIPELINE = (
    '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {file} ! '
    'write --output-format stream streamed_dataset"}}'
)
"""What GDAL takes for a program to run over another file."""


def look(client: TestClient, content: str | bytes = POSTS, name: str = "岗哨.csv", /,
         page: bool = False, **fields: str) -> Any:  # noqa: ANN401, FBT001, FBT002  # fmt: skip
    """Send a file to be looked at."""
    data = content.encode() if isinstance(content, str) else content
    asked = {"kind": "posts"} | fields
    headers = PAGE if page else {}
    return client.post("/imports", data=asked, files={"file": (name, data)}, headers=headers)


def store_link(told: dict[str, Any]) -> str:
    """Return the link that stores what was looked at."""
    (href,) = [link["href"] for link in told["links"] if link["rel"] == "store"]
    return href


def test_a_look_stores_nothing_and_says_what_would_be_stored(
    store: Store, client: TestClient
) -> None:
    """Rows, reasons, columns, the first rows; the numbers are those of the import afterwards."""
    answer = look(client, division="610102")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [told[name] for name in ("rows_read", "rows_usable", "rows_set_aside")] == [3, 2, 1]
    assert told["columns"] == {
        "post_id": "观察哨编号",
        "name": "名称",
        "lon": "经度",
        "lat": "纬度",
    }
    assert (told["unused"], told["personal"]) == (["备用"], ["联系电话"])
    (reason,) = told["reasons"]
    assert (reason["code"], reason["count"], reason["step"]) == (
        "not_a_number", 1, "改成数字（十进制度）",
    )  # fmt: skip
    assert [row["name"] for row in told["first"]] == ["东门", "南门"]
    assert told["set_aside"][0]["row"] == 3
    assert (told["division"], told["line"], told["datum"]) == ("610102", "police", "wgs84")
    assert "1380000" not in answer.text
    assert store.count("posts") == 0
    assert client.get("/imports").json()["imports"] == []
    done = client.post(store_link(told))
    assert (done.status_code, done.json()["counts"]) == (201, told["would"])
    assert store.count("posts") == 2
    assert store.frame("posts")["division"].tolist() == ["610102"] * 2
    again = look(client, division="610102").json()["would"]
    assert (again["added"], again["unchanged"]) == (0, 2)


def test_a_file_is_stored_once(client: TestClient) -> None:
    """The link of a preview is used up; nobody guesses one."""
    href = store_link(look(client).json())
    assert client.post(href).status_code == 201
    for gone in (href, "/imports/x/store"):
        answer = client.post(gone)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_upload")


def test_an_import_is_found_again_with_its_quarantine(
    store: Store, client: TestClient, tmp_path: Path
) -> None:
    """The workbook holds the bad row with its reason; mended it goes in."""
    done = client.post(store_link(look(client).json()))
    assert client.get(done.headers["location"]).json() == done.json()
    (listed,) = client.get("/imports").json()["imports"]
    assert listed == done.json()
    links = {link["rel"]: link["href"] for link in done.json()["links"]}
    book = client.get(links["quarantine"])
    assert book.status_code == 200
    assert book.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    (tmp_path / "aside.xlsx").write_bytes(book.content)
    read = read_layer(tmp_path / "aside.xlsx", "posts", crs="EPSG:4326")
    assert read.quarantine[["post_id", "name"]].to_numpy().tolist() == [["P2", "西门"]]
    mended = "观察哨编号,名称,经度,纬度\nP2,西门,114.32,30.5\n"
    client.post(store_link(look(client, mended, "改好.csv").json()))
    assert sorted(store.frame("posts")["post_id"]) == ["P1", "P2", "P3"]


def test_an_import_without_bad_rows_has_no_workbook(client: TestClient) -> None:
    """No link, and 404 where somebody asks all the same."""
    good = "\n".join(POSTS.splitlines()[:2])
    told = client.post(store_link(look(client, good).json())).json()
    assert [link["rel"] for link in told["links"]] == ["self"]
    answer = client.get(f"/imports/{told['id']}/quarantine")
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_set_aside")


def test_a_ledger_is_uploaded_as_layers_are(store: Store, client: TestClient) -> None:
    """Without coordinates in the look at it; what speaks of coordinates is refused by name."""
    text = "设备编码,时间,在线状态\n017,2024-05-01 09:05,在线\n017,2024-05-01 10:05,看不清\n"
    refused = look(client, text, "在线.csv", kind="states", datum="gcj02")
    assert (refused.status_code, refused.json()["code"]) == (400, "not_of_ledgers")
    assert "datum" in refused.json()["detail"]
    told = look(client, text, "在线.csv", kind="states", division="610102").json()
    assert told["first"] == [
        {"camera_id": "017", "time": "2024-05-01 09:05:00", "online": "True"}
    ]  # fmt: skip
    assert [(row["row"], row["reason"]) for row in told["set_aside"]] == [(3, "state_unreadable")]
    done = client.post(store_link(told)).json()
    assert (done["kind"], done["counts"]["added"], done["counts"]["set_aside"]) == ("states", 1, 1)
    (book,) = (link["href"] for link in done["links"] if link["rel"] == "quarantine")
    assert client.get(book).content[:2] == b"PK"
    assert store.frame("states")["division"].tolist() == ["610102"]
    page = look(client, text, "在线.csv", page=True, kind="states")
    assert "nan" not in page.text
    assert look(client, POSTS, "岗哨.geojson", kind="states").json()["code"] == "unknown_extension"


def test_imports_are_paged(client: TestClient) -> None:
    """The newest first, by the next links alone."""
    for number in range(5):
        client.post(store_link(look(client, POSTS, f"{number}.csv").json()))
    met, address = [], "/imports?limit=2"
    while address and len(met) < 9:
        page = client.get(address).json()
        met.append([run["source"] for run in page["imports"]])
        address = {link["rel"]: link["href"] for link in page["links"]}.get("next", "")
    assert met == [["4.csv", "3.csv"], ["2.csv", "1.csv"], ["0.csv"]]


def test_a_person_needs_no_script(store: Store, client: TestClient) -> None:
    """The form, the preview, the button, the report, the workbook: plain pages of ours."""
    form = client.get("/imports", headers=PAGE)
    assert 'enctype="multipart/form-data"' in form.text
    for kind in LAYERS:
        assert f'<option value="{kind}"' in form.text
        assert f'href="/templates/{kind}"' in form.text
    assert "还没有导入过" in form.text
    preview = look(client, page=True, division="610102")
    assert "还没有入库" in preview.text
    assert "像是个人信息，不存：联系电话" in preview.text
    assert "改成数字（十进制度）" in preview.text
    assert store.count("posts") == 0
    (action,) = re.findall(r'action="(/imports/[^"]+/store)"', preview.text)
    moved = client.post(action, headers=PAGE, follow_redirects=False)
    assert moved.status_code == 303
    report = client.get(moved.headers["location"], headers=PAGE)
    assert store.count("posts") == 2
    assert 'href="/maps/coverage"' in report.text
    (book,) = re.findall(r'href="(/imports/\d+/quarantine)"', report.text)
    assert client.get(book).status_code == 200
    assert "岗哨.csv" in client.get("/imports", headers=PAGE).text
    for page in (form, preview, report):
        assert "<script" not in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert "form-action 'self'" in page.headers["content-security-policy"]
        # A form of a page without a referrer would be sent as if by another site.
        assert page.headers["referrer-policy"] == "same-origin"


def test_what_cannot_be_read_is_said_above_the_form(client: TestClient) -> None:
    """With the next step, and with what was chosen."""
    page = look(client, "a,b\n1,2\n", "x.csv", page=True, division="61", crs="EPSG:4545",
                columns="name=a")  # fmt: skip
    assert page.status_code == 400
    assert "找不到坐标列" in page.text
    assert 'value="61"' in page.text
    assert 'value="EPSG:4545"' in page.text
    assert "name=a</textarea>" in page.text
    assert '<option value="posts" selected>' in page.text
    answer = look(client, "a,b\n1,2\n", "x.csv")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_place_columns")


@ONE_ENGINE
@pytest.mark.parametrize(
    ("name", "fields", "status", "code"),
    [
        ("x.docx", {}, 400, "unknown_extension"),
        ("x.shp", {}, 400, "lone_shapefile"),
        ("x.gpkg", {}, 400, "unreadable_file"),
        ("x.csv", {"kind": "people"}, 404, "unknown_kind"),
        ("x.csv", {"columns": "a"}, 400, "bad_value"),
        ("x.csv", {"columns": "nothing=名称"}, 400, "unknown_ours"),
        ("x.csv", {"crs": "EPSG:0"}, 422, "unknown_crs"),
        ("x.csv", {"layer": "b"}, 400, "unknown_layer"),
        ("x.csv", {"layer": "a:b"}, 400, "not_valid"),
        ("x.csv", {"datum": "mars"}, 400, "not_valid"),
        ("x.csv", {"division": "61a"}, 400, "not_valid"),
        ("x.csv", {"line": "army"}, 400, "not_valid"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    client: TestClient, name: str, fields: dict[str, str], status: int, code: str
) -> None:
    """By name; no path of this machine is told; nothing waits."""
    answer = look(client, POSTS, name, **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert tempfile.gettempdir() not in answer.text
    assert client.app.state.uploads._waiting == {}  # type: ignore[attr-defined]


def test_options_reach_the_reader(store: Store, client: TestClient) -> None:
    """Datum, columns as on the command line, and the sheet of a workbook."""
    text = POSTS.replace("经度", "甲").replace("纬度", "乙")
    columns = "posts.lon = 甲\n\nlat=乙"
    told = look(client, text, datum="gcj02", columns=columns, line="governance").json()
    assert (told["datum"], told["line"]) == ("gcj02", "governance")
    assert told["columns"]["lon"] == "甲"
    client.post(store_link(told))
    frame = store.frame("posts")
    assert frame["source_datum"].tolist() == ["gcj02"] * 2
    assert not set(frame.geometry.x) & {114.3, 114.31}
    template = client.get("/templates/posts").content
    told = look(client, template, "x.xlsx", layer="观察哨").json()
    assert told["rows_read"] == 0
    assert look(client, template, "x.xlsx", layer="没有").json()["code"] == "unknown_layer"


def test_a_zipped_shapefile_is_read(store: Store, client: TestClient, tmp_path: Path) -> None:
    """As it lies in one archive; a part alone is refused with that advice."""
    streets = streets_of([line((0, 0), (300, 0))], name=["长江路"]).to_crs(4326)
    streets.to_file(tmp_path / "街道.shp", encoding="gb18030")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in sorted(tmp_path.glob("街道.*")):
            archive.write(part, part.name)
    told = look(client, content.getvalue(), "街道.zip", kind="streets").json()
    assert told["rows_usable"] == 1
    client.post(store_link(told))
    assert store.frame("streets")["name"].tolist() == ["长江路"]


def test_doubts_stand_before_the_button(store: Store, client: TestClient) -> None:
    """Posts in GCJ-02 beside streets in WGS-84: the preview names it, on the page too."""
    ways = [line((0, 200 * i), (1000, 200 * i)) for i in range(6)]
    ways += [line((200 * i, 0), (200 * i, 1000)) for i in range(6)]
    put(store, "streets", streets_of(ways, code=[f"S{i}" for i in range(12)]))
    beside = [(200.0 * i + 90.0 * j, 200.0 * j) for i in range(5) for j in range(6)]
    lonlat = points_of(beside).to_crs(4326).geometry
    lon, lat = convert(lonlat.x.to_numpy(), lonlat.y.to_numpy(), "wgs84", "gcj02")
    rows = "".join(f"D{i},{lon[i]:.7f},{lat[i]:.7f}\n" for i in range(len(beside)))
    told = look(client, f"观察哨编号,经度,纬度\n{rows}").json()
    assert [note["code"] for note in told["doubts"]] == ["datum_by_streets"]
    assert "GCJ-02" in told["doubts"][0]["text"]
    page = look(client, f"观察哨编号,经度,纬度\n{rows}", page=True).text
    assert page.index("请先核对") < page.index("<button>入库")


def test_whoever_may_only_read_sees_no_form(store: Store) -> None:
    """The page says so; sending a file is forbidden, whatever it holds; past imports are shown."""
    client = TestClient(create_app(Settings(), store))
    client.post(store_link(look(client).json()))
    reader = TestClient(create_app(Settings(), store.scoped(Scope(rights=frozenset({"covert"})))))
    page = reader.get("/imports", headers=PAGE).text
    assert "当前授权只能查看" in page
    assert "<form" not in page
    assert "岗哨.csv" in page
    for content in (POSTS, "a,b\n1,2\n"):
        answer = look(reader, content)
        assert (answer.status_code, answer.json()["code"]) == (403, "no_write")
        refused = look(reader, content, page=True)
        assert (refused.status_code, "没有写入权限" in refused.text) == (403, True)


def test_rows_of_others_are_not_stored(store: Store) -> None:
    """Another town, another line, a covert post: refused at the look already."""
    scope = Scope("610928100", frozenset({"governance", "public"}), frozenset({"write"}))
    client = TestClient(create_app(Settings(), store.scoped(scope)))
    own = {"division": "610928100", "line": "governance"}
    assert look(client, **own).status_code == 200
    for fields in (own | {"division": "610928101"}, own | {"line": "police"}, {}):
        assert look(client, **fields).status_code == 403
    covert = "编号,明暗,经度,纬度\nP1,暗哨,114.3,30.5\n"
    assert look(client, covert, **own).status_code == 403


def test_a_file_waits_for_its_scope_alone(store: Store) -> None:
    """The link of a preview is of no use to another scope of the same service."""
    app = create_app(Settings(), store)
    client = TestClient(app)
    href = store_link(look(client, division="610928").json())
    app.state.store = store.scoped(Scope("610928"))
    assert client.post(href).status_code == 404
    assert store.count("posts") == 0
    app.state.store = store
    assert client.post(href).status_code == 201


@ONE_ENGINE
def test_a_page_speaks_one_language(store: Store) -> None:
    """English where that is set: no Chinese but that of the file."""
    client = TestClient(create_app(Settings.model_validate({"lang": "en"}), store))
    text = POSTS.translate(str.maketrans("东西南门", "ABCD")).replace("备用", "spare")
    text = (
        text.replace("观察哨编号", "post_id").replace("名称", "name").replace("联系电话", "phone")
    )
    text = text.replace("经度", "lon").replace("纬度", "lat")
    preview = look(client, text, "posts.csv", page=True)
    (action,) = re.findall(r'action="(/imports/[^"]+/store)"', preview.text)
    report = client.post(action, headers=PAGE)
    pages = {
        "preview": preview,
        "report": report,
        "form": client.get("/imports", headers=PAGE),
        "landing": client.get("/", headers=PAGE),
        "map": client.get("/maps/coverage", headers=PAGE),
        "refused": look(client, "a,b\n1,2\n", "x.csv", page=True),
    }
    for name, page in pages.items():
        assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", unescape(page.text)) == [], name


def test_a_hostile_file_is_no_markup(client: TestClient) -> None:
    """Names, heads and cells are text."""
    hostile = "<script>alert(1)</script>"
    text = f"编号,名称,经度,纬度,{hostile}\nP1,{hostile},114.3,30.5,x\nP2,x,{hostile},30.5,x\n"
    page = look(client, text, "x.csv", page=True)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.text.count("&lt;script&gt;") >= 3
    page = look(client, text, f"{hostile}.docx", page=True)
    assert "<script" not in page.text


@pytest.mark.parametrize("suffix", UPLOADABLE)
@settings(max_examples=15, deadline=None)
@given(content=st.binary(max_size=300), begins=st.sampled_from(
    [b"", b"SQLite format 3\0", b"PK\3\4", b"{", b"PAR1", b'<?xml version="1.0"?><gpx>']
))  # fmt: skip
def test_no_content_makes_the_service_fail(
    ready_file: Path, suffix: str, content: bytes, begins: bytes
) -> None:
    """Whatever it is called, and whatever it begins like."""
    store = Store.open(f"sqlite:///{ready_file}")
    client = TestClient(create_app(Settings(), store))
    answer = look(client, begins + content, f"x{suffix}")
    store.engine.dispose()
    assert answer.status_code in (200, 400, 422), answer.text


@pytest.mark.parametrize(
    "content",
    [
        VIRTUAL,
        PIPELINE,
    ],
)
@pytest.mark.parametrize("name", ["x.json", "x.geojson", "x.gpx", "x.gpkg", "x.zip"])
def test_no_file_makes_the_service_read_another(
    client: TestClient, tmp_path: Path, content: str, name: str
) -> None:
    """A file that points to one of this machine is no file of posts."""
    other = tmp_path / "secret.gpkg"
    points_of([(0, 0)], post_id=["P1"], name=["secret"]).to_file(other, layer="x")
    text = content.format(file=other)
    sent = text.encode()
    if name == "x.zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("x.shp", text)
        sent = packed.getvalue()
    answer = look(client, sent, name)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_file")
    assert "secret" not in answer.text
