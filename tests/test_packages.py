"""The four packages are ours, say what is public, and the locks name no host."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "data", "geo", "maps")


def rank(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_resolves_inside_this_repository(name: str) -> None:
    """The names are short: another distribution, or a folder of tests, could take them."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve() == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", PACKAGES)
def test_public_names_are_sorted_unique_and_there(name: str) -> None:
    """What a package offers is its `__all__`, and nothing in it is a leftover."""
    package = importlib.import_module(name)
    names = package.__all__
    assert list(names) == sorted(set(names), key=rank)
    assert [public for public in names if not hasattr(package, public)] == []


def test_the_lock_names_no_host() -> None:
    """It must work with whatever index a machine is set up for, and every wheel has a hash."""
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    assert re.findall(r"\S*https?:\S*", lock) == []
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert pinned
    assert [pin.split()[0] for pin in pinned if "--hash=sha256:" not in pin] == []


def test_the_browser_lock_names_no_host_and_hashes_all() -> None:
    """Without our `.npmrc`, npm writes the address of every package beside its hash."""
    text = (ROOT / "maps" / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text
    assert "http" not in text
    installed = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert installed
    assert [name for name, entry in installed.items() if "integrity" not in entry] == []


def test_browser_packages_are_pinned_exactly_and_run_nothing() -> None:
    """A range would let the next lock drift, a script would run on every build machine."""
    package = json.loads((ROOT / "maps" / "web" / "package.json").read_text(encoding="utf-8"))
    assert package["private"] is True
    assert "scripts" not in package
    pins = package["dependencies"].values()
    assert [pin for pin in pins if not re.fullmatch(r"\d+\.\d+\.\d+", pin)] == []


PUBLIC = [
    getattr(module, name)
    for module in map(importlib.import_module, PACKAGES)
    for name in module.__all__
]


@pytest.mark.parametrize(
    "function",
    list(filter(inspect.isfunction, PUBLIC)),
    ids=lambda f: f"{f.__module__}.{f.__name__}",
)
def test_a_public_function_documents_what_it_takes_and_returns(function: Any) -> None:  # noqa: ANN401
    """Every parameter, no other, and what comes back."""
    errors = validate(f"{function.__module__}.{function.__name__}")["errors"]
    assert [error for error in errors if error[0] in ("PR01", "PR02", "PR03", "RT01", "GL08")] == []


@pytest.mark.parametrize(
    "kind",
    list(filter(dataclasses.is_dataclass, PUBLIC)),
    ids=lambda c: f"{c.__module__}.{c.__name__}",
)
def test_a_public_dataclass_documents_its_own_fields(kind: Any) -> None:  # noqa: ANN401
    """In their order; inherited ones stand at the parent."""
    documented = [field.name for field in NumpyDocString(inspect.getdoc(kind))["Parameters"]]
    assert documented == list(kind.__annotations__)
