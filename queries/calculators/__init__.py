"""Calculators: one module per type of measure, each with its function, its rows and its disclosure rule."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
