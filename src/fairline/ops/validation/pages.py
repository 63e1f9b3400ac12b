"""The report as a person reads it, in Markdown and as a page: the same sections in the same order, told once each."""

from __future__ import annotations

from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from fairline.domain.dates import EASTERN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from fairline.ops.validation.sections import Section


def markdown(day: date, facts: Mapping[str, object], wrong: Sequence[str], sections: Sequence[Section]) -> str:
    """The report in Markdown. facts: the date in numbers. wrong: what asks for a person, in words."""
    told = [f"# Daily validation, {day:%a %d %b %Y}", *(f"**{words}**" for words in wrong)]
    told.append("\n".join(f"- {heading(name)}: {said(value)}" for name, value in facts.items() if value is not None))
    for one in sections:
        told += [f"## {one.title}", _grid(one.rows) if one.rows.height else one.nothing]
        told += [one.reading] if one.rows.height else []
    return "\n\n".join(told) + "\n"


def page(day: date, facts: Mapping[str, object], wrong: Sequence[str], sections: Sequence[Section]) -> str:
    """The same as one self-contained page, in the style of the backtest's report."""
    style = files("fairline.evaluate").joinpath("page.css").read_text(encoding="utf-8")
    template = files("fairline.ops.validation").joinpath("page.html").read_text(encoding="utf-8")
    pairs = "".join(
        f"<div><dt>{heading(name)}</dt><dd>{escape(said(value))}</dd></div>" for name, value in facts.items()
    )
    return Template(template).substitute(
        day=f"{day:%a %d %b %Y}", style=style, banner=_banner(wrong), facts=f"<dl class='numbers'>{pairs}</dl>",
        sections="\n".join(map(_section, sections)),
    )  # fmt: skip


def _banner(wrong: Sequence[str]) -> str:
    if not wrong:
        return '<p class="banner quiet">Nothing here asks for a person.</p>'
    items = "".join(f"<li>{escape(words)}</li>" for words in wrong)
    return f'<section class="banner alarm" role="alert"><ul>{items}</ul></section>'


def _section(one: Section) -> str:
    if one.rows.is_empty():
        return f"<section><h2>{escape(one.title)}</h2><p>{escape(one.nothing)}</p></section>"
    sorts = ["" if kind.is_numeric() else " class='words'" for kind in one.rows.dtypes]
    head = "".join(
        f"<th scope='col'{sort}>{escape(heading(name))}</th>"
        for name, sort in zip(one.rows.columns, sorts, strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row, sorts))}</tr>" for row in one.rows.iter_rows())
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    reading = f'<p class="reading">{escape(one.reading)}</p>'
    return f'<section><h2>{escape(one.title)}</h2><div class="scroll">{table}</div>{reading}</section>'


def _cell(value: object, sort: str) -> str:
    return f"<td{sort}>{escape(said(value))}</td>"


def _grid(rows: pl.DataFrame) -> str:
    lines = [map(heading, rows.columns), ["---:" if kind.is_numeric() else "---" for kind in rows.dtypes]]
    lines += [map(said, row) for row in rows.iter_rows()]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def heading(name: str) -> str:
    """A column's or a fact's name for people.

    >>> heading("rows_held")
    'rows held'
    """
    return name.replace("_", " ")


def said(value: object) -> str:
    """One value for people: instants on the Eastern clock, null as nothing.

    >>> from datetime import UTC
    >>> said(datetime(2025, 11, 27, 0, 30, tzinfo=UTC)), said(None), said(1234), said(0.87), said(True)
    ('26 Nov 2025 19:30 ET', '', '1,234', '0.87', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(EASTERN):%d %b %Y %H:%M} ET"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.9g}" if isinstance(value, float) else str(value)
