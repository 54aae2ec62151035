"""Scripted agents and a local model server with faults: for bench, demo, doctor and tests.

In: a persona. Out: agent turns. Must not know any screen.
"""
