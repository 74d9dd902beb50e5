"""One file, nothing outside: the seal refuses every way out and changes nothing else."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps import offline
from maps.errors import MapsError, MissingAssetError, OutsideAddressError
from maps.offline import VENDOR, seal

if TYPE_CHECKING:
    from pathlib import Path

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

OUTSIDE = (
    "http://a.example/x",
    "https://a.example",
    "//a.example/x",
    "\\\\a.example\\x",
    "ftp://a.example",
    "ws://a.example",
    "wss://a.example",
    "file:///x",
    "mailto:x@a.example",
    "javascript:x()",
    "vbscript:x",
    "x.png",
    "./x",
    "../x",
    "/x",
    "?x",
    "about:config",
    "vendor:leaflet/leaflet.js",
)

INSIDE = ("", " ", "#", "#part", "about:blank", "data:,x", "DATA:image/png;base64,AA", "blob:x")

ADDRESS_PLACES = (
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("a", "href"),
    ("link", "href"),
    ("base", "href"),
    ("area", "href"),
    ("use", "xlink:href"),
    ("image", "href"),
    ("img", "srcset"),
    ("source", "srcset"),
    ("link", "imagesrcset"),
    ("video", "poster"),
    ("form", "action"),
    ("button", "formaction"),
    ("object", "data"),
    ("td", "background"),
    ("a", "ping"),
    ("html", "manifest"),
)

STYLES = (
    "url({})",
    "url( '{}' )",
    'URL("{}")',
    "x;background:url({})",
    "u\\72l('{}')",
    "image-set('{}' 1x)",
    "-webkit-image-set('data:,x' type('image/png'), '{}' 2x)",
    "url(data:,x), url({})",
    "image-set('#a' calc((1) * 1x), '{}' 2x)",
    'content:"url(\'#";background:url({});content:"\'"',
)


def refused(html: str) -> bool:
    """Tell whether the seal refuses a text as leading outside."""
    try:
        seal(html)
    except OutsideAddressError:
        return True
    return False


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """Draw an outside address as a browser would still understand it: case, blanks, breaks."""
    address = draw(st.sampled_from(OUTSIDE))
    letters = [draw(st.sampled_from((letter, letter.upper()))) for letter in address]
    for _ in range(draw(st.integers(0, 2))):
        letters.insert(draw(st.integers(0, len(letters))), draw(st.sampled_from("\t\n\r")))
    blanks = st.text("\x01\x1f \n", max_size=2)
    return draw(blanks) + "".join(letters) + draw(blanks)


@st.composite
def attribute(draw: st.DrawFn, name: str, value: str) -> str:
    """Draw a way to write an attribute: its case, its quotes, some letters as references."""
    written = "".join(
        draw(st.sampled_from((escape(letter), f"&#{ord(letter)};", f"&#x{ord(letter):X};")))
        for letter in value
    )
    quote = draw(st.sampled_from("\"'"))
    if draw(st.booleans()):
        # Without quotes, what would end the value has to be written as a reference.
        written = "".join(
            f"&#{ord(letter)};" if letter <= " " or letter in "\"'=<>`/" else letter
            for letter in written
        )
        quote = "" if written else '"'
    space = draw(st.sampled_from((" ", "\n", "\t", "  ")))
    name = draw(st.sampled_from((name, name.upper(), name.title())))
    return f"{space}{name}{draw(st.sampled_from(('=', ' = ')))}{quote}{written}{quote}"


@st.composite
def placed(draw: st.DrawFn, tag: str) -> str:
    """Draw a page around a start tag."""
    before = draw(st.sampled_from(("", "<!doctype html><html><body>", "<p title='>'>x", "<svg>")))
    after = draw(st.sampled_from(("", "</p>", "text &amp; text", "<b id=x>", "\n<!-- end -->")))
    text = escape(draw(st.text(max_size=10)))
    return f"{before}{text}{tag}{after}"


@pytest.mark.parametrize(("element", "name"), ADDRESS_PLACES)
def test_an_attribute_that_loads_or_links_is_read(element: str, name: str) -> None:
    """Each of them once, so that none depends on the luck of a draw."""
    assert refused(f"<{element} {name}=http://a.example>")


@pytest.mark.parametrize("css", STYLES)
def test_a_style_that_loads_is_read(css: str) -> None:
    """Each of them once, in an attribute and in an element."""
    css = css.format("http://a.example")
    assert refused(f"<style>a{{b:{css}}}</style>")
    assert refused(f"<b style='{escape(css)}'>")


@pytest.mark.parametrize(
    "name", ["iframe", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp"]
)
def test_a_script_that_is_only_text_hides_nothing(name: str) -> None:
    """To a browser the inner element never opens, and the picture is loaded."""
    assert refused(f"<{name}><script></{name}><img src=http://a.example></script>")


@given(st.data())
def test_an_outside_address_is_refused_on_every_attribute(data: st.DataObject) -> None:
    """However the attribute is written and whatever stands around it."""
    element, name = data.draw(st.sampled_from(ADDRESS_PLACES))
    value = data.draw(disguised())
    if name in {"srcset", "imagesrcset", "ping"}:
        value = data.draw(st.sampled_from(OUTSIDE))
    if "srcset" in name:
        value = data.draw(st.sampled_from(("{}", "{} 2x", "data:,a,b 1x, {} 2x", ",{},"))).format(
            value
        )
    others = "".join(
        data.draw(
            st.lists(st.sampled_from((" id=x", " alt='a > b'", " hidden", ' href="#"')), max_size=2)
        )
    )
    tag = f"<{element}{others}{data.draw(attribute(name, value))}>"
    assert refused(data.draw(placed(tag)))


@given(st.data())
def test_an_outside_address_is_refused_in_every_style(data: st.DataObject) -> None:
    """In attributes and in style elements, escaped or not, alone or after an inside one."""
    address = data.draw(st.sampled_from([a for a in OUTSIDE if "\\" not in a]))
    written = "".join(
        data.draw(st.sampled_from((letter, f"\\{ord(letter):x} ", f"\\{ord(letter):06X}")))
        for letter in address
    )
    css = data.draw(st.sampled_from(STYLES)).format(written)
    place = data.draw(st.sampled_from(("style", "fill", "filter", "mask", "cursor", "")))
    if place:
        tag = f"<g{data.draw(attribute(place, css))}>"
    else:
        tag = f"<style>a{{b:{css}}}{data.draw(st.sampled_from(('</style>', '</STYLE >', '')))}"
    assert refused(data.draw(placed(tag)) if place else tag)


@pytest.mark.parametrize(
    "css",
    [
        '@import "http://a.example";',
        "@IMPORT 'x.css' screen;",
        "@import url(//a.example);",
        '@import/**/"http://a.example"',
        '@\\69mport "http://a.example"',
        "/* a */ @import\nurl( 'http://a.example' )",
        "@font-face{src:local(x), url(f.woff2)}",
        'a{b:"never closed\n} c{d:url(http://a.example)}',
        "a{b:url(http://a.example",
        "a{b:url(data:,/*)} c{d:url(http://a.example)}",
        "/* it's */ a{b:url(http://a.example)}",
    ],
)
def test_a_style_sheet_may_not_fetch(css: str) -> None:
    """Neither another sheet nor a font or picture, comments and escapes or not."""
    assert refused(f"<style>{css}</style>")


@pytest.mark.parametrize(
    "content",
    ["0;url=http://a.example", "5; URL = 'x.html'", "0,//a.example", "1 http://a.example", ";x"],
)
def test_a_refresh_may_not_leave(content: str) -> None:
    """A browser understands a refresh without `url=`, too."""
    page = f'<meta content="{content}" http-equiv=" Refresh ">'
    assert refused(page)
    assert not refused(page.replace("Refresh", "description"))


@pytest.mark.parametrize("content", ["5", "", "0, #top", "0;url=#top", "3; url='about:blank'"])
def test_a_refresh_of_the_page_itself_is_fine(content: str) -> None:
    """Seconds alone, or a part of the page."""
    page = f'<meta http-equiv="refresh" content="{content}">'
    assert seal(page) == page


@pytest.mark.parametrize(
    "html",
    [
        "<!--><img src=http://a.example>-->",
        "<!-- --!><img src=http://a.example> -->",
        "<!--[if IE]><script src=http://a.example></script><![endif]-->",
        "<![CDATA[><img src=http://a.example>]]>",
        "<![CDATA[><img src=http://a.example>",
        "<textarea><style></textarea><img src=http://a.example>",
        "<noscript><img src=http://a.example></noscript>",
        "<svg><style><img src=http://a.example></style></svg>",
        "<script/><img src=http://a.example></script>",
        "<style/>@import 'http://a.example'</style>",
        '<iframe srcdoc="&lt;img src=http://a.example&gt;"></iframe>',
        "<iframe srcdoc='&lt;!--&gt;&lt;iframe srcdoc=&quot;&amp;lt;a href=x>&quot;>-->'></iframe>",
        "<IMG\nSRC\n=\nhttp://a.example\n>",
        "<img/src='http://a.example'/>",
        "<a href=# href=http://a.example>",
        "<a ping='#a http://a.example'>",
        "<link rel=icon href=vendor:leaflet/images/layers.png>",
        "<script src=vendor:leaflet/leaflet.js>never closed",
    ],
)
def test_what_only_a_browser_sees_as_a_tag_is_refused(html: str) -> None:
    """Python's parser and a browser part here; the stricter reading counts."""
    assert refused(html)


def test_the_message_names_element_attribute_and_address() -> None:
    """And what to do next."""
    with pytest.raises(
        OutsideAddressError, match=r"<img>, attribute srcset: 'http://a\.example/x'"
    ):
        seal('<p><IMG srcset="#a 1x, http://a.example/x 2x">')
    with pytest.raises(
        OutsideAddressError, match=r"<style>, text: 'x\.png' leaves the page; embed it"
    ):
        seal("<style>a{background:url(x.png)}</style>")


def test_the_errors_are_what_a_stranger_would_catch() -> None:
    """One family, and the built-in beside it."""
    assert issubclass(OutsideAddressError, MapsError)
    assert issubclass(OutsideAddressError, ValueError)
    assert issubclass(MissingAssetError, MapsError)
    assert issubclass(MissingAssetError, LookupError)


@given(st.data())
def test_a_page_that_stays_inside_is_returned_as_it_is(data: st.DataObject) -> None:
    """Byte for byte: addresses in text, comments, strings and scripts load nothing."""
    address = st.sampled_from(INSIDE)
    parts = data.draw(
        st.lists(
            st.one_of(
                st.builds("<a href='{}'>".format, address),
                st.builds('<img src="{}"/>'.format, address),
                st.builds("<i style='background:url({})'>".format, address),
                st.builds(
                    '<style>@import "{}"; a{{content:"http://a.example"}}</style>'.format, address
                ),
                st.builds("<img srcset='#a 1x, {}'>".format, address),
                st.text().map(escape),
                st.sampled_from(
                    (
                        '<script>L.prefix = "<a href=https://a.example>";\n</script>',
                        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>\r\n',
                        "<!-- see http://a.example -->",
                        "<style>/* url(x) */ a{b:'url(x)';c:url(data:,'x' url(y)}</style>",
                        "<p title='http://a.example'>http://a.example &lt;img src=x&gt;</p>",
                        "<textarea>x</textarea><title>巡防</title>",
                    )
                ),
            ),
            max_size=6,
        )
    )
    page = "<!DOCTYPE html>\n" + "".join(parts)
    assert seal(page) == page


@pytest.mark.parametrize("address", [*INSIDE, " #a\n", "\tdata:,x "])
def test_an_address_inside_is_fine(address: str) -> None:
    """With the blanks around it that a browser cuts off."""
    page = f"<a href='{address}'>"
    assert seal(page) == page


def test_a_comma_inside_an_address_belongs_to_it() -> None:
    """A list of pictures may hold some that are written out."""
    page = '<img srcset="data:image/png;base64,AA 1x, data:,a,b, #c 2x">'
    assert seal(page) == page


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a vendor folder of one small package in the place of the real one."""
    package = tmp_path / "vendor" / "p"
    (package / "images").mkdir(parents=True)
    (package / "a.js").write_text('x = "</SCRIPT><!--<script>" /* 巡 */', encoding="utf-8")
    (package / "a.css").write_text(
        "a{b:url(images/dot.png)}\nc{d:url( '../p/images/dot.png' )}\n"
        "e{behavior:url(#default#VML);content:'</style>'}",
        encoding="utf-8",
    )
    (package / "far.css").write_text("a{b:url(http://a.example/x.png)}", encoding="utf-8")
    (package / "lost.css").write_text("a{b:url(lost.png)}", encoding="utf-8")
    (package / "images" / "dot.png").write_bytes(PNG)
    (tmp_path / "secret.js").write_text("", encoding="utf-8")
    monkeypatch.setattr(offline, "VENDOR", package.parent)
    return package.parent


@pytest.mark.usefixtures("vendor")
def test_a_vendor_script_stands_in_the_page_and_cannot_end_it() -> None:
    """The text is escaped, the type kept, the rest of the page untouched."""
    page = '<a>\n<script src="vendor:p/a.js" id="a&quot;&amp;" type="module" async> </script>\n<b>'
    inline = 'x = "\\x3C/SCRIPT>\\x3C!--\\x3Cscript>" /* 巡 */'
    assert seal(page) == (f'<a>\n<script id="a&quot;&amp;" type="module">{inline}</script>\n<b>')


@pytest.mark.usefixtures("vendor")
def test_a_vendor_style_carries_its_pictures() -> None:
    """Relative to the style sheet, as data: URIs."""
    picture = f"url(data:image/png;base64,{base64.b64encode(PNG).decode()})"
    page = '<p><link rel="stylesheet" href="vendor:p/a.css" media="print"/><p>'
    assert seal(page) == (
        f'<p><style media="print">a{{b:{picture}}}\nc{{d:{picture}}}\n'
        "e{behavior:url(#default#VML);content:'<\\/style>'}</style><p>"
    )


@pytest.mark.usefixtures("vendor")
def test_sealing_twice_is_sealing_once() -> None:
    """Names in any case are replaced, the text of a script is not."""
    page = seal(
        '<html><script src="vendor:p/a.js"></script><LINK HREF=vendor:p/a.css REL=StyleSheet>'
        "<script>var s = '<script src=\"vendor:p/a.js\">';</script></html>"
    )
    assert seal(page) == page
    assert page.count('src="vendor:') == 1  # Only what is text of a script.


@pytest.mark.usefixtures("vendor")
@pytest.mark.parametrize(
    "name", ["p/b.js", "p", "", "../secret.js", "/etc/hostname", "P\\a.js", "p/../../secret.js"]
)
def test_a_name_outside_the_vendor_files_is_missing(name: str) -> None:
    """No way up, no folder, no name that only some file systems know."""
    with pytest.raises(MissingAssetError, match=r"is not among .* run `make` .* reinstall"):
        seal(f'<script src="vendor:{name}"></script>')


@pytest.mark.usefixtures("vendor")
def test_a_style_sheet_without_its_picture_is_not_inlined_by_half() -> None:
    """Missing beside it is missing, far away is outside."""
    with pytest.raises(MissingAssetError, match=r"vendor:p/lost\.png"):
        seal('<link rel="stylesheet" href="vendor:p/lost.css">')
    assert refused('<link rel="stylesheet" href="vendor:p/far.css">')


def test_leaflet_and_its_clusters_fit_in_one_page() -> None:
    """The real files, as the build hook leaves them."""
    assets = [
        '<script src="vendor:leaflet/leaflet.js"></script>',
        '<script src="vendor:leaflet.markercluster/leaflet.markercluster.js"></script>',
        '<link rel="stylesheet" href="vendor:leaflet/leaflet.css"/>',
        '<link rel="stylesheet" href="vendor:leaflet.markercluster/MarkerCluster.css"/>',
        '<link rel="stylesheet" href="vendor:leaflet.markercluster/MarkerCluster.Default.css"/>',
    ]
    page = seal("\n".join(assets))
    assert "vendor:" not in page
    assert "sourceMappingURL" not in page
    assert page.count("data:image/png;base64,") == 3
    assert (VENDOR / "leaflet" / "leaflet.js").read_text(encoding="utf-8") in page
    assert seal(page) == page
