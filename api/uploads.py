"""Uploaded files between the look at them and the import: few, small, and not for long."""

import secrets
import shutil
import threading
import time
import weakref
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, Final

from api.errors import BadRequestError, TooLargeError, UploadError
from data.errors import FormatError
from data.files import READABLE
from data.scope import Scope

KEPT_S: Final = 1_800.0
"""How long a file waits to be stored, in seconds."""

MOST: Final = 8
"""Files that wait at the same time; one more, and the oldest goes."""

UNPACKED: Final = 20
"""How many times its allowed size an archive may unpack to: dense tables shrink to a tenth."""

ARCHIVES: Final = frozenset({".zip", ".xlsx", ".xlsm"})
"""Ends of the names of files that are archives."""

UPLOADABLE: Final = tuple(suffix for suffix in READABLE if suffix != ".shp")
"""Ends of file names that can be uploaded: a shapefile comes as a .zip."""

LONGEST_NAME: Final = 120
"""Characters of a file's name that are kept, its end among them."""

MB: Final = 1_000_000
"""Bytes of a megabyte."""


@dataclass(frozen=True)
class Asked:
    """
    How a file is to be read, and where its rows belong.

    Parameters
    ----------
    kind
        A key of `LAYERS`, or "tracks".
    datum
        Datum of its coordinates; None for what the file says.
    crs
        CRS of its coordinates; None for what the file says.
    layer
        Layer or sheet of the file; None for the only one.
    columns
        Our column -> head to take for it.
    division
        Division code of the rows.
    line
        Line of the rows; None for that of the kind.
    unit
        The unit of fixes that name none, such as those of a receiver.
    """

    kind: str
    datum: str | None = None
    crs: str | None = None
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    division: str = ""
    line: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Upload:
    """
    A file that waits.

    Parameters
    ----------
    file
        In a folder of its own, under the name that it had.
    asked
        How to read it.
    scope
        Who uploaded it: nobody else may store it.
    until_s
        When it goes, by the monotonic clock.
    """

    file: Path
    asked: Asked
    scope: Scope
    until_s: float


class Uploads:
    """
    The files that wait, in a folder that goes with this object, or with the process.

    Parameters
    ----------
    most_mb
        How large a file may be, in megabytes.
    """

    def __init__(self, most_mb: int) -> None:
        self.most_mb = most_mb
        self._lock = threading.Lock()
        self._waiting: dict[str, Upload] = {}
        self._folder: Path | None = None

    def keep(self, name: str, content: BinaryIO, asked: Asked, scope: Scope) -> tuple[str, Upload]:
        """
        Keep a file for a time.

        Parameters
        ----------
        name
            As its sender calls it.
        content
            What it holds; what may be read is told by its name alone, and nothing is unpacked.
        asked
            How to read it.
        scope
            Who uploads it.

        Returns
        -------
        key
            What `taken` is asked with; nobody guesses it.
        upload
            The file.

        Raises
        ------
        BadRequestError
            When no file was chosen.
        FormatError
            When files of this name are not read.
        TooLargeError
            When it would unpack to too much.
        """
        plain = _plain(name)
        key = secrets.token_urlsafe(16)
        folder = self._new_folder()
        file = folder / plain
        try:
            with file.open("wb") as kept:
                shutil.copyfileobj(content, kept)
            self._require_small(file)
        except Exception:
            shutil.rmtree(folder)
            raise
        upload = Upload(file, asked, scope, time.monotonic() + KEPT_S)
        with self._lock:
            self._waiting[key] = upload
            over = list(self._waiting)[:-MOST]
        for old in over:
            self.drop(old)
        timer = threading.Timer(KEPT_S, self.drop, [key])
        timer.daemon = True
        timer.start()
        return key, upload

    @contextmanager
    def taken(self, key: str, scope: Scope) -> Iterator[Upload]:
        """
        Take a file to store it; it goes when that is done, and waits on when it fails.

        Parameters
        ----------
        key
            What `keep` gave.
        scope
            Who asks.

        Yields
        ------
        upload
            The file.

        Raises
        ------
        UploadError
            When no such file waits for this scope; two do not get the same.
        """
        with self._lock:
            upload = self._waiting.get(key)
            if upload is None or upload.scope != scope:
                raise UploadError("no_upload")
            del self._waiting[key]
        try:
            yield upload
        except BaseException:
            with self._lock:
                self._waiting[key] = upload
            if time.monotonic() >= upload.until_s:
                # Its time came while it was out.
                self.drop(key)
            raise
        shutil.rmtree(upload.file.parent, ignore_errors=True)

    def drop(self, key: str) -> None:
        """Forget a file that waits."""
        with self._lock:
            upload = self._waiting.pop(key, None)
        if upload is not None:
            shutil.rmtree(upload.file.parent, ignore_errors=True)

    def _new_folder(self) -> Path:
        with self._lock:
            if self._folder is None:
                # Readable by this user alone.
                self._folder = Path(mkdtemp(prefix="gridpatrol-"))
                self._finalizer = weakref.finalize(
                    self, shutil.rmtree, self._folder, ignore_errors=True
                )
        return Path(mkdtemp(dir=self._folder))

    def _require_small(self, file: Path) -> None:
        """Refuse an archive that unpacks to more than can be read; it is not unpacked for this."""
        if file.suffix.casefold() not in ARCHIVES:
            return
        try:
            with zipfile.ZipFile(file) as archive:
                met = sum(part.file_size for part in archive.infolist())
        except zipfile.BadZipFile:
            raise BadRequestError("not_zip", name=file.name) from None
        most_mb = UNPACKED * self.most_mb
        if met > most_mb * MB:
            raise TooLargeError(
                "unpacks_too_large", name=file.name, met_mb=met // MB, most_mb=most_mb
            )


def _plain(name: str) -> str:
    """Return the name of a file without folders and what no file system or page should meet."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable()).strip(" .")
    path = Path(plain)
    if not plain:
        raise BadRequestError("no_file")
    suffix = path.suffix.casefold()
    if suffix == ".shp":
        raise BadRequestError("lone_shapefile", name=plain)
    if suffix not in UPLOADABLE:
        raise FormatError(
            "unknown_extension", file=plain, extension=path.suffix, readable=list(UPLOADABLE)
        )
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix
