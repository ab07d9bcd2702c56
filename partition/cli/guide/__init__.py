"""The guide: pages that open from a disk with no network, made of the Markdown and the notebooks in `notebooks/`.

`sources` knows where those are, `contents` which page stands where, `reference` writes the pages that are made of the
program itself, `markdown` turns text into HTML, `site` puts all together, `passages` finds what is asked for by name.
"""
