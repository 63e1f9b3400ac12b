"""The ledger: the truth of the process, in SQLite or PostgreSQL.

What enters: batches with their units and tasks, runs, published digests, keys, audited calls, what providers have shown
of themselves. What leaves: claims, open units, statuses, dead letters. It guarantees: one open batch per game date and
kind of run; one owner per task, whose late write is refused; each due time of the schedule answered by one process;
every unit and run ends or is seen to be overdue; what was published stays as it was.
"""
