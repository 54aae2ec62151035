"""Voice adapters, one per file.

In: a clause and how it is to sound. Out: 16 kHz samples.
"""
