"""The embedded AWS's data plane: table items and queue messages, at a cost that doesn't grow with them.

moto answers for everything else (the stack, buckets, topics). For items and messages it copies whole
tables in a transaction, walks them for an index and recounts a queue in each call, and it takes much that
AWS refuses; here each call touches what it names, is checked against AWS's limits, measured in AWS's
units, and journalled before it is answered. None of it but the gate needs moto.
"""
