"""
What `data` refuses.

DataError
├── MissingFileError  there is no such file (also FileNotFoundError)
├── LayerError        a file has several layers, or not the one named (also LookupError)
├── ColumnError       a column is asked for that is not there (also LookupError)
├── FormatError       a file is not of a kind that can be read (also ValueError)
├── KindError         the wrong kind of layer or geometry (also ValueError)
├── RowError          the values of one row cannot all be (also ValueError)
├── PlaceError        the coordinates cannot be placed (also ValueError)
├── StoreError        the database cannot serve (also ValueError)
├── NotFoundError     there is no such row in scope (also LookupError)
├── ConflictError     the row was changed since it was read
├── BusyError         too much waits already
└── ForbiddenError    the scope may not do that (also PermissionError)
"""

import errno

from data.notes import Note


class DataError(Exception):
    """
    Base of every error that `data` raises on purpose.

    `str(error)` is English; `error.text("zh")` says the same in Chinese.

    Parameters
    ----------
    code
        Which sentence of `data.notes.TEXTS` it is.
    **values
        What the sentence names: the argument, the value met, what would be right.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.note = Note(code, values)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.note.text("en")

    @property
    def code(self) -> str:
        """Name of the refusal, the same in every language."""
        return self.note.code

    def text(self, lang: str = "zh") -> str:
        """Return the sentence in Chinese ("zh") or English ("en")."""
        return self.note.text(lang)


class MissingFileError(DataError, FileNotFoundError):
    """There is no such file."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, **values)
        self.errno = errno.ENOENT


class LayerError(DataError, LookupError):
    """A file has several layers and none was named, or not the one named."""


class ColumnError(DataError, LookupError):
    """A column is asked for that the file or the file contract does not have."""


class FormatError(DataError, ValueError):
    """A file is not of a kind that can be read, or is broken."""


class KindError(DataError, ValueError):
    """The wrong kind of layer, or a whole layer of the wrong kind of geometry."""


class RowError(DataError, ValueError):
    """The values of one row cannot all be."""


class PlaceError(DataError, ValueError):
    """A coordinate reference system or datum is missing, unknown or ambiguous."""


class StoreError(DataError, ValueError):
    """The database is not one that can be used, or not at this version."""


class NotFoundError(DataError, LookupError):
    """There is no such row, or none that this scope may know of: the two are not told apart."""


class ConflictError(DataError):
    """Somebody else changed the row since it was read."""


class BusyError(DataError):
    """So much of whoever asks waits already that no more is taken; later it will be."""


class ForbiddenError(DataError, PermissionError):
    """The scope may see the row but not do that."""
