"""The edge of the system: every effect goes through one small contract here, one adapter each.

What enters: settings, and the domain's types. What leaves: a clock, objects, a warehouse, a ledger, a bus and a
transport, which `Home` opens together. It guarantees: writes are whole or absent, keyed and counted; one owner; and
errors of the libraries below arrive as Fairline's own.
"""
