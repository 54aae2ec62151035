"""What the call needs from the outside, as Protocols: a line, speech-to-text, wording, voice,
embedding.

In: domain types. Out: domain types. Adapters implement these; the call never names an adapter.
"""
