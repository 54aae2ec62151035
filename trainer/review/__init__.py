"""The debrief of a recorded call: timing, language, mood curve, feedback, report.

In: a recorded call. Out: a Review, as JSON and HTML. Reads moods, never recomputes them.
"""
