"""Speech-to-text adapters, one per file.

In: 16 kHz samples. Out: words with confidence.
"""
