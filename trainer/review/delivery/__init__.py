"""How the agent's voice sounds, against their own usual voice: pitch, balance, level, pace.

Named as sound, never as a feeling. Nothing here asks for sex, age or accent.
"""
