"""LaTeX in BibTeX fields to text, with the little markup that titles need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Markup = Literal["", "i", "b", "sup", "sub", "nocase"]

_SPECIAL = re.compile(r"[\\{}$~`]|--|''|\^")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000\ue001]")
_PLAIN = re.compile(r"(?:[^\\{}$~`'^\s-]|-(?!-)| (?! ))*")
_UNESCAPED = re.compile(r"(?<!\\)([%&#])")
_STYLES: dict[str, Markup] = {
    "emph": "i", "textit": "i", "textsl": "i", "mkbibemph": "i", "textbf": "b", "mkbibbold": "b",
    "textsuperscript": "sup", "mkbibsuperscript": "sup", "textsubscript": "sub",
}  # fmt: skip
#: Macros with one argument that pylatexenc does not know.
_KNOWN = (*_STYLES, "enquote", "mkbibquote", "textup", "textrm", "mbox", "text")
_SWITCHES: dict[str, Markup] = {"em": "i", "it": "i", "itshape": "i", "sl": "i", "bf": "b", "bfseries": "b"}
_SIGNS = {
    "textless": "<", "textgreater": ">", "textasciitilde": "~", "textbackslash": "\\", "textunderscore": "_",
    "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}",
}  # fmt: skip
_SCRIPT = re.compile(r"(?<!\\)\$\s*(?:\{\})?([_^])(?:\{([^{}$]*)\}|([^{}$\\]))\s*\$")
_DASHES = {"---": "—", "--": "–", "``": "“", "''": "”", "~": "\N{NO-BREAK SPACE}"}


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style.

    Attributes:
        text: the text; no markup in it, `<` and `&` stand for themselves.
        markup: how it is set; `nocase` means that its capitals are kept.
    """

    text: str
    markup: Markup = ""


@cache
def _to_text() -> Any:  # noqa: ANN401 - pylatexenc has no types
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415

    return LatexNodes2Text(math_mode="text", strict_latex_spaces=True, keep_comments=True)


@cache
def _context() -> Any:  # noqa: ANN401
    from pylatexenc.latexwalker import get_default_latex_context_db  # noqa: PLC0415
    from pylatexenc.macrospec import std_macro  # noqa: PLC0415

    context = get_default_latex_context_db()
    context.add_context_category("guide", macros=[std_macro(name, False, 1) for name in _KNOWN], prepend=True)
    return context


def runs(latex: str) -> tuple[Run, ...]:
    """Read LaTeX as BibTeX fields hold it; what cannot be understood is kept as text, and nothing is raised.

    Args:
        latex: the field's value.
    """
    latex = _CONTROL.sub("", re.sub(r"\s+", " ", latex)).strip()
    latex = latex if "\\" in latex else latex.replace("---", "—").replace("--", "–")
    simple = re.sub(r"\\([%&#$_])", r"\1", latex)
    if not _SPECIAL.search(simple) or (simple != latex and not _SPECIAL.search(re.sub(r"[%$]", "", simple))):
        return (Run(simple),) if simple else ()
    from pylatexenc import latexwalker  # noqa: PLC0415 - slow to import, and most fields are plain

    # Sub- and superscripts are all that titles have of maths; a lone dollar is money.
    latex = _SCRIPT.sub(
        lambda match: f"\\text{'sub' if match[1] == '_' else 'super'}script{{{match[2] or match[3]}}}", latex
    )
    if len(re.findall(r"(?<!\\)\$", latex)) % 2:
        latex = re.sub(r"(?<!\\)\$", r"\\$", latex)
    # In BibTeX these need no backslash, in LaTeX they do.
    escaped = _UNESCAPED.sub(r"\\\1", latex)
    found: list[Run] = []
    try:
        nodes, _, _ = latexwalker.LatexWalker(
            escaped, latex_context=_context(), tolerant_parsing=True
        ).get_latex_nodes()
        _walk(nodes, "", found)
    except Exception:
        return (Run(re.sub(r"[{}\\]", "", latex)),)
    joined: list[Run] = []
    for run in found:
        if joined and joined[-1].markup == run.markup:
            joined[-1] = Run(joined[-1].text + run.text, run.markup)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def plain(latex: str) -> str:
    """Read LaTeX as text without markup.

    Args:
        latex: the field's value.
    """
    if _PLAIN.fullmatch(latex) and not _CONTROL.search(latex):
        return latex.strip()
    return "".join(run.text for run in runs(latex))


def _walk(nodes: Any, markup: Markup, found: list[Run]) -> None:  # noqa: ANN401
    from pylatexenc import latexwalker  # noqa: PLC0415

    for node in nodes or ():
        if node is None:
            continue
        if node.isNodeType(latexwalker.LatexCharsNode):
            found.append(Run(node.chars, markup))
        elif node.isNodeType(latexwalker.LatexSpecialsNode):
            found.append(Run(_DASHES.get(node.specials_chars, node.specials_chars), markup))
        elif node.isNodeType(latexwalker.LatexGroupNode):
            inner: list[Run] = []
            first = node.nodelist[0] if node.nodelist else None
            if first is not None and first.isNodeType(latexwalker.LatexMacroNode) and first.macroname in _SWITCHES:
                _walk(node.nodelist[1:], _SWITCHES[first.macroname], found)
                continue
            _walk(node.nodelist, markup, inner)
            # `{\"u}` is one letter; braces around anything else keep its capitals.
            accent = len(node.nodelist) == 1 and node.nodelist[0].isNodeType(latexwalker.LatexMacroNode)
            if accent or markup:
                found.extend(inner)
            else:
                found.extend(Run(run.text, run.markup or "nocase") for run in inner)
        elif node.isNodeType(latexwalker.LatexMacroNode):
            _walk_macro(node, markup, found)
        else:
            found.append(Run(_to_text().nodelist_to_text([node]), markup))


def _walk_macro(node: Any, markup: Markup, found: list[Run]) -> None:  # noqa: ANN401
    from pylatexenc import latexwalker  # noqa: PLC0415

    name = node.macroname
    arguments = [argument for argument in (node.nodeargd.argnlist if node.nodeargd else ()) if argument is not None]
    if name in _SIGNS:
        found.append(Run(_SIGNS[name], markup))
    elif name in ("enquote", "mkbibquote") and arguments:
        found.append(Run("“", markup))
        last = arguments[-1]
        _walk(last.nodelist if last.isNodeType(latexwalker.LatexGroupNode) else [last], markup, found)
        found.append(Run("”", markup))
    elif name in _STYLES and arguments:
        inner: list[Run] = []
        _walk([arguments[-1]], _STYLES[name], inner)
        found.extend(inner)
    elif name in ("href", "url", "path", "texttt", "textsc", "textup", "textrm", "text", "mbox") and arguments:
        inner = []
        last = arguments[-1]
        _walk(last.nodelist if last.isNodeType(latexwalker.LatexGroupNode) else [last], markup, inner)
        found.extend(inner)
    else:
        text = _to_text().nodelist_to_text([node])
        # A macro that nobody knows is shown as it was written.
        found.append(Run(text or (f"\\{name}" if name.isalpha() and not arguments else ""), markup))
        if not text and name.isalpha():
            _walk(arguments, markup, found)
        trailing = getattr(node, "macro_post_space", "")
        if trailing and not arguments and text and not name.isalpha():
            found.append(Run(trailing, markup))
