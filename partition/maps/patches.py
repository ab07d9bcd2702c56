"""Every adviser's patch as a page and a map, in a folder."""

from __future__ import annotations

import re
from pathlib import Path

from geodata.files import together, writable_folder
from partition.maps.atlas import draw_atlas
from partition.maps.page import write_map
from partition.maps.patch import patch_atlas, patch_figures
from partition.scheme import Scheme
from partition.scheme.advisers import Assignment
from partition.scheme.patch_sheet import write_patch_sheet


def write_patches(scheme: Scheme, assigned: Assignment, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write a page for each adviser, and a map where there is anything to draw.

    Returns each path by the name of its content.
    """
    atlas = draw_atlas(scheme.case, scheme.account, internal=internal, log=scheme.log)
    writable_folder(out)
    files = {}
    with together(private=internal):
        for number, patch in enumerate(assigned.patches, 1):
            name = file_stem(number, patch.adviser.name)
            map_path, page_path = out / f"{name}_map.html", out / f"{name}.html"
            if patch.partnerships:
                write_map(patch_atlas(atlas, scheme, patch), map_path)
                files[f"map of {patch.adviser.name}"] = str(map_path)
            write_patch_sheet(scheme, patch, list(patch_figures(scheme, patch)), page_path, internal=internal)
            files[f"page of {patch.adviser.name}"] = str(page_path)
    return files


def file_stem(number: int, adviser: str) -> str:
    """Return the stem of an adviser's file names: the position in the list, and the name in plain letters."""
    return f"{number:02} {re.sub(r'[^A-Za-z0-9]+', '_', adviser).strip('_')}".strip().replace(" ", "_")
