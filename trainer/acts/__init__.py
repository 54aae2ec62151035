"""Agent's words to acts with a quoted span.

In: a turn's text and what was said before. Out: a Reading. Must not know how the customer feels.
"""
