"""A recording of a real call becomes a call folder that the debrief can read.

In: the sound of one or two channels, perhaps a transcript. Out: the events of a call: who spoke
when, the words with card and account digits masked, what the agent's words did. No mood: nobody
was simulated. Reaches engines only through ports.
"""
