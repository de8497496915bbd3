"""Fresh facts from Wikidata, for users with a network: a dump or query results → CSV files of our schema.

`dump` reads the public JSON dump, `results` what the query service answers; `offices` says which office of
which country a position is; `rows` makes our rows of both.
"""
