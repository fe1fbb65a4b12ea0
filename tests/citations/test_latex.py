"""LaTeX in BibTeX fields to text: accents, dashes, markup, and what nobody understands."""

from __future__ import annotations

import pytest

from macros.citations.latex import Run, plain, runs


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        # The same letter in all the ways that reference managers write it.
        (r"M\"uller", "Müller"),
        (r"M\"{u}ller", "Müller"),
        (r"M{\"u}ller", "Müller"),
        (r"M{\"{u}}ller", "Müller"),
        ("Müller", "Müller"),
        # Letters before the accent's braces, after a macro's space, and at the end.
        (r"\v{C}apek", "Čapek"),
        (r"Dvo{\v r}{\'a}k", "Dvořák"),
        (r"Bene\v{s}", "Beneš"),
        (r"Garc\'{\i}a", "García"),
        (r"Garc{\'\i}a", "García"),
        (r"Espa{\~n}a", "España"),
        (r"{\c C}elik, {\c{S}}\"ukr\"u", "Çelik, Şükrü"),
        (r"Erd\H{o}s", "Erdős"),
        # Letters that are macros of their own.
        (r"{\O}stergaard", "Østergaard"),
        (r"\O{}stergaard", "Østergaard"),
        (r"\O stergaard", "Østergaard"),
        (r"S{\o}ren", "Søren"),
        (r"Stra{\ss}e", "Straße"),
        (r"Stra\ss{}e", "Straße"),
        (r"{\AA}ngstr{\"o}m", "Ångström"),
        (r"{\L}{\'o}d{\'z}", "Łódź"),
        # Signs.
        ("1--9", "1–9"),
        ("before---after", "before—after"),
        ("trade-off", "trade-off"),
        ("``quoted''", "“quoted”"),
        ("the couple's", "the couple's"),
        (r"O{\textquoteright}Brien", "O’Brien"),
        ("p.~4", "p.\N{NO-BREAK SPACE}4"),
        (r"$\alpha$-blocker", "α-blocker"),
        ("$p<0.05$", "p<0.05"),
        ("p {$<$} .05", "p < .05"),
        (r"{\textregistered}", "®"),
        # What LaTeX escapes; in BibTeX people often do not.
        (r"R\&D 50\% a\_b \#1 \$5", "R&D 50% a_b #1 $5"),
        ("R&D 50% a_b #1", "R&D 50% a_b #1"),
        (r"{R}&{D} 50% \emph{of} #1", "R&D 50% of #1"),
        (r"Spravato\textregistered{} costs \$590", "Spravato® costs $590"),
        # Braces that mean nothing in text, and lines broken by an editor.
        ("{{World Health} Organization}", "World Health Organization"),
        ("two\n    lines", "two lines"),
        (r"see \url{https://example.org/a_b}", "see https://example.org/a_b"),
        ("", ""),
        (r"p {\textless} .05", "p < .05"),
        (r"p \textgreater{} .05", "p > .05"),
        (r"\enquote{Love} matters", "“Love” matters"),
    ],
)
def test_text(latex: str, text: str) -> None:
    assert plain(latex) == text


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("no markup", [("no markup", "")]),
        (r"{MDMA} and \emph{Cannabis} use", [("MDMA", "nocase"), (" and ", ""), ("Cannabis", "i"), (" use", "")]),
        (r"\textit{in {Vivo}}", [("in Vivo", "i")]),
        (r"\textbf{bold}", [("bold", "b")]),
        (r"{{Double} {Braces}}", [("Double Braces", "nocase")]),
        # An accent's braces protect nothing: BibTeX calls this a special character.
        (r"{\"U}ber {\'E}tudes", [("Über Études", "")]),
        (
            r"the 10\textsuperscript{th}", [("the 10", ""), ("th", "sup")],
        ),
        (
            r"CO\textsubscript{2}", [("CO", ""), ("2", "sub")],
        ),
        (
            r"\mkbibemph{Salvia}", [("Salvia", "i")],
        ),
        (
            r"{\em Salvia} use", [("Salvia", "i"), (" use", "")],
        ),
        (
            "5-HT$_{2A}$", [("5-HT", ""), ("2A", "sub")]
        ),
    ],
)  # fmt: skip
def test_markup(latex: str, expected: list[tuple[str, str]]) -> None:
    assert [(run.text, run.markup) for run in runs(latex)] == expected


@pytest.mark.parametrize(
    "latex",
    [
        "{", "}", "{a", "a}", "\\", "$", "$x", "a $ b", r"\emph{", r"\emph", r"\begin{x}", r"\end{x}", r"\"", r"\frac",
        r"\url{", "^", "_", "~", "%", "&", "#", "<b>", "\x00", r"\\", r"\textit{a {b}",
        r"\href{https://example.org}{label}",
        r"\href{javascript:alert(1)}{x}",
        r"\verb",
        r"\sqrt[",
    ],
)  # fmt: skip
def test_nothing_is_raised(latex: str) -> None:
    assert all(isinstance(run, Run) for run in runs(latex))
    assert isinstance(plain(latex), str)


@pytest.mark.parametrize(
    ("latex", "word"),
    [
        ("an {open brace", "open brace"),
        (r"\unknown{argument}", "argument"),
        (r"\begin{center}kept\end{center}", "kept"),
        ("costs $ 5", "5"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (r"C:\storage", r"\storage"),
        ("costs $5", "$5"),
    ],
)
def test_what_is_not_understood_stays(latex: str, word: str) -> None:
    assert word in plain(latex)


def test_no_file_is_read() -> None:
    assert plain(r"\input{/etc/passwd}") == "/etc/passwd"


@pytest.mark.parametrize("text", ["plain", "with - hyphen", "R&D", "50%", "{braces} -- and dash", r"M\"uller", "a  b"])
def test_shortcut_for_plain_fields_changes_nothing(text: str) -> None:
    assert plain(text) == "".join(run.text for run in runs(text))
