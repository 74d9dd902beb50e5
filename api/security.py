"""Who may reach the service at all, and the headers that every answer bears."""

import secrets
from typing import Final
from urllib.parse import parse_qs, urlsplit

from fastapi.responses import RedirectResponse, Response
from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ForeignError, LockedError, NoLengthError, TooLargeError, refusal
from api.pages import STYLE
from api.settings import Settings

COOKIE: Final = "gridpatrol"
"""Who holds it has opened the address with the token."""

OPEN_PATHS: Final = frozenset({"/healthz", STYLE})
"""Paths that need no token: they tell nothing but that the service runs."""

DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""Data loads nothing, even when a browser is made to show it as a page."""

PAGE_POLICY: Final = "sandbox allow-scripts; frame-ancestors 'self'"
"""A page of folium holds inline scripts; in a sandbox they reach nothing of this service. Only
pages of our own may show it within themselves."""

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

OURS: Final = frozenset({"same-origin", "none"})
"""Where a browser says that a request comes from: a page of ours, or the person at the address
bar."""

MB: Final = 1_000_000
"""Bytes of a megabyte."""

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
        self.most_mb = settings.upload_mb
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
            await refusal(error, self.lang, HTTPConnection(scope))(scope, receive, sending)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what a request gets instead of the service; None lets it in."""
        if self.shut and scope["path"] not in OPEN_PATHS:
            if scope["path"] == "/" and self._open(scope):
                opened = RedirectResponse("/", status_code=303)
                opened.set_cookie(COOKIE, self.session, httponly=True, samesite="strict")
                return opened
            if not self._known(scope):
                return refusal(LockedError("locked"), self.lang, HTTPConnection(scope))
        if scope["method"] in READING:
            return None
        refused = self._refused(Headers(scope=scope))
        return None if refused is None else refusal(refused, self.lang, HTTPConnection(scope))

    def _refused(self, headers: Headers) -> Exception | None:
        """
        Tell why a request may change nothing: a page of another site sent it, or it is too large.

        A cookie comes with requests of other ports of this machine, too, and a service without
        a token knows nobody.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        # Browsers tell the site of a request only where the connection cannot be listened to.
        ours = site in OURS if site else urlsplit(origin or "").netloc == headers.get("host")
        if (site or origin) and not ours:
            return ForeignError("foreign_origin")
        # Refused before it is read; the server holds senders to the length that they state.
        if "transfer-encoding" in headers:
            return NoLengthError("no_length")
        if int(headers.get("content-length", "0")) > self.most_mb * MB:
            return TooLargeError("too_large", most_mb=self.most_mb)
        return None

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
