"""The service: for now it shows the page of a result, to the person who started it alone."""

import secrets
from pathlib import Path
from typing import Annotated, Final

from fastapi import Cookie, FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.words import say

PAGE_POLICY: Final = "sandbox allow-scripts"
"""A page of folium holds inline scripts; in a sandbox they reach nothing of this service."""

COOKIE: Final = "gridpatrol"
"""Who holds it has opened the address with the token."""


def create_app(folder: Path, token: str, *, lang: str = "zh") -> FastAPI:
    """
    Make the service that shows `map.html` of a folder.

    Parameters
    ----------
    folder
        Where a result was written.
    token
        Opens the page once, as `/?token=...`; from then on a cookie does.
    lang
        Language of what the service itself says.

    Returns
    -------
    app
        Nothing is kept outside it.
    """
    app = FastAPI(title="gridpatrol", docs_url=None, redoc_url=None, openapi_url=None)
    unused = {token}
    session = secrets.token_urlsafe(32)

    @app.get("/")
    def page(
        token: str | None = None, cookie: Annotated[str | None, Cookie(alias=COOKIE)] = None
    ) -> Response:
        if token in unused:
            unused.clear()
            opened = RedirectResponse("/", status_code=303)
            opened.set_cookie(COOKIE, session, httponly=True, samesite="strict")
            return opened
        if cookie is None or not secrets.compare_digest(cookie, session):
            return HTMLResponse(say("locked", lang), status_code=403)
        return HTMLResponse(
            (folder / "map.html").read_bytes(),
            headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"},
        )

    return app
