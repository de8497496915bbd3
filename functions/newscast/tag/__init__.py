"""Finding actors in a text: names by gazetteer, by grammar and by evidence, their roles and their part.

Text and gazetteer in, `records.Tags` out; pure. `explain` runs the very same rules and keeps their trace.
"""

from newscast.tag.tagger import explain, tag

__all__ = ["explain", "tag"]
