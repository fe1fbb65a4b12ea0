"""Bad input made up by Hypothesis, and what must never come of it.

The same cases each time, so that a red test is a fault of the change that it comes with. `FUZZ=20 pytest tests/test_fuzz.py`
tries twenty times as many, others each time.
"""

from __future__ import annotations

import os
import random
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from macros.problems import Problem

TIMES = int(os.environ.get("FUZZ", "1"))

#: What breaks out of a text in HTML, Markdown, Jinja, LaTeX, BibTeX, YAML or an address, and what is merely odd.
PIECES = (
    "<x-evil>", "</p><x-evil onx=1>", '"onx="1', "' onx='1", "<script>evil()</script>", "<img src=x onx=1>", "<!--", "-->",
    "]]>", "</title>", "</style>", "<", ">", "&", "&lt;x-evil&gt;", "&#60;x-evil>", '"', "'", "`", "<javascript:evil()>",
    "[x](javascript:evil())", "[x](JaVaScRiPt:evil())", "![x](x)", "[x](data:text/html,<x-evil>)", "[a]: javascript:evil()",
    "*", "_", "**", "# ", "- ", "1. ", "|", "| --- |", "~~~", "    ", "{: onx=1 }", "{ onx=1 }", "[^1]", "$x$", "^", "~",
    "{{", "}}", "{%", "%}", "{#", "#}", '{{ cite("x") }}', '{{ cite("monson2020") }}', "{{ 1/0 }}", "{{ self }}",
    "{{ reading() }}",
    "{", "}", "\\", "\\x{", "\\'e", "\\href{javascript:evil()}{x}", "\\textbf{", "$", "%", "@article{",
    "@string{x = ", "@comment{",
    " and ", ",", "=", "#", "--", "et al.", "n.d.", "2020-02-30", "10.1/x", "https://e.org/<x-evil>", "javascript:evil()",
    ": ", "? ", "- [", "]", "!!python/object:os.system x", "!ENV X", "&a", "*a", "<<: ", "---\n", "...\n",
    "|\n", ">-\n", "\t",
    "null", "~", "0x10", "1e9", "yes", "2026-01-01", "\n", "\r\n", "\r", "\u2028", "\x00", "\x02", "\x03",
    "\x1b", "\ufeff", "\ufffd",
    "\u202e", "\u0301", "ﬁ", "ß", "İ", "😀", "\U000e0001", "../", "/", "//e.org", "%", "%00", "%ff",
    "%3Cx-evil%3E", "9" * 40,
)  # fmt: skip

hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), min_size=1, max_size=7).map("".join)


def hostile_rows(seed: int, rows: int, columns: int) -> list[tuple[str, ...]]:
    """Many at once, for what takes long to start; Hypothesis would take longer to make them up."""
    rng = random.Random(seed)
    return [tuple("".join(rng.choices(PIECES, k=rng.randint(1, 6))) for _ in range(columns)) for _ in range(rows)]


def cases(number: int) -> Callable[..., object]:
    """Say how many cases a test tries."""
    return settings(
        max_examples=number * TIMES, deadline=None, derandomize=TIMES == 1, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )  # fmt: skip


def spoilt(text: str) -> st.SearchStrategy[str]:
    """The text with a few places cut out, written over or added to."""

    def spoil(edits: Iterable[tuple[float, int, str]]) -> str:
        changed = text
        for place, cut, put in edits:
            at = int(place * len(changed))
            changed = changed[:at] + put + changed[at + cut :]
        return changed

    return st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from((0, 0, 1, 2, 7, 30)), st.one_of(st.sampled_from(PIECES), hostile)),
        min_size=1,
        max_size=4,
    ).map(spoil)


class _Reader(HTMLParser):
    """Notes what of a piece of HTML came out of the input instead of the code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "x-evil" or (tag == "script" and not dict(attrs).get("src")):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(name)
            elif name in ("href", "src", "action") and re.match(
                r"[\s\x00-\x1f]*(javascript|vbscript|data):", value or "", re.I
            ):
                self.found.append(f"{name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data[:20]}")


def run_by_browsers(html: str) -> list[str]:
    """What in a piece of HTML a browser would take for markup of the input's own."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def assert_told(problems: Sequence[Problem], path: str, text: str) -> None:
    """Every problem names its file, a line that is there, and what is wrong."""
    lines = len(text.splitlines()) + text.count("\n") + 2
    for problem in problems:
        assert problem.path == path
        assert 0 <= problem.line <= lines
        assert problem.message.strip()
        assert "Traceback" not in problem.message
