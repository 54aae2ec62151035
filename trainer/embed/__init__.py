"""Sentence-embedding adapters.

In: sentences. Out: unit vectors.
"""
