"""Hypothesis without a clock here: the first call of a test loads scipy, which on a busy machine takes longer than it allows."""

from hypothesis import settings

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")
