"""Scripts are put together and lose their comments, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from macros.scripts import minified
from tests.conftest import CONFIG

if TYPE_CHECKING:
    from tests.conftest import Project

SCRIPTS = "extra_javascript:\n  - assets/one.js\n  - assets/two.js\n  - https://example.org/other.js\n"


def test_comments_go_and_strings_and_patterns_stay() -> None:
    script = (
        'const a = "// no comment"; // a comment\n'
        '/* another */ const b = /\\/\\*[/"]/.test(a) ? `${a} /* in */` : "\\"";\n'
    )
    assert minified(script) == 'const a="// no comment";const b=/\\/\\*[/"]/.test(a)?`${a} /* in */`:"\\"";'


@pytest.mark.slow
def test_pages_load_one_script_whose_name_changes_with_its_content(project: Project) -> None:
    project.write("mkdocs.yml", CONFIG + SCRIPTS)
    project.write("docs/assets/one.js", "// First.\nfirst();\n")
    project.write("docs/assets/two.js", "second(); // last line without an end")

    def scripts() -> list[str]:
        run = project.build()
        assert run.returncode == 0, run.stderr
        soup = BeautifulSoup(project.read("site/index.html"), "html.parser")
        return [str(script["src"]) for script in soup.select("script[src]") if "bundle" not in str(script["src"])]

    before = scripts()
    assert len(before) == 2
    assert before[1] == "https://example.org/other.js"
    assert project.read(f"site/{before[0]}") == "first();\nsecond();"
    project.write("docs/assets/two.js", "third();\n")
    assert scripts()[0] != before[0]
