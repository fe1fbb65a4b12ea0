"""A server on this machine that answers as Crossref does, with all that can go wrong."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from macros.sources import crossref

if TYPE_CHECKING:
    from collections.abc import Iterator

DOI = "10.1080/20008198.2020.1840123"
#: As https://api.crossref.org/works/... answers, shortened.
MESSAGE: dict[str, Any] = {
    "DOI": DOI,
    "type": "journal-article",
    "title": ["MDMA-facilitated conjoint therapy: An uncontrolled trial"],
    "subtitle": [],
    "container-title": ["European Journal of Psychotraumatology"],
    "author": [
        {"given": "Candice M.", "family": "Monson", "sequence": "first", "affiliation": []},
        {"given": "Anne C.", "family": "Wagner", "sequence": "additional", "affiliation": [{"name": "Remedy"}]},
        {"name": "The MDMA Group", "sequence": "additional", "affiliation": []},
    ],
    "issued": {"date-parts": [[2020, 12, 7]]},
    "published-print": {"date-parts": [[2020, 12, 31]]},
    "published-online": {"date-parts": [[2020, 12, 7]]},
    "volume": "11",
    "issue": "1",
    "page": "1840123",
    "publisher": "Informa UK Limited",
    "is-referenced-by-count": 101,
    "language": "en",
}
RETRACTED = {
    "updated-by": [
        {
            "DOI": "10.1080/retraction",
            "type": "retraction",
            "label": "Retraction",
            "source": "retraction-watch",
            "updated": {"date-parts": [[2024, 7, 26]], "date-time": "2024-07-26T00:00:00Z", "timestamp": 1721952000000},
            "record-id": "20946",
        }
    ]
}
CORRECTED = {
    "updated-by": [
        {
            "DOI": "10.1080/erratum",
            "type": "erratum",
            "label": "Erratum",
            "source": "publisher",
            "updated": {"date-parts": [[2021, 2]]},
        }
    ]
}


@dataclass
class Answer:
    """What the server does once.

    Attributes:
        body: the body; a mapping becomes `{"status": "ok", "message": ...}`.
        status: the status.
        headers: headers beside the usual ones.
        wait: seconds before anything is sent.
        cut: how many bytes of the body are kept back, although they were announced.
    """

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    cut: int = 0

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps({"status": "ok", "message-type": "work", "message": self.body}).encode()


NOT_FOUND = Answer(b"Resource not found.", 404, {"content-type": "text/plain"})


class FakeCrossref:
    """Answers each path with what was put there: one answer after the other, the last again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.queries: list[dict[str, list[str]]] = []
        self.agents: list[str] = []
        self.base = ""

    def put(self, doi: str, *answers: Answer | dict[str, Any]) -> None:
        """Say what the server answers about a DOI."""
        self.answers[f"/works/{doi}"] = [one if isinstance(one, Answer) else Answer(one) for one in answers]

    def put_agency(self, doi: str, agency: str) -> None:
        """Say at which agency a DOI is registered."""
        self.answers[f"/works/{doi}/agency"] = [Answer({"DOI": doi, "agency": {"id": agency, "label": agency}})]


@pytest.fixture
def server() -> Iterator[FakeCrossref]:
    fake = FakeCrossref()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            path = unquote(address.path)
            fake.asked.append(path)
            fake.queries.append(parse_qs(address.query))
            fake.agents.append(self.headers["User-Agent"])
            answers = fake.answers.get(path, [NOT_FOUND])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            time.sleep(answer.wait)
            content = answer.content()
            usual = {
                "content-type": "application/json",
                "content-length": str(len(content)),
                "x-rate-limit-limit": "1000",
                "x-rate-limit-interval": "1s",
            }
            try:
                self.send_response(answer.status)
                for name, value in (usual | answer.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content[: len(content) - answer.cut])
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    fake.base = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield fake
    http.shutdown()
    http.server_close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the program would have slept between questions; the server's own clock goes on."""
    slept: list[float] = []
    monkeypatch.setattr(crossref, "time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    return slept
