"""Weights: one manifest; pull, verify, convert.

In: a name. Out: a verified file in the user cache. The only place that ever downloads.
"""

from trainer.models.shelf import find

__all__ = ["find"]
