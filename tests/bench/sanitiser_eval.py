"""Hostile markup (NEWSCAST_EVAL/sanitiser.json): no markup is kept, only text; none of it may be script.

Counted: payloads whose plain text, put into a page as text is (escaped), parses to any element; payloads
whose text still holds the source of a script element; payloads that raise.
"""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path

from resiliparse.parse.html import HTMLTree

from newscast.normalise.text import plain
from newscast.records import Markup


def main() -> None:
    folder = os.environ.get("NEWSCAST_EVAL")
    if not folder:
        print("NEWSCAST_EVAL is not set: no hostile markup")
        return
    cases = json.loads((Path(folder) / "sanitiser.json").read_text("utf-8"))
    elements = scripts = 0
    for case in cases:
        text = plain(Markup(value=case["payload"]))
        document = HTMLTree.parse(f"<p id=shown>{html.escape(text)}</p>").document
        elements += 0 if document is None else len(document.query_selector_all("#shown *"))
        inside = re.findall(r"<script[^>]*>(.*?)</script", case["payload"], re.IGNORECASE | re.DOTALL)
        scripts += any(source.strip() and source.strip() in text for source in inside)
    print(f"{len(cases)} payloads: {elements} elements survive, {scripts} texts hold a script's source")
