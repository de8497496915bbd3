"""One canonical form of a web address: what two links to the same page have in common.

Parsing follows the WHATWG URL standard (ada), as browsers do. On top of it, what names the reader's way to
a page and not the page is taken off: credentials, tracking parameters (TRACKING), the fragment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from string import ascii_letters, digits
from urllib.parse import unquote, unquote_plus

import can_ada

MAX_LENGTH = 4096
"""Characters; what is longer is no address of an article (browsers and servers stop near 8,000)."""


def canonical(url: str, base: str | None = None) -> str | None:
    """The canonical form of a URL, resolved against `base`; null for what is no http(s) address.

    Idempotent. Kept: scheme, order of parameters, letter case and trailing slash of the path, since servers
    may tell them apart. A fragment is dropped unless it is a client-side route (`#!/…`, `#/…`).
    """
    address = _canonical(url, base)
    while address is not None and (again := _canonical(address, None)) != address:
        address = again  # a redirector inside a redirector, or one that percent signs had hidden
    return address


def _canonical(url: str, base: str | None) -> str | None:
    parsed = _parse(url, base)
    if parsed is not None and (inner := _wrapped(parsed)):
        parsed = _parse(inner, None)
    if parsed is None or not (name := parsed.hostname.rstrip(".")):
        return None
    # Assembled here: setters of a parsed URL would encode once more. Credentials are left out.
    port = f":{parsed.port}" if parsed.port else ""
    query = "&".join(_kept_parameters(parsed.search[1:], {name, (base and host(base)) or name}))
    route = _percent(parsed.hash) if parsed.hash.startswith(ROUTES) else ""
    return f"{parsed.protocol}//{name}{port}{_tidy_path(parsed.pathname)}{query and '?'}{query}{route}"


def resolve(link: str, base: str | None = None) -> str | None:
    """A link as found, made absolute; null for what is no http(s) address. Nothing is taken off."""
    parsed = _parse(link, base)
    return None if parsed is None else str(parsed.href)


def host(url: str) -> str | None:
    """The host name of an http(s) address: lower case, IDNA, no port, no trailing dot; null for none."""
    parsed = _parse(url, None)
    return None if parsed is None else parsed.hostname.rstrip(".") or None


_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def _parse(url: str, base: str | None) -> can_ada.URL | None:
    if len(url) > MAX_LENGTH:
        return None
    # Feeds escape ampersands twice, and editors paste zero-width characters into links.
    url = _AMPERSANDS.sub("&", _INVISIBLE.sub("", url)).strip()
    try:
        parsed = can_ada.parse(base) + url if base else can_ada.parse(url)
    except (ValueError, TypeError):  # TypeError: a lone surrogate, which no UTF-8 can carry
        return None
    return parsed if parsed.protocol in ("http:", "https:") else None


# ------------------------------------------------------------------------- path and percent signs
_HEX = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset(ascii_letters + digits + "-._~")


def _percent(text: str) -> str:
    """Percent-encoding in one form (RFC 3986, 6.2.2): %7E is ~, %5c is %5C, a lone % is %25."""
    return _HEX.sub(_percent_form, text)


def _percent_form(found: re.Match[str]) -> str:
    if found[1] is None:
        return "%25"
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _tidy_path(path: str) -> str:
    return AMP_ENDING.sub(r"\1", _percent(path))


AMP_ENDING = re.compile(r"(?<=.)(?:/amp)+(/?)$")
"""How WordPress and others mark the AMP form of a page whose own address is the rest."""
ROUTES = ("#!", "#/")
"""Fragments that choose the page (client-side routes) and not a place in it."""


# ------------------------------------------------------------------------- parameters
def _kept_parameters(query: str, own_hosts: Set[str]) -> Iterator[str]:
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if parameter and not _is_tracking(
            unquote_plus(name).casefold(), unquote_plus(value).casefold(), own_hosts
        ):
            yield _percent(parameter)


def _is_tracking(name: str, value: str, own_hosts: Set[str]) -> bool:
    if name in TRACKING or name.startswith(TRACKING_PREFIXES):
        return True
    if name == "ref" and value in own_hosts:  # Ghost names the site that a link was clicked on
        return True
    values = TRACKING_VALUES.get(name)
    return values is not None and value.startswith(values)


TRACKING_PREFIXES = (
    "utm_",  # Google Analytics and all that imitate it
    "mtm_",  # Matomo
    "matomo_",
    "pk_",  # Piwik, Matomo's old name
    "piwik_",
    "hsa_",  # HubSpot ads
    "at_",  # Piano, formerly AT Internet: at_medium=RSS (BBC, Al Jazeera)
    "ns_",  # comScore: ns_mchannel, ns_campaign, ns_source (BBC)
    "wt.",  # Webtrends
    "wt_mc",
    "wt_zmc",
    "fb_",  # Facebook: fb_ref, fb_source, fb_action_ids
    "oly_",  # Omeda: oly_enc_id
    "guce_",  # Yahoo's consent detour
    "sc_",  # Adobe: sc_cid, sc_channel
    "itm_",  # internal campaigns
    "_hs",  # HubSpot: _hsenc, _hsmi
)
TRACKING = frozenset(
    {
        # Click identifiers that networks add to every link they lead out on.
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid"),
        *(
            "ttclid",
            "igshid",
            "igsh",
            "li_fat_id",
            "rdt_cid",
            "epik",
            "scid",
            "irclickid",
            "clickid",
            "srsltid",
        ),
        *("_openstat", "vero_id", "vero_conv", "mkt_tok", "mc_cid", "mc_eid", "ml_subscriber"),
        *(
            "_ga",
            "_gl",
            "__s",
            "__twitter_impression",
            "s_kwcid",
            "s_cid",
            "ef_id",
            "zanpid",
            "_branch_match_id",
        ),
        # Publishers' own campaign and channel codes.
        *("cmp", "cmpid", "icid", "ncid", "ocid", "ftag", "xtor", "xtref", "xtcr", "smid", "smtyp", "emc"),
        *(
            "maca",
            "traffic_source",
            "feedtype",
            "feedname",
            "rpc",
            "ito",
            "sr_share",
            "soc_src",
            "soc_trk",
            "tsrc",
        ),
        *("guccounter", "taid", "wprss", "nl_key", "int_source", "int_campaign", "partnerid", "aftr_source"),
        *("campaign_id", "instance_id", "segment_id", "regi_id"),  # The New York Times' letters
        *(
            "action_object_map",
            "action_type_map",
            "action_ref_map",
            "share_source",
            "sharetype",
            "shared_via",
        ),
        # The AMP form of the page.
        *("amp", "amp_js_v", "amp_gsa", "amp_r", "amp_lite", "outputtype", "usqp"),
        *("this_affiliate",),
    }
)
"""Parameters (lower case) that say where a reader came from. Left alone: `id`, `cid`, `p`, `page`, `sid`,
`aid`, `lang` and the like, which choose the page on many sites."""
TRACKING_VALUES: Mapping[str, tuple[str, ...]] = {
    # Tracking only with these values (beginnings); with others they may choose the page.
    **dict.fromkeys(
        ("ref", "source", "src", "from", "partner", "mod", "via", "feed", "rss", "output", "ref_src", "sh"),
        ("rss", "feed", "twsrc", "atom", "newsletter", "twitter", "facebook", "amp"),
    ),
    "rss": ("1", "rss", "true", "yes"),
    "share": ("twitter", "x", "facebook", "linkedin", "email", "jetpack"),  # WordPress
}


# ------------------------------------------------------------------------- redirectors
def _wrapped(parsed: can_ada.URL) -> str | None:
    """The address inside a redirector's or AMP cache's own, where it stands there to be read."""
    name = parsed.hostname.removeprefix("www.")
    for (suffix, path), parameters in REDIRECTORS.items():
        if (name == suffix or name.endswith("." + suffix)) and parsed.pathname.startswith(path):
            for parameter in parsed.search[1:].split("&"):
                key, _, value = parameter.partition("=")
                target = unquote(value)
                if key in parameters and _parse(target, None) is not None:
                    return target
    amp = AMP_CACHE.match(f"{name}{parsed.pathname}")
    if amp is None:
        return None
    target = ("https://" if amp[1] else "http://") + amp[2] + parsed.search
    return target if _parse(target, None) is not None else None


REDIRECTORS: Mapping[tuple[str, str], frozenset[str]] = {
    # (host, path) of pages that only send on to the address in one of these parameters.
    ("google.com", "/url"): frozenset({"q", "url"}),
    ("news.google.com", "/news/url"): frozenset({"url"}),
    ("bing.com", "/news/apiclick.aspx"): frozenset({"url"}),
    ("l.facebook.com", "/l.php"): frozenset({"u"}),
    ("lm.facebook.com", "/l.php"): frozenset({"u"}),
    ("facebook.com", "/sharer"): frozenset({"u"}),
    ("l.instagram.com", "/"): frozenset({"u"}),
    ("twitter.com", "/share"): frozenset({"url"}),
    ("twitter.com", "/intent/tweet"): frozenset({"url"}),
    ("out.reddit.com", "/"): frozenset({"url"}),
    ("slack-redir.net", "/link"): frozenset({"url"}),
    ("safelinks.protection.outlook.com", "/"): frozenset({"url"}),
    ("vk.com", "/away.php"): frozenset({"to"}),
    ("youtube.com", "/redirect"): frozenset({"q"}),
}
AMP_CACHE = re.compile(
    r"(?:[a-z0-9-]+\.cdn\.ampproject\.org/[cvi]/|cdn\.ampproject\.org/[cvi]/|google\.[a-z.]+/amp/)(s/)?(.+)"
)
"""Google's AMP caches hold the address in the path; `s/` says https."""
