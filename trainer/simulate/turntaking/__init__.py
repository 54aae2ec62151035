"""Turn-taking put to the test: agents who pause, murmur, interrupt, cough and sit in noisy rooms.

In: sound of agents speaking, a room. Out: a line for a real call, and what its recording shows. A
move is one thing an agent does; a line carries it out by what it hears of the customer; a score is
read from the two channels. Knows no engine and no call.
"""
