"""Who may reach the service at all, and the headers that every answer bears."""

import secrets
from typing import Final
from urllib.parse import parse_qs

from fastapi.responses import RedirectResponse, Response
from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import LockedError, refusal
from api.settings import Settings

COOKIE: Final = "gridpatrol"
"""Who holds it has opened the address with the token."""

OPEN_PATHS: Final = frozenset({"/healthz"})
"""Paths that need no token: they tell nothing but that the service runs."""

DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""Data loads nothing, even when a browser is made to show it as a page."""

VIEWER_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'"
)
"""Pages of our own load our own files alone; Swagger UI sets styles on its elements."""

PAGE_POLICY: Final = "sandbox allow-scripts"
"""A page of folium holds inline scripts; in a sandbox they reach nothing of this service."""

HEADERS: Final = {
    "Content-Security-Policy": DATA_POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer that does not set its own."""


class Guard:
    """
    Let in who has a token, answer what fails unforeseen, and set the headers of every answer.

    Parameters
    ----------
    app
        The service behind it.
    settings
        Its tokens; without any, everybody who reaches the service is let in.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.lang = settings.lang
        self.unused = _secrets(settings.open_token)
        self.bearers = _secrets(settings.reader_token)
        self.shut = bool(self.unused or self.bearers)
        self.session = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            answer = self._answer(scope)
            await (answer or self.app)(scope, receive, sending)
        except Exception as error:
            if started:
                raise
            await refusal(error, self.lang)(scope, receive, sending)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what a request gets instead of the service; None lets it in."""
        if not self.shut or scope["path"] in OPEN_PATHS:
            return None
        if scope["path"] == "/" and self._open(scope):
            opened = RedirectResponse("/", status_code=303)
            opened.set_cookie(COOKIE, self.session, httponly=True, samesite="strict")
            return opened
        if self._known(scope):
            return None
        return refusal(LockedError("locked"), self.lang)

    def _open(self, scope: Scope) -> bool:
        """Tell whether the address bears the token, and use it up."""
        sent = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        opens = _matches(sent, self.unused)
        if opens:
            self.unused = []
        return opens

    def _known(self, scope: Scope) -> bool:
        """Tell whether the request bears the cookie or a bearer token."""
        cookie = HTTPConnection(scope).cookies.get(COOKIE, "")
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        bearer = token.strip() if kind.lower() == "bearer" else ""
        return _matches(cookie, [self.session]) or _matches(bearer, self.bearers)


def _secrets(token: SecretStr | None) -> list[str]:
    return [] if token is None else [token.get_secret_value()]


def _matches(sent: str, known: list[str]) -> bool:
    """Compare in a time that tells nothing."""
    return any(secrets.compare_digest(sent.encode(), token.encode()) for token in known)
