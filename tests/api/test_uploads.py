"""Files wait for their import: few, small, not for long, and for nobody else."""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from api import uploads
from api.errors import BadRequestError, TooLargeError, UploadError
from api.uploads import Asked, Uploads
from data.errors import FormatError
from data.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

ASKED = Asked("posts")
OURS = Scope("610928")


@pytest.fixture
def waiting() -> Uploads:
    """Return an empty place for files, in the folder of the test."""
    return Uploads(1)


def keep(waiting: Uploads, name: str = "岗哨.csv", content: bytes = b"a,b\n") -> str:
    """Keep a file of ours, and return its key."""
    return waiting.keep(name, io.BytesIO(content), ASKED, OURS)[0]


def files(folder: Path) -> list[str]:
    """Return the names of all files below a folder."""
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def test_a_file_is_taken_once_and_goes(waiting: Uploads, tmp_path: Path) -> None:
    """As it came, under the name that it had."""
    key = keep(waiting)
    with waiting.taken(key, OURS) as upload:
        assert (upload.file.name, upload.file.read_bytes()) == ("岗哨.csv", b"a,b\n")
        assert upload.asked is ASKED
        with pytest.raises(UploadError), waiting.taken(key, OURS):
            pass
    assert files(tmp_path) == []
    with pytest.raises(UploadError), waiting.taken(key, OURS):
        pass


def test_a_file_that_could_not_be_stored_waits_on(waiting: Uploads) -> None:
    """Whoever asks again gets it again."""
    key = keep(waiting)
    with pytest.raises(RuntimeError), waiting.taken(key, OURS):
        raise RuntimeError
    with waiting.taken(key, OURS) as upload:
        assert upload.file.exists()


@pytest.mark.parametrize(
    "scope", [Scope("610981"), Scope(), Scope("610928", frozenset({"police"}))]
)
def test_nobody_else_takes_a_file(waiting: Uploads, scope: Scope) -> None:
    """Not even a wider scope; a key of nobody is refused alike."""
    key = keep(waiting)
    for asked in (key, "x"):
        with pytest.raises(UploadError), waiting.taken(asked, scope):
            pass
    with waiting.taken(key, OURS):
        pass


def test_only_so_many_wait(waiting: Uploads, tmp_path: Path) -> None:
    """One more, and the oldest goes from the disk too."""
    keys = [keep(waiting, f"{number}.csv") for number in range(uploads.MOST + 2)]
    assert files(tmp_path) == sorted(f"{number}.csv" for number in range(2, uploads.MOST + 2))
    with pytest.raises(UploadError), waiting.taken(keys[1], OURS):
        pass
    with waiting.taken(keys[2], OURS):
        pass


def test_a_file_does_not_wait_for_long(
    waiting: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes by itself; one that was out when its time came goes when it comes back."""
    monkeypatch.setattr(uploads, "KEPT_S", 0.2)
    keep(waiting)
    late = keep(waiting, "late.csv")
    meanwhile = []

    def fails() -> None:
        with waiting.taken(late, OURS):
            time.sleep(0.5)
            meanwhile.extend(files(tmp_path))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert meanwhile == ["late.csv"]
    assert files(tmp_path) == []


def test_the_files_go_with_the_service(waiting: Uploads, tmp_path: Path) -> None:
    """Whatever still waits; nobody else of this machine could read them."""
    keep(waiting)
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    waiting._finalizer()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/posts.csv", "posts.csv"),
        ("C:\\Users\\x\\岗哨.xlsx", "岗哨.xlsx"),
        ("/a/b.csv", "b.csv"),
        ("a\n\0b.csv", "ab.csv"),
        (" ..a.CSV ", "a.CSV"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_is_no_path(waiting: Uploads, tmp_path: Path, name: str, kept: str) -> None:
    """No folder, nothing that does not show, and no more than a file system takes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a", "b")
    keep(waiting, name, content.getvalue())
    assert files(tmp_path) == [kept]


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("", BadRequestError, "no_file"),
        ("..", BadRequestError, "no_file"),
        ("posts.docx", FormatError, "unknown_extension"),
        ("posts", FormatError, "unknown_extension"),
        ("posts.csv/", BadRequestError, "no_file"),
        ("streets.SHP", BadRequestError, "lone_shapefile"),
        ("a.xlsx", BadRequestError, "not_zip"),
    ],
)
def test_what_is_not_read_is_not_kept(
    waiting: Uploads, tmp_path: Path, name: str, error: type[Exception], code: str
) -> None:
    """And leaves nothing behind."""
    with pytest.raises(error) as caught:
        keep(waiting, name)
    assert caught.value.code == code
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.xlsx"])
def test_an_archive_that_unpacks_to_too_much_is_refused(
    waiting: Uploads, tmp_path: Path, name: str
) -> None:
    """By what it says of itself: nothing is unpacked for this."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(3):
            archive.writestr(str(part), bytes(7_000_000))
    assert len(content.getvalue()) < 100_000
    with pytest.raises(TooLargeError, match="unpacks to 21 MB, more than 20 MB"):
        keep(waiting, name, content.getvalue())
    assert files(tmp_path) == []
