"""The call itself: turn-taking policies, state machine, playout ledger, one async session.

In: a line, engines behind ports, a customer. Out: events. Must not know any adapter, screen or
file.
"""
