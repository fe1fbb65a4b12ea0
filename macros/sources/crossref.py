"""Asks Crossref about DOIs: politely, patiently, and trusting nothing that comes back.

One request at a time, spaced as the answers' `x-rate-limit-` headers say; `Retry-After` is obeyed; what fails for a passing
reason is asked again after a longer and longer pause. See https://www.crossref.org/documentation/retrieve-metadata/rest-api/.
"""

from __future__ import annotations

import email.utils
import json
import re
import time
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import pydantic
import requests

BASE = "https://api.crossref.org"
#: Seconds between requests, unless Crossref allows fewer: what anybody may ask is five a second.
PAUSE = 0.25
#: Whoever is asked to wait longer than this many seconds comes back another day.
MOST_PATIENCE = 120.0
_MOST_BYTES = 8_000_000
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_FAULT = 500
_SUCCESS = range(200, 300)


class CrossrefError(Exception):
    """Crossref could not be asked, or its answer could not be understood.

    Attributes:
        final: whether it makes no sense to ask for anything else now.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(
        frozen=True, strict=True, populate_by_name=True, alias_generator=lambda name: name.replace("_", "-")
    )


def _no_null(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read `null`, which Crossref writes for what it does not have, as nothing."""
    return [] if value is None else [one for one in value if one is not None] if isinstance(value, list) else value


Text = Annotated[str, pydantic.BeforeValidator(lambda value: "" if value is None else value)]
Texts = Annotated[list[str], pydantic.BeforeValidator(_no_null)]


class Person(_Part):
    """An author or editor; an organisation has only a `name`."""

    given: Text = ""
    family: Text = ""
    name: Text = ""
    suffix: Text = ""


class Dates(_Part):
    """A date: year, month and day as far as they are known; `[[null]]` if none is."""

    date_parts: list[list[int | None]] = []

    @property
    def parts(self) -> list[int]:
        """What is known of the date, the year first."""
        first = self.date_parts[0] if self.date_parts else []
        return [part for part in first if part is not None]

    def __str__(self) -> str:
        return "-".join(f"{part:02d}" for part in self.parts)


class Update(_Part):
    """A notice that says something about a work: a retraction, a correction and the like."""

    DOI: Text = pydantic.Field("", alias="DOI")
    type: Text = ""
    label: Text = ""
    source: Text = ""
    updated: Dates | None = None


People = Annotated[list[Person], pydantic.BeforeValidator(_no_null)]
Updates = Annotated[list[Update], pydantic.BeforeValidator(_no_null)]


class Work(_Part):
    """What Crossref knows of a work, as far as the guide needs it.

    Attributes:
        updated_by: notices about this work, from its publisher or from Retraction Watch.
        update_to: the works about which this one is a notice.
    """

    DOI: str = pydantic.Field(alias="DOI")
    type: Text = ""
    title: Texts = []
    subtitle: Texts = []
    container_title: Texts = []
    author: People = []
    editor: People = []
    issued: Dates | None = None
    published_print: Dates | None = None
    published_online: Dates | None = None
    page: Text = ""
    article_number: Text = ""
    volume: Text = ""
    issue: Text = ""
    edition_number: Text = ""
    publisher: Text = ""
    publisher_location: Text = ""
    ISBN: Texts = pydantic.Field([], alias="ISBN")
    updated_by: Updates = []
    update_to: Updates = []

    @property
    def years(self) -> list[int]:
        """The years in which it came out, the printed one first."""
        dates = (self.published_print, self.issued, self.published_online)
        return list(dict.fromkeys(date.parts[0] for date in dates if date and date.parts))


class Crossref:
    """Crossref's REST API."""

    def __init__(self, base: str = BASE, mailto: str = "", *, timeout: float = 20, attempts: int = 4) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            base: the API's address.
            mailto: an address under which Crossref reaches whoever asks; it then answers faster.
            timeout: how many seconds to wait for an answer.
            attempts: how often to ask for the same before giving up.
        """
        self._base, self._mailto, self._timeout, self._attempts = base.rstrip("/"), mailto, timeout, attempts
        self._spacing, self._next, self._asked_to_wait = PAUSE, 0.0, 0.0
        self._session = requests.Session()
        contact = f"; mailto:{mailto}" if mailto else ""
        self._session.headers["User-Agent"] = f"ketamine-couple-therapy-guide/0.1 (source verification{contact})"

    def work(self, doi: str) -> Work | None:
        """Give what Crossref knows of a work, or `None` if it does not know the DOI.

        Args:
            doi: the DOI, without any prefix.

        Raises:
            CrossrefError: if it cannot be asked, or its answer makes no sense.
        """
        message = self._ask(f"/works/{quote(doi, safe='')}")
        if message is None:
            return None
        try:
            work = Work.model_validate(message)
        except pydantic.ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(str(part) for part in fault["loc"]) or "the answer"
            raise CrossrefError(f"Crossref's answer makes no sense: `{place}`: {fault['msg'].lower()}.") from None
        if not work.DOI:
            raise CrossrefError("Crossref's answer makes no sense: it names no DOI.")
        return work

    def agency(self, doi: str) -> str:
        """Give the agency at which a DOI is registered, such as `datacite`, or an empty string if at none.

        Args:
            doi: the DOI, without any prefix.

        Raises:
            CrossrefError: if it cannot be asked.
        """
        message = self._ask(f"/works/{quote(doi, safe='')}/agency")
        agency = message.get("agency") if isinstance(message, dict) else None
        name = agency.get("id") if isinstance(agency, dict) else None
        return name if isinstance(name, str) else ""

    def _ask(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Give the `message` of an answer, or `None` for 404."""
        fault = ""
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(max(2.0**attempt, self._asked_to_wait))
            self._asked_to_wait = 0.0
            try:
                status, body = self._get(path)
            except requests.RequestException as error:
                fault = _in_words(error)
                continue
            if status == _NOT_FOUND:
                return None
            if status == _TOO_MANY or status >= _SERVER_FAULT:
                fault = f"Crossref answers with the status {status}"
                if self._asked_to_wait > MOST_PATIENCE:
                    wait = f"{self._asked_to_wait:.0f}"
                    raise CrossrefError(f"Crossref asks to wait for {wait} seconds. Come back then.", final=True)
                continue
            if status not in _SUCCESS:
                raise CrossrefError(f"Crossref refuses the question with the status {status}.")
            try:
                answer = json.loads(body)
            except ValueError:
                looks = "HTML" if body.lstrip()[:1] == b"<" else "something else"
                fault = f"Crossref's answer is not JSON but {looks}, or it breaks off"
                continue
            if isinstance(answer, dict) and isinstance(answer.get("message"), dict):
                return answer["message"]
            fault = "Crossref's answer makes no sense: it holds no message"
        raise CrossrefError(f"{fault} (asked {self._attempts} times).")

    def _get(self, path: str) -> tuple[int, bytes]:
        time.sleep(max(0.0, self._next - time.monotonic()))
        parameters = {"mailto": self._mailto} if self._mailto else {}
        start = time.monotonic()
        try:
            with self._session.get(
                self._base + path, params=parameters, timeout=self._timeout, stream=True
            ) as response:
                self._note(response.headers)
                body = bytearray()
                for chunk in response.iter_content(65536):
                    body += chunk
                    if len(body) > _MOST_BYTES or time.monotonic() - start > 3 * self._timeout:
                        raise requests.ConnectionError("the answer does not end")
                return response.status_code, bytes(body)
        finally:
            self._next = start + self._spacing

    def _note(self, headers: Any) -> None:  # noqa: ANN401 - a mapping that ignores capitals
        """Note how fast Crossref may be asked, and whether it asks to wait."""
        limit = re.fullmatch(r"\s*(\d{1,6})\s*", headers.get("x-rate-limit-limit", ""))
        interval = re.fullmatch(r"\s*(\d{1,6})s?\s*", headers.get("x-rate-limit-interval", ""))
        if limit and interval and int(limit[1]):
            self._spacing = max(PAUSE, int(interval[1]) / int(limit[1]))
        self._asked_to_wait = _seconds(headers.get("retry-after", ""))


def _seconds(retry_after: str) -> float:
    """Read `Retry-After`: seconds, or a date."""
    if re.fullmatch(r"\s*\d{1,9}\s*", retry_after):
        return float(retry_after)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _in_words(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "Crossref does not answer in time"
    if isinstance(error, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        return "Crossref cannot be reached, or its answer breaks off"
    return f"Crossref cannot be asked: {error}"
