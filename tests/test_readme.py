"""What the READMEs show works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.strategies import areas_of, box, line, points_of, streets_of

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_notebook_lines_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With files of the names that they name; the answer is that of the drawing."""
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    files = dict(re.findall(r'read_layer\("([^"]+)", "(\w+)"', block))
    frames = {
        "streets": streets_of([line((0, 0), (300, 0))]),
        "posts": points_of([(150, 0)], post_id=["P1"]),
        "areas": areas_of({"01": box(-10, -50, 150, 100)}),
    }
    assert sorted(files.values()) == ["areas", "posts", "streets"]
    for file, kind in files.items():
        frame = frames[kind].to_crs(4326)
        if file.endswith(".xlsx"):
            table = frame.drop(columns="geometry")
            table.assign(lon=frame.geometry.x, lat=frame.geometry.y).to_excel(
                tmp_path / file, index=False
            )
        else:
            frame.to_file(tmp_path / file)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102 - our own lines
    result = names["result"]
    # The posts are declared GCJ-02, so they lie hundreds of metres from the street.
    assert result.covered_share == 0.0  # type: ignore[attr-defined]
    assert result.due_length_m == pytest.approx(300.0, abs=0.1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_what_a_readme_links_to_is_there(name: str) -> None:
    """Pictures and documents."""
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    assert len(links) >= 6
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_two_readmes_show_the_same_commands_and_figures() -> None:
    """A full twin: the same blocks, the same table."""
    english, chinese = ((ROOT / n).read_text("utf-8") for n in ("README.md", "README.zh-CN.md"))
    for pattern in (r"```(\w+)\n", r"^\|", r"^#+ "):
        assert len(re.findall(pattern, english, re.MULTILINE)) == len(
            re.findall(pattern, chinese, re.MULTILINE)
        ), pattern
    for figure in re.findall(r"\d[\d,.]+", english.split("## Speed")[1].split("##")[0]):
        assert figure.rstrip(".,") in chinese, figure
