"""WCAG 2.2 AA on every page, as far as a program can tell: axe-core, and what a keyboard, a narrow window, large text,
reduced motion and forced colours make of a page. What needs a person is told in `docs/about/accessibility.md`."""

from __future__ import annotations

import importlib.resources
import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Entries of a list are all made alike, so twelve stand for all; to look at hundreds takes minutes.
ALIKE = [[".source:nth-child(n+13)"], [".glossary h3:nth-of-type(n+13)"], [".glossary p:nth-of-type(n+26)"]]
#: Browsers lay out distant entries of a list only when they come near; here all are looked at.
ALL = "* { content-visibility: visible !important }"
RUN = """async ([exclude, options]) => (await axe.run({include: [["html"]], exclude}, options)).violations
  .map(one => [one.id, one.nodes.length, one.nodes[0].target.join(" "), one.nodes[0].failureSummary])"""
STRUCTURE = {"runOnly": TAGS, "resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}

PAGE = "/mechanisms/neuroplasticity.html"


def addresses(site: Path) -> list[str]:
    """All pages; of those that list every path of a tree, made alike and up to 40,000 words long, the shortest."""
    files = sorted(site.rglob("*.html"))
    paths = sorted((one for one in files if one.stem.endswith("-paths")), key=lambda one: one.stat().st_size)
    return [f"/{path.relative_to(site).as_posix()}" for path in files if path not in paths[1:]]


@pytest.fixture
def context(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Makes a page of the browser with given settings, as Playwright's `new_context` takes them."""
    made = []

    def make(width: int = 1280, height: int = 800, **settings: Any) -> Any:
        # Tests put styles of their own into pages, which the content policy would refuse.
        made.append(chromium.new_context(viewport={"width": width, "height": height}, bypass_csp=True, **settings))
        return made[-1].new_page()

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(site, address, context, width):
    page = context(width, reduced_motion="reduce")
    found = {}
    for path in addresses(site):
        page.goto(address + path)
        page.add_style_tag(content=ALL)
        page.evaluate(AXE)
        found[path, "structure"] = page.evaluate(RUN, [ALIKE, STRUCTURE])
        for scheme in ("default", "slate"):
            page.evaluate("scheme => { document.body.dataset.mdColorScheme = scheme }", scheme)
            found[path, scheme] = page.evaluate(RUN, [ALIKE, CONTRAST])
    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_in_what_opens(address, context, scheme, width):
    page = context(width, color_scheme=scheme, reduced_motion="reduce")
    page.goto(address + PAGE)
    page.add_style_tag(content=ALL)
    page.evaluate(AXE)
    page.locator("a.cite").first.focus()
    page.wait_for_selector(".source-card")
    page.locator("details:has(> summary)").first.evaluate("one => { one.open = true }")
    assert page.evaluate(RUN, [ALIKE, STRUCTURE]) == []
    assert page.evaluate(RUN, [ALIKE, CONTRAST]) == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("rapamycin")
    page.wait_for_selector(".md-search-result__item")
    page.wait_for_timeout(500)  # until the results have faded in
    assert page.evaluate(RUN, [ALIKE, STRUCTURE]) == []
    assert page.evaluate(RUN, [ALIKE, CONTRAST]) == []


@pytest.mark.parametrize(("width", "size"), [(320, 100), (1280, 200)])
def test_pages_reflow(site, address, context, width, size):
    """On a screen of 320 pixels, and with text of twice the size, nothing but a region made for it scrolls sideways."""
    page = context(width)
    wide = []
    for path in addresses(site):
        page.goto(address + path)
        if size != 100:
            page.add_style_tag(content=f"html {{ font-size: {125 * size // 100}% !important }}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


def test_every_page_has_one_title_headings_in_order_and_landmarks(site, address, context):
    page = context(java_script_enabled=False)
    faults = []
    for path in addresses(site):
        page.goto(address + path)
        levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
        if levels.count(1) != 1 or levels[0] != 1 or any(low - high > 1 for high, low in itertools.pairwise(levels)):
            faults.append((path, levels))
        for landmark in ("banner", "main", "contentinfo"):
            if page.get_by_role(landmark, include_hidden=True).count() != 1:
                faults.append((path, landmark))
        names = page.locator("nav, aside, [role=search], [role=dialog]").evaluate_all(
            "all => all.map(one => one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.role)"
        )
        if not all(names):
            faults.append((path, names))
    assert faults == []


def test_link_texts_stand_alone(site, address, context):
    page = context()
    vague = re.compile(r"(click |read |see |learn )?(here|more|this|link|page|details|¶)\W*", re.IGNORECASE)
    faults: dict[str, Any] = defaultdict(list)
    for path in addresses(site):
        page.goto(address + path)
        links = page.locator("article a[href]:not([aria-hidden=true])").evaluate_all(
            """all => all.map(one => [
                (one.getAttribute("aria-label") || one.textContent).trim(),
                one.href.baseVal ?? one.href, one.closest("p, li, td, dd, svg, decision-tree") != null])"""
        )
        led: dict[str, set[str]] = defaultdict(set)
        for text, target, in_context in links:
            if not text or vague.fullmatch(text):
                faults[path].append((text, target))
            if not in_context:  # the sentence, entry or question round a link says where it leads
                led[text].add(target)
        faults[path] += [(text, sorted(targets)) for text, targets in led.items() if len(targets) > 1]
    assert {path: found for path, found in faults.items() if found} == {}


STOP = """() => {
  const one = document.activeElement, shown = one.matches(".md-option") ? one.nextElementSibling
    : one.matches(".md-search__input") ? one.form
    : one.matches(".md-nav__toggle:checked") ? one.parentElement.querySelector(".md-nav__title")
    : one.matches(".md-nav__toggle") ? one.parentElement.querySelector("label") : one;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  return {
    what: one.tagName + (one.id ? "#" + one.id : "") + "." + [...one.classList].join("."),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    visible: shown.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 0 && box.height > 0
      && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("path", ["/index.html", "/references.html", PAGE])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_stop_of_the_tab_key_is_seen(address, context, width, path):
    page = context(width, reduced_motion="reduce")
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        stops.append(page.evaluate(STOP))
        if stops[-1]["what"] == "BODY.":
            stops.pop()
            break
    assert [stop for stop in stops if not (stop["ring"] and stop["visible"])] == []
    kinds = Counter(stop["what"].split(".")[1].split(" ")[0] for stop in stops)
    assert kinds["md-skip"] == 1


def test_the_skip_link_leads_past_the_navigation(address, context):
    page = context()
    page.goto(address + PAGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("md-skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main article').contains(document.activeElement)")


def test_the_navigation_opens_and_closes_by_keyboard_on_a_narrow_screen(address, context):
    page = context(360, reduced_motion="reduce")
    page.goto(address + PAGE)
    button = page.get_by_role("button", name="Navigation")
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    inside = "document.querySelector('.md-sidebar--primary').contains(document.activeElement)"
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("one => one === document.activeElement")
    page.keyboard.press("Space")
    assert page.evaluate(inside)
    # Whoever tabs out of it goes on in the page, and it closes.
    for _ in range(40):
        page.keyboard.press("Tab")
        if not page.evaluate(inside):
            break
    assert button.get_attribute("aria-expanded") == "false"


def test_each_level_of_the_narrow_navigation_can_be_reached(address, context):
    page = context(360, reduced_motion="reduce")
    page.goto(address + "/index.html")
    page.get_by_role("button", name="Navigation").focus()
    page.keyboard.press("Enter")
    section = page.get_by_role("checkbox", name="Mechanisms")
    link = page.locator(".md-sidebar--primary").get_by_role("link", name="Reduced avoidance", exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(STOP)["ring"], page.evaluate(STOP)
        if section.evaluate("one => one === document.activeElement"):
            break
    assert not link.is_visible()
    page.keyboard.press("Space")
    assert link.is_visible()
    for _ in range(10):
        page.keyboard.press("Tab")
        assert page.evaluate(STOP)["ring"], page.evaluate(STOP)
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/reduced-avoidance.html")


def test_the_count_of_results_is_announced(address, context):
    page = context()
    page.goto(address + PAGE)
    page.keyboard.press("/")
    page.keyboard.type("rapamycin")
    page.wait_for_function(
        "document.querySelector('[role=status].md-search-result__meta').textContent.includes('matching')"
    )
    assert page.get_by_role("dialog", name="Search").count() == 1


def test_nothing_moves_for_people_who_asked_for_that(address, context):
    page = context(reduced_motion="reduce")
    page.goto(address + PAGE)
    page.locator("a.cite").first.focus()
    moving = page.evaluate("""[...document.querySelectorAll("*")].filter(one => {
        const style = getComputedStyle(one);
        return parseFloat(style.transitionDuration) > 0.01 && style.transitionProperty !== "none"
          || style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01
          || style.scrollBehavior === "smooth";
    }).map(one => one.tagName + "." + one.className)""")
    assert moving == []


def test_forced_colours_leave_every_meaning(address, context):
    page = context(forced_colors="active")
    page.goto(address + PAGE)
    line = "one => getComputedStyle(one).textDecorationLine"
    assert page.locator("article a.cite").first.evaluate(line) == "underline"
    border = "one => parseFloat(getComputedStyle(one).borderLeftWidth) > 0"  # 0 if there is none
    for label in page.locator(".reading").all():
        assert label.evaluate(border)
    page.locator("a.cite").first.focus()
    page.wait_for_selector(".source-card")
    assert page.locator(".source-card").evaluate(border)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate(STOP)["ring"]
