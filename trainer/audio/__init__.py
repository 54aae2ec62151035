"""Sound in and out: the telephone line on real devices or from files, voice activity, audio files.

In: sound devices, audio files. Out: `Frame`s of 512 samples at 16 kHz on one call clock, both
ways. Implements `trainer.ports.line`. Knows nothing of calls, customers or turns: it never decides
who may speak.
"""
