"""docs/security.md is true: every test it names exists, and every rule in it has one."""

import ast
import re
from pathlib import Path

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def defined_in(file: Path) -> set[str]:
    """The names of the tests a file defines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_the_security_document_names_exists(repository: Path):
    named = NAMED.findall((repository / "docs/security.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    gone = [f"{file}::{name}" for file, name in named if not (repository / file).is_file()]
    gone += [f"{file}::{name}" for file, name in named if not gone and name not in defined_in(repository / file)]
    assert gone == []


def test_every_rule_of_the_security_document_has_a_test(repository: Path):
    text = (repository / "docs/security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| rule")]
    assert [row for row in rows if not NAMED.search(row)] == []
