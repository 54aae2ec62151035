"""The terminal app.

In: keys, settings. Out: screens. Decides nothing about a call: it shows events and passes wishes
on.
"""
