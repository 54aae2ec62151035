"""Wording-model adapters, all through litellm, and the server of the local model.

In: a prompt. Out: text pieces. Must not know what a customer is.
"""
