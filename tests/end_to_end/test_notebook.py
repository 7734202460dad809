"""The notebook runs from top to bottom on a small county."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("county")]


def test_the_notebook_runs(county: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(county / "notebooks" / "01_school_readiness.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(county)}}
    ).execute()
    shown = "\n".join(
        str(output.get("text", output.get("data", {}).get("text/plain", "")))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "AUROC" in shown
    assert "nvented" in shown
    assert "E05004033" not in shown.split("band")[-1]
