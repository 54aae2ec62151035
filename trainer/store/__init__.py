"""Calls on disk: one folder per call, written while it happens, and a light index over all of them.

In: events, blocks of sound, facts about the call. Out: `CallRecord`, the list of calls, the summary
that `--json` prints. Implements `trainer.ports.sink`. Knows no device, no engine and no rule of the
conversation; it never recomputes a mood.
"""
