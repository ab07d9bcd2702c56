"""Where the guide's text is: in the package of an installed program, beside it in a clone."""

from __future__ import annotations

import json
import re
from pathlib import Path

PACKED = Path(__file__).parent / "pages"  # made when a wheel is built: see notebooks/packing.py
CLONE = Path(__file__).parents[3]
BORROWED = re.compile(r"^<!-- (part|table) of (\S+): (.+) -->$", re.MULTILINE)


def source(name: str) -> Path:
    """Return the file of a page, a notebook or a picture by its name."""
    return (PACKED if PACKED.is_dir() else CLONE / "notebooks") / name


def text_of(name: str) -> str:
    """Return a page as Markdown, with what it borrows from other files; of a notebook its words and its code."""
    text = source(name).read_text(encoding="utf-8")
    return _notebook(text) if name.endswith(".ipynb") else BORROWED.sub(_borrowed, text)


def _notebook(text: str) -> str:
    """Return a notebook as Markdown: code between fences of `python`."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]
    return "\n\n".join(f"```python\n{inside}\n```" if kind == "code" else inside for kind, inside in cells) + "\n"


def _borrowed(mark: re.Match[str]) -> str:
    """Return the part of a file at the top of the project that a page shows as well, so that nothing is kept twice."""
    what, name, heading = mark.groups()
    folder = PACKED / "top" if PACKED.is_dir() else CLONE
    text = (folder / name).read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"{name} has no part called {heading}")
    lines = found[1].strip().splitlines()
    return "\n".join(line for line in lines if what == "part" or line.startswith("|"))
