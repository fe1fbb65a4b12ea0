"""Asking Crossref: politely, patiently, trusting nothing."""

from __future__ import annotations

import email.utils
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import macros.sources.crossref as module
from macros.sources.crossref import Crossref, CrossrefError
from tests.sources.conftest import DOI, MESSAGE, RETRACTED, Answer

if TYPE_CHECKING:
    from tests.sources.conftest import FakeCrossref


def test_a_work_is_read(server: FakeCrossref) -> None:
    server.put(DOI, MESSAGE | RETRACTED)
    work = Crossref(server.base).work(DOI)
    assert work is not None
    assert (work.DOI, work.type, work.volume, work.years) == (DOI, "journal-article", "11", [2020])
    assert [person.family or person.name for person in work.author] == ["Monson", "Wagner", "The MDMA Group"]
    assert [(one.type, one.DOI, str(one.updated)) for one in work.updated_by] == [
        ("retraction", "10.1080/retraction", "2024-07-26")
    ]


def test_an_unknown_doi_is_asked_for_once(server: FakeCrossref) -> None:
    assert Crossref(server.base).work("10.9999/nothing") is None
    assert server.asked == ["/works/10.9999/nothing"]


def test_what_crossref_does_not_have_may_be_null(server: FakeCrossref) -> None:
    nulls = {"title": None, "author": None, "issued": {"date-parts": [[None]]}, "volume": None, "updated-by": None}
    server.put(DOI, MESSAGE | nulls | {"published-print": None, "published-online": None})
    work = Crossref(server.base).work(DOI)
    assert work is not None
    assert (work.title, work.author, work.years, work.volume) == ([], [], [], "")


def test_who_asks_says_who(server: FakeCrossref) -> None:
    server.put(DOI, MESSAGE)
    Crossref(server.base, "somebody@example.org").work(DOI)
    Crossref(server.base).work(DOI)
    assert server.queries == [{"mailto": ["somebody@example.org"]}, {}]
    assert "mailto:somebody@example.org" in server.agents[0]
    assert "mailto" not in server.agents[1]


@pytest.mark.parametrize("doi", ["10.1002/(sici)1097<1::aid>3.0;2-#", "10.1000/a?b=c&d", "10.1000/ä b%2F"])
def test_a_doi_may_hold_any_sign(server: FakeCrossref, doi: str) -> None:
    server.put(doi, MESSAGE | {"DOI": doi})
    work = Crossref(server.base).work(doi)
    assert work is not None
    assert doi == work.DOI


def test_retry_after_is_obeyed(server: FakeCrossref, waits: list[float]) -> None:
    server.put(DOI, Answer(b"", 429, {"retry-after": "17"}), MESSAGE)
    assert Crossref(server.base).work(DOI) is not None
    assert max(waits) == 17
    assert len(server.asked) == 2


def test_retry_after_may_be_a_date(server: FakeCrossref, waits: list[float]) -> None:
    later = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.put(DOI, Answer(b"", 503, {"retry-after": later}), MESSAGE)
    assert Crossref(server.base).work(DOI) is not None
    assert 50 < max(waits) <= 60


@pytest.mark.parametrize("header", ["soon", "-5", "1e9", "", "Mon, 99 Foo 2026"])
def test_a_senseless_retry_after_is_overlooked(server: FakeCrossref, waits: list[float], header: str) -> None:
    server.put(DOI, Answer(b"", 429, {"retry-after": header}), MESSAGE)
    assert Crossref(server.base).work(DOI) is not None
    assert max(waits) == 2


def test_nobody_waits_for_hours(server: FakeCrossref, waits: list[float]) -> None:
    server.put(DOI, Answer(b"", 429, {"retry-after": "3600"}))
    with pytest.raises(CrossrefError, match="wait for 3600 seconds") as caught:
        Crossref(server.base).work(DOI)
    assert caught.value.final
    assert len(server.asked) == 1
    assert max(waits, default=0) < 2


def test_pauses_grow(server: FakeCrossref, waits: list[float]) -> None:
    server.put(DOI, Answer(b"", 500))
    with pytest.raises(CrossrefError, match=r"status 500 \(asked 4 times\)"):
        Crossref(server.base).work(DOI)
    assert [wait for wait in waits if wait >= 2] == [2, 4, 8]


def test_requests_are_spaced_as_crossref_says(server: FakeCrossref, waits: list[float]) -> None:
    server.put(DOI, Answer(MESSAGE, headers={"x-rate-limit-limit": "2", "x-rate-limit-interval": "10s"}))
    crossref = Crossref(server.base)
    crossref.work(DOI)
    crossref.work(DOI)
    assert 4 < waits[1] <= 5


@pytest.mark.parametrize("headers", [{}, {"x-rate-limit-limit": "0"}, {"x-rate-limit-limit": "many"}])
def test_nobody_asks_faster_than_four_times_a_second(
    server: FakeCrossref, waits: list[float], headers: dict[str, str]
) -> None:
    server.put(DOI, Answer(MESSAGE, headers=headers))
    crossref = Crossref(server.base)
    crossref.work(DOI)
    crossref.work(DOI)
    assert 0.1 < waits[1] <= 0.25


FAULTS: dict[str, tuple[Answer, str]] = {
    "html": (
        Answer(b"<!doctype html><title>Maintenance</title>", headers={"content-type": "text/html"}),
        "not JSON but HTML",
    ),
    "truncated": (Answer(b'{"status": "ok", "message": {"DOI": "10.1'), "or it breaks off"),
    "cut": (Answer(MESSAGE, cut=100), "its answer breaks off"),
    "empty": (Answer(b""), "not JSON"),
    "not text": (Answer(b"\xff\xfe\x00garbage"), "not JSON"),
    "a list": (Answer(b"[1, 2]"), "holds no message"),
    "no message": (Answer(b'{"status": "ok"}'), "holds no message"),
    "a message that is text": (Answer(b'{"message": "Hello"}'), "holds no message"),
    "500": (Answer(b"oops", 500), "the status 500"),
    "429": (Answer(b"", 429), "the status 429"),
    "redirects for ever": (Answer(b"", 302, {"location": f"/works/{DOI}"}), "cannot be asked"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_is_asked_again(server: FakeCrossref, waits: list[float], fault: str) -> None:
    server.put(DOI, FAULTS[fault][0], MESSAGE)
    assert Crossref(server.base).work(DOI) is not None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lasting_fault_is_told(server: FakeCrossref, waits: list[float], fault: str) -> None:
    server.put(DOI, FAULTS[fault][0])
    with pytest.raises(CrossrefError, match=FAULTS[fault][1]):
        Crossref(server.base, attempts=2).work(DOI)


WRONG_TYPES: list[tuple[dict[str, Any], str]] = [
    ({"title": "A title"}, "`title`"),
    ({"title": [1]}, "`title.0`"),
    ({"author": {"family": "Monson"}}, "`author`"),
    ({"author": [{"family": ["Monson"]}]}, "`author.0.family`"),
    ({"issued": {"date-parts": [["2020"]]}}, "`issued.date-parts.0.0`"),
    ({"updated-by": "10.1/retraction"}, "`updated-by`"),
    ({"updated-by": [{"type": 7}]}, "`updated-by.0.type`"),
    ({"DOI": None}, "`DOI`"),
    ({"DOI": ""}, "names no DOI"),
]


@pytest.mark.parametrize(("wrong", "place"), WRONG_TYPES)
def test_an_answer_of_wrong_types_is_refused(server: FakeCrossref, wrong: dict[str, Any], place: str) -> None:
    server.put(DOI, MESSAGE | wrong)
    with pytest.raises(CrossrefError, match="makes no sense") as caught:
        Crossref(server.base).work(DOI)
    assert place in str(caught.value)


def test_a_refusal_is_not_asked_again(server: FakeCrossref, waits: list[float]) -> None:
    server.put(DOI, Answer(b"", 403))
    with pytest.raises(CrossrefError, match="refuses the question with the status 403"):
        Crossref(server.base).work(DOI)
    assert len(server.asked) == 1


def test_a_silent_server_is_given_up(server: FakeCrossref, waits: list[float]) -> None:
    server.put(DOI, Answer(MESSAGE, wait=1))
    with pytest.raises(CrossrefError, match="does not answer in time"):
        Crossref(server.base, timeout=0.1, attempts=2).work(DOI)


def test_an_endless_answer_is_given_up(
    server: FakeCrossref, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 1000)
    server.put(DOI, Answer(MESSAGE | {"abstract": "a" * 200_000}))
    with pytest.raises(CrossrefError, match="its answer breaks off"):
        Crossref(server.base, attempts=1).work(DOI)


def test_no_network_is_told(waits: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(CrossrefError, match="cannot be reached"):
        Crossref(base, attempts=2).work(DOI)


def test_the_agency_of_a_doi(server: FakeCrossref) -> None:
    server.put_agency("10.5281/zenodo.1", "datacite")
    crossref = Crossref(server.base)
    assert crossref.agency("10.5281/zenodo.1") == "datacite"
    assert crossref.agency("10.9999/nothing") == ""
    server.answers["/works/10.1/odd/agency"] = [Answer({"agency": ["datacite"]})]
    assert crossref.agency("10.1/odd") == ""
