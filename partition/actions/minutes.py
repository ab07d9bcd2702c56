"""Minutes between schools for their own sake: the table of all pairs, and a map of the minutes from one school."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.urns import Urn

if TYPE_CHECKING:
    import pandas as pd

    from partition.maps.content import BandsAtlas
    from partition.scenario.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesMeasured:
    """Minutes and km of every pair of schools, there and back; and, where asked for, the map from `origin`."""

    pairs: pd.DataFrame
    origin: Urn | None
    bands: BandsAtlas | None

    @property
    def page(self) -> str:
        """What the map's file is called; empty where there is no map."""
        return "" if self.bands is None or self.origin is None else f"minutes_from_{self.origin.stem}.html"

    def write(self, out: Path, *, parquet: bool = False) -> dict[str, str]:
        """Write the table and the map into a folder, both or none; return the files by what each is."""
        from geodata.files import together, writable_folder
        from partition.studies.distances import write_matrix

        writable_folder(out)
        files = {"matrix": str(out / ("minutes.parquet" if parquet else "minutes.csv"))}
        with together():
            write_matrix(self.pairs, Path(files["matrix"]))
            if self.bands is not None:
                from partition.maps.bands import write_bands

                files["map"] = str(out / self.page)
                write_bands(self.bands, Path(files["map"]))
        return files


def measure_minutes(case: Case, origin: Urn | None = None, *, draws: bool = True) -> MinutesMeasured:
    """Work out minutes and km between all schools.

    Parameters
    ----------
    case
        The data and the settings, as `load` reads them.
    origin
        The URN of the school from which minutes are to be mapped; None: no map.
    draws
        Whether the map is wanted where `origin` is given.

    Raises
    ------
    BadData
        Where no school selected has the URN, or a map is wanted and minutes are not from roads.

    Examples
    --------
    >>> import partition as p
    >>> measured = p.measure_minutes(p.load(p.read_scenario("county.toml")))
    >>> list(measured.pairs.columns)
    ['urn_from', 'urn_to', 'minutes', 'km']
    """
    from partition.studies.distances import matrix, position_of

    area = case.problem.area
    bands, origin = None, None if origin is None else Urn(origin)
    if origin is not None:
        position = position_of(area, origin)
        if draws:
            from partition.maps.atlas import draw_bands

            bands = draw_bands(case, position)
    return MinutesMeasured(pairs=matrix(area), origin=origin, bands=bands)
