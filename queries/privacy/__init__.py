"""Disclosure control: no small count of people is shown to a protected reader, or can be computed from what is shown."""
