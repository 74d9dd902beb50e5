"""A page inside a notebook."""

from __future__ import annotations

from html import escape


class Shown:
    """
    A page as a notebook displays it: in a frame of its own.

    Parameters
    ----------
    page
        A complete page, as `coverage_page` gives it.
    height_px
        Height of the frame in pixels.
    """

    def __init__(self, page: str, height_px: int) -> None:
        self._page = page
        self._height_px = height_px

    def _repr_html_(self) -> str:
        """Return the frame; its sandbox lets the map run and reach nothing else."""
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{escape(self._page)}" '
            f'style="width:100%;height:{self._height_px}px;border:0"></iframe>'
        )


def show(page: str, *, height_px: int = 560) -> Shown:
    """
    Show a page in a notebook.

    Parameters
    ----------
    page
        A complete page, as `coverage_page` gives it.
    height_px
        Height in pixels.

    Returns
    -------
    shown
        Displayed where it is the last expression of a cell.
    """
    return Shown(page, height_px)
