"""Makers of CSV files from packaged facts; run by hand when a source has a new edition, never deployed.

Each module says how it is run, with the packages that it needs beside the project's own. What they write
is committed and may be edited by hand only where the module says so.
"""
