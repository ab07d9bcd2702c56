"""What a wheel has besides its modules: the guide's text, from this folder. setup.cfg names the class."""

from __future__ import annotations

from pathlib import Path

from setuptools.command.build_py import build_py

KINDS = (".md", ".ipynb", ".png", ".svg")


class WithGuide(build_py):
    """The ordinary build of modules, and then the guide's pages in `partition/cli/guide/pages`."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # a clone's own files are read where they are
            for source, target in self._guide().items():
                self.mkpath(str(Path(target).parent))
                self.copy_file(source, target, preserve_mode=False)

    def get_source_files(self) -> list[str]:
        return [*super().get_source_files(), *self._guide(), "notebooks/packing.py"]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *self._guide().values()]

    def get_output_mapping(self) -> dict[str, str]:
        return {**super().get_output_mapping(), **{target: source for source, target in self._guide().items()}}

    def _guide(self) -> dict[str, str]:
        """Return where each file of the guide goes, by where it is."""
        folder = Path(self.build_lib) / "partition/cli/guide/pages"
        files = sorted(path for path in Path("notebooks").iterdir() if path.suffix in KINDS)
        return {
            **{str(path): str(folder / path.name) for path in files},
            **{name: str(folder / "top" / name) for name in ("README.md", "CONTRIBUTING.md")},
        }
