"""The SCORM package on a learning platform: the run-time of scorm-again in a browser, which keeps what it is told."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from macros.guide import load_guide
from macros.training.packages.scorm import LONGEST_PROGRESS, write_scorm
from tests.conftest import ROOT, Project
from tests.npm import SCORM_AGAIN, fetch
from tests.training.test_bad_modules import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


#: Keeps one record for each trainee, whose name stands behind the # of its address, as a platform's database would. With
#: `broken` before the name it refuses whatever it is told; with `review` it shows a course that is over.
PLATFORM = """<!doctype html>
<html lang="en">
<title>A platform</title>
<link rel="icon" href="data:,">
<body>
<script src="scorm12.min.js"></script>
<script>
  const record = "record of " + location.hash.slice(1).split("-").pop();
  const API = window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
  const before = JSON.parse(localStorage.getItem(record) || "{}");
  if (location.hash.includes("review")) before.core.lesson_mode = "review";
  API.loadFromJSON(before);
  const keep = () => localStorage.setItem(record, JSON.stringify(API.renderCMIToJSONObject().cmi));
  API.on("LMSCommit", keep);
  API.on("LMSFinish", keep);
  if (location.hash.includes("broken")) {
    API.LMSSetValue = () => "false";
    API.LMSGetLastError = () => "405";
    API.LMSGetErrorString = () => "Incorrect Data Type";
  }
  const frame = document.createElement("iframe");
  frame.src = "package/course.html";
  frame.width = innerWidth - 20;
  frame.height = innerHeight - 20;
  if (!location.hash.includes("nowhere")) document.body.append(frame);
</script>
"""


class Platform:
    """A platform with one package, and one browser, which trainees share."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address

    def launch(self, trainee: str) -> Platform:
        """Begin a session; one that is open ends."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/index.html#{trainee}")
        self.frame.locator("body").wait_for()
        return self

    @property
    def unit(self) -> Any:
        """What the platform shows: the package's first page."""
        return self.page.frame_locator("iframe")

    @property
    def frame(self) -> Any:
        """The page of the course."""
        return self.unit.frame_locator("iframe")

    @property
    def notice(self) -> str:
        """What the trainee is told."""
        return str(self.unit.locator("#notice").inner_text())

    def record(self, trainee: str) -> dict[str, Any]:
        """What the platform has kept of a trainee."""
        return dict(json.loads(self.page.evaluate("name => localStorage.getItem('record of ' + name)", trainee)))

    def go(self, name: str) -> None:
        """Follow a link of the course."""
        self.frame.get_by_role("link", name=name, exact=True).first.click()
        self.frame.get_by_role("heading", level=1).wait_for()


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetch(SCORM_AGAIN, tmp_path_factory.mktemp("scorm-again")) / "dist" / "scorm12.min.js"


def unpack(package: Path, runtime: Path, folder: Path) -> Path:
    shutil.copy(runtime, folder)
    (folder / "index.html").write_text(PLATFORM, "utf-8")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder / "package")
    return folder


@pytest.fixture(scope="module")
def small_course(make_project: Callable[[], Project], runtime: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_project()
    write(project)
    config = project.read("mkdocs.yml").replace("  name: material\n", "  name: material\n  custom_dir: overrides\n")
    config += "  widget_scripts: [assets/training.js, assets/decision-tree.js]\n"
    project.write("mkdocs.yml", config)
    (project.root / "overrides").symlink_to(ROOT / "overrides")
    (project.root / "docs" / "assets").mkdir()
    for script in ("training.js", "decision-tree.js", "search-on-demand.js"):
        shutil.copy(ROOT / "docs" / "assets" / script, project.root / "docs" / "assets")
    assert project.build().returncode == 0
    assert project.run("macros", "course", "scorm", "site", "course.zip").returncode == 0
    return unpack(project.root / "course.zip", runtime, tmp_path_factory.mktemp("platform"))


@pytest.fixture(scope="module")
def whole_course(site: Path, runtime: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("platform")
    write_scorm(load_guide(ROOT, render=False), site, folder / "course.zip")
    return unpack(folder / "course.zip", runtime, folder)


@pytest.fixture
def platform(open_page: Any) -> Iterator[Callable[[Path], Platform]]:
    """Opens a platform, and sees to it that no page complains or asks another host for anything."""
    servers, watched = [], []

    def start(folder: Path) -> Platform:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watched.append(open_page("about:blank"))
        return Platform(watched[-1].page, f"http://127.0.0.1:{server.server_address[1]}")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
    for one in watched:
        assert one.complaints == []
        assert all(url.startswith(("http://127.0.0.1:", "about:", "data:", "blob:")) for url in one.requests)


def answer(frame: Any, item: str, *options: int) -> str:
    section = frame.locator(f"[data-item={item}]")
    for option in options:
        section.locator(f"input[value='{option}']").check()
    section.get_by_role("button", name="Check", exact=True).click()
    return str(section.locator(".quiz-verdict").inner_text())


def work_through(frame: Any) -> None:
    """Answer all questions of the small module, and tick its pages."""
    for box in frame.locator("course-module input[type=checkbox]").all():
        box.check()
    assert answer(frame, "which", 0) == "Right."
    assert answer(frame, "which-two", 0, 1) == "Right."
    assert answer(frame, "again", 0) == "Right."
    assert answer(frame, "apart", 0) == "Right."
    for select in frame.locator("[data-item=pairs] select").all():
        select.select_option(value=select.get_attribute("data-option"))
    assert answer(frame, "pairs") == "Right."
    steps = frame.locator("[data-item=steps]")
    for wanted in ("Noon", "Morning"):  # each to the top, the last first
        for _ in range(2):
            steps.get_by_role("button", name=f"Up: {wanted}").click()
    assert answer(frame, "steps") == "Right."


def test_a_course_is_worked_through_to_its_completion(small_course, platform):
    trainee = platform(small_course).launch("ada")
    assert trainee.notice == "Your learning platform keeps your progress; those who run the platform can see it."
    assert trainee.record("ada")["core"]["lesson_status"] == "incomplete"
    assert "those who run the platform can see it" in trainee.frame.locator(".course-tools").inner_text()
    assert "in this browser only" not in trainee.frame.locator(".course-tools").inner_text()
    trainee.go("1. First & foremost")
    assert answer(trainee.frame, "which", 1).startswith("Not right yet.")
    kept = trainee.record("ada")
    assert kept["core"]["score"] == {"raw": "0", "min": "0", "max": "100"}
    assert kept["suspend_data"]
    assert answer(trainee.frame, "which", 0) == "Right."
    assert trainee.record("ada")["core"]["score"]["raw"] == "16"
    work_through(trainee.frame)
    kept = trainee.record("ada")["core"]
    assert (kept["score"]["raw"], kept["lesson_status"]) == ("100", "incomplete")  # the case is left
    trainee.go("The course")
    trainee.go("A small case")
    trainee.frame.get_by_role("link", name="Answer", exact=True).click()
    trainee.frame.get_by_role("heading", name="They are heard").wait_for()
    kept = trainee.record("ada")
    assert kept["core"]["lesson_status"] == "completed"
    assert kept["core"]["exit"] == "suspend"
    assert kept["core"]["lesson_location"].startswith("guide/training/cases/small-case.html")
    # What has been completed stays so, whatever is tried later; the score is that of the last answers.
    trainee.launch("ada").frame.get_by_role("heading", name="A case").wait_for()
    trainee.go("The course")
    assert "100 % of the course" in trainee.frame.locator(".course-state").inner_text()
    trainee.go("1. First & foremost")
    assert trainee.frame.locator("course-module input").first.is_checked()
    answer(trainee.frame, "which", 1)
    kept = trainee.record("ada")["core"]
    assert (kept["score"]["raw"], kept["lesson_status"]) == ("83", "completed")


def test_time_is_counted(small_course, platform):
    trainee = platform(small_course)
    trainee.page.clock.install()
    trainee.launch("ada").go("1. First & foremost")
    trainee.page.clock.run_for(1000 * (3600 + 2 * 60 + 3))
    answer(trainee.frame, "which", 0)
    assert trainee.record("ada")["core"]["session_time"].startswith("01:02:0")


def test_trainees_who_share_a_browser_keep_apart(small_course, platform):
    shared = platform(small_course).launch("ada")
    shared.go("1. First & foremost")
    answer(shared.frame, "which", 0)
    # What the site itself would keep in this browser is neither read nor written.
    assert shared.page.evaluate("localStorage.getItem('guide-training')") is None
    other = {"version": 1, "seed": 5, "items": {"first/again": [1, 1]}, "pages": {}, "cases": {}}
    shared.page.evaluate("data => localStorage.setItem('guide-training', data)", json.dumps(other))
    shared.launch("bob")
    assert shared.record("bob").get("suspend_data", "") == ""
    assert "0 of 6 questions right" in shared.frame.locator(".course-state").inner_text()
    shared.go("1. First & foremost")
    answer(shared.frame, "apart", 1)
    assert shared.record("bob")["core"]["score"]["raw"] == "0"
    shared.launch("ada").go("The course")
    assert "1 of 6 questions right" in shared.frame.locator(".course-state").inner_text()
    assert json.loads(shared.page.evaluate("localStorage.getItem('guide-training')")) == other


def test_a_platform_that_refuses_says_so(small_course, platform):
    trainee = platform(small_course).launch("broken-ada")
    trainee.go("1. First & foremost")
    assert answer(trainee.frame, "which", 0) == "Right."
    assert trainee.notice == "The learning platform does not keep your progress. It says: Incorrect Data Type (405)."


def test_progress_that_is_not_of_the_course_is_left_until_something_is_answered(small_course, platform):
    trainee = platform(small_course).launch("ada")
    trainee.page.evaluate(
        "data => localStorage.setItem('record of eve', data)",
        json.dumps({"suspend_data": "page=7", "core": {"lesson_status": "incomplete"}}),
    )
    trainee.launch("eve")
    assert "holds progress that this course cannot read" in trainee.notice
    trainee.go("1. First & foremost")
    assert trainee.record("eve")["suspend_data"] == "page=7"
    answer(trainee.frame, "which", 0)
    assert trainee.record("eve")["suspend_data"] != "page=7"
    assert "keeps your progress" in trainee.notice


def test_what_a_later_version_no_longer_holds_is_dropped(small_course, platform):
    trainee = platform(small_course).launch("ada")
    trainee.go("1. First & foremost")
    answer(trainee.frame, "which", 0)
    kept = trainee.record("ada")["suspend_data"].split(".")
    kept[1] += "zzzzD"
    changed = json.dumps({"suspend_data": ".".join(kept)})
    trainee.page.evaluate("data => localStorage.setItem('record of ada', data)", changed)
    trainee.launch("ada").go("The course")
    assert "1 of 6 questions right" in trainee.frame.locator(".course-state").inner_text()
    assert "keeps your progress" in trainee.notice


def test_a_course_that_is_shown_for_review_changes_nothing(small_course, platform):
    trainee = platform(small_course).launch("ada")
    trainee.go("1. First & foremost")
    answer(trainee.frame, "which", 0)
    before = trainee.record("ada")["suspend_data"]
    trainee.launch("review-ada")
    assert "for review" in trainee.notice
    assert trainee.frame.locator("[data-item=which]").count()
    answer(trainee.frame, "again", 0)
    assert trainee.record("ada")["suspend_data"] == before


def test_without_a_platform_it_says_so_and_works(small_course, platform):
    trainee = platform(small_course)
    trainee.page.goto(f"{trainee.address}/package/course.html")
    frame = trainee.page.frame_locator("iframe")
    assert "No learning platform was found" in trainee.page.locator("#notice").inner_text()
    frame.get_by_role("link", name="1. First & foremost").first.click()
    assert answer(frame, "which", 0) == "Right."
    frame.get_by_role("link", name="The course").first.click()
    assert "1 of 6 questions right" in frame.locator(".course-state").inner_text()
    # and a page alone, as in a tab of its own
    trainee.page.goto(f"{trainee.address}/package/guide/training/first.html")
    assert "opened outside the course’s window" in trainee.page.locator("self-check .tree-notice").inner_text()
    assert answer(trainee.page, "which", 0) == "Right."
    assert trainee.page.evaluate("localStorage.getItem('guide-training')") is None


def test_a_platform_may_open_the_course_in_a_window_of_its_own(small_course, platform):
    trainee = platform(small_course)
    trainee.page.goto(f"{trainee.address}/index.html#nowhere-ada")
    with trainee.page.expect_popup() as popup:
        trainee.page.evaluate("() => { window.open('package/course.html'); }")
    frame = popup.value.frame_locator("iframe")
    frame.get_by_role("link", name="1. First & foremost").first.click()
    assert answer(frame, "which", 0) == "Right."
    assert trainee.record("ada")["core"]["score"]["raw"] == "16"


def test_the_whole_course_fits_what_platforms_keep(whole_course, platform, tmp_path):
    trainee = platform(whole_course).launch("ada")
    course = trainee.frame.locator("course-progress")
    course.wait_for()
    modules = load_guide(ROOT, render=False).data["macros.training"].by_name
    cases = [row.get_attribute("data-case") for row in course.locator("[data-case]").all()]
    done = {
        "version": 1,
        "seed": 2**31 - 1,
        "items": {f"{name}/{item}": [9999, 1] for name, file in modules.items() for item in file.value.items},
        "pages": {f"{name} {page.to}": 1 for name, file in modules.items() for page in file.value.read},
        "cases": dict.fromkeys(cases, "sound"),
    }
    progress = tmp_path / "progress.json"
    progress.write_text(json.dumps(done))
    course.locator("#course-file").set_input_files(progress)
    trainee.frame.get_by_text("added to what was here").wait_for()
    kept = trainee.record("ada")
    assert kept["core"]["lesson_status"] == "completed"
    assert kept["core"]["score"]["raw"] == "100"
    assert 0 < len(kept["suspend_data"]) < LONGEST_PROGRESS / 4
    trainee.launch("ada")
    assert "100 % of the course" in trainee.frame.locator(".course-state").inner_text()


def test_links_out_of_the_course_work_within_the_package(whole_course, platform):
    trainee = platform(whole_course).launch("ada")
    trainee.go("5. Assessment and safety")
    trainee.frame.locator(".module-read a").first.click()
    page = trainee.page.frames[-1]
    page.wait_for_url("**/package/guide/phases/assessment.html")
    # Another site would refuse to be shown in the frame.
    link = page.locator("article a[href^='https://doi.org']").first
    link.evaluate("link => link.addEventListener('click', (event) => event.preventDefault())")
    link.evaluate("link => link.click()")
    assert link.get_attribute("target") == "_blank"
    assert link.get_attribute("rel") == "noopener"
    # The trainee comes back to the page that was read last.
    trainee.launch("ada")
    trainee.frame.get_by_role("heading", level=1).wait_for()
    assert trainee.page.frames[-1].url.endswith("/package/guide/phases/assessment.html")
