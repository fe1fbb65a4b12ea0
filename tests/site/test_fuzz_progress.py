"""Progress files made up by the thousand: what is none changes nothing, stops no script, and becomes part of no page."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.hostile import PIECES, TIMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GOOD = {
    "version": 1,
    "seed": 7,
    "items": {"m5-assessment/a": [2, 1]},
    "pages": {"m5-assessment ../x.md": 1},
    "cases": {"a": "sound"},
}
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    1e99,
    "",
    "1",
    [],
    {},
    [1],
    [1, 1],
    [0, 0],
    [1, 2],
    ["1", 1],
    {"a": 1},
    "sound",
    "proceed",
)

#: What another tab stores reaches the page as an event; the page takes it or leaves it, as it does with a file.
TRY = """
async (texts) => {
  const told = [];
  let now = "";
  addEventListener("error", (event) => told.push([now, String(event.message)]));
  addEventListener("unhandledrejection", (event) => told.push([now, String(event.reason)]));
  const markup = "script, x-evil, img, iframe, [onx]";
  const before = document.querySelectorAll(markup).length;
  for (now of texts) {
    localStorage.setItem("guide-training", now);
    dispatchEvent(new StorageEvent("storage", { key: "guide-training" }));
    if (document.querySelectorAll(markup).length !== before) told.push([now, "became markup"]);
    const state = document.querySelector(".course-state p").textContent;
    if (!/^\\d+ % of the course: \\d+ of \\d+ questions right/.test(state)) told.push([now, state]);
    if (parseInt(state) > 100) told.push([now, state]);
    for (const bar of document.querySelectorAll("progress")) if (bar.value > bar.max) told.push([now, "a bar is overfull"]);
  }
  return told;
}
"""


def made_up(rng: random.Random) -> str:
    """Give a file: a good one with something odd in it, or pieces of anything."""
    if rng.random() < 0.3:
        return "".join(rng.choices((*PIECES, json.dumps(GOOD)), k=rng.randint(1, 5)))
    progress: dict[str, Any] = json.loads(json.dumps(GOOD))
    for _ in range(rng.randint(1, 3)):
        name = rng.choice([*GOOD, "constructor", "extra"])
        odd = json.loads(json.dumps(rng.choice((*ODD, rng.choice(PIECES)))))
        if isinstance(progress.get(name), dict) and rng.random() < 0.7:
            progress[name][
                rng.choice(("__proto__", "m5-assessment/b", "m5-assessment ../y.md", rng.choice(PIECES)))
            ] = odd
        else:
            progress[name] = odd
    return json.dumps(progress)


def test_hostile_progress(address: str, open_page: Any) -> None:
    rng = random.Random(11)
    watched = open_page(f"{address}/training/index.html")
    texts = [made_up(rng) for _ in range(2000 * TIMES)]
    assert watched.page.evaluate(TRY, texts) == []
    assert watched.complaints == []
