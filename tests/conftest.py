"""Properties are tried without a time limit: how fast a shared machine is says nothing of the code."""

from hypothesis import settings

settings.register_profile("newscast", deadline=None)
settings.load_profile("newscast")
