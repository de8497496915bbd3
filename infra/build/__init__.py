"""Zips from the lock file: for each function its handler's modules, their data and their dependencies.

The same commit gives the same bytes, wherever and by whomever it is built.
"""


class BuildError(Exception):
    """A build that can't be; the message is one line for whoever ran it."""
