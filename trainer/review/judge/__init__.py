"""A language model marks what was said, behaviour by behaviour, beside the rules.

In: a call's log, the rubric, a model behind a port. Out: verdicts whose quotes were found in the
transcript, and a debrief with them in it. Must not know how the call sounded, nor who asks.
"""
