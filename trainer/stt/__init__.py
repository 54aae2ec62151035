"""Speech-to-text adapters, one per file.

In: 16 kHz samples. Out: words with confidence, or why there are none. Must not know who spoke,
nor what the words are for.

`whisper` starts `worker` in a process of its own; `decoding` runs there, with `windows`, `gate` and
`word_times` as its policies. `cloud` sends the sound to a model that litellm reaches.
"""
