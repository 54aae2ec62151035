"""Calls on disk: the writer of a running call, the reader of finished ones.

In: frames and events. Out: call folders, private to their owner (0600).
"""
