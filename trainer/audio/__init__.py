"""Sound devices and files behind the line port.

In: devices, files. Out: 512-sample frames on the call clock. Must not know who speaks or why.
"""
