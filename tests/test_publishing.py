"""The files that hosts and GitHub read: no right that is not needed, no command that is not there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from macros.settings import load_settings
from tests.conftest import ROOT, Project

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def made(command: str) -> list[str]:
    """The targets of `make` in a command."""
    return re.findall(r"\bmake ([a-z-]+)", command)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_have_no_more_rights_than_they_need(path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    triggers = workflow[True]  # YAML reads `on` as yes
    assert "pull_request_target" not in triggers, "code from strangers would run with the repository's rights"
    for name, job in workflow["jobs"].items():
        writes = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        assert writes <= {"publish": {"pages", "id-token"}, "links": {"issues"}}.get(name, set())
        for step in job["steps"]:
            assert not re.search(r"\$\{\{[^}]*(event|head_ref)", step.get("run", "")), "words of strangers in a shell"
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", step["uses"])


def test_commands_of_hosts_are_there() -> None:
    commands = [path.read_text("utf-8") for path in WORKFLOWS]
    netlify = tomllib.loads((ROOT / "netlify.toml").read_text("utf-8"))
    commands += [netlify["build"]["command"], *(context["command"] for context in netlify["context"].values())]
    targets = {target for command in commands for target in made(command)}
    assert {"site", "test", "offline"} <= targets
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []
    assert netlify["build"]["publish"] == "site"


READS_SETTINGS = """
from mkdocs.config import load_config
config = load_config("mkdocs.yml")
config.plugins.on_startup(command="mike", dirty=False)
config = config.plugins.on_config(config)
print(config.site_dir)
"""


@pytest.mark.slow
def test_programs_that_only_read_the_settings_see_where_the_site_will_stand(project: Project) -> None:
    """As mike does, which then takes the site from there."""
    run = subprocess.run(
        [sys.executable, "-c", READS_SETTINGS], cwd=project.root, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == str(project.root / "site")


def test_a_version_is_cited_at_its_own_address(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/guide/")
    assert load_settings(project.root)[0].site_url == "https://example.org/guide/"
    monkeypatch.setenv("MIKE_DOCS_VERSION", "1.0")
    assert load_settings(project.root)[0].site_url == "https://example.org/guide/1.0/"
