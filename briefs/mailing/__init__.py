"""Documents sent by e-mail on a schedule: `python -m briefs send`. See docs/subscriptions.md."""
