"""Models behind an address, reached through litellm: what wording, voice and transcription share.

In: a litellm model string and, where it is not the provider's usual one, its server's address.
Out: litellm ready to be called, the key this model gets, its faults in plain words.
Must not know what is asked of the model, nor who asks.
"""
