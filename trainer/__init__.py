"""Voice role-play trainer for customer service: practise hard conversations, aloud."""

__version__ = "0.1.0"
