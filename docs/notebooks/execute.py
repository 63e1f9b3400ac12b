"""Execute the notebook beside this file and keep its outputs: `python docs/notebooks/execute.py`.

It reads the home named by FAIRLINE_HOME, which must hold the imported data and the graded points slate of 28 November
2025: after `fairline import`, `fairline train --markets points`, `fairline run` and `fairline grade`. It is only read.
"""  # noqa: INP001 - a folder of documents, not a package

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = Path(__file__).with_name("one-slate.ipynb")
SECONDS = 300
"""Time one cell may take."""


def executed(path: Path = NOTEBOOK) -> NotebookNode:
    """The notebook with the outputs of now, and nothing of the machine or the hour. Raises what a cell raises."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": "."}}).execute()
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def main() -> None:
    """Write the outputs into the notebook."""
    import nbformat

    nbformat.write(executed(), NOTEBOOK)


if __name__ == "__main__":
    main()
