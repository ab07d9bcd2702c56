"""A network as plain arrays, to be kept in a file, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.faults import Fault
from geodata.opening import Source
from geodata.roads.network import Network

FORMAT = 3
"""The version, raised whenever the same file and speeds would make another network or other minutes."""

Arrays = dict[str, NDArray[Any]]
WORDED = "worded"


def network_to_arrays(network: Network) -> Arrays:
    """Return every column of a network, and all else as JSON in an array of bytes."""
    arrays = {name: column for name, column in _values(network).items() if isinstance(column, np.ndarray)}
    worded = {name: value for name, value in _values(network).items() if name not in arrays}
    worded["source"] = asdict(network.source)
    worded["notices"] = [fault.as_dict() for fault in network.notices]
    return {**arrays, WORDED: np.frombuffer(json.dumps(worded).encode(), dtype=np.uint8)}


def network_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Network | None:
    """Return the network; None where these are not the arrays of a network."""
    try:
        worded: dict[str, Any] = json.loads(arrays[WORDED].tobytes())
        worded["source"] = Source(**worded["source"])
        worded["notices"] = tuple(Fault(**fault) for fault in worded["notices"])
        worded |= {name: tuple(worded[name]) for name in ("attribution", "roads", "reading")}
        return Network(**worded | {name: column for name, column in arrays.items() if name != WORDED})
    except (KeyError, TypeError, ValueError):
        return None


def _values(network: Network) -> dict[str, Any]:
    return {column.name: getattr(network, column.name) for column in fields(network)}
