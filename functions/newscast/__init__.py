"""Newscast: who is in the news.

The way of an article: schedule, fetch, normalise, tag, store. Each is a Lambda function in
`handlers`, and each has the room that does its work.
"""

__version__ = "0.2.0"
