"""Answers that people met and recorded, beside the simulator's."""

import concurrent.futures
import json
import re
import uuid

from bodies import END, START, WINDOW, event
from by_hand import quoted, rows
from common import WORK


class Samples:
    """Recorded answers."""

    def __init__(self, folder):
        self.folder = folder

    def get(self, name):
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))


def same(checks, name, answer, sample, status=None):
    """Status, code and message as they were recorded; `status` where the record has none."""
    expected = sample.get("status") or status
    error = answer.json().get("error", {}) if answer.content else {}
    recorded = sample.get("body", {}).get("error", {"message": sample.get("message")})
    checks.equal(f"sample {name}: status", answer.status_code, expected)
    if recorded.get("code"):
        checks.equal(f"sample {name}: code", error.get("code"), recorded["code"])
    checks.equal(f"sample {name}: message", shape(error.get("message")), shape(recorded["message"]))
    if "body" in sample:
        checks.equal(f"sample {name}: innerError", "innerError" in error, "innerError" in recorded)


def shape(message):
    """A message without what varies in it."""
    text = re.sub(r"'[^']*'|\d+", "*", message or "")
    return re.sub(r"\s+", " ", re.sub(r"(\[[*\w=]*\])+", "", text)).strip(" .;")


def check_samples(checks, client, samples, calendar):
    base = f"me/calendars/{quoted(calendar)}"
    made = client.call("POST", f"{base}/events", event()).json()
    path = f"me/events/{quoted(made['id'])}"
    client.call("DELETE", path)
    cases = {
        "404-ErrorItemNotFound": (client.call("PATCH", path, {"subject": "x"}), None),
        "400-ErrorInvalidIdMalformed": (client.call("GET", "me/events/x"), 400),
        "400-TimeZoneNotSupportedException": (zoned(client, base, "Greenwich Mean Time"), None),
        "400-ErrorPropertyValidationFailure": (zoned(client, base, "Africa/Casablanca"), 400),
        "delta-missing-window": (client.call("GET", f"{base}/calendarView/delta"), 400),
        "400-events-delta-v1": (client.call("GET", f"{base}/events/delta"), 400),
        "500-delta-with-expand": (
            client.call("GET", f"{base}/calendarView/delta", query={**WINDOW, "$expand": "singleValueExtendedProperties"}), None,
        ),
        "404-ErrorInvalidUser": (client.call("GET", "users/3864667a-d3d5-442a-ab36-5031f9353160/calendar"), None),
        "400-ErrorDuplicateTransactionId": (twice(client, base), None),
        "412-ErrorIrresolvableConflict-on-GET": (stale(client, base), None),
        "410-SyncStateNotFound-calendarView-delta": (forgotten(client, base), None),
    }
    for name, (answer, status) in cases.items():
        same(checks, name, answer, samples.get(name), status)
    check_concurrency(checks, client, samples)


def zoned(client, base, zone):
    moments = {name: {**value, "timeZone": zone} for name, value in {"start": START, "end": END}.items()}
    return client.call("POST", f"{base}/events", event(**moments))


def twice(client, base):
    body = event(transactionId=str(uuid.uuid4()))
    client.call("POST", f"{base}/events", body).raise_for_status()
    return client.call("POST", f"{base}/events", {**body, "subject": "Another"})


def stale(client, base):
    made = client.call("POST", f"{base}/events", event()).json()
    path = f"me/events/{quoted(made['id'])}"
    client.call("PATCH", path, {"subject": "Newer"}).raise_for_status()
    return client.call("PATCH", path, {"subject": "Older"}, If_Match=made["@odata.etag"])


def forgotten(client, base):
    page = client.call("GET", f"{base}/calendarView/delta", query=WINDOW, Prefer="odata.maxpagesize=500").json()
    client.control("forget-deltas", {"login": WORK}).raise_for_status()
    return client.call("GET", page["@odata.deltaLink"])


def check_concurrency(checks, client, samples):
    client.control("latency", {"ms": 300})
    try:
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(lambda _: client.call("GET", "me/calendars"), range(5)))
    finally:
        client.control("latency", {"ms": 0})
    refused = [answer for answer in answers if answer.status_code != 200]
    if not checks.equal("five at once: one is refused", len(refused), 1):
        return
    sample = samples.get("429-MailboxConcurrency-headers")
    same(checks, "429-MailboxConcurrency-headers", refused[0], sample)
    checks.equal("five at once: Retry-After", refused[0].headers.get("Retry-After"), sample["headers"]["Retry-After"])


def check_rows_as_recorded(checks, client, samples, calendar):
    base = f"me/calendars/{quoted(calendar)}"
    page = client.call("GET", f"{base}/calendarView/delta", query=WINDOW, Prefer="odata.maxpagesize=500")
    recorded = samples.get("delta-first-page-empty-with-nextLink")
    checks.equal("delta: Preference-Applied", page.headers.get("Preference-Applied"), recorded["headers"]["preference-applied"])
    stub = next(row for row in page.json()["value"] if row.get("type") == "occurrence")
    checks.equal("delta: an occurrence has the recorded members", sorted(stub), sorted(samples.get("delta-occurrence-row")["body_row"]))
    view = rows(client, f"{base}/calendarView", WINDOW)
    row = next(row for row in view if row["isAllDay"])
    recorded = samples.get("allday-calendarView-row")["body_row"]
    found = (row["start"]["dateTime"][10:], row["start"]["timeZone"], row["end"]["dateTime"][10:])
    checks.equal("view: an all-day row is midnight", found, (recorded["start"]["dateTime"][10:], "UTC", recorded["end"]["dateTime"][10:]))
    fresh = client.call("POST", "me/calendars", {"name": f"Empty {uuid.uuid4().hex[:8]}"})
    infrastructure = {"cache-control", "x-ms-ags-diagnostic"}
    wanted = set(samples.get("201-calendar-create-headers")["headers"]) - infrastructure
    missing = sorted(wanted - {name.lower() for name in fresh.headers})
    checks.equal("headers of POST calendars: none is missing", missing, [])
    client.call("DELETE", f"me/calendars/{quoted(fresh.json()['id'])}")
