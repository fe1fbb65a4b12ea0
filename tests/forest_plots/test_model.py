"""What a plot's file may hold, and what is told when it holds something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from macros.guide import load_guide
from macros.problems import Problem
from tests.conftest import PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

FILE = "docs/evidence/plots/gains.yml"
PLOT = """title: Gains
caption: What may be concluded {{ cite("monson2020") }}.
measure: Hedges g
sides: [favours control, favours therapy]
groups:
  - title: After therapy
    rows:
      - label: First
        source: monson2020
        sample: 6 couples
        comparator: waiting list
        estimate: 0.5
        interval: [-0.1, 1.1]
      - label: Second
        source: monson2020
        sample: 8 couples
        comparator: waiting list
        estimate: "0.20"
        interval: [0.1, "0.30"]
        level: 90
        note: "Read in *two* places."
"""
SHOWING = PAGE.replace("## Sources", '{{ forest_plot("gains") }}\n\n## Sources')


def problems(project: Project, plot: str = PLOT, page: str = SHOWING) -> list[Problem]:
    project.write(FILE, plot)
    project.write("docs/index.md", page)
    return list(load_guide(project.root, render=False).problems)


def test_a_plot_without_faults(project: Project) -> None:
    assert problems(project) == []
    plot = load_guide(project.root, render=False).data["macros.forest_plots"].by_name["gains"].value
    first, second = plot.groups[0].rows
    assert (first.level, second.level) == (95, 90)
    assert (plot.neutral, plot.no_effect, plot.includes_no_effect(first), plot.includes_no_effect(second)) == (
        0,
        "no effect",
        True,
        False,
    )
    assert str(second.estimate) == "0.20", "as the source prints it"


def test_an_interval_that_ends_at_no_effect_includes_it(project: Project) -> None:
    assert problems(project, PLOT.replace("[-0.1, 1.1]", "[0.00, 1.1]")) == []
    plot = load_guide(project.root, render=False).data["macros.forest_plots"].by_name["gains"].value
    assert plot.includes_no_effect(plot.groups[0].rows[0])


def test_a_level_that_the_source_does_not_state(project: Project) -> None:
    assert problems(project, PLOT.replace("level: 90", "level: not stated")) == []
    plot = load_guide(project.root, render=False).data["macros.forest_plots"].by_name["gains"].value
    assert plot.groups[0].rows[1].level is None


def test_a_project_without_plots_has_none(project: Project) -> None:
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    assert guide.data["macros.forest_plots"].files == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("        interval: [-0.1, 1.1]\n", "", 8, "`interval` is missing here.", "Add `interval:`."),
        ("        source: monson2020\n", "", 8, "`source` is missing here.", "Add `source:`."),
        (
            "interval: [-0.1, 1.1]", "interval: [0.6, 1.1]", 13,
            "The interval 0.6 to 1.1 does not hold its estimate, 0.5.",
            "Look both up in the source, and mind their signs.",
        ),
        (
            "interval: [-0.1, 1.1]", "interval: [1.1, -0.1]", 13,
            "The interval 1.1 to -0.1 is the wrong way round.", "Write [-0.1, 1.1].",
        ),
        ("interval: [-0.1, 1.1]", "interval: [-0.1]", 13, "`interval` has 1 entries; it needs at least 2.", ""),
        ("interval: [-0.1, 1.1]", "interval: wide", 13, "`interval` should be a list, and is `wide`.", ""),
        ("interval: [-0.1, 1.1]", "interval: [-0.1, .inf]", 13, "`interval` should be a number, and is `inf`.", ""),
        ("estimate: 0.5", "estimate: large", 12, "`estimate` should be a number, and is `large`.", ""),
        ("level: 90", "level: most", 20, "`level` should be a number, and is `most`.", ""),
        ("level: 90", "level: 0.9", 20, "`level`: Input should be greater than or equal to 50.", ""),
        (
            "measure: Hedges g", "measure: Odds ratio\nscale: log", 14,
            "`interval` holds -0.1, and the scale is that of ratios.",
            "Ratios are above 0. For differences write `scale: linear`.",
        ),
        (
            "estimate: 0.5\n        interval: [-0.1, 1.1]", "estimate: 0.5\n        interval: [-0.1, 112]", 13,
            "`interval` holds 112, which is beyond -100 to 100.", "Look it up: a decimal point may be missing.",
        ),
        (
            "groups:", "axis: [-1, 0.4]\ngroups:", 13,
            "`estimate` is 0.5, which is not on the axis, -1 to 0.4.",
            "Only intervals may leave the axis. Widen `axis`, or leave it out.",
        ),
        (
            "groups:", "axis: [0.1, 2]\ngroups:", 5,
            "The axis 0.1 to 2 does not hold the line of no effect, 0.", "Write its lower end, then its upper end.",
        ),
        ("groups:", "axis: [-1, 200]\ngroups:", 5, "The axis -1 to 200 is wider than a plot can be, -100 to 100.", ""),
        (
            "label: Second", "label: first", 14,
            "The label “first” stands in this group already, on line 8.", "Say how the two rows differ.",
        ),
        ("sides: [favours control, favours therapy]", "sides: [favours control]", 4,
         "`sides` has 1 entries; it needs at least 2.", ""),
        ("measure: Hedges g", "measure: Hedges g\nscale: logarithmic", 4, "`scale` is `logarithmic`.",
         "It is one of `linear`, `log`."),
        ("sample: 6 couples", "samples: 6 couples", 10, "There is no field `samples` here.", "Did you mean `sample`?"),
        ("source: monson2020\n        sample: 8", "source: monson2002\n        sample: 8", 15,
         "There is no source `monson2002`.", "Did you mean `monson2020`?"),
        ("What may be concluded", "What <b>may</b> be concluded", 2, "HTML is not allowed here.",
         "Write it as Markdown."),
        ("*two*", "<i>two</i>", 21, "HTML is not allowed here.", "Write it as Markdown."),
        ("*two* places", "[two](nowhere.md) places", 21, "There is no page `nowhere.md`.",
         "Write the way to the page's file, such as ../safety/index.md."),
    ],
)  # fmt: skip
def test_faults(project: Project, old: str, new: str, line: int, message: str, hint: str) -> None:
    """Each is told with its file and line, and a faulty plot is not called a missing one."""
    assert old in PLOT
    found = [problem for problem in problems(project, PLOT.replace(old, new, 1)) if problem.path == FILE]
    assert Problem(FILE, line, message, hint) in found
    assert not [one for one in load_guide(project.root, render=False).problems if "no plot" in one.message]


def test_a_plot_without_rows_or_groups(project: Project) -> None:
    head, _, _ = PLOT.partition("groups:")
    assert Problem(FILE, 5, "`groups` has 0 entries; it needs at least 1.") in problems(project, head + "groups: []\n")
    empty = head + "groups:\n  - title: None\n    rows: []\n"
    assert Problem(FILE, 7, "`rows` has 0 entries; it needs at least 1.") in problems(project, empty)
    assert [(one.line, one.message) for one in problems(project, "")][:1] == [(1, "The file is empty.")]


def test_all_faults_are_told_at_once(project: Project) -> None:
    wrong = PLOT.replace("[-0.1, 1.1]", "[0.6, 1.1]").replace('[0.1, "0.30"]', "[0.3, 0.1]").replace("Gains", "")
    assert [problem.line for problem in problems(project, wrong)] == [1, 13, 19]


CALL = '{{ forest_plot("gains") }}'


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        ('{{ forest_plot("gain") }}', "There is no plot `gain`.", "Did you mean `gains`?"),
        ('{{ forest_plot("zzz") }}', "There is no plot `zzz`.", "The plots are: gains."),
        ("{{ forest_plot() }}", "`forest_plot()` names no plot.", None),
        ('{{ forest_plot("gains", "gains") }}', "`forest_plot()` shows one plot, and 2 are named.", None),
        ('{{ forest_plot("gains", width="3") }}', "`forest_plot()` has no option `width`.", None),
        ("{{ forest_plot(7) }}", "`forest_plot()` should name its plot as text in quotes.", None),
    ],
)
def test_faulty_calls(project: Project, call: str, message: str, hint: str | None) -> None:
    project.write("docs/other.md", SHOWING)
    write = 'Write {{ forest_plot("name") }}, with the name of a file in evidence/plots.'
    page = SHOWING.replace(CALL, call)
    line = page.split("\n").index(call) + 1
    assert problems(project, page=page) == [Problem("docs/index.md", line, message, hint or write)]


def test_a_plot_stands_once_on_a_page(project: Project) -> None:
    found = problems(project, page=SHOWING.replace(CALL, f"{CALL}\n\n{CALL}"))
    assert [(one.line, one.message) for one in found] == [(12, "The page shows the plot `gains` a second time.")]


def test_a_plot_that_no_page_shows(project: Project) -> None:
    hint = 'Write {{ forest_plot("gains") }} in one, or remove the file.'
    assert problems(project, page=PAGE) == [Problem(FILE, 1, "No page shows this plot.", hint)]


def test_its_citations_are_the_page_s_own(project: Project) -> None:
    page = SHOWING.replace('{{ cite("monson2020") }}', "{{ reading() }}")
    assert problems(project, page=page) == []
    assert load_guide(project.root, render=False).cited_by == {"monson2020": ("index.md",)}
    unlisted = page.replace("{{ references() }}", "None.")
    assert "The page cites sources and does not list them." in [one.message for one in problems(project, page=unlisted)]


def test_ratios_may_not_be_far_off(project: Project) -> None:
    ratios = PLOT.replace("Hedges g", "Odds ratio\nscale: log").replace("-0.1", "0.3")
    assert problems(project, ratios) == []
    message = "`interval` holds 0.0001, which is beyond 0.001 to 1000."
    assert message in [one.message for one in problems(project, ratios.replace("0.3,", "0.0001,"))]
