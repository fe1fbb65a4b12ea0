"""The guide's own trees, and trees made up at random: paths, safety, HTML, picture and files."""

from __future__ import annotations

import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import yaml
from bs4 import BeautifulSoup

from macros import decision_trees
from macros.data_files import parse_data
from macros.decision_trees.export import as_json, as_mermaid, downloads, schema_text
from macros.decision_trees.flowchart import Box, Edge, draw, lay_out, text_width, wrap
from macros.decision_trees.html import TreePage, anchor, ends, reading_order
from macros.decision_trees.model import HANDOVER, VERDICTS, Tree, answer_ids
from macros.decision_trees.paths import all_paths, columns, count_paths, goes_on, in_order, past, questions_left
from macros.decision_trees.proof import prove
from macros.expansion import PageContext
from macros.guide import Guide, load_guide
from macros.markdown_blocks import NAME, put_in_lines
from tests.conftest import CONFIG, ROOT
from tests.decision_trees.examples import PATHS_PAGE, TREE, made_up, with_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Project

FILES = sorted((ROOT / "docs" / "decisions").glob("*.yml"))
NAMES = [file.stem for file in FILES]
#: Most have the size of real trees; the last ones are as large as the format is meant for.
SIZES = [4 + seed % 17 for seed in range(196)] + [200] * 4


def read(text: str) -> Tree:
    file, problems = parse_data(text, "tree.yml", Tree)
    assert file is not None, problems
    return file.value


def page_of(name: str, tree: Tree) -> TreePage:
    others = {node.removeprefix(HANDOVER): "Another tree" for node in goes_on(tree) if node.startswith(HANDOVER)}
    return TreePage(
        name,
        tree,
        written={place: "<p>Text.</p>" for place in reading_order(tree) if place[2] != "help"},
        titles=others,
        link=lambda target: target,
        tree_link=lambda other: f"{other}.html",
    )


def tree_of(name: str) -> Tree:
    return read((ROOT / "docs" / "decisions" / f"{name}.yml").read_text("utf-8"))


def test_nine_trees_are_there() -> None:
    assert len(NAMES) == 9


@pytest.mark.parametrize("name", NAMES)
def test_no_path_goes_on_past_a_safety_question(name: str) -> None:
    tree = tree_of(name)
    proof = prove(tree)
    assert proof.unsafe == ()
    assert proof.safety > 0
    assert 0 < proof.onward < proof.paths == count_paths(tree)
    assert all(past(tree, question) is None for question in tree.questions if tree.questions[question].safety)


def test_the_proof_can_fail() -> None:
    tree = read(TREE.replace("go: ask\n", "go: wish\n"))
    assert [path.steps for path in prove(tree).unsafe] == [(("risk", 2), ("wish", 0))]


@pytest.mark.parametrize("name", NAMES)
def test_answers_that_are_not_sure_lead_to_a_way_to_find_out(name: str) -> None:
    tree = tree_of(name)
    for question in tree.questions.values():
        for answer in question.answers:
            if answer.means == "unknown":
                assert tree.outcomes.get(answer.go) is None or tree.outcomes[answer.go].verdict != "proceed"
        if question.safety:
            assert any(answer.means == "unknown" for answer in question.answers) or len(question.answers) > 2


@pytest.mark.parametrize("name", NAMES)
def test_whoever_taps_the_first_answer_does_not_mostly_hear_that_all_is_well(name: str) -> None:
    first = [question.answers[0].means for question in tree_of(name).questions.values() if question.safety]
    assert first
    assert first.count("clear") <= len(first) / 2


@pytest.mark.parametrize("name", NAMES)
def test_no_outcome_of_a_tree_just_says_proceed(name: str) -> None:
    outcomes = tree_of(name).outcomes.values()
    words = {outcome.word for outcome in outcomes}
    assert "Proceed" not in words
    assert words - set(VERDICTS.values()), words


@pytest.mark.parametrize("name", NAMES)
def test_a_tree_has_one_name_everywhere(name: str) -> None:
    title = tree_of(name).title
    for src, expected in ((f"{name}.md", title), (f"{name}-paths.md", f"Every path: {title}")):
        text = (ROOT / "docs/decisions" / src).read_text("utf-8")
        assert yaml.safe_load(text.split("---")[1])["title"] == expected
        assert f"\n# {expected}\n" in text
    assert f"| [{title}]({name}.md) |" in (ROOT / "docs/decisions/index.md").read_text("utf-8")
    nav = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert re.search(rf'^ +- "?{re.escape(title)}"?: decisions/{name}\.md$', nav, re.MULTILINE)


LABELLED = TREE.replace("verdict: proceed\n", "verdict: proceed\n    label: Next & on\n")


def test_a_label_stands_in_place_of_proceed_everywhere() -> None:
    tree = read(LABELLED)
    assert tree.outcomes["onward"].word == "Next & on"
    assert read(TREE).outcomes["onward"].word == "Proceed"
    page = page_of("small", tree)
    outline = BeautifulSoup(page.outline(), "html.parser")
    end = outline.find(id="small.onward")
    assert end is not None
    assert end["data-verdict"] == "proceed"
    assert end.select(".tree-verdict")[0].get_text().strip() == "Next & on"
    assert [one.get_text() for one in outline.select("[id='small.wish'] .tree-goes")] == [
        "Next & on: Go on",
        "Stop: Stop here",
    ]
    paths = BeautifulSoup(page.paths(), "html.parser")
    assert [one.get_text().strip() for one in paths.select("[data-verdict=proceed] .tree-verdict")] == ["Next & on"]
    drawn = BeautifulSoup(draw(page), "html.parser")
    words = [
        " ".join(one.get_text(" ").split()) for one in drawn.select("a.flowchart-proceed, a[data-verdict=proceed]")
    ]
    assert words == ["Next & on Go on", "Next & on Go on"]
    assert '(["Next &amp; on: Go on"])' in as_mermaid(tree)
    assert json.loads(as_json(tree))["outcomes"]["onward"]["label"] == "Next & on"
    for html in (page.outline(), page.paths(), draw(page)):
        assert "Proceed" not in html


def test_a_new_label_makes_old_links_void_and_no_label_keeps_them() -> None:
    old, new = (answer_ids(read(text), "wish") for text in (TREE, LABELLED))
    assert old[0] != new[0]
    assert old[1] == new[1]


def test_of_two_ways_as_long_the_picture_follows_the_one_that_goes_on() -> None:
    text = TREE.replace('      - say: "Yes"\n        go: halt', '      - say: "Yes"\n        go: look')
    look = TREE[TREE.index("  wish:") : TREE.index("outcomes:")].replace("wish", "look").replace("onward", "ask")
    yes, no = text.index('      - say: "Yes"'), text.index('      - say: "No"')
    text = (
        text[:no]
        + text[yes : text.index("      - say: Not sure")]
        + text[no:yes]
        + text[text.index("      - say: Not sure") :]
    )
    tree = read(text.replace("outcomes:", f"{look}outcomes:"))
    assert tree.answers("risk")[0].go == "look"
    assert columns(tree) == [["risk", "wish"], ["look"]]


def test_the_command_tells_the_figures(project: Project) -> None:
    with_tree(project)
    run = project.run("macros", "trees")
    assert run.returncode == 0, run.stderr
    assert "small: 2 questions, 1 of them safety questions; 4 paths, 1 go on, 0 of these" in run.stdout
    assert run.stdout.splitlines()[-1].startswith("In all 4 paths; 1 go on, each with a clear answer")


def test_every_tree_names_its_schema_for_editors() -> None:
    first = "# yaml-language-server: $schema=../../schemas/decision-tree.schema.json\n"
    assert all(file.read_text("utf-8").startswith(first) for file in FILES)


def test_the_schema_is_up_to_date() -> None:
    file = ROOT / "schemas" / "decision-tree.schema.json"
    assert file.read_text("utf-8") == schema_text(), "run `python -m macros schemas`"


def test_the_schema_knows_what_the_model_knows() -> None:
    schema = json.loads(schema_text())
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) - {"$schema"} == set(Tree.model_fields) == {*schema["required"], "kind"}
    assert schema["$defs"]["Outcome"]["properties"]["verdict"]["enum"] == list(VERDICTS)
    assert schema["$defs"]["Question"]["properties"]["answers"]["minItems"] == 2


@pytest.mark.parametrize("name", NAMES)
def test_json_holds_the_same_as_the_source(name: str) -> None:
    tree = tree_of(name)
    values = json.loads(as_json(tree))
    assert values.pop("$schema") == "decision-tree.schema.json"
    assert Tree.model_validate(values) == tree


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_holds_every_question_answer_and_outcome(name: str) -> None:
    tree = tree_of(name)
    text = as_mermaid(tree).replace("#quot;", '"')
    for question in tree.questions.values():
        assert question.ask in text
        assert all(f'|"{answer.say}"|' in text for answer in question.answers)
    assert all(outcome.title in text for outcome in tree.outcomes.values())
    assert len(re.findall("-->", text)) == sum(len(question.answers) for question in tree.questions.values())


def test_a_link_into_a_changed_tree_does_not_fit() -> None:
    before = answer_ids(tree_of("eligibility"), "seen-alone")
    text = (ROOT / "docs/decisions/eligibility.yml").read_text("utf-8")
    for old, new in (
        ("Have you spoken with each", "Did you speak with each"),  # the question
        ("Yes, each of them, in private", "Yes, each, in private"),  # the answer
        ("Is either partner at acute risk", "Is one partner at acute risk"),  # what it leads to
    ):
        assert answer_ids(read(text.replace(old, new)), "seen-alone")[0] != before[0]
    after = answer_ids(
        read(text.replace("title: See each partner alone first", "title: See each alone first")), "seen-alone"
    )
    assert after[0] == before[0]
    assert after[1] != before[1]


# ---- Any tree


@pytest.fixture(scope="module", params=range(len(SIZES)))
def made(request: pytest.FixtureRequest) -> Tree:
    return read(made_up(request.param, SIZES[request.param]))


def test_made_up_trees_are_whole(made: Tree) -> None:
    assert set(in_order(made)) == set(made.questions)
    place = {node: number for number, node in enumerate(in_order(made))}
    for name, question in made.questions.items():
        assert all(place[answer.go] > place[name] for answer in question.answers if answer.go in place)
    if len(made.questions) < 30:
        paths = list(all_paths(made))
        assert len(paths) == len(set(paths)) == count_paths(made)
        assert max(len(path.steps) for path in paths) == questions_left(made)[made.start]


def test_html_of_any_tree(made: Tree) -> None:
    soup = BeautifulSoup(page_of("made", made).outline(), "html.parser")
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    text = " ".join(soup.get_text(" ").split())
    for name, question in made.questions.items():
        section = soup.find(id=anchor("made", name))
        assert section is not None
        assert " ".join(question.ask.split()) in " ".join(section.get_text(" ").split())
        links = section.select(".tree-answers a")
        assert [link.get_text() for link in links] == [answer.say for answer in question.answers]
        assert [str(link["href"])[1:] for link in links] == [anchor("made", answer.go) for answer in question.answers]
        assert len({link["data-answer"] for link in links}) == len(links)
        assert all(re.fullmatch("[a-z0-9]+-[0-9a-f]{5}", str(link["data-answer"])) for link in links)
    for outcome in made.outcomes.values():
        assert outcome.title in text
    assert {str(link["href"])[1:] for link in soup.select(".tree-answers a")} <= set(ids)


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def segments(edge: Edge) -> Iterator[tuple[float, float, float, float]]:
    for (a, b), (c, d) in zip(edge.points, edge.points[1:], strict=False):
        yield min(a, c), min(b, d), max(a, c), max(b, d)


def test_picture_of_any_tree(made: Tree) -> None:
    page = page_of("made", made)
    picture = lay_out(page)
    boxes = picture.boxes
    near = sorted(boxes, key=lambda box: box.y)
    for place, box in enumerate(near):
        for other in near[place + 1 :]:
            if other.y >= box.y + box.height:
                break
            assert not overlap(box, other), (box, other)
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= picture.width
        assert box.y >= 0
        assert box.y + box.height <= picture.height
    every = [(number, part) for number, edge in enumerate(picture.edges) for part in segments(edge)]
    for number, (left, top, right, bottom) in every:
        for box in boxes:
            inside = (
                left < box.x + box.width - 1
                and box.x + 1 < right
                and top < box.y + box.height - 1
                and box.y + 1 < bottom
            )
            level = (
                left < box.x + box.width - 1
                and box.x + 1 < right
                and top == bottom
                and box.y < top < box.y + box.height
            )
            assert not any((inside, level)), (number, box)
    for (one, a), (two, b) in combinations(every, 2):
        if one != two:
            across = a if a[1] == a[3] else b
            down = b if across is a else a
            crossed = across[0] < down[0] < across[2] and down[1] < across[1] < down[3]
            assert not (across[1] == across[3] and down[0] == down[2] and crossed), (one, two)
    # Each question stands once; each answer stands on its edge, and leads to its box or to a reference to it.
    assert sorted(box.node for box in boxes if box.kind == "question") == sorted(made.questions)
    said = [" ".join(edge.lines) for edge in picture.edges if edge.lines]
    expected = [answer.say for question in made.questions.values() for answer in question.answers]
    assert sorted(re.sub(r"\s", "", one) for one in said) == sorted(re.sub(r"\s", "", one) for one in expected)
    for box in boxes:
        words = re.sub(r"\s", "", "".join(box.lines))
        if box.kind == "question":
            assert words.endswith(re.sub(r"\s", "", made.questions[box.node].ask))
        elif box.node in made.outcomes:
            assert words == re.sub(r"\s", "", made.outcomes[box.node].title)
        assert all(text_width(line) <= box.width for line in box.lines)


def test_drawing_of_any_tree(made: Tree) -> None:
    soup = BeautifulSoup(draw(page_of("made", made)), "html.parser")
    assert soup.svg is not None
    assert soup.svg.title is not None
    assert soup.svg.desc is not None
    targets = {str(link["href"])[1:] for link in soup.select("a")}
    assert targets == {anchor("made", node) for node in [*made.questions, *ends(made)]}
    text = re.sub(r"\s", "", soup.get_text())
    assert all(re.sub(r"\s", "", answer.say) in text for one in made.questions.values() for answer in one.answers)
    # The same again for narrow screens, with all words whole.
    narrow = soup.select_one(".ladder")
    assert narrow is not None
    assert {str(link["href"])[1:] for link in narrow.select("a")} == targets
    boxes = {str(link["href"])[1:]: " ".join(link.get_text(" ").split()) for link in narrow.select(".ladder-box")}
    rows = narrow.select("ul > li")
    assert len(rows) == sum(len(question.answers) for question in made.questions.values())
    for node, question in made.questions.items():
        assert boxes[anchor("made", node)].endswith(" ".join(question.ask.split()))
    for node, outcome in made.outcomes.items():
        assert boxes[anchor("made", node)] == f"{outcome.word} {' '.join(outcome.title.split())}"
    # The way down to the next question is the last row of its question.
    steps = narrow.select("ol > li")
    for step, below in pairwise(steps):
        for down in step.select(".ladder-down"):
            assert down is step.select("ul > li")[-1]
            assert below.select(".ladder-box")[0]["href"] == down.select("a")[0]["href"]


@pytest.mark.parametrize("name", NAMES)
def test_picture_of_each_tree_fits_a_page(name: str) -> None:
    page = page_of(name, tree_of(name))
    picture = lay_out(page)
    assert picture.width <= 690
    drawn = BeautifulSoup(draw(page), "html.parser")
    assert drawn.select(".ladder [data-verdict]")
    for verdict in {outcome.verdict for outcome in page.tree.outcomes.values()}:
        assert drawn.select(f"a.flowchart-{verdict} .flowchart-icon"), verdict
        assert drawn.select(f"a.flowchart-{verdict} .flowchart-word"), verdict


def test_lines_are_broken_between_words_and_long_words_anywhere() -> None:
    assert wrap("one two three", 60) == ("one two", "three")
    assert "".join(wrap("x" * 100, 100)) == "x" * 100
    assert all(text_width(line) <= 100 for line in wrap("x" * 100, 100))
    assert wrap("", 100) == ()


# ---- On pages


@pytest.fixture(scope="module")
def guide(make_project: Callable[[], Project]) -> Iterator[Guide]:
    """A guide with the small tree, whose macros give their HTML at once."""
    project = make_project()
    project.write("mkdocs.yml", CONFIG.replace(f"  - {NAME}\n", ""))
    with_tree(project)
    project.write("docs/decisions/small-paths.md", PATHS_PAGE)
    guide = load_guide(project.root)
    assert guide.problems == ()
    yield guide
    assert guide.formatting is not None
    guide.formatted.stop()


def call(guide: Guide, macro: str, src: str = "decisions/small.md") -> BeautifulSoup:
    context = PageContext(SimpleNamespace(file=SimpleNamespace(src_uri=src)))
    html = put_in_lines(decision_trees.macros(guide)[macro](context, "small"))
    assert "\n" not in html.strip()
    return BeautifulSoup(html, "html.parser")


def test_the_tree_is_complete_without_javascript(guide: Guide) -> None:
    soup = call(guide, "decision_tree")
    tree = soup.select_one("decision-tree")
    assert tree is not None
    assert (tree["data-name"], tree["data-title"], tree["data-date"]) == ("small", "Shall we go on?", "1 January 2026")
    first = soup.find(id="small.risk")
    assert first is not None
    assert first["data-left"] == "2"
    assert first.select_one(".tree-safety")
    assert [one.get_text() for one in first.select("summary")] == ["How to find out", "Why we ask"]
    assert "Ask each partner alone." in first.get_text()
    assert first.select("a.cite")
    assert [one.get_text() for one in first.select(".tree-goes")] == [
        "Go to question 2",
        "Stop: Stop here",
        "Pause: Find out",
    ]
    end = soup.find(id="small.halt")
    assert end is not None
    assert end.select_one(".tree-verdict svg[aria-hidden=true]")
    assert "Stop" in end.select(".tree-verdict")[0].get_text()
    assert end.select(".tree-text li a.cite")
    assert [(one.get_text(), one["href"]) for one in end.select(".tree-next + ul a")] == [
        ("The start", "../index.html")
    ]
    assert [one["data-skip"] for one in soup.select("#small-tree:has(decision-tree)")] == ["Skip to the questions"]
    assert not soup.find_all(["script", "style"])
    assert not soup.select("[onclick], [style]")


def test_the_files_and_the_paths_are_linked(guide: Guide) -> None:
    soup = call(guide, "decision_tree")
    assert [(one.get_text(), one["href"]) for one in soup.select(".tree-files a")] == [
        ("Every outcome and path, for checking", "small-paths.html"),
        ("YAML", "small.yml"), ("JSON", "small.json"), ("Mermaid", "small.mmd"),
    ]  # fmt: skip
    assert set(downloads(guide)) == {
        f"decisions/{name}" for name in ("small.json", "small.mmd", "decision-tree.schema.json")
    }


def test_the_picture_links_to_the_steps(guide: Guide) -> None:
    assert {one["href"] for one in call(guide, "flowchart").select("a")} >= {"#small.risk", "#small.onward"}
    elsewhere = call(guide, "flowchart", "decisions/small-paths.md")
    assert {one["href"] for one in elsewhere.select("a")} >= {"small.html#small.risk"}


def test_every_path_is_listed_under_its_outcome(guide: Guide) -> None:
    soup = call(guide, "tree_outcomes", "decisions/small-paths.md")
    assert "2 questions, 1 of them safety questions; 3 ends; 4 paths, the longest of 2 questions." in soup.get_text()
    halt = soup.find(id="small.halt")
    assert halt is not None
    ways = [[step.get_text() for step in way.select("li")] for way in halt.select(".tree-ways > li")]
    assert ways == [
        ["1. Is there a risk? No", "2. Do both want to? No"],
        ["1. Is there a risk? Yes"],
    ]
    assert "2 paths lead here" in halt.get_text()
    assert halt.select("a.cite")
    assert soup.select("#small\\.risk a.cite")


def test_citations_of_a_tree_are_those_of_its_page(guide: Guide) -> None:
    assert list(guide.formatted.cited("decisions/small.md")) == ["monson2020"]
    assert "decisions/small-paths.md" in guide.cited_by["monson2020"]
    calls = guide.citing["decisions/small.md"]
    assert len(calls) == 3  # why of the first question, the outcome, the page itself


@pytest.mark.slow
def test_a_built_site_offers_the_files(project: Project) -> None:
    with_tree(project)
    project.write("docs/decisions/small-paths.md", PATHS_PAGE)
    run = project.build()
    assert run.returncode == 0, run.stderr
    folder = project.root / "site/decisions"
    assert (folder / "small.yml").read_text("utf-8") == TREE
    assert json.loads((folder / "small.json").read_text("utf-8"))["start"] == "risk"
    assert (folder / "small.mmd").read_text("utf-8").startswith("---\ntitle:")
    assert (folder / "decision-tree.schema.json").exists()
    assert "<decision-tree" in (folder / "small.html").read_text("utf-8")
    assert yaml.safe_load(Path(folder / "small.yml").read_text("utf-8"))["title"] == "Shall we go on?"
