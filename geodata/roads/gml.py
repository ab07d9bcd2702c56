"""Links of OS Open Roads in GML, read as a stream; a file that declares a document type or an entity is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from geodata.cells import number, refused
from geodata.coordinates import COORDINATE_MOST
from geodata.grid import BRITISH
from geodata.markup import read_elements
from geodata.opening import refuse_over, source_of
from geodata.roads.lines import ROADS_BYTES_MAX, SMALLER, Lines

LINK = "RoadLink"
PLACES = ("posList", "pos", "coordinates")
HREF = "http://www.w3.org/1999/xlink}href"


def read_links(path: Path) -> Lines:
    """Return the road links of the file, each with all its fields, in the words of the file.

    Raises BadData where the file is damaged, not on the British National Grid, or holds no link.
    """
    links = _parsed(path).links
    if not links:
        raise refused(path, "holds no road link; give OS Open Roads' file of RoadLink features")
    names = list(dict.fromkeys(name for fields, _ in links for name in fields))
    corners = np.concatenate([places for _, places in links])
    degrees = BRITISH.degrees(corners[:, 0], corners[:, 1])
    return Lines(
        path=path,
        source=source_of(path),
        corners=corners,
        degrees=degrees,
        starts=np.append(0, np.cumsum([len(places) for _, places in links])),
        row=np.arange(len(links)),
        rows=len(links),
        fields={name: [fields.get(name, "") for fields, _ in links] for name in names},
    )


class _Links:
    """The links parsed so far: their fields, and their corners."""

    def __init__(self, path: Path) -> None:
        self.links: list[tuple[dict[str, str], np.ndarray]] = []
        self._path = path
        self._fields: dict[str, str] | None = None
        self._places: list[str] = []
        self._text: list[str] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Take the start of an element from the parser."""
        name = element.rpartition("}")[2]
        system = attributes.get("srsName", BRITISH.code)
        if not system.endswith(("27700", BRITISH.code)):
            raise refused(self._path, f"is not on the British National Grid (srsName {system[:60]!r}); fetch it again")
        if name == LINK:
            self._fields, self._places = {}, []
        if self._fields is not None and HREF in attributes:
            self._fields[name] = attributes[HREF].removeprefix("#")
        self._text = []

    def text(self, piece: str) -> None:
        """Take a piece of text from the parser."""
        self._text.append(piece)

    def end(self, element: str) -> None:
        """Take the end of an element from the parser."""
        name = element.rpartition("}")[2]
        if self._fields is None:
            return
        if name == LINK:
            self.links.append((self._fields, self._corners()))
            self._fields = None
        elif name in PLACES:
            self._places += "".join(self._text).replace(",", " ").split()
        elif written := "".join(self._text).strip():
            self._fields.setdefault(name, written)
        self._text = []

    def _corners(self) -> np.ndarray:
        found = [number(text) for text in self._places]
        if len(found) < 4 or len(found) % 2 or any(value is None or abs(value) > COORDINATE_MOST for value in found):
            raise refused(
                self._path, f"holds a road link without a line, the {len(self.links) + 1:,}th; fetch it again"
            )
        return np.array(found, dtype=np.float64).reshape(-1, 2)


def _parsed(path: Path) -> _Links:
    refuse_over([path], ROADS_BYTES_MAX, SMALLER)
    links = _Links(path)
    read_elements(path, links, kind="GML", as_usual="as OS Open Roads does not; fetch it again", again="fetch it again")
    return links
