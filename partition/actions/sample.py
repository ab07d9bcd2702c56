"""The sample county written into a folder, to practise on."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

SCHOOLS, SEED = 280, 1  # of the county that is planned where nothing else is named


def write_sample(folder: Path, size: int = SCHOOLS, seed: int = SEED) -> Path:
    """Write the made-up county, all of its files or none, and return the path of its scenario.

    Parameters
    ----------
    folder
        Where to write.
    size
        How many schools it has; about 60 in 100 are small.
    seed
        Another seed makes another county.

    Examples
    --------
    >>> import partition as p
    >>> p.write_sample(Path("sample"), 60).name
    'county.toml'
    """
    from geodata.files import replacing, together, writable_folder
    from partition.sample import make_county, write_county

    writable_folder(folder)
    with TemporaryDirectory() as name, together():
        scenario = write_county(make_county(size, seed), Path(name))
        for made in sorted(Path(name).iterdir()):
            with replacing(folder / made.name) as temporary:
                shutil.copyfile(made, temporary)
    return folder / scenario.name
