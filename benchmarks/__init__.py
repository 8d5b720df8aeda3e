"""`make bench`: how long publishing, questions, clicks, loads and many readers take, as ratios to floors of the same run.

A benchmark reports and never fails for being slow. It fails for a wrong number or an error.
"""
