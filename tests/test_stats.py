"""The pages in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.guide import load_guide
from macros.stats import Counts, counts
from tests.conftest import ENTRY, PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

PLOT = """title: A plot
caption: What it shows {{ cite("monson2020") }}.
measure: Cohen's d
sides: [worse, better]
groups:
  - title: All
    rows:
      - {label: One, source: other2021, sample: 6, comparator: none, estimate: 1.0, interval: [0.5, 1.5]}
"""
RICH = PAGE.replace(
    "A finding {{",
    """{{ reading() }} Three words here, inferred from {{ textcite("monson2020") }}.

- {{ reading() }} A reading.
- Nothing [behind](index.md) this.

!!! reading "This guide's reading"

    A block.

A finding {{""",
)


def test_a_page_is_counted(project: Project) -> None:
    project.write("docs/rich.md", RICH)
    project.write("mkdocs.yml", project.read("mkdocs.yml") + "  claim_coverage: 50\n")
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    expected = Counts("rich.md", 20, 2, 1, "80", cited=1, readings=3, neither=1)
    assert counts(guide.pages["rich.md"], guide) == expected


def test_citations_of_the_data_count_for_their_page(project: Project) -> None:
    project.write("references.bib", ENTRY + ENTRY.replace("monson2020", "other2021").replace("1840123", "1840124"))
    project.write("docs/evidence/plots/a.yml", PLOT.replace("sample: 6", "sample: six"))
    project.write("docs/index.md", PAGE.replace("## Sources", '{{ forest_plot("a") }}\n\n## Sources'))
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    counted = counts(guide.pages["index.md"], guide)
    assert (counted.citations, counted.sources) == (3, 2)


def test_the_table_has_a_row_for_each_page_and_their_sum(project: Project) -> None:
    project.write("docs/about.md", PAGE.replace("reviewed", "kind: guide\nreviewed", 1))
    run = project.run("macros", "stats")
    assert run.returncode == 0, run.stderr
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in run.stdout.splitlines()]
    assert rows[0] == ["page", "words", "citations", "sources", "coverage", "cited", "readings", "neither"]
    assert [row[0] for row in rows[2:]] == ["about.md", "index.md", "2 pages"]
    assert [row[4] for row in rows[2:]] == ["–", "100", ""]
    assert rows[4][2:4] == ["2", "1"]


def test_a_guide_with_problems_is_not_counted(project: Project) -> None:
    project.write("docs/index.md", PAGE.replace("monson2020", "nobody1900"))
    run = project.run("macros", "stats")
    assert run.returncode == 1
    assert "nobody1900" in run.stderr
    assert run.stdout == ""
