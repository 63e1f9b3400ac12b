"""The page that lists an application's operations, for people: made of its OpenAPI document, without scripts."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def page(described: dict[str, Any]) -> str:
    """The operations of an OpenAPI document as one HTML page, without scripts."""
    operations = [
        (method.upper(), path, operation)
        for path, methods in sorted(described["paths"].items())
        for method, operation in methods.items()
    ]
    problems = _problems_of_all([operation for _, _, operation in operations])
    rows = "".join(_row(*one, problems) for one in operations)
    info = described["info"]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(info['title'])}</title>"
        "<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:2rem;max-width:80rem}"
        "table{border-collapse:collapse}td,th{padding:.3rem .8rem;text-align:left;vertical-align:top;"
        "border-bottom:1px solid #8886}</style>"
        f"<h1>{html.escape(info['title'])} {html.escape(info['version'])}</h1><p>{html.escape(info['description'])}</p>"
        "<p>The whole contract is in <a href=openapi.json>openapi.json</a>.</p>"
        f"<p>Each may also answer with a problem: {', '.join(sorted(problems))}.</p>"
        f"<table><tr><th><th>Path<th>What it does<th>Takes<th>Answers</tr>{rows}</table></html>"
    )


def _problems_of_all(operations: Sequence[dict[str, Any]]) -> set[str]:
    """The codes from 400 on with which every operation may answer."""
    shared = set.intersection(*(set(operation["responses"]) for operation in operations)) if operations else set()
    return {code for code in shared if code >= "400"}


def _row(method: str, path: str, operation: dict[str, Any], problems: set[str]) -> str:
    """One operation as a row; the problems that all have are told above."""
    does = html.escape(operation.get("description") or operation.get("summary", ""))
    told = (
        f"<code>{method}</code>", f"<code>{html.escape(path)}</code>", re.sub("`([^`]+)`", r"<code>\1</code>", does),
        html.escape(_takes(operation)), ", ".join(sorted(set(operation["responses"]) - problems)),
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in told)}</tr>"


def _takes(operation: dict[str, Any]) -> str:
    """The parameters and the body of an operation, by name."""
    names = [f"{each['name']}{'' if each.get('required') else '?'}" for each in operation.get("parameters", ())]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        kinds = schema.get("anyOf") or schema.get("oneOf") or [schema]
        named = [each.get("$ref", each.get("title", "JSON")).split("/")[-1] for each in kinds]
        names.append(f"body: {' or '.join(named)}")
    return ", ".join(names)
