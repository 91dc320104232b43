"""Running the notebooks with nothing defined before, and writing them down so that two runs give the same bytes.

All run in one kernel, one after the other: starting one, and importing what they need, takes longer than they run.

``python tests/notebook_running.py`` runs them all and keeps their outputs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = tuple(sorted((PROJECT / "notebooks").glob("*.ipynb")))

_FORGET = "%reset -sf"
_DRAWN_ELSEWHERE = "application/vnd.vegalite"


def executed(*paths: Path) -> list[Any]:
    """Notebooks with the outputs of a new run; an error in a cell is raised."""
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    every = nbformat.v4.new_notebook()
    for notebook in notebooks:
        every.cells += [nbformat.v4.new_code_cell(_FORGET), *notebook.cells]
    for number, cell in enumerate(every.cells):
        cell.id = f"run-{number}"
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    NotebookClient(
        every, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(PROJECT / "notebooks")}}
    ).execute()
    return [settled(notebook) for notebook in notebooks]


def outputs_here(notebook: Any) -> list[Any]:
    """The outputs of a notebook's cells, run in this process: a kernel would take longer to start than they run.

    An error in a cell is raised.
    """
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415 (slow to import, and only for this)
    from IPython.utils.capture import capture_output  # noqa: PLC0415

    shell = InteractiveShell(user_ns={})
    outputs = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with capture_output() as captured:
                done = shell.run_cell(cell.source)
            done.raise_error()
            if captured.stdout:
                outputs.append(nbformat.v4.new_output("stream", text=captured.stdout))
            outputs += [nbformat.v4.new_output("display_data", data=each.data) for each in captured.outputs]
    return outputs


def settled(notebook: Any) -> Any:
    """A notebook without what differs from run to run, or from machine to machine.

    Charts keep their image only: their specification would be twice as long, and no git host draws it.
    """
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    ran = 0
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:02}"
        if cell.cell_type == "code":
            cell.execution_count = ran = ran + 1
        kept = {"tags": cell.metadata.tags} if "tags" in cell.metadata else {}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", ()):
            if output.output_type == "execute_result":
                output.execution_count = ran
            if "data" in output:
                output.data = nbformat.from_dict(
                    {kind: text for kind, text in output.data.items() if not kind.startswith(_DRAWN_ELSEWHERE)}
                )
    return notebook


def written(notebook: Any) -> str:
    """A notebook as the text of its file."""
    return nbformat.writes(notebook) + "\n"


def main() -> None:
    """Run every notebook and write its outputs into it."""
    for path, notebook in zip(NOTEBOOKS, executed(*NOTEBOOKS), strict=True):
        path.write_text(written(notebook), encoding="utf-8")
        sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
