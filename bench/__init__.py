"""How long the work takes, and whether it is right: `make bench`, or `python -m bench NAME`.

Enters: the real data beside the repository (FAIRLINE_SHARED names another folder). Leaves: one table of numbers, each
with its target, the median of several runs, the same work done another way, and whether the target is met.
Guarantees: what is timed runs in a process of its own, whose peak memory is its own; a bench whose two answers differ
fails, however fast it is.
"""
