"""The words everyone shares: persona, act, mood, plan, transcript, event.

In: nothing. Out: plain immutable data. Knows no file, no device, no engine and no clock.
"""
