"""Pages of the service for people: templates, the words in them, and the policy they live under."""

from pathlib import Path
from typing import Any, Final

from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection

from api.page_words import WORDS

HTML: Final = "text/html"

WEB: Final = Path(__file__).parent / "web"
"""Templates, and the style sheet that they all have."""

STYLE: Final = "/service.css"
"""Where the service shows the style sheet."""

VIEWER_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""Pages of our own load our own files alone; Swagger UI sets styles on its elements."""

BARE: Final = "/map"
"""How the address of a page within another page ends: it goes without the bar of links."""

HEADERS: Final = {
    "Content-Security-Policy": VIEWER_POLICY,
    # Without a referrer a browser would send forms with the origin `null`.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept",
}
"""Headers of every page."""

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(WEB),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""Text from data is escaped; a name that is not given is an error."""


def wants_page(asked: HTTPConnection) -> bool:
    """Tell whether a browser asks for something to show to a person."""
    return HTML in asked.headers.get("accept", "")


def render(
    asked: HTTPConnection,
    lang: str,
    template: str,
    **values: Any,  # noqa: ANN401 - whatever the template names
) -> Response:
    """
    Fill a template.

    Parameters
    ----------
    asked
        The request that the page answers.
    lang
        "zh" or "en".
    template
        A file of `WEB`.
    **values
        What it names.

    Returns
    -------
    response
        A page that may load and ask nothing but this service.
    """
    column = 0 if lang == "zh" else 1

    def say(key: str, **named: object) -> str:
        return WORDS[key][column].format(**named)

    shared = {
        "root": asked.base_url.path.rstrip("/"),
        "bare": asked.url.path.endswith(BARE),
        "lang": lang,
        "say": say,
        "colon": ("：", ": ")[column],
        "comma": ("、", ", ")[column],
    }
    text = TEMPLATES.get_template(template).render(shared, **values)
    return Response(text, media_type=HTML, headers=HEADERS)
