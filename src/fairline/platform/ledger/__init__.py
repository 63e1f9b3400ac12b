"""The ledger: the truth of the process.

What enters: batches with their units and tasks, runs, published digests. What leaves: claims, open units, statuses. It
guarantees: one open batch per game date and kind of run; one owner per task, whose late write is refused; every unit
and run ends or is seen to be overdue; what was published stays as it was.
"""
