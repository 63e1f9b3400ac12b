"""The daily validation report: what a date was to produce and did, how good it is, and what changed.

What enters: the tables and the ledger as they are when it is made, and the plan of what the date was to produce. What
leaves: one row in ops.validation_reports, and the report as objects, in Markdown and HTML. It states what is held and
recomputes a few values from raw; it changes no fact. The same tables give the same report.
"""
