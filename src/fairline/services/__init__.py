"""The HTTP services: one application factory, one router per role, thin: parse, call the stage, answer.

What enters: requests with a key, pushed messages. What leaves: typed answers, `application/problem+json`, messages on
the bus. It guarantees: nobody but `/health` answers a caller without a key; 2xx only after the write is verified; what
a caller is told comes from the ledger and the tables, so it is the same after a restart and on a second instance.
"""
