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

from data import DataError, KindError, PlaceError
from data.errors import ConflictError, ForbiddenError, NotFoundError
from geo import GeoError, InvalidParameterError
from maps import MapsError

PROBLEM_TYPE: Final = "application/problem+json"
"""Media type of every error."""

SHOWN: Final = 80
"""Characters of a value met that an answer repeats."""

MET: Final = ("met", "names", "why")
"""Values of a sentence that come from the request; the others are ours and shown whole."""

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bad_box": (
        "bbox：“{met}”不是范围；请写成 西,南,东,北（度），西不大于东，南不大于北",
        "bbox: {met!r} is no box; write west,south,east,north in degrees, west not above east",
    ),
    "bad_time": (
        "{name}：“{met}”不是时间；请写成 2024-05-01、2024-05-01T08:00:00 或 起/止（可写 ..）",
        "{name}: {met!r} is no time; write 2024-05-01, 2024-05-01T08:00:00 or start/end (or ..)",
    ),
    "no_interval": (
        "datetime：{kind} 没有发生时间，只能给出一天，例如 2024-05-01",
        "datetime: {kind} have no time of their own; give one day, such as 2024-05-01",
    ),
    "bad_token": (
        "token：“{met}”不是本服务给出的；请从第一页重新开始",
        "token: {met!r} was not given by this service; begin with the first page again",
    ),
    "unknown_parameters": (
        "不认识参数 {names}；可用：{known}",
        "unknown parameters {names}; use some of {known}",
    ),
    "repeated_parameter": (
        "参数 {names} 只能给一次",
        "{names}: give this parameter once",
    ),
    "bad_value": (
        "{name}：“{met}”不能用；应为{wanted}",
        "{name}: {met!r} cannot be used; give {wanted}",
    ),
    "unknown_property": (
        "properties：{kind} 没有可写的 {names}；可用：{known}",
        "properties: {kind} have no {names} to write; use some of {known}",
    ),
    "personal_value": (
        "{name}：里面有手机号、身份证号或车牌；只登记场所，不登记人，请删去",
        "{name}: holds a mobile, identity or plate number; places only, not people: leave it out",
    ),
    "bad_geometry": (
        "geometry：不能用（{why}）；{kind} 应为 {wanted}，经纬度（WGS-84）",
        "geometry: cannot be used ({why}); {kind} take {wanted} in degrees of WGS-84",
    ),
    "no_if_match": (
        "请在 If-Match 里给出读到的 ETag，以免覆盖他人的修改",
        "send the ETag that you read as If-Match, so that nobody's change is lost",
    ),
    "version_differs": (
        "读取之后已被改过；请重新读取再改",
        "it was changed since you read it; read it again first",
    ),
    "no_covert": (
        "没有登记暗哨的权限",
        "this access may not write covert posts",
    ),
    "locked": (
        "请用终端里打印的地址打开（地址只能用一次），或在 Authorization 里给出令牌",
        "open the address printed in the terminal (it works once), or send a bearer token",
    ),
    "not_valid": (
        "请求不合要求；见 errors",
        "the request is not valid; see errors",
    ),
    "no_database": (
        "数据库现在不可用；请稍后再试，或查看服务日志",
        "the database cannot be used now; try again later, or read the log of the service",
    ),
    "failed": (
        "服务出错，已记入日志",
        "the service failed; its log says why",
    ),
}
"""Code of a refusal of the service itself -> Chinese, English."""


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


class CovertError(ApiError, PermissionError):
    """A covert post was to be written without the right to know of it."""


class NoVersionError(ApiError):
    """A write did not say which version it changes."""


class VersionError(ApiError):
    """A write changes another version than the stored one."""


STATUS_OF: Final[dict[type[Exception], int]] = {
    BadRequestError: 400,
    LockedError: 401,
    CovertError: 403,
    NoVersionError: 428,
    VersionError: 412,
    NotFoundError: 404,
    KindError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    PlaceError: 422,
    DataError: 400,
    InvalidParameterError: 400,
    GeoError: 422,
    MapsError: 500,
    OperationalError: 503,
}
"""Class of error -> HTTP status; the nearest class decides."""

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

    def known(_: Request, error: Exception) -> Response:
        return refusal(error, lang)

    def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        found = [
            {"where": ".".join(map(str, item["loc"])), "message": item["msg"]}
            for item in error.errors()
        ]
        return problem(400, TEXTS["not_valid"][lang != "zh"], code="not_valid", errors=found)

    def unrouted(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        # Its own text would tell an unknown path from a known one that refuses the method.
        return problem(error.status_code, None, headers=error.headers)

    for kind in STATUS_OF:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, unrouted)


def refusal(error: Exception, lang: str) -> Response:
    """
    Answer an error with the status of its class.

    Parameters
    ----------
    error
        Any error; one that is not in the table is logged and answered without its text.
    lang
        "zh" or "en".

    Returns
    -------
    response
        A problem document.
    """
    status = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("the service failed", exc_info=error)
        code = "failed" if status == HTTPStatus.INTERNAL_SERVER_ERROR else "no_database"
        return problem(status, TEXTS[code][lang != "zh"], code=code)
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    if isinstance(error, ApiError | DataError):
        return problem(status, error.text(lang), code=error.code, headers=headers)
    return problem(status, str(error))


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
            "content": {PROBLEM_TYPE: {"schema": schema}},
        }
        for status in sorted({400, 401, 500, 503, *statuses})
    }
