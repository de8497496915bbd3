"""Who the actors are: countries, bodies, organisations, groups, people, and who held which office when.

`newscast.gazetteer.packaged.load()` gives the gazetteer; data/README.md describes its CSV files.
"""
