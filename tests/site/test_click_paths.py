"""What clinicians ask, and the way to the answer from the front page, by links whose words are on the screen."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

#: A question: the links to click, one after the other and never more than two, and words of the answer, which stand
#: where the last one leads.
PATHS = {
    "What blood pressure stops a session?": (
        ["Safety", "blood pressure"],
        "go by the limits that the prescriber wrote for this person",
    ),
    "Is lamotrigine a problem?": (["Safety", "interactions"], "Weakened effects of ketamine in 2 of 5 studies"),
    "A partner discloses an affair after dosing. What now?": (["Safety", "secrets"], "do not tell it yourself"),
    "How good is the evidence for couples?": (["Evidence"], "mentions no control group in its abstract"),
    "What do I do in the first integration session with EFT?": (
        ["Therapies", "EFT"],
        "Bring what was felt under the drug into a sober session and run the Tango on it",
    ),
}


@pytest.mark.parametrize("question", PATHS)
def test_an_answer_is_at_most_two_clicks_from_the_front_page(question, address, open_page):
    clicks, answer = PATHS[question]
    watched = open_page(address + "/index.html")
    for words in clicks:
        link = watched.page.get_by_role("link", name=re.compile(rf"^\s*{re.escape(words)}\s*$")).locator("visible=true")
        link.first.click()
        watched.page.wait_for_load_state()
    text = " ".join(watched.page.locator("article").inner_text().split())
    assert answer in text
    assert watched.complaints == []
