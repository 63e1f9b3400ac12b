"""Raw: what providers and files state, typed, placed and named, each row with where and when we had it.

Enters: bytes (a file given by a person, later a capture of a scraper). Leaves: the tables of `schema.py`.
Guarantees: bytes are kept before they are read. Nothing is dropped: a row that breaks its contract waits in
`ops.quarantine` with its reason, a name no rule resolves in `ops.unresolved_names`. Bytes read twice change nothing.
"""
