"""The last step of every page: one file that asks no other machine, or no page at all."""

from __future__ import annotations

import base64
import mimetypes
import posixpath
import re
import sys
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Final

from maps.errors import MissingAssetError, OutsideAddressError

if TYPE_CHECKING:
    from collections.abc import Iterator

VENDOR: Final[Path] = Path(__file__).parent / "web" / "vendor"
"""Where the build hook puts the browser files; MANIFEST.json there lists them."""

SCHEME: Final = "vendor:"
"""How a page names one of those files before it is sealed: `vendor:leaflet/leaflet.js`."""

KEPT_ATTRIBUTES: Final = ("id", "media", "type")
"""What still means something when a `<script src>` or `<link>` becomes an inline element."""

ADDRESS_ATTRIBUTES: Final = frozenset(
    {
        *("src", "href", "xlink:href", "poster", "background", "data", "manifest"),
        *("action", "formaction"),
    }
)
"""Attributes that are one address, on whatever element."""

CANDIDATE_ATTRIBUTES: Final = frozenset({"srcset", "imagesrcset"})
"""Attributes that are addresses with a size each, between commas."""

STYLE_ATTRIBUTES: Final = frozenset(
    {
        *("style", "fill", "stroke", "filter", "mask", "clip-path", "cursor"),
        *("marker-start", "marker-mid", "marker-end"),
    }
)
"""Attributes that are CSS: `style`, and those of SVG that take a `url()`."""

RAW_ELEMENTS: Final = frozenset(
    {
        *("script", "style", "textarea", "title", "xmp"),
        *("iframe", "noembed", "noframes", "noscript"),
    }
)
"""Elements whose content is plain text to a browser, so that a tag inside opens nothing there."""

INSIDE: Final = ("#", "data:", "blob:")
"""
How an address begins that stays in the page. All else leaves: a relative one, for a page has no
folder, and whatever is disguised by case, breaks or blanks.
"""

CSS_LOADERS: Final = frozenset({"@import", "url", "src", "image", "image-set", "-webkit-image-set"})
"""Where a string in a style is an address."""

CSS_ESCAPE: Final = re.compile(
    r"\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|\r\n|[\r\n\f]|(.))", re.IGNORECASE
)
"""A backslash and what it stands for: a code point with one blank after it, a line end, itself."""

CSS_TOKEN: Final = re.compile(
    r"""
    /\*.*?(?:\*/|\Z)
    | "(?P<double>(?:[^"\\\n]|\\.)*+)"?
    | '(?P<single>(?:[^'\\\n]|\\.)*+)'?
    | (?P<word>@?(?:[-\w]|[^\0-\x7f]|\\[0-9a-f]{1,6}\s?|\\[^\n])++)(?P<opens>\(?)
    | [(){};]
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""A comment, a string (one never closed ends with its line), a word, or what nests and ends."""

CSS_BARE_URL: Final = re.compile(r"""\s*+(?!["'])((?:[^)\\]|\\.)*+)\)?""", re.DOTALL)
"""What follows `url(` when it is no string."""

CSS_PICTURE: Final = re.compile(r"""url\(\s*["']?([^"')]+?)["']?\s*\)""")
"""An address in a vendor style sheet."""

CANDIDATE: Final = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])[^,]*")
"""One address of a `srcset` with its sizes; a comma inside the address (`data:`) belongs to it."""

REFRESH: Final = re.compile(r"""[\s\d.]*[;,]?\s*(?:url\s*=\s*)?["']?([^"']*)""", re.IGNORECASE)
"""Where `<meta http-equiv=refresh>` goes after its seconds; `url=` may be left out."""

SCRIPT_BREAK: Final = re.compile(r"<(?=/script|script|!--)", re.IGNORECASE)
"""What inside a script could end it, or keep its end tag from ending it."""

ABSOLUTE: Final = re.compile(r"#|//|[a-z][a-z\d+.-]*:", re.IGNORECASE)
"""How an address in a vendor style sheet begins that names no file beside it."""


def seal(html: str) -> str:
    """
    Turn a page into one file that loads nothing and links nowhere, and return it.

    `<script src="vendor:...">` and `<link rel="stylesheet" href="vendor:...">` become inline
    elements with the text of the vendor file, pictures in a style sheet become `data:` URIs.
    What remains must stay inside: an address may be empty, `about:blank`, a `#fragment`, `data:`
    or `blob:`. A sealed page is returned as it is.

    Parameters
    ----------
    html
        A whole page.

    Returns
    -------
    page
        The page, ready to be written as UTF-8.

    Raises
    ------
    MissingAssetError
        A `vendor:` name that is not among the vendor files.
    OutsideAddressError
        An attribute or a style that leads out of the page.

    Notes
    -----
    Guards against our own oversights, not against hostile script: the text of a script is not
    read, nor is a document inside a `data:` URI. Where Python's parser and a browser might part,
    as at the end of a comment, the text is read once more as markup, so that both are refused.
    """
    page = _with_assets(html)
    _refuse_outside(page)
    return page


@dataclass(frozen=True)
class _Element:
    """One start tag, and where in the source it and its plain text (if it is raw) stand."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    start: int
    text_start: int
    text_end: int


class _Reader(HTMLParser):
    """Reads a text as markup: its elements in order, and what may be markup to a browser."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[_Element] = []
        self.hidden: list[str] = []
        self._raw: _Element | None = None
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", html))]
        self.feed(html)
        self.close()
        if self._raw is not None:
            # A style that is never closed works all the same.
            self._end_raw(self._raw, len(html))
        for element in self.elements:
            if element.name != "script":
                self.hidden.append(html[element.text_start : element.text_end])
            self.hidden += [value for name, value in element.attributes if name == "srcdoc"]
        self.hidden = [text for text in self.hidden if "<" in text]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._element(tag, attrs)
        if tag in RAW_ELEMENTS:
            # The parser alone knows only some of them, and not the same in every version.
            self.set_cdata_mode(tag)
            self._raw = element
        else:
            self.elements.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML ignores the stroke, SVG does not. What follows is read either way, unless it
        # were taken for script.
        if tag == "script":
            self.elements.append(self._element(tag, attrs))
        else:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._raw is not None and tag == self._raw.name:
            self._end_raw(self._raw, self._offset())

    def handle_comment(self, data: str) -> None:
        self.hidden.append(data)

    def unknown_decl(self, data: str) -> None:
        self.hidden.append(data)

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> _Element:
        start = self._offset()
        end = start + len(self.get_starttag_text() or "")
        attributes = tuple((name, value or "") for name, value in attrs)
        return _Element(tag, attributes, start, end, end)

    def _end_raw(self, element: _Element, text_end: int) -> None:
        self.elements.append(replace(element, text_end=text_end))
        self._raw = None

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column


def _with_assets(html: str) -> str:
    """Put the text of the vendor files where a page names them."""
    pieces: list[str] = []
    done = 0
    for element in _Reader(html).elements:
        attributes = dict(element.attributes)
        kept = "".join(
            f' {name}="{escape(attributes[name])}"'
            for name in KEPT_ATTRIBUTES
            if name in attributes
        )
        source, target = attributes.get("src", ""), attributes.get("href", "")
        if element.name == "script" and source.startswith(SCHEME):
            if html[element.text_end : element.text_end + 8].lower() != "</script":
                continue  # Not closed: no script to a browser either, and refused as an address.
            inline = f"<script{kept}>{_script_text(source.removeprefix(SCHEME))}"
            end = element.text_end
        elif element.name == "link" and target.startswith(SCHEME):
            if "stylesheet" not in attributes.get("rel", "").lower().split():
                continue
            inline = f"<style{kept}>{_style_text(target.removeprefix(SCHEME))}</style>"
            end = element.text_start
        else:
            continue
        pieces += [html[done : element.start], inline]
        done = end
    return "".join([*pieces, html[done:]])


def _script_text(name: str) -> str:
    """Read a vendor script so that no string in it can end the element around it."""
    return SCRIPT_BREAK.sub(r"\\x3C", _asset(name).read_text(encoding="utf-8"))


def _style_text(name: str) -> str:
    """Read a vendor style sheet with its pictures inside it."""

    def embedded(match: re.Match[str]) -> str:
        if ABSOLUTE.match(match[1]):
            return match[0]
        picture = _asset(posixpath.join(posixpath.dirname(name), match[1]))
        media = mimetypes.guess_type(picture.name)[0] or "application/octet-stream"
        return f"url(data:{media};base64,{base64.b64encode(picture.read_bytes()).decode()})"

    css = CSS_PICTURE.sub(embedded, _asset(name).read_text(encoding="utf-8"))
    return css.replace("</", "<\\/")


def _asset(name: str) -> Path:
    """Find a vendor file."""
    path = (VENDOR / name).resolve()
    if not (path.is_file() and path.is_relative_to(VENDOR.resolve())):
        raise MissingAssetError(
            f"page: {SCHEME}{name} is not among the files of maps/web/vendor; run `make` in a "
            "checkout or reinstall gridpatrol, and compare the name with MANIFEST.json there"
        )
    return path


def _refuse_outside(html: str) -> None:
    """Raise at the first address that leads out of a page."""
    waiting = [html]
    while waiting:
        text = waiting.pop()
        reader = _Reader(text)
        waiting += reader.hidden  # Each is shorter than the text, so this ends.
        for element in reader.elements:
            css = text[element.text_start : element.text_end] if element.name == "style" else ""
            for place, address in _addresses(element, css):
                if not _stays_inside(address):
                    raise OutsideAddressError(
                        f"page: <{element.name}>, {place}: {address[:120]!r} leaves the page; "
                        "embed it as a data: URI, or add the file to maps/web/vendor and name it "
                        'in <script src="vendor:..."> or <link rel="stylesheet" href="vendor:...">'
                    )


def _addresses(element: _Element, css: str) -> Iterator[tuple[str, str]]:
    """Yield every address of an element, with the place it was found at."""
    refresh = ("http-equiv", "refresh") in (
        (name, value.strip().lower()) for name, value in element.attributes
    )
    for name, value in element.attributes:
        found: Iterator[str] = iter(())
        if name in ADDRESS_ATTRIBUTES:
            found = iter([value])
        elif name in CANDIDATE_ATTRIBUTES:
            found = (match[1] for match in CANDIDATE.finditer(value))
        elif name in STYLE_ATTRIBUTES:
            found = _style_addresses(value)
        elif name == "ping":
            found = iter(value.split())
        elif name == "content" and refresh:
            found = (match[1] for match in [REFRESH.match(value)] if match)
        for address in found:
            yield f"attribute {name}", address
    for address in _style_addresses(css):
        yield "text", address


def _style_addresses(css: str) -> Iterator[str]:
    """Yield every address in a style sheet or declaration, escapes undone."""
    within: list[str] = []
    at = 0
    while token := CSS_TOKEN.search(css, at):
        at = token.end()
        string = token["double"] or token["single"]
        if string and within and within[-1] in CSS_LOADERS:
            yield CSS_ESCAPE.sub(_unescaped, string)
        elif token["word"]:
            word = CSS_ESCAPE.sub(_unescaped, token["word"]).lower()
            bare = CSS_BARE_URL.match(css, at) if word == "url" and token["opens"] else None
            if bare:
                at = bare.end()
                yield CSS_ESCAPE.sub(_unescaped, bare[1])
            elif token["opens"] or word.startswith("@"):
                within.append(word)
        elif token[0] == "(":
            within.append("")
        elif token[0] == ")":
            del within[-1:]
        elif token[0] in {"{", "}", ";"}:
            within.clear()


def _unescaped(match: re.Match[str]) -> str:
    """Undo one CSS escape."""
    if match[1]:
        code = int(match[1], 16)
        return chr(code) if 0 < code <= sys.maxunicode else "\ufffd"
    return match[2] or ""


def _stays_inside(address: str) -> bool:
    """Tell whether a browser stays in the page when it follows an address."""
    plain = address.strip(" \t\n\r\f").lower()
    return plain in {"", "about:blank"} or plain.startswith(INSIDE)
