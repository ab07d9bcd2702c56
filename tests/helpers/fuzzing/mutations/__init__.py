"""Ways to spoil a file. Each is a named function in the module of what the file is made of.

A mutation changes one file in place. It may draw from the draws it is given, and from nothing else.
"""

from fuzzing.mutations import (  # noqa: F401 (each puts its own into the register)
    archives,
    databases,
    files,
    geojson,
    markup,
    parquet,
    rows,
    shapefiles,
    texts,
    toml,
)
from fuzzing.mutations.register import MUTATIONS, Mutation, Spoilt

__all__ = ["MUTATIONS", "Mutation", "Spoilt"]
