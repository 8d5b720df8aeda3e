"""Fill in the HTML templates of this folder. Every value is escaped unless it is `Markup` already."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render(template: str, **values: object) -> Markup:
    """Render one template.

    Args:
        template: name of the file in `templates/` without its ending: "banner" for banner.html.
        values: what the template names. Text is escaped; `Markup`, as from another `render`, is not.

    Returns:
        HTML that `html_view.add` and other templates take as it is.

    Raises:
        jinja2.UndefinedError: the template names a value that was not given.
        jinja2.TemplateNotFound: there is no such template.
    """
    return Markup(_ENVIRONMENT.get_template(f"{template}.html").render(values).strip())
