"""Every notebook runs from top to bottom and ends with a map and a number."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("default")  # Jupyter's own, inside its machinery
def test_notebook_runs_and_ends_with_a_map_and_a_number(notebook: Path) -> None:
    """In a fresh kernel, with nothing printed to its standard error."""
    book = jupytext.read(notebook)
    NotebookClient(book, timeout=300, kernel_name="python3").execute(cwd=str(notebook.parent))
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    said = [output for cell in code for output in cell.outputs]
    assert not [output for output in said if output.get("name") == "stderr"]
    *_, the_map, the_number = code
    assert "<iframe sandbox" in the_map.outputs[0]["data"]["text/html"]
    assert "%" in the_number.outputs[0]["text"]
    nbformat.validate(book)
