"""The platform simulated over days in one process: a seed decides what happens, what fails, and when it is looked at.

Enters a seed; leaves a report: what was done, which faults were injected, and which promise of the platform did not
hold. Nothing of it sleeps, opens a socket or asks the wall clock, so a seed that fails once fails every time.
"""
