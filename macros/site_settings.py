"""MkDocs' own settings as far as a guide depends on them: what would publish a wrong site, or none, is told with its line."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from macros.docs_folder import DocsFolder, matcher
from macros.problems import Problem, near_miss, nearest
from macros.settings import OWN_SETTINGS
from macros.yaml_source import compose, load_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from macros.settings import Settings

#: What else may stand under `extra`: Material's settings.
_OF_MATERIAL = frozenset(
    {"alternate", "analytics", "annotate", "consent", "generator", "homepage", "polyfills", "scope", "social", "status",
     "tags", "version"}
)  # fmt: skip
#: The plugins that neither add pages and files nor take some out. With another, only MkDocs can say what is there.
_PLAIN_PLUGINS = frozenset({"info", "macros", "meta", "minify", "offline", "optimize", "privacy", "search"})
_NAV_HINT = "Write one item a line: `- Title: folder/page.md`."


def not_in_nav(path: str) -> str:
    """Say that a page is missing from the navigation.

    Args:
        path: the page's file, relative to the project's root.
    """
    return f"The page {path} is not in `nav`, and this guide's settings ask for that (`omitted_files`)."


def check_site_settings(root: Path, settings: Settings, folder: DocsFolder) -> list[Problem]:
    """Find what is wrong in `mkdocs.yml` beside the guide's own settings.

    Args:
        root: the project's root.
        settings: the guide's settings, which could be read.
        folder: the folder of the pages.
    """
    path = settings.config_path
    try:
        text = (root / path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []  # told by `load_settings`
    values, lines, _ = load_mapping(text, path)
    node, faults = compose(text, path)
    if faults or (node is not None and not values):
        return []  # no YAML, or no mapping: told by `load_settings`
    if "INHERIT" in values:
        return []  # the rest stands in another file
    # A key without a value is as if it were not there.
    nodes = (
        {key.value: value for key, value in node.value if not value.tag.endswith(":null")} if node is not None else {}
    )
    found = _Found(path, lines, [])
    if not values.get("site_name"):
        found.add("site_name", "The site has no name.", "Add `site_name:` with the guide's name.")
    if not (root / settings.docs_dir).is_dir():
        hint = "Make the folder, or name the one with the pages in `docs_dir`."
        found.add("docs_dir", f"There is no folder `{settings.docs_dir}` with pages.", hint)
    for key in ("exclude_docs", "draft_docs", "not_in_nav"):
        _check_patterns(found, key, values.get(key))
    plugins = _plugins(values)
    _check_plugin(found, plugins)
    if {name.rpartition("/")[2] for name in plugins} <= _PLAIN_PLUGINS:
        lists = {key: nodes.get(key) for key in ("extra_css", "extra_javascript")}
        extra_node = nodes.get("extra")
        for name, value in extra_node.value if isinstance(extra_node, yaml.MappingNode) else ():
            if name.value == "widget_scripts":
                lists[name.value] = value
        for key, listed in lists.items():
            _check_files(found, key, listed, root, values.get("theme"), settings.docs_dir, folder)
        if "nav" in nodes and not found.has("docs_dir"):
            _check_nav(found, nodes["nav"], values, settings, folder)
    extra = values.get("extra")
    for name in extra if isinstance(extra, dict) else ():
        close = near_miss(str(name), OWN_SETTINGS, _OF_MATERIAL)
        if close:
            found.add(f"extra.{name}", f"There is no setting `{name}` of the guide.", f"Did you mean `{close}`?")
    return found.problems


class _Found:
    """The problems of one file, with the lines of its keys."""

    def __init__(self, path: str, lines: Mapping[str, int], problems: list[Problem]) -> None:
        self.path, self.lines, self.problems = path, lines, problems
        self._keys: set[str] = set()

    def add(self, key: str, message: str, hint: str, node: Any = None) -> None:  # noqa: ANN401 - PyYAML has no types for nodes
        line = node.start_mark.line + 1 if node is not None else self.lines.get(key, 0)
        self._keys.add(key)
        self.problems.append(Problem(self.path, line, message, hint))

    def has(self, key: str) -> bool:
        return key in self._keys


def _check_patterns(found: _Found, key: str, value: object) -> None:
    if value is None:
        return
    hint = "Write `|` behind the colon, and below it one pattern a line, indented: /folder/page.md."
    if not isinstance(value, str):
        found.add(key, f"`{key}` should be text with one pattern a line.", hint)
        return
    if not value.strip():
        return
    from pathspec.gitignore import GitIgnoreSpec  # noqa: PLC0415 - takes long, and most guides have no patterns

    try:
        GitIgnoreSpec.from_lines(value.splitlines())
    except ValueError as error:
        found.add(key, f"`{key}` holds what is no pattern: {error}.", hint)


def _plugins(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the plugins by name, each with its options."""
    listed = values.get("plugins")
    if isinstance(listed, dict):
        return {str(name): options for name, options in listed.items()}
    found: dict[str, Any] = {}
    for item in listed if isinstance(listed, list) else ():
        found |= {str(name): options for name, options in item.items()} if isinstance(item, dict) else {str(item): None}
    return found


def _check_plugin(found: _Found, options: Mapping[str, Any]) -> None:
    """Make sure that somebody calls the macros: else pages would show `{{ cite(...) }}` as it is written."""
    name = next((name for name in ("macros", "mkdocs-macros") if name in options), None)
    hint = "Write under `plugins:` the plugin `macros:`, and under that `module_name: macros`."
    own = options[name] if name is not None and isinstance(options[name], dict) else {}
    if name is None or own.get("enabled") is False:
        found.add("plugins", "The plugin `macros` is missing: pages would show their macros as they are written.", hint)
        return
    for key, value in own.items():
        if (key == "render_by_default" and value is False) or (
            str(key).startswith("j2_") and str(key).endswith("_string")
        ):
            message = f"With `{key}` of the plugin `macros`, pages would show their macros as they are written."
            found.add("plugins", message, "Take it out.")
    if own.get("module_name") != "macros" and "macros" not in (own.get("modules") or ()):
        found.add("plugins", "The plugin `macros` does not load the guide's macros.", hint)


def _check_files(
    found: _Found,
    key: str,
    node: Any,  # noqa: ANN401
    root: Path,
    theme: object,
    docs_dir: str,
    folder: DocsFolder,
) -> None:
    """Find style sheets and scripts that are not there."""
    if not isinstance(node, yaml.SequenceNode):
        if node is not None:
            found.add(key, f"`{key}` should be a list.", "Write one file a line: `- assets/file`.")
        return
    own = theme.get("custom_dir") if isinstance(theme, dict) else None
    for item in node.value:
        named = item
        if isinstance(item, yaml.MappingNode):
            named = next((value for name, value in item.value if name.value == "path"), item)
        if not isinstance(named, yaml.ScalarNode):
            continue
        address = urlsplit(named.value)
        src = unquote(address.path)
        if address.scheme or address.netloc or src.startswith("/"):
            continue
        src = os.path.normpath(src).replace(os.sep, "/")
        if src in folder.files or (own and (root / str(own) / src).is_file()):
            continue
        close = nearest(src, (file for file in folder.files if PurePosixPath(file).suffix == PurePosixPath(src).suffix))
        hint = f"Did you mean `{close}`?" if close else f"Put the file into {docs_dir}/, or take the line out."
        found.add(key, f"`{key}` names `{named.value}`, and there is no such file in {docs_dir}/.", hint, named)


def _check_nav(found: _Found, nav: Any, values: Mapping[str, Any], settings: Settings, folder: DocsFolder) -> None:  # noqa: ANN401
    """Find what a strict build would refuse in the navigation."""
    if not isinstance(nav, yaml.SequenceNode):
        found.add("nav", "`nav` should be a list.", _NAV_HINT)
        return
    if not nav.value:
        return  # as if it were not there
    levels = _levels(values)
    named = set()
    for node in _entries(nav, found):
        address = urlsplit(node.value)
        if address.scheme or address.netloc:
            continue
        src = PurePosixPath(node.value).as_posix()
        if node.value.startswith("/"):
            if levels["absolute_links"] == "relative_to_docs":
                src = src.lstrip("/")
            else:
                if levels["absolute_links"] == "warn":
                    hint = f"Write the page's file as it lies in {settings.docs_dir}/."
                    found.add("nav", f"`nav` names `{node.value}`, which begins with a slash.", hint, node)
                continue
        named.add(src)
        if src not in folder.files and levels["not_found"] == "warn":
            close = nearest(src, folder.pages)
            hint = f"Did you mean `{close}`?" if close else "Write the page first, or take the line out."
            found.add(
                "nav", f"`nav` names `{node.value}`, and there is no such page in {settings.docs_dir}/.", hint, node
            )
    if levels["omitted_files"] != "warn":
        return
    left = [src for src in folder.pages if src not in named]
    is_left_out = matcher(str(values.get("not_in_nav") or "")) if left else None
    for src in left:
        if is_left_out and not is_left_out(src):
            hint = f"Put `- Title: {src}` into `nav`, or `/{src}` into `not_in_nav`."
            found.add("nav", not_in_nav(f"{settings.docs_dir}/{src}"), hint)


def _levels(values: Mapping[str, Any]) -> dict[str, str]:
    """Give how grave MkDocs takes each fault of the navigation; nothing is grave in a build that is not strict."""
    levels = {"omitted_files": "info", "not_found": "warn", "absolute_links": "info"}
    validation = values.get("validation")
    for part in (validation, validation.get("nav") if isinstance(validation, dict) else None):
        levels |= {name: str(part[name]) for name in levels if isinstance(part, dict) and name in part}
    if values.get("strict") not in (True, "true"):
        levels = {name: "info" if level == "warn" else level for name, level in levels.items()}
    return levels


def _entries(nav: Any, found: _Found) -> Iterator[Any]:  # noqa: ANN401
    """Give the places in a navigation that name a page or an address."""
    for item in nav.value:
        if isinstance(item, yaml.MappingNode) and len(item.value) == 1:
            values: Iterable[Any] = [item.value[0][1]]
        elif isinstance(item, yaml.ScalarNode):
            values = [item]
        else:
            found.add("nav", "An item of `nav` should be a page, or a title with a page or a list.", _NAV_HINT, item)
            continue
        for value in values:
            if isinstance(value, yaml.SequenceNode):
                yield from _entries(value, found)
            elif isinstance(value, yaml.ScalarNode) and value.tag.endswith(":str"):
                yield value
            else:
                message = "An item of `nav` should be a page, or a title with a page or a list."
                found.add("nav", message, _NAV_HINT, value)
