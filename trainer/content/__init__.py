"""Finds and loads what trainers write (personas, temperaments, prompts).

In: names and paths. Out: validated domain data, or an error naming file, line and column.
Knows no engine.
"""
