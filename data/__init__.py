"""What is stored and how it comes in: layers read by the file contract."""

from data.errors import (
    ColumnError,
    DataError,
    FormatError,
    KindError,
    LayerError,
    MissingFileError,
    PlaceError,
)
from data.files import READABLE, Layer, read_layer, split_spec
from data.heads import ALIASES, KINDS
from data.notes import Note, step, word

__all__ = [
    "ALIASES",
    "KINDS",
    "READABLE",
    "ColumnError",
    "DataError",
    "FormatError",
    "KindError",
    "Layer",
    "LayerError",
    "MissingFileError",
    "Note",
    "PlaceError",
    "read_layer",
    "split_spec",
    "step",
    "word",
]
