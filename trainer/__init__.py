"""Voice role-play trainer for customer service: practise hard spoken conversations, then read what you did."""

__version__ = "0.1.0"
