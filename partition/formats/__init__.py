"""File formats, whatever their content: Markdown, SVG, databases of unknown origin, and the tables of a plan file."""
