"""The worker that tags texts (newscast.guard). It holds the gazetteer, a user's actors over it, and a
recogniser where one is chosen."""

from __future__ import annotations

import time
from functools import partial

import msgspec

from newscast.gazetteer import packaged
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.overlay import overlay
from newscast.guard.serving import Answer
from newscast.tag import recogniser
from newscast.tag.guarded import Answered, Asked, Loaded, Setup
from newscast.tag.recogniser import Recognised, Recogniser
from newscast.tag.tagger import tag

_ASKED = msgspec.msgpack.Decoder(Asked)


def load(setup: bytes) -> tuple[Answer, bytes]:
    """See newscast.guard.serving. Raises ArtifactError and RecogniserError."""
    wanted = msgspec.msgpack.decode(setup, type=Setup)
    gazetteer, problems = packaged.load(), []
    for name, text in wanted.own_actors:
        gazetteer, found = overlay(gazetteer, text, name)
        problems += [str(one) for one in found]
    model = recogniser.load(wanted.recogniser) if wanted.recogniser else None
    tag("Ministers spoke in Moscow.", gazetteer, None)  # tables that the first text needs
    told = msgspec.msgpack.encode(Loaded(tuple(problems)))
    return partial(answer, gazetteer, model), told


def answer(gazetteer: Gazetteer, model: Recogniser | None, question: bytes) -> bytes:
    """`Asked` in, `Answered` out."""
    asked = _ASKED.decode(question)
    found, seconds = None, None
    if model:
        found, seconds = _timed(model, asked)
    tags = tag(asked.text, gazetteer, asked.on, asked.language, shouted=asked.shouted, recognised=found)
    return msgspec.msgpack.encode(Answered(tags, seconds, found.problems if found else ()))


def _timed(model: Recogniser, asked: Asked) -> tuple[Recognised, float]:
    began = time.perf_counter()
    found = recogniser.recognise(model, asked.text, asked.language)
    return found, time.perf_counter() - began
