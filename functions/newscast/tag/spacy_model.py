"""A pipeline of spaCy as a recogniser: `newscast.tag.spacy_model:load` or `...:load:en_core_web_md`.

Needs the extra `recogniser`, and the pipeline's own package, which spaCy's project gives out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

KINDS = {"PERSON": "person", "PER": "person", "ORG": "organisation"}
"""Labels of spaCy's pipelines that are actors; places and nationalities are the gazetteer's."""
UNUSED = ["tagger", "parser", "senter", "morphologizer", "attribute_ruler", "lemmatizer"]
"""Parts of a pipeline that names don't need."""


class SpacyModel:
    """A loaded pipeline. It gives no scores: what it finds counts in full."""

    def __init__(self, pipeline: Any) -> None:
        meta = pipeline.meta
        self._pipeline = pipeline
        self._language = meta["lang"]
        self.model = f"spaCy {meta['lang']}_{meta['name']} {meta['version']}"

    def names(self, text: str, language: str) -> Iterator[tuple[int, int, str, float]]:
        """Persons and organisations, in a text of the pipeline's language alone."""
        if language != self._language:
            return
        for entity in self._pipeline(text).ents:
            if kind := KINDS.get(entity.label_):
                yield entity.start_char, entity.end_char, kind, 1.0


def load(pipeline: str = "en_core_web_sm") -> SpacyModel:
    """The pipeline of an installed package or in a folder. Raises ImportError or OSError."""
    import spacy

    return SpacyModel(spacy.load(pipeline, exclude=UNUSED))
