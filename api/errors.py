"""Every refusal of the service: one table of statuses, one shape of answer (RFC 9457)."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from api.pages import HTML, render, wants_page
from api.sentences import GEO_TEXTS, INVALID, INVALID_TEXTS, TEXTS
from data import DataError, PlaceError
from data.errors import BusyError, ConflictError, ForbiddenError, NotFoundError
from geo import GeoError, InvalidParameterError
from maps import MapsError

PROBLEM_TYPE: Final = "application/problem+json"
"""Media type of every error."""

SHOWN: Final = 80
"""Characters of a value met that an answer repeats."""

MET: Final = ("met", "names", "why")
"""Values of a sentence that come from the request; the others are ours and shown whole."""


class ApiError(Exception):
    """
    Base of every error that the service raises on purpose.

    Parameters
    ----------
    code
        Which sentence of `TEXTS` it is.
    **values
        What the sentence names.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {
            name: value[:SHOWN] if name in MET and isinstance(value, str) else value
            for name, value in values.items()
        }

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.text("en")

    def text(self, lang: str = "zh") -> str:
        """Return the sentence in Chinese ("zh") or English ("en")."""
        return TEXTS[self.code][0 if lang == "zh" else 1].format(**self.values)


class BadRequestError(ApiError, ValueError):
    """A parameter or a body that cannot be used."""


class LockedError(ApiError, PermissionError):
    """Neither a token nor the cookie was sent."""


class ForeignError(ApiError, PermissionError):
    """A page of another site asks for a change."""


class RestrictedError(ApiError, PermissionError):
    """A scope asks for what only those may see who may know of covert posts."""


class NoLengthError(ApiError, ValueError):
    """A request does not say how long its body is."""


class TooLargeError(ApiError, ValueError):
    """A request or what it unpacks to is larger than may be."""


class UploadError(ApiError, LookupError):
    """No file waits under this name for whoever asks."""


class NoVersionError(ApiError):
    """A write did not say which version it changes."""


class VersionError(ApiError):
    """A write changes another version than the stored one."""


STATUS_OF: Final[dict[type[Exception], int]] = {
    BadRequestError: 400,
    LockedError: 401,
    ForeignError: 403,
    RestrictedError: 403,
    UploadError: 404,
    NoLengthError: 411,
    TooLargeError: 413,
    NoVersionError: 428,
    VersionError: 412,
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    BusyError: 429,
    PlaceError: 422,
    DataError: 400,
    InvalidParameterError: 400,
    GeoError: 422,
    MapsError: 500,
    OperationalError: 503,
}
"""Class of error -> HTTP status; the nearest class decides."""

STATUS_OF_CODE: Final = {
    "unknown_kind": 404, "ask_as_job": 422, "ask_turns_as_job": 422, "not_listed": 422,
    "ask_division_as_job": 422, "nothing_to_weigh": 422, "too_many_streets": 422,
    "ask_report_as_job": 422, "too_many_incidents": 422, "days_without_incidents": 422,
    "no_incident_placed": 422, "too_many_cells": 422, "ask_spots_as_job": 422,
    "too_many_streets_to_wait": 422, "no_streets_near_place": 404, "ask_month_as_job": 422,
}  # fmt: skip
"""Code of an error -> HTTP status, where it is another than that of its class."""

log = logging.getLogger("gridpatrol")


def add_handlers(app: FastAPI, lang: str) -> None:
    """
    Answer every error of the table, of the framework and of nobody in one shape.

    Parameters
    ----------
    app
        The service.
    lang
        Language of the sentences.
    """

    def known(request: Request, error: Exception) -> Response:
        return refusal(error, lang, request)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        found = [
            {"where": ".".join(map(str, item["loc"])), "message": _fault(item, lang)}
            for item in error.errors()
        ]
        text = TEXTS["not_valid"][lang != "zh"]
        return _told(request, lang, 400, text, code="not_valid", errors=found)

    def unrouted(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        # Its own text would tell an unknown path from a known one that refuses the method.
        return _told(request, lang, error.status_code, None, headers=error.headers)

    for kind in STATUS_OF:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, unrouted)


def refusal(error: Exception, lang: str, asked: HTTPConnection | None = None) -> Response:
    """
    Answer an error with the status of its class.

    Parameters
    ----------
    error
        Any error; one that is not in the table is logged and answered without its text.
    lang
        "zh" or "en".
    asked
        The request; a browser that asks for a page gets one.

    Returns
    -------
    response
        A problem document, or a page that says the same.
    """
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("the service failed", exc_info=error)
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    code, text = said(error, lang)
    return _told(asked, lang, status, text, code=code, headers=headers)


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error: that of its code or of its nearest class, or 500."""
    by_class = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)
    return STATUS_OF_CODE.get(getattr(error, "code", ""), by_class)


def said(error: Exception, lang: str) -> tuple[str, str]:
    """
    Put an error into words for whoever uses the service.

    Parameters
    ----------
    error
        Any error.
    lang
        "zh" or "en".

    Returns
    -------
    code
        Name of the refusal, the same in every language.
    text
        A sentence with the next step; of an error that nobody foresaw, nothing of its own text.
    """
    if isinstance(error, ApiError | DataError):
        return error.code, error.text(lang)
    kinds = type(error).__mro__
    known = next((GEO_TEXTS[kind] for kind in kinds if kind in GEO_TEXTS), None)
    if known is not None:
        return known[0], known[1 + (lang != "zh")]
    code = "no_database" if isinstance(error, OperationalError) else "failed"
    return code, TEXTS[code][lang != "zh"]


def problem(
    status: int,
    detail: str | None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - members of the document
) -> Response:
    """
    Make a problem document.

    Parameters
    ----------
    status
        The HTTP status.
    detail
        What is wrong and what to do; None where the status says it all.
    headers
        Headers to send beside it.
    **more
        Further members.

    Returns
    -------
    response
        Of type `application/problem+json`.
    """
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        **({} if detail is None else {"detail": detail}),
        **more,
    }
    # Half of a surrogate pair may come in as JSON; written as an escape it may go out again.
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(body, status, headers=headers, media_type=PROBLEM_TYPE)


def _told(
    asked: HTTPConnection | None,
    lang: str,
    status: int,
    detail: str | None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - members of the document
) -> Response:
    """Answer as a problem document, or as a page where a browser asks for one."""
    if asked is None or not wants_page(asked):
        return problem(status, detail, headers=headers, **more)
    page = render(
        asked, lang, "problem.html", status=status, detail=detail, errors=more.get("errors", ())
    )
    page.status_code = status
    page.headers.update(headers or {})
    return page


def _fault(item: Mapping[str, Any], lang: str) -> str:
    """Say in our own words what pydantic found."""
    text = INVALID_TEXTS.get(item["type"], INVALID)[lang != "zh"]
    return text.format(**item.get("ctx", {}))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """
    Declare the errors of a route for the OpenAPI document.

    Parameters
    ----------
    *statuses
        Those that the route answers, beside 401 and 500, which any may.

    Returns
    -------
    responses
        For the argument `responses` of a route.
    """
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM_TYPE: {"schema": schema}, HTML: {"schema": {"type": "string"}}},
        }
        for status in sorted({400, 401, 500, 503, *statuses})
    }
