"""The documents are true: what they tell the reader to run exists, and every folder has its line on the map."""

import ast
import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

BASH_BLOCK = re.compile(r"^ *```bash\n(.*?)^ *```", flags=re.MULTILINE | re.DOTALL)
PYTHON_BLOCK = re.compile(r"^ *```python\n# (src/\S+)\n(.*?)^ *```", flags=re.MULTILINE | re.DOTALL)
STOPS = {"|", "||", "&&", ";", ">", ">>", "<", "&"}


def documents(repository: Path) -> list[Path]:
    """README and everything under docs/, in order."""
    return [repository / "README.md", *sorted((repository / "docs").rglob("*.md"))]


def commands(repository: Path, program: str) -> Iterator[tuple[str, list[str]]]:
    """Every call of `program` in a bash block: where it stands, and its arguments."""
    for document in documents(repository):
        for block in BASH_BLOCK.findall(document.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                yield from calls(line.strip().removeprefix("$ "), program, document.relative_to(repository).as_posix())


def calls(line: str, program: str, document: str) -> Iterator[tuple[str, list[str]]]:
    """The calls of `program` in one line of shell, pipes and `&&` told apart.

    >>> list(calls("A=1 .venv/bin/fairline board --json | jq .  # tonight", "fairline", "README.md"))
    [('README.md: A=1 .venv/bin/fairline board --json | jq .  # tonight', ['board', '--json'])]
    """
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), ";"]:
        if word not in STOPS:
            words.append(word)
            continue
        while words and re.fullmatch(r"\w+=.*", words[0]):
            del words[0]
        if words and words[0].rpartition("/")[2] == program:
            yield f"{document}: {line}", words[1:]
        words = []


def problem_of(command: Any, arguments: list[str]) -> str | None:
    """Why the command line would refuse these arguments, or None. Nothing is run and no value is looked at."""
    while True:
        context = command.context_class(command)
        try:
            _, rest, _ = command.make_parser(context).parse_args(list(arguments))
        except Exception as refusal:  # noqa: BLE001 - whatever the parser says is the message
            return f"{command.name}: {refusal}"
        if not rest or not hasattr(command, "get_command"):
            return None
        name, *arguments = rest
        command = command.get_command(context, name)
        if command is None:
            return f"no command {name}"


@pytest.fixture(scope="session")
def command_line() -> Any:
    """The command `fairline` as Typer builds it, callbacks not run."""
    import typer.main

    from fairline.cli import app

    return typer.main.get_command(app)


def test_every_fairline_command_in_the_documents_exists_with_its_options(repository: Path, command_line: Any):
    written = list(commands(repository, "fairline"))
    assert written, "the README shows no fairline command"
    problems = [f"{where}\n  {problem}" for where, words in written if (problem := problem_of(command_line, words))]
    assert problems == []


def test_a_command_that_does_not_exist_would_be_noticed(command_line: Any):
    assert problem_of(command_line, ["run", "--date", "2025-11-28"]) is None
    assert problem_of(command_line, ["run", "--no-such-option"])
    assert problem_of(command_line, ["no-such-command"])


def test_every_make_target_in_the_documents_exists(repository: Path):
    targets = set(re.findall(r"^([a-z-]+):", (repository / "Makefile").read_text(), flags=re.MULTILINE))
    written = list(commands(repository, "make"))
    assert written, "the README shows no make target"
    unknown = [
        where
        for where, words in written
        for word in words
        if not word.startswith("-") and "=" not in word and word not in targets
    ]
    assert unknown == []


def test_make_help_tells_every_target_a_person_starts(repository: Path):
    makefile = (repository / "Makefile").read_text()
    for target in ("install", "dev", "demo", "test", "check", "bench", "lock", "clean"):
        assert re.search(rf"^{target}:.*## \S", makefile, flags=re.MULTILINE), target


def packages(repository: Path) -> list[Path]:
    """Every folder under src/fairline that holds code."""
    source = repository / "src" / "fairline"
    return sorted(path for path in source.rglob("*") if path.is_dir() and any(path.glob("*.py")))


def test_every_folder_has_a_line_on_the_map(repository: Path):
    mapped = (repository / "docs" / "map.md").read_text(encoding="utf-8")
    names = [f"{path.relative_to(repository / 'src' / 'fairline').as_posix()}/" for path in packages(repository)]
    assert [name for name in names if f"`{name}`" not in mapped] == []


def test_the_map_names_no_folder_that_is_gone(repository: Path):
    mapped = re.findall(r"^\| `([\w/]+/)`", (repository / "docs" / "map.md").read_text(encoding="utf-8"), re.MULTILINE)
    places = (repository / "src" / "fairline", repository)
    assert [name for name in mapped if not any((place / name).is_dir() for place in places)] == []


def test_every_package_says_what_enters_and_what_leaves(repository: Path):
    silent = [
        path.relative_to(repository).as_posix()
        for path in packages(repository)
        if not (path / "__init__.py").is_file() or not ast.get_docstring(ast.parse((path / "__init__.py").read_text()))
    ]
    assert silent == []


def test_every_decision_is_listed(repository: Path):
    folder = repository / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("[0-9]*.md") if f"({path.name})" not in listed] == []


def test_every_link_between_documents_leads_somewhere(repository: Path):
    broken = [
        f"{document.relative_to(repository)}: {target}"
        for document in [*documents(repository), repository / "CHANGELOG.md"]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []


@pytest.fixture(scope="session")
def courtside(repository: Path) -> dict[str, dict[str, Any]]:
    """The modules of the provider that the page on scraping adds, by file, run as they are printed."""
    text = (repository / "docs" / "scraping.md").read_text(encoding="utf-8")
    modules: dict[str, dict[str, Any]] = {}
    for file, code in PYTHON_BLOCK.findall(text):
        modules[file] = {"__name__": file}
        exec(compile(code, file, "exec"), modules[file])
    return modules


def test_the_scraper_added_in_the_documents_asks(courtside: dict[str, dict[str, Any]]):
    from fairline.scrape.contract import Wanted

    [scraper] = courtside["src/fairline/scrape/courtside.py"]["SCRAPERS"]
    [question] = scraper.questions(Wanted(date(2024, 11, 12), datetime(2024, 11, 12, 17, tzinfo=UTC)))
    assert (question.url.rpartition("/")[2], question.params) == ("crews", {"date": "2024-11-12"})


def test_the_kind_added_in_the_documents_reads_and_sets_aside(courtside: dict[str, dict[str, Any]]):
    from fairline.platform.captures import capture_of
    from fairline.platform.warehouse import DuckWarehouse
    from fairline.raw.capture_reading import read_capture
    from fairline.raw.documents import Document
    from fairline.raw.held import Held
    from fairline.raw.schema import REFEREE_ASSIGNMENTS

    [kind] = courtside["src/fairline/raw/courtside/__init__.py"]["KINDS"]
    crew = {"game": "0022400105", "date": "2024-11-12", "name": "Lauren Holtkamp (#7)", "role": "referee"}
    content = json.dumps({"crews": [crew, crew, crew | {"role": "mascot"}, None]}).encode()
    capture = capture_of(content, source="courtside", kind=kind.name, at=datetime(2024, 11, 12, 17, tzinfo=UTC))
    reading = read_capture(content, capture, Held(DuckWarehouse()), kind)
    assert kind.fits(Document(content, capture))
    [row] = reading.parsed.rows[REFEREE_ASSIGNMENTS].iter_rows(named=True)
    assert (row["game_id"], row["official"], row["role"]) == ("0022400105", "Lauren Holtkamp (#7)", "referee")
    assert row["known_at"] == capture.captured_at
    assert (reading.parsed.duplicates, sorted(reading.parsed.aside["row_number"])) == (1, [2, 3])
