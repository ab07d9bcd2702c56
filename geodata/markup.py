"""XML of unknown origin: whether a file declares a document type, as no file read here does, and its elements.

A declaration of a few lines can expand to gigabytes, or read other files.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Protocol
from xml.parsers import expat

from geodata.cells import refused
from geodata.opening import open_regular

CHUNK_BYTES = 65_536
STREAM_BYTES = 2**20


class _Told(Exception):
    """A signal to stop parsing: at the declaration, or at the first element, after which none may follow."""

    def __init__(self, declares: bool) -> None:
        self.declares = declares


def declares_document_type(stream: IO[bytes]) -> bool:
    """Return whether the XML declares a document type; False for other content. Reads no further than needed."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _tell(True)
    parser.StartElementHandler = lambda *_: _tell(False)
    try:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk, False)
    except _Told as told:
        return told.declares
    except expat.ExpatError:
        pass
    return False


def _tell(declares: bool) -> None:
    raise _Told(declares)


class Elements(Protocol):
    """A reader of elements as they come; names are `namespace}name`."""

    def start(self, element: str, attributes: dict[str, str]) -> None: ...

    def end(self, element: str) -> None: ...

    def text(self, piece: str) -> None: ...


def read_elements(path: Path, reader: Elements, *, kind: str, as_usual: str, again: str) -> None:
    """Read a file's XML as a stream.

    Raises BadData for a declaration of a document type or an entity, and for what is no such file (of the `kind`) or
    one cut short. `as_usual` are words after the first ("as no road graph does; ..."), `again` what to do after the
    second.
    """

    def refuse_declaration(*_: object) -> None:
        raise refused(path, f"declares a document type, {as_usual}")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse_declaration
    try:
        with open_regular(path) as stream:
            while chunk := stream.read(STREAM_BYTES):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refused(path, f"is no {kind}, or one cut short ({error}); {again}") from None
