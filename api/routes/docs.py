"""The description of the service, and the page that shows it, from our own files."""

import json
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.errors import problems
from api.pages import STYLE, VIEWER_POLICY
from api.pages import WEB as PAGES
from api.routes import content, no_parameters
from maps.layers import WEB

OPENAPI_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"
"""Media type of the OpenAPI document."""

PAGE: Final = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>gridpatrol API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<p><a href="./">网格巡防 gridpatrol</a></p>
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
"""The page; its address has no slash at the end, so that the paths begin beside it."""

START: Final = """SwaggerUIBundle({
  url: new URL("api", location.href).href,
  dom_id: "#docs",
  deepLinking: false,
  validatorUrl: null,
});
"""
"""What starts it: a file of its own, since the policy allows no script within the page."""

FILES: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
"""Vendor files of the page -> media type."""

router = APIRouter(tags=["docs"], dependencies=[Depends(no_parameters)])


@router.get(
    "/api",
    summary="The OpenAPI document",
    response_class=Response,
    responses=problems() | {200: content(OPENAPI_TYPE)},
)
def read_description(request: Request) -> Response:
    """Return the description of every route."""
    return Response(json.dumps(request.app.openapi()), media_type=OPENAPI_TYPE)


@router.get(
    "/docs",
    summary="The description as a page",
    response_class=Response,
    responses=problems() | {200: content("text/html")},
)
def read_docs() -> Response:
    """Return Swagger UI; it asks for files of this service alone."""
    return Response(
        PAGE, media_type="text/html", headers={"Content-Security-Policy": VIEWER_POLICY}
    )


@router.get("/docs/{file}", include_in_schema=False)
def read_file(file: str) -> Response:
    """Return a file of the page."""
    if file == "start.js":
        return Response(START, media_type="text/javascript")
    if file not in FILES:
        raise HTTPException(404)
    data = (WEB / "vendor" / "swagger-ui-dist" / file).read_bytes()
    return Response(data, media_type=FILES[file])


@router.get(STYLE, include_in_schema=False)
def read_style() -> Response:
    """Return the style sheet of the pages."""
    return Response((PAGES / "service.css").read_bytes(), media_type="text/css")
