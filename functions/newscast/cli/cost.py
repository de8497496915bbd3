"""`newscast cost`: what an installation would cost on AWS, or one that runs by the month's end."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from newscast.cli.problem import CommandError, given
from newscast.cli.terminal import as_json, say
from newscast.cost.basis import Basis, BasisError, plain, told
from newscast.cost.bill import Line, total
from newscast.cost.shape import PACKAGED, Shape

TEMPLATE = Path(__file__).parents[3] / "infra" / "template.yaml"
"""Of the checkout; a package alone has none."""

EXAMPLES = """\
examples:
  newscast cost --articles 1,000,000 --feeds 2,000
  newscast cost --articles 100k --feeds 300 --months 12 --retention 180
  newscast cost --articles 0 --feeds 0                 # at rest
  newscast cost --stack newscast --json                # of what runs, from its metrics"""


def add(subcommands: Any) -> None:
    """Its arguments."""
    parser = subcommands.add_parser(
        "cost",
        help="what it costs on AWS, line by line",
        description="A month's bill at list prices of us-east-1 without the free tier, line by line with its"
        " arithmetic: of so many articles from so many feeds, or (--stack) of what runs, from the metrics of"
        " this month so far, carried on to its end.",
        epilog=EXAMPLES,
    )
    parser.add_argument("--articles", type=_number, metavar="N", help="new articles a month; 0 for none")
    parser.add_argument("--feeds", type=_number, metavar="M", help="feeds that are watched")
    parser.add_argument(
        "--months",
        type=_whole,
        default=1,
        metavar="K",
        help="the bill of the K-th month: what is kept piles up (1)",
    )
    parser.add_argument("--edges", type=_number, default=8, metavar="N", help="actors of an article (8)")
    parser.add_argument(
        "--revised", type=_number, default=0.3, metavar="SHARE", help="revisions for each article (0.3)"
    )
    parser.add_argument(
        "--full-text",
        type=_number,
        default=0,
        metavar="SHARE",
        help="articles that are read on their pages (0)",
    )
    parser.add_argument(
        "--polls",
        type=_number,
        metavar="N",
        help="polls of a feed a day (as feeds that bring so much are polled)",
    )
    parser.add_argument(
        "--retention",
        type=_whole,
        default=0,
        metavar="DAYS",
        help="days that an article is kept (0: for ever)",
    )
    parser.add_argument("--tracing", action="store_true", help="with X-Ray (Tracing=on)")
    parser.add_argument("--dashboard", action="store_true", help="with a dashboard (WithDashboard=on)")
    parser.add_argument("--stack", type=given, metavar="NAME", help="a stack deployed in your AWS account")
    parser.add_argument("--json", action="store_true", help="one JSON object: basis, lines, total")
    parser.set_defaults(main=main)


def _number(text: str) -> float:
    """`1,000,000`, `1e6`, `100k` or `1M`."""
    plain = text.replace(",", "").replace("_", "").strip()
    factor = {"k": 1e3, "m": 1e6}.get(plain[-1:].lower(), 1)
    try:
        number = float(plain[:-1] if factor > 1 else plain) * factor
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or not text.isascii():
        raise argparse.ArgumentTypeError(f"a number, not {text!r}")
    return number


def _whole(text: str) -> int:
    if (number := _number(text)) != int(number):
        raise argparse.ArgumentTypeError(f"a whole number, not {text!r}")
    return int(number)


def main(arguments: argparse.Namespace) -> int:
    """Print a bill."""
    if arguments.stack:
        if arguments.articles is not None or arguments.feeds is not None:
            raise CommandError("--stack tells of what runs: leave --articles and --feeds out")
        from newscast.cli import cost_of_stack

        basis, lines, about = cost_of_stack.metered(arguments.stack, _shape())
    elif arguments.articles is None or arguments.feeds is None:
        raise CommandError("say --articles N and --feeds M, or --stack NAME")
    else:
        basis, lines, about = _expected(arguments)
    if arguments.json:
        say(as_json(plain(basis, lines)))
    else:
        say(_shown(lines, about))
    return 0


def _expected(arguments: argparse.Namespace) -> tuple[dict[str, Any], list[Line], str]:
    shape = _shape()
    try:
        basis = Basis(
            articles=arguments.articles,
            feeds=arguments.feeds,
            months=arguments.months,
            edges=arguments.edges,
            revised=arguments.revised,
            full_text=arguments.full_text,
            polls=arguments.polls,
            retention_days=arguments.retention,
            tracing=arguments.tracing,
            dashboard=arguments.dashboard,
        )
    except BasisError as error:
        raise CommandError(str(error)) from error
    about = (
        f"A month of {basis.articles:,.0f} articles with {basis.edges:g} actors from {basis.feeds:,.0f}"
        f" feeds, {basis.revised:.0%} of them revised; list prices, no free tier."
    )
    if basis.months > 1:
        about += f"\nThis is month {basis.months}; all until then cost ${basis.until_then(shape):,.2f}."
    return told(basis, shape), basis.lines(shape), about


def _shape() -> Shape:
    """Of the checkout's template, which a person may have changed; else of the one that came with this."""
    if not TEMPLATE.exists():
        return PACKAGED
    from newscast.cost import template

    try:
        return template.read(TEMPLATE)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _shown(lines: list[Line], about: str) -> str:
    widest = max(len(line.item) for line in lines)
    rows = [f"{line.item:{widest}} {line.dollars:10,.2f}  {line.how}" for line in lines]
    return "\n".join([about, "", *rows, f"{'Total':{widest}} {total(lines):10,.2f} dollars"])
