"""The guide: every page, every link, every setting, command and option; its search from a disk; and at /guide."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
import typer
from judging import violations
from served import HOME, HOST, KEYS
from starlette.testclient import TestClient
from town import write_town
from typer.testing import CliRunner, Result
from waiting import MILLISECONDS, expect

from partition.cli import app
from partition.cli.commands import COMMANDS
from partition.cli.guide import sources
from partition.cli.guide.contents import CONTENTS, PAGES, PICTURES
from partition.cli.guide.markdown import page_link, render
from partition.cli.guide.reference import commands_page, settings_page, type_words
from partition.cli.guide.site import site
from partition.formats.palette import DARK, Colour
from partition.scenario.template import toml_value
from partition.settings.scenario import Scenario
from partition.storage.project_file import Project
from partition.web.app import make_app

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def root() -> Any:
    command = typer.main.get_command(app)
    return type("Root", (), {"command": command})()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return site(root())


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in files.items() if name.endswith(".html")}


# What it has -------------------------------------------------------------------------------------------------


def test_every_source_has_its_page_and_every_page_its_title(pages: dict[str, str]) -> None:
    there = {path.name for path in (ROOT / "notebooks").iterdir() if path.suffix in (".md", ".ipynb")}
    assert {page.source for page in PAGES} - {""} == there
    assert set(pages) == {f"{page.name}.html" for page in PAGES}
    titles = [re.findall(r"<h1[^>]*>(.*?)</h1>", text) for text in pages.values()]
    assert all(len(found) == 1 and found[0] for found in titles)
    assert len({found[0] for found in titles}) == len(pages)
    assert [heading for heading in CONTENTS if f"<h2>{heading}</h2>" not in pages["index.html"]] == []


def links(text: str) -> Iterator[str]:
    yield from (unescape(link) for link in re.findall(r'(?:href|src)="([^"]+)"', text))


def test_every_link_leads_somewhere(files: dict[str, bytes], pages: dict[str, str]) -> None:
    names = {page: set(re.findall(r'id="([^"]+)"', text)) for page, text in pages.items()}
    wrong = []
    for page, text in pages.items():
        for link in links(text):
            if re.match(r"https://|data:,$", link):
                continue
            file, part = urldefrag(link)
            if (file or page) not in files or (part and part not in names[file or page]):
                wrong.append(f"{page}: {link}")
    assert wrong == []


def test_every_link_in_a_source_leads_somewhere_in_a_clone_as_well(pages: dict[str, str]) -> None:
    written_by_the_program = {"settings.md", "commands.md"}
    for page in PAGES:
        text = (ROOT / "notebooks" / page.source).read_text(encoding="utf-8") if page.source else ""
        named = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link}
        there = {link for link in named - {""} if (ROOT / "notebooks" / link).exists()}
        assert named - {""} - there <= written_by_the_program, page


def test_a_page_asks_for_nothing_beyond_the_guide(pages: dict[str, str], files: dict[str, bytes]) -> None:
    asked = {link for text in pages.values() for link in re.findall(r'src="([^"]+)"|<link[^>]*href="([^"]+)"', text)}
    assert {name for pair in asked for name in pair if name} == {
        "guide.js",
        "guide.css",
        "palette.css",
        "data:,",
        *PICTURES,
    }
    for name in ("guide.js", "guide.css", "palette.css"):
        assert not re.search(rb"https?://|fetch\(|@import|url\(", files[name])


def test_the_reference_has_every_setting_with_its_default_and_its_words() -> None:
    text = settings_page()
    for table, declared in Scenario.model_fields.items():
        for key, field in declared.annotation.model_fields.items():  # type: ignore[union-attr]
            _, _, told = text.partition(f"\n### {table}.{key}\n")
            told = told.partition("\n##")[0]
            default = field.get_default(call_default_factory=True)
            inside = getattr(type(default), "model_fields", {})
            assert all(f"- `{inner}`: " in told for inner in inside), key
            assert inside or f"- Default: `{toml_value(default)}`" in told or "`` " in told, key
            assert field.description and len(told) > len(field.description), key


def test_a_type_is_told_with_its_bounds_and_choices() -> None:
    text = settings_page()
    for key, words in {
        "rules.minutes_max": 'a number (0 or more, at most 1,000,000) or `"off"`, in minutes',
        "data.schools": 'a file or `"off"`',
        "rules.together": "a list of lists of schools' URNs",
        "data.missing_pupils": '`"fault"` or `"leave out"`',
        "solve.seconds": "a number (more than 0), in seconds",
    }.items():
        assert f"- Type: {words}\n" in text.partition(f"### {key}\n")[2].partition("###")[0], key
    assert type_words(dict[str, list[int]]) == "a table: text = a list of whole numbers"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_reference_has_every_option_that_help_has(command: str) -> None:
    text = commands_page(root())
    _, _, told = text.partition(f"\n## partnerships {command}\n")
    told = told.partition("\n## ")[0]
    shown = CliRunner(env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}).invoke(app, [command, "--help"]).stdout
    options = set(re.findall(r"^[│| ]*\*? *(--[a-z][\w-]*)", shown, re.MULTILINE)) - {"--help"}
    assert set(re.findall(r"^\| `(--[\w-]+)", told, re.MULTILINE)) == options
    assert options or command == "verify"


def test_the_worked_rule_and_the_table_of_peers_have_one_source(pages: dict[str, str]) -> None:
    assert "class BoardersMax(Rule)" in pages["adding_a_rule.html"]
    assert "class BoardersMax" not in (ROOT / "notebooks/adding_a_rule.md").read_text(encoding="utf-8")
    assert "OR-Tools’ CP-SAT" in pages["compared.html"] or "OR-Tools' CP-SAT" in unescape(pages["compared.html"])


def test_the_same_input_makes_the_same_bytes(files: dict[str, bytes]) -> None:
    assert site(root()) == files


# Markdown ----------------------------------------------------------------------------------------------------


def test_text_is_escaped_and_comments_are_left_out() -> None:
    page = render("# A <b>\n<!-- a mark -->\n\n<script>x</script> & `<i>`\n\n```text\n<u>\n```\n")
    assert page.title == "A <b>"
    assert not re.search(r"<(b|script|i|u)>|mark", page.html)


def test_headings_that_repeat_have_names_of_their_own() -> None:
    html = render("# A\n## Same\n## Same\n").html
    assert re.findall(r'id="([^"]+)"', html) == ["a", "same", "same-1"]


@pytest.mark.parametrize(
    ("link", "page"),
    {
        "glossary.md": "glossary.html",
        "proof.ipynb#a": "proof.html#a",
        "README.md": "index.html",
        "#here": "#here",
        "map.png": "map.png",
        "https://example.org/a.md": "https://example.org/a.md",
    }.items(),
)
def test_a_link_between_sources_is_one_between_pages(link: str, page: str) -> None:
    assert page_link(link) == page


def test_by_night_every_colour_of_words_is_changed_as_well() -> None:
    assert {Colour.INK, Colour.SOFT, Colour.PAPER, Colour.WASH, Colour.ACCENT, Colour.ACCENT_DARK} <= set(DARK)


# The command -------------------------------------------------------------------------------------------------


def test_the_command_writes_all_of_it(tmp_path: Path, files: dict[str, bytes]) -> None:
    done = run("guide", "--out", tmp_path / "guide", "--no-browser")
    assert (done.exit_code, done.stdout) == (0, f"guide: {tmp_path / 'guide' / 'index.html'}\n")
    assert {path.name: path.read_bytes() for path in (tmp_path / "guide").iterdir()} == files


def test_it_opens_the_browser_from_the_cache_where_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setenv("PARTNERSHIPS_CACHE", str(tmp_path))
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert run("guide").exit_code == 0
    assert opened == [(tmp_path / "guide" / "index.html").as_uri()]
    assert run("guide", "--no-browser").exit_code == 0 and len(opened) == 1


@pytest.mark.parametrize(
    ("name", "heading", "address"),
    [
        ("rules.minutes_max", "### rules.minutes_max", "settings.html#rules.minutes_max"),
        ("minutes_max", "### rules.minutes_max", "settings.html#rules.minutes_max"),
        ("next-round", "## partnerships next-round", "commands.html#partnerships-next-round"),
        ("privacy", "# People and privacy", "privacy.html"),
        ("Exit codes", "## Exit codes", "commands.html#exit-codes"),
    ],
)
def test_a_passage_is_read_in_the_terminal(name: str, heading: str, address: str, pages: dict[str, str]) -> None:
    done = run("guide", name)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{heading}\n") and done.stdout.endswith(f"\n\nin the guide: {address}\n")
    page, part = urldefrag(address)
    assert not part or f'id="{part}"' in pages[page]


def test_a_name_that_is_not_there_is_answered_with_those_like_it() -> None:
    done = run("guide", "minuts_max")
    assert done.exit_code == 2 and "did you mean minutes_max" in done.stderr


def test_the_text_of_a_wheel_is_found_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "top").mkdir()
    (tmp_path / "a.md").write_text("<!-- table of README.md: What -->\n", encoding="utf-8")
    (tmp_path / "top" / "README.md").write_text("# x\n## What\nwords\n| a |\n## Other\n| b |\n", encoding="utf-8")
    monkeypatch.setattr(sources, "PACKED", tmp_path)
    assert sources.text_of("a.md") == "| a |\n"


def test_a_wheel_has_what_the_guide_reads() -> None:
    """setup.cfg names the class that packs it, and the packer takes every kind of file that there is."""
    packer = (ROOT / "notebooks/packing.py").read_text(encoding="utf-8")
    assert "build_py = notebooks.packing.WithGuide" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
    kinds = {Path(page.source).suffix for page in PAGES if page.source} | {Path(name).suffix for name in PICTURES}
    assert kinds <= set(re.findall(r'"(\.\w+)"', packer))


# On the page -------------------------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path, files: dict[str, bytes]) -> Iterator[TestClient]:
    write_town(tmp_path, 0, 1)
    made: list[int] = []

    def guide() -> dict[str, bytes]:
        made.append(1)
        return files

    application = make_app(Project(tmp_path / "project.gpkg"), [HOST], KEYS, guide=guide)
    with TestClient(application, base_url=HOME, follow_redirects=False) as client:
        client.get("/", params={"token": KEYS.token})
        yield client
    assert len(made) <= 1


def test_the_page_serves_it(served: TestClient, files: dict[str, bytes]) -> None:
    answer = served.get("/guide")
    assert (answer.status_code, answer.headers["location"]) == (303, "/guide/index.html")
    for name, content in files.items():
        answer = served.get(f"/guide/{name}")
        assert (answer.status_code, answer.content) == (200, content), name
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert served.get("/guide/nothing.html").status_code == 404
    assert served.get("/guide/..%2fsecret.csv").status_code == 404
    assert 'href="/guide"' in served.get("/").text


# In the browser ----------------------------------------------------------------------------------------------


class Reader:
    """The guide opened from a disk, with no network, and all that it complains of."""

    def __init__(self, browser: Any, folder: Path, width: int, scheme: str) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True)
        self.context.set_default_timeout(MILLISECONDS)
        self.page = self.context.new_page()
        self.folder, self.complaints = folder, []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))

    def go(self, name: str) -> None:
        self.page.goto((self.folder / name).as_uri())
        self.page.wait_for_selector("html[data-ready]")


@pytest.fixture
def reader(chromium: Any, tmp_path: Path, files: dict[str, bytes]) -> Iterator[Callable[..., Reader]]:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    readers: list[Reader] = []

    def open_guide(width: int = 1280, scheme: str = "light") -> Reader:
        readers.append(Reader(chromium, tmp_path, width, scheme))
        return readers[-1]

    yield open_guide
    for one in readers:
        one.context.close()
        assert one.complaints == []


@pytest.mark.browser
def test_the_search_works_from_a_disk(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.go("index.html")
    one.page.keyboard.press("/")
    one.page.keyboard.type("minutes_max")
    expect(one.page.locator("#found a strong").first).to_have_text("rules.minutes_max · Settings")
    one.page.keyboard.press("ArrowDown")
    assert one.page.get_attribute("#asked", "aria-activedescendant") == "found-0"
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/settings.html#rules.minutes_max")
    one.page.fill("#asked", "no such words anywhere")
    one.page.locator("#found", has_text="Nothing found").wait_for()
    one.page.keyboard.press("Escape")
    assert one.page.locator("#found").is_hidden()
    one.page.fill("#asked", "blank-count")
    one.page.locator("#found a").first.click()
    one.page.wait_for_url("**/faults.html#blank-count")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_pages_fit_the_screen_and_can_be_read_by_all(reader: Callable[..., Reader], width: int, scheme: str) -> None:
    one = reader(width, scheme)
    for page in PAGES:
        one.go(f"{page.name}.html")
        assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page
        assert one.page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)"), page
    for name in ("index", "settings", "install"):
        one.go(f"{name}.html")
        assert violations(one.page, preload=False) == []


def test_style_of_its_script_is_looked_at() -> None:
    package = json.loads((ROOT / "tests/javascript/package.json").read_text(encoding="utf-8"))
    assert "partition/cli/guide/static/*.js" in package["config"]["ours"]
