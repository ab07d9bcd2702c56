"""What numba keeps between runs is forgotten once any file changes that it was compiled from."""

from __future__ import annotations

from pathlib import Path

from partition.solver import compiled


def test_every_file_with_compiled_parts_counts() -> None:
    folder = Path(compiled.__file__).parent
    with_parts = {file for file in folder.glob("*.py") if "\n@inner\n" in file.read_text(encoding="utf-8")}
    assert with_parts == {Path(str(module.__file__)) for module in compiled.COMPILED}


def test_what_is_kept_is_kept_by_the_sources() -> None:
    """numba goes by a function's code and by what it closes over."""
    (kept_by,) = [cell.cell_contents for cell in compiled.search_roots.py_func.__closure__]  # type: ignore[attr-defined]
    assert kept_by == compiled.digest_of(tuple(str(module.__file__) for module in compiled.COMPILED))


def test_a_change_in_any_file_is_another_digest(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("a", encoding="utf-8")
    two.write_text("b", encoding="utf-8")
    before = compiled.digest_of((str(one), str(two)))
    two.write_text("c", encoding="utf-8")
    assert compiled.digest_of((str(one), str(two))) != before
