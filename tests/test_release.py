"""What a release promises agrees with itself: one version, the Pythons named, and a lock within the ranges."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture(scope="module")
def config() -> ConfigParser:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def asked(config: ConfigParser) -> list[Requirement]:
    """What the command, its papers and its page ask for."""
    extras = config["options.extras_require"]
    stated = (config["options"]["install_requires"], extras["report"], extras["web"])
    return [Requirement(line) for text in stated for line in text.splitlines() if line.strip()]


def locked() -> list[Requirement]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\").strip()) for line in lines if line[:1].isalnum()]


def test_the_version_is_one(config: ConfigParser) -> None:
    version = config["metadata"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    newest = re.search(r"^## \[(\d[\d.]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None and newest[1] == version


def test_the_pythons_named_are_those_that_may_be_used(config: ConfigParser) -> None:
    allowed = SpecifierSet(config["options"]["python_requires"])
    named = re.findall(r"Python :: (3\.\d+)", config["metadata"]["classifiers"])
    assert tuple(named) == PYTHONS
    assert [f"3.{minor}" for minor in range(20) if f"3.{minor}" in allowed] == list(PYTHONS)


def test_every_requirement_has_a_lower_and_an_upper_bound(config: ConfigParser) -> None:
    open_ended = [
        str(requirement)
        for requirement in asked(config)
        if not {">=", "<"} <= {part.operator for part in requirement.specifier}
    ]
    assert open_ended == ["pyarrow>=18"]  # a new number every quarter, and the same functions


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_the_lock_has_each_requirement_once_and_within_its_range(config: ConfigParser, version: str, system: str):
    there = {"python_version": version, "python_full_version": f"{version}.1", "sys_platform": system}
    versions: dict[str, list[str]] = {}
    for requirement in locked():
        if requirement.marker is None or requirement.marker.evaluate(there):
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            versions.setdefault(requirement.name, []).append(pin.version)
    assert {name: pins for name, pins in versions.items() if len(pins) > 1} == {}
    assert [
        str(requirement)
        for requirement in asked(config)
        if not requirement.specifier.contains(versions.get(requirement.name, ["0"])[0])
    ] == []


def test_every_version_locked_has_its_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE)[1:]
    assert len(entries) == len(locked()) > 50
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
