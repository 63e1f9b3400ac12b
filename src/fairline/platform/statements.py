"""Statements of captures: what a source said at an instant, whatever the order in which its captures are read."""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from datetime import datetime

from fairline.domain.errors import BrokenContract
from fairline.domain.tables import Table
from fairline.platform.session import Session
from fairline.platform.staging import quoted


def insert_statements(session: Session, table: Table, incoming: str, at: datetime) -> int:
    """Insert the incoming statements, made at the instant `at`, that say something new about their fact.

    A fact is the natural key without `known_at`. One not stated before `at` is known from the row's own `known_at`; one
    that said something else before is revised as of `at`; one that said the same is unchanged. A statement is never
    compared with a later one: after a late capture, reading those that followed it again restores what they said.
    """
    fact = tuple(name for name in table.key if name != "known_at")
    if len(fact) == len(table.key) or "content_hash" not in table.column_names:
        message = f"{table.full_name} keeps no revisions: it needs known_at in its key and a content_hash"
        raise BrokenContract(message, hint="Use append_new, or declare both.")
    facts = quoted(fact)
    names = ", ".join(f'"{name}"' for name in table.column_names)
    dated = ", ".join(
        "CASE WHEN before.last_hash IS NULL THEN incoming.known_at ELSE $at END AS known_at"
        if name == "known_at"
        else f'incoming."{name}"'
        for name in table.column_names
    )
    same = " AND ".join(f'before."{name}" = incoming."{name}"' for name in fact)
    done = session.execute(
        f"""
        {incoming} INSERT INTO {table.full_name} ({names})
        WITH before AS (
            SELECT {facts}, arg_max(content_hash, known_at) AS last_hash
            FROM {table.full_name} AS held SEMI JOIN incoming USING ({facts})
            WHERE held.known_at <= $at
            GROUP BY {facts}
        ),
        news AS (
            SELECT {dated} FROM incoming LEFT JOIN before ON {same}
            WHERE before.last_hash IS NULL OR before.last_hash <> incoming.content_hash
        )
        SELECT {names} FROM news ANTI JOIN {table.full_name} AS held USING ({quoted(table.key)})
        """,
        {"at": at},
    ).fetchall()
    return int(done[0][0])
