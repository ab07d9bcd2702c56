"""XML of unknown origin: whether a file declares a document type, as no file read here does.

A declaration of a few lines can expand to gigabytes, or read other files.
"""

from __future__ import annotations

from typing import IO
from xml.parsers import expat

CHUNK_BYTES = 65_536


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
