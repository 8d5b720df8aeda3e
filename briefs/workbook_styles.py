"""The cell formats of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from components.palette import ACCENT

_QUIET = "#566373"


@dataclass
class Styles:
    """The formats of one workbook, each made once."""

    book: Workbook
    _numbers: dict[str, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        add = self.book.add_format
        base = {"font_name": "Calibri", "font_size": 11}
        self.title = add({**base, "bold": True, "font_size": 16, "text_wrap": True, "valign": "top"})
        self.lead = add({**base, "font_size": 12, "text_wrap": True, "valign": "top"})
        self.heading = add({**base, "bold": True, "font_size": 12, "bottom": 1, "bottom_color": ACCENT})
        heading = {**base, "bold": True, "valign": "bottom", "bottom": 1, "text_wrap": True}
        self.text_heading = add({**heading, "align": "left", "indent": 1})
        self.number_heading = add({**heading, "align": "right"})
        self.plain = add({**base, "align": "left", "indent": 1, "text_wrap": True, "valign": "top"})
        self.quiet = add({**base, "font_color": _QUIET, "text_wrap": True, "valign": "top"})
        self.term = add({**base, "bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = add({**base, "text_wrap": True, "valign": "top"})
        self.link = add({**base, "font_color": ACCENT, "underline": 1, "valign": "top"})

    def number(self, number_format: str) -> Format:
        """Return the format of numbers or dates that are written like this."""
        if number_format not in self._numbers:
            options = {
                "font_name": "Calibri",
                "font_size": 11,
                "num_format": number_format,
                "align": "right",
                "valign": "top",
            }
            self._numbers[number_format] = self.book.add_format(options)
        return self._numbers[number_format]
