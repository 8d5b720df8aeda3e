"""Turn pydantic's errors about a settings file into sentences."""

from __future__ import annotations

from pydantic import ValidationError

from data.errors import shown

_WORDS = {
    "extra_forbidden": "is not a setting here",
    "missing": "is missing",
    "string_type": "must be text in quotation marks",
    "date_type": "must be a date, written as 1970-01-01",
    "list_type": "must be a list in square brackets",
    "mapping_type": "must be a section with names and values",
    "model_type": "must be a section with names and values",
    "dict_type": "must be a section with names and values",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
}


def validation_sentences(error: ValidationError, label: str) -> list[str]:
    """Return one sentence for each mistake: where it is and what is expected."""
    return [
        f"{label}: {_place(each['loc'])} {_what(each['type'], each['msg'], each['input'])}." for each in error.errors()
    ]


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part) if isinstance(part, str) else f"entry {part + 1}" for part in parts) or "the file"


def _what(kind: str, message: str, value: object) -> str:
    if kind == "literal_error":
        return f"is {shown(value)}; it must be {message.removeprefix('Input should be ')}"
    return _WORDS.get(kind, f"is not valid ({message[0].lower()}{message[1:]})")
