"""Simulation: servers and worlds that stand in for the real ones. Only commands and tests import it.

In: recorded captures or files, the faults wanted, a seed. Out: a provider that answers on the loopback as the recorded
one did, and fails as asked. Guaranteed: the same seed and the same questions give the same faults.
"""
