"""How this program stands on this machine: what is installed, what is kept, and a plan and a map of a tiny town."""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

NAME = "school-partnerships"
EXTRAS = {
    "report": ("icalendar", "matplotlib", "docx", "typst"),
    "web": ("defusedxml", "python_multipart", "starlette", "uvicorn"),
    "cluster": ("distributed",),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox")
URNS = range(1, 9)
BEST = [[1, 2, 3, 4], [5, 6, 7, 8]]  # of these, at least four together
ROOM_BYTES = 100 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what, in which state, and whether that is well; None where it need not be there."""

    what: str
    words: str
    well: bool | None = True

    def as_dict(self) -> dict[str, object]:
        """Return the finding as in the command's JSON."""
        return {"what": self.what, "words": self.words, "well": self.well}


def examine_machine() -> list[Finding]:
    """Return what there is to say about this program on this machine, with a plan and a map of a tiny town tried.

    Examples
    --------
    >>> import partition as p
    >>> [finding.what for finding in p.examine_machine() if finding.well is False]
    []
    """
    return [
        Finding("program", f"{NAME} {_version(NAME)}, Python {platform.python_version()}, {platform.system()}"),
        *_libraries(),
        *_extras(),
        *_kept(),
        _browser(),
        _fonts(),
        *_plan_and_map(),
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _libraries() -> Iterator[Finding]:
    """What the program cannot do without, by what it says of itself."""
    try:
        stated = requires(NAME) or []
    except PackageNotFoundError:
        stated = []
    names = sorted({_name_of(one) for one in stated if "extra ==" not in one})
    missing = [name for name in names if _version(name) == "not installed"]
    if missing:
        yield Finding("libraries", f"missing: {', '.join(missing)}; pip install {NAME}", False)
    elif names:
        yield Finding("libraries", f"all {len(names)}, among them OR-Tools {_version('ortools')}")
    else:
        yield Finding("libraries", "the program is not installed, so what it needs is not known", None)


def _name_of(requirement: str) -> str:
    """Return the name in a requirement such as "numpy<3,>=2"."""
    return "".join(sign if sign.isalnum() or sign in "-_." else " " for sign in requirement).split()[0]


def _extras() -> Iterator[Finding]:
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        words = f"pip install '{NAME}[{extra}]' where it is wanted ({', '.join(missing)} missing)"
        yield Finding(f"extra {extra}", words if missing else "installed", None if missing else True)


def _kept() -> Iterator[Finding]:
    """What is kept between runs, and whether there is room."""
    from geodata.cache import directory

    folder = directory()
    kept = [path.stat().st_size for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    yield Finding("cache", f"{folder}: {len(kept)} files, {sum(kept) / 2**20:,.0f} MB; it may be deleted at any time")
    free = shutil.disk_usage(tempfile.gettempdir()).free
    yield Finding("room", f"{free / 2**30:,.1f} GB free where temporary files go", free > ROOM_BYTES)


def _browser() -> Finding:
    import webbrowser

    found = [name for name in BROWSERS if shutil.which(name)]
    try:
        return Finding("browser", f"{webbrowser.get().name} opens maps, the page and the guide")
    except (webbrowser.Error, AttributeError):
        words = f"{', '.join(found)}; " if found else ""
        return Finding("browser", f"{words}none opens by itself: open out/map.html by hand", None)


def _fonts() -> Finding:
    """The fonts of PDF papers come with matplotlib."""
    if find_spec("matplotlib") is None:
        return Finding("fonts", "come with the extra report; maps and pages use this machine's own", None)
    from matplotlib import get_data_path

    fonts = list(Path(get_data_path(), "fonts", "ttf").glob("DejaVuSans*.ttf"))
    return Finding("fonts", f"{len(fonts)} of DejaVu for papers; maps and pages use this machine's own", bool(fonts))


def _plan_and_map() -> Iterator[Finding]:
    """Plan eight schools a kilometre apart, of which four and four are best, and draw the map; no error is raised."""
    began = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as name:
            told = _town_planned(Path(name))
        yield Finding("self-test", f"{told}, {time.perf_counter() - began:.1f} s")
        yield _compiled()
    except Exception as wrong:  # a doctor does not fall ill
        yield Finding("self-test", f"failed: {type(wrong).__name__}: {wrong}", False)


def _town_planned(folder: Path) -> str:
    """Return how it went. Raises RuntimeError where the plan is not the one that is known to be best."""
    from partition.actions.plan import make_plan
    from partition.scenario.case import load
    from partition.scenario.read import read_scenario

    rows = "".join(f"{urn},School {urn},90,{500_000 + 1_000 * urn},350000\n" for urn in URNS)
    (folder / "schools.csv").write_text(f"urn,name,pupils,easting,northing\n{rows}", encoding="utf-8")
    case = load(read_scenario(None, [f'data.schools="{(folder / "schools.csv").as_posix()}"']), use_cache=False)
    made = make_plan(case)
    groups = sorted(sorted(int(urn) for urn in item.urns) for item in made.account.plan.partnerships)
    if made.run.status != "optimal" or groups != BEST:
        raise RuntimeError(f"a plan that is not the best: {groups}, {made.run}")
    files = made.write(folder / "out")
    kilobytes = sum(Path(path).stat().st_size for path in files.values()) // 1024
    return f"8 schools planned, proven best, plan and map written ({kilobytes} kB)"


def _compiled() -> Finding:
    """Whether the search was compiled before, and kept; the trial has loaded it."""
    from partition.solver.compiled import search_roots

    stats = search_roots.stats
    words = "kept from an earlier run" if stats.cache_hits else "compiled just now; kept for the next run"
    return Finding("search", f"{words}, in {stats.cache_path}")
