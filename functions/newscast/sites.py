def scope(url):
    from urllib.parse import urlsplit

    h = urlsplit(url).hostname or ""
    return h.removeprefix("www.") or None


def covers(scope, url):
    from urllib.parse import urlsplit

    h = urlsplit(url).hostname or ""
    return h == scope or h.endswith("." + scope)
