"""Getting the search ready: it is compiled at first use, which takes longer than many a search may last."""

from __future__ import annotations

import numpy as np

from geodata.matrix import Matrix
from partition.area import Area
from partition.problem import Problem
from partition.rules import HeadsPer
from partition.solve import solve


def compile_search() -> None:
    """Compile all that a search needs, or fetch it from where it is kept, so that no clock runs meanwhile.

    Two triangles of equal sides are planned in pairs: a fraction of each pair is best until a cut says otherwise.
    """
    count = 6
    centiminutes = np.full((count, count), 500, dtype=np.int32)
    centiminutes[:3, 3:] = centiminutes[3:, :3] = 2000
    np.fill_diagonal(centiminutes, 0)
    urns = list(range(1, count + 1))
    area = Area(
        urns=np.array(urns, dtype=np.int64),
        names=tuple(map(str, urns)),
        pupils=np.full(count, 100, dtype=np.int64),
        eastings=np.arange(count, dtype=np.int64),
        northings=np.zeros(count, dtype=np.int64),
        travel=Matrix(urns, centiminutes, None, words="a triangle"),
    )
    solve(Problem(area, [HeadsPer(2, 2)]))
