"""Compares what the simulator takes and gives with Microsoft's schema of the calendar types, and its errors with recorded ones.

Usage: schema_check.py ADDRESSES_JSON PATH_TO_calendar.schema.json

The recorded answers are looked for beside the schema, in samples/.
"""

import concurrent.futures
import json
import pathlib
import re
import sys
import urllib.parse
import uuid

import jsonschema
import requests
from common import PERSONAL, WORK, Addresses, Checks, sign_in

ZONE = "W. Europe Standard Time"
WINDOW = {"startDateTime": "2027-03-01T00:00:00Z", "endDateTime": "2027-05-01T00:00:00Z"}
MARK = "String {0f8e5c1a-5e0d-4f5e-9d0c-9b1a5c6d7e8f} Name InteropMark"
START = {"dateTime": "2027-03-15T09:00:00", "timeZone": ZONE}
END = {"dateTime": "2027-03-15T10:00:00", "timeZone": ZONE}
# Members whose value the service gives back as it got it.
SIMPLE = {
    "subject", "categories", "importance", "sensitivity", "showAs", "isReminderOn", "reminderMinutesBeforeStart", "hideAttendees",
    "responseRequested", "allowNewTimeProposals",
}
DAY = {
    "start": {"dateTime": "2027-03-16T00:00:00", "timeZone": ZONE},
    "end": {"dateTime": "2027-03-17T00:00:00", "timeZone": ZONE},
    "isAllDay": True,
}


class Client:
    """Graph by hand, with a token."""

    def __init__(self, addresses, login):
        _, result = sign_in(addresses, login)
        self.addresses = addresses
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {result['access_token']}"

    def call(self, method, path, body=None, query=None, **headers):
        address = path if path.startswith("http") else f"{self.addresses.graph}/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, address, json=body, params=query, headers=named, timeout=30)

    def control(self, path, body):
        return self.session.post(f"{self.addresses.control}/{path}", json=body, timeout=10)


class Schema:
    """Microsoft's types as JSON Schema."""

    def __init__(self, path):
        self.document = json.loads(path.read_text(encoding="utf-8"))

    def faults(self, kind, value):
        """What is wrong with a value. Annotations (@odata..., @removed) are allowed by the schema itself, anywhere."""
        schema = {**self.document, "$ref": f"#/$defs/{kind}"}
        errors = jsonschema.Draft202012Validator(schema).iter_errors(value)
        return [f"{error.json_path}: {leaf(error).message[:160]}" for error in errors]


def leaf(error):
    """The most telling of nested errors."""
    return jsonschema.exceptions.best_match([error]) if error.context else error


def quoted(identifier):
    return urllib.parse.quote(identifier, safe="")


def event(**members):
    return {"subject": "Schema", "start": START, "end": END, **members}


def series(pattern, span, **members):
    span = {"startDate": "2027-03-15", **span}
    return event(recurrence={"pattern": {"interval": 1, **pattern}, "range": span}, **members)


def good_bodies():
    """Bodies that Microsoft's documentation allows; each has to be taken."""
    html = {"contentType": "html", "content": "<p>Hello</p>"}
    place = {"displayName": "Room", "locationType": "default", "address": {"city": "Bonn"}, "coordinates": {"latitude": 50.7, "longitude": 7.1}}
    guest = {"type": "required", "emailAddress": {"name": "Guest", "address": "guest@contoso.example"}}
    return {
        "plain": event(),
        "everything": event(
            body=html, location=place, locations=[place], attendees=[guest], categories=["Red category"], importance="high",
            sensitivity="private", showAs="oof", isReminderOn=True, reminderMinutesBeforeStart=30, hideAttendees=True,
            responseRequested=False, allowNewTimeProposals=False, transactionId=str(uuid.uuid4()),
            singleValueExtendedProperties=[{"id": MARK, "value": "one"}],
        ),
        "all day": event(**DAY),
        "annotated": event(**{"@odata.type": "#microsoft.graph.event"}),
        "annotated recurrence": series(
            {"@odata.type": "microsoft.graph.recurrencePattern", "type": "daily"},
            {"@odata.type": "microsoft.graph.recurrenceRange", "type": "noEnd"},
        ),
        "IANA zone": event(
            start={"dateTime": "2027-03-15T09:00:00", "timeZone": "Europe/London"},
            end={"dateTime": "2027-03-15T10:00:00", "timeZone": "Europe/London"},
        ),
        "enum in capitals": event(showAs="Busy", importance="Low"),
        "body without contentType": event(body={"content": "text"}),
        "subject null": event(subject=None),
        "reminder minutes null": event(reminderMinutesBeforeStart=None),
        "location null": event(location=None),
        "originalStartTimeZone, as Microsoft's sample sends it": event(originalStartTimeZone=ZONE, originalEndTimeZone=ZONE),
        "property by tag": event(singleValueExtendedProperties=[{"id": "Integer 0x8012", "value": "5"}]),
        "property with spaces": event(
            singleValueExtendedProperties=[{"id": "String {0f8e5c1a-5e0d-4f5e-9d0c-9b1a5c6d7e8f} Name My mark", "value": "x"}]
        ),
        "daily": series({"type": "daily"}, {"type": "numbered", "numberOfOccurrences": 3}),
        "weekly": series({"type": "weekly", "daysOfWeek": ["monday", "friday"]}, {"type": "endDate", "endDate": "2027-04-30"}),
        "absolute monthly": series({"type": "absoluteMonthly", "dayOfMonth": 15}, {"type": "noEnd"}),
        "relative monthly": series({"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "third"}, {"type": "noEnd"}),
        "absolute yearly": series({"type": "absoluteYearly", "dayOfMonth": 15, "month": 3}, {"type": "noEnd"}),
        "relative yearly": series(
            {"type": "relativeYearly", "daysOfWeek": ["monday"], "index": "third", "month": 3},
            {"type": "noEnd", "recurrenceTimeZone": ZONE},
        ),
        "pattern with the zeros that Graph answers": series(
            {"type": "weekly", "daysOfWeek": ["monday"], "month": 0, "dayOfMonth": 0, "index": "first", "firstDayOfWeek": "sunday"},
            {"type": "noEnd", "endDate": "0001-01-01", "numberOfOccurrences": 0, "recurrenceTimeZone": ZONE},
        ),
    }


def doubtful_bodies():
    """Bodies that the schema refuses: a strict service must not take them."""
    pattern, span = {"type": "daily"}, {"type": "noEnd"}
    return {
        "unknown member": event(colour="red"),
        "beta member uid": event(uid="1"),
        "beta member occurrenceId": event(occurrenceId="1"),
        "subject a number": event(subject=5),
        "showAs unknown name": event(showAs="away"),
        "isAllDay a text": event(isAllDay="true"),
        "categories null": event(categories=None),
        "categories of numbers": event(categories=[1]),
        "reminder minutes a text": event(reminderMinutesBeforeStart="15"),
        "reminder minutes too large": event(reminderMinutesBeforeStart=2**31),
        "body a text": event(body="Hello"),
        "body with an unknown member": event(body={"contentType": "text", "content": "x", "charset": "utf-8"}),
        "start with an unknown member": event(start={**START, "offset": 0}),
        "timeZone a number": event(start={"dateTime": "2027-03-15T09:00:00", "timeZone": 1}),
        "location a text": event(location="Room"),
        "location with an unknown member": event(location={"name": "Room"}),
        "location with an unknown locationType": event(location={"displayName": "Room", "locationType": "garden"}),
        "locations of texts": event(locations=["Room"]),
        "attendees of texts": event(attendees=["guest@contoso.example"]),
        "attendee with an unknown member": event(attendees=[{"name": "Guest"}]),
        "attendees null": event(attendees=None),
        "onlineMeetingProvider unknown name": event(onlineMeetingProvider="zoom"),
        "transactionId a number": event(transactionId=5),
        "recurrence with an unknown member": event(
            recurrence={"pattern": {"interval": 1, **pattern}, "range": {"startDate": "2027-03-15", **span}, "exceptions": []}
        ),
        "pattern with an unknown member": series({**pattern, "every": 1}, span),
        "pattern interval a text": series({**pattern, "interval": "1"}, span),
        "pattern daysOfWeek a text": series({"type": "daily", "daysOfWeek": "monday"}, span),
        "pattern firstDayOfWeek unknown name": series({"type": "daily", "firstDayOfWeek": "someday"}, span),
        "range with an unknown member": series(pattern, {**span, "until": "2027-05-01"}),
        "range endDate a time": series(pattern, {**span, "endDate": "2027-05-01T00:00:00"}),
        "range numberOfOccurrences a text": series(pattern, {**span, "numberOfOccurrences": "3"}),
        "extended property with an unknown member": event(singleValueExtendedProperties=[{"id": MARK, "value": "x", "type": "String"}]),
        "extended property value a number": event(singleValueExtendedProperties=[{"id": MARK, "value": 1}]),
        "multi-value properties a text": event(multiValueExtendedProperties="x"),
        "extensions a text": event(extensions="x"),
        "read-only member of another type": event(isCancelled="no"),
    }


def conforms(checks, schema, name, kind, values):
    """Every value fits the schema; one line for all."""
    faults = [fault for value in values for fault in schema.faults(kind, value)]
    checks.that(name, values and not faults, "; ".join(sorted(set(faults))[:6]) or "there are none")


def check_good(checks, schema, client, path):
    made = {}
    for name, body in good_bodies().items():
        is_lower = name != "enum in capitals"
        if is_lower and schema.faults("event", body):
            raise AssertionError(f"the probe {name} is wrong: {schema.faults('event', body)}")
        answer = client.call("POST", path, body)
        if checks.that(f"POST taken: {name}", answer.status_code == 201, answer.text):
            conforms(checks, schema, f"POST answer: {name}", "event", [answer.json()])
            made[name] = answer.json()
    if "enum in capitals" in made:
        client.call("DELETE", f"me/events/{quoted(made.pop('enum in capitals')['id'])}")
    sent = good_bodies()["everything"]
    kept = {name: value for name, value in sent.items() if name in SIMPLE}
    checks.equal("POST answer: what was sent comes back", {name: made["everything"][name] for name in kept}, kept)
    return made


def check_doubtful(checks, schema, client, path, existing):
    for name, body in doubtful_bodies().items():
        if not schema.faults("event", body):
            raise AssertionError(f"the probe {name} fits the schema")
        answer = client.call("POST", path, body)
        told = {key: value for key, value in body.items() if event().get(key) != value}
        why = f"{answer.status_code} for {json.dumps(told)}"
        if answer.ok:
            client.call("DELETE", f"me/events/{quoted(answer.json()['id'])}")
            why += f"; faults of the answer: {schema.faults('event', answer.json())}"
        checks.that(f"POST refused: {name}", answer.status_code == 400, why)
    changed = client.call("PATCH", existing, {"location": {"name": "Room"}})
    checks.that("PATCH refused: location with an unknown member", changed.status_code == 400, changed.text)
    if changed.ok:
        client.call("PATCH", existing, {"location": {"displayName": "Room"}})


def check_patches(checks, schema, client, made):
    one = made["everything"]
    path = f"me/events/{quoted(one['id'])}"
    patches = {
        "subject": {"subject": "Other"},
        "times": {"start": START, "end": END},
        "reminder off": {"isReminderOn": False, "reminderMinutesBeforeStart": 0},
        "all day": DAY,
        "recurrence": {**series({"type": "daily"}, {"type": "noEnd"}), "isAllDay": False},
        "recurrence null": {"recurrence": None},
        "the sample of event-update": {
            "originalStartTimeZone": ZONE,
            "originalEndTimeZone": ZONE,
            "recurrence": None,
            "iCalUId": "x",
            "reminderMinutesBeforeStart": 99,
            "isOnlineMeeting": True,
            "onlineMeetingProvider": "teamsForBusiness",
            "isReminderOn": True,
            "hideAttendees": False,
            "categories": ["Red category"],
        },
    }
    for name, body in patches.items():
        answer = client.call("PATCH", path, body)
        if checks.that(f"PATCH taken: {name}", answer.status_code == 200, answer.text):
            conforms(checks, schema, f"PATCH answer: {name}", "event", [answer.json()])
    now = client.call("GET", path).json()
    checks.equal("a change leaves iCalUId and webLink", (now["iCalUId"], now["webLink"]), (one["iCalUId"], one["webLink"]))
    whole = {name: value for name, value in client.call("GET", path).json().items() if not name.startswith("@odata.context")}
    answer = client.call("PATCH", path, whole)
    checks.that("PATCH taken: the event as it was got", answer.status_code == 200, answer.text)
    return path


def check_reads(checks, schema, client, calendar):
    base = f"me/calendars/{quoted(calendar)}"
    zone = {"Prefer": f'outlook.timezone="{ZONE}", outlook.body-content-type="text"'}
    listed = rows(client, f"{base}/events", {"$top": "5"})
    conforms(checks, schema, "list", "event", listed)
    got = [client.call("GET", f"me/events/{quoted(one['id'])}", **zone).json() for one in listed]
    conforms(checks, schema, "GET of each", "event", got)
    expand = {"$expand": f"singleValueExtendedProperties($filter=id eq '{MARK}')"}
    conforms(checks, schema, "list with $expand", "event", rows(client, f"{base}/events", expand))
    found = rows(client, f"{base}/events", {"$filter": f"singleValueExtendedProperties/Any(ep: ep/id eq '{MARK}' and ep/value eq 'one')"})
    checks.equal("list with $filter by property", len(found), 1)
    check_view(checks, schema, client, base, zone)
    masters = [one for one in listed if one["type"] == "seriesMaster"]
    instances = client.call("GET", f"me/events/{quoted(masters[0]['id'])}/instances", query=WINDOW).json()["value"]
    conforms(checks, schema, "instances", "event", instances)
    delta = rows(client, f"{base}/calendarView/delta", WINDOW)
    conforms(checks, schema, "delta rows", "event", delta)


def check_view(checks, schema, client, base, zone):
    view = client.call("GET", f"{base}/calendarView", query={**WINDOW, "$top": "50"}, **zone)
    conforms(checks, schema, "calendarView", "event", view.json()["value"])
    page = client.call("GET", f"{base}/calendarView", query={**WINDOW, "$top": "3"}).json()
    checks.that("calendarView pages by $top", len(page["value"]) == 3 and "@odata.nextLink" in page, len(page["value"]))
    page = client.call("GET", f"{base}/calendarView", query=WINDOW).json()
    checks.that("calendarView pages by ten unless told", len(page["value"]) == 10 and "@odata.nextLink" in page, len(page["value"]))
    chosen = client.call("GET", f"{base}/calendarView", query={**WINDOW, "$top": "1", "$select": "subject"}).json()["value"][0]
    names = sorted(name for name in chosen if not name.startswith("@"))
    checks.equal("calendarView heeds $select", names, ["id", "subject"])


def rows(client, path, query=None):
    """All pages."""
    answer, found = client.call("GET", path, query=query), []
    while True:
        answer.raise_for_status()
        page = answer.json()
        found += page["value"]
        if "@odata.nextLink" not in page:
            return found
        answer = client.call("GET", page["@odata.nextLink"])


def check_calendars(checks, schema, client):
    conforms(checks, schema, "calendars: list", "calendar", rows(client, "me/calendars"))
    name = f"Schema {uuid.uuid4().hex[:8]}"
    body = {"name": name, "color": "lightBlue"}
    made = client.call("POST", "me/calendars", body)
    checks.equal("calendars: POST", made.status_code, 201)
    conforms(checks, schema, "calendars: POST answer", "calendar", [made.json()])
    checks.equal("calendars: the color that was sent comes back", made.json()["color"], "lightBlue")
    path = f"me/calendars/{quoted(made.json()['id'])}"
    conforms(checks, schema, "calendars: GET", "calendar", [client.call("GET", path).json()])
    renamed = client.call("PATCH", path, {"name": f"{name} b", "color": "lightRed"})
    conforms(checks, schema, "calendars: PATCH answer", "calendar", [renamed.json()])
    checks.equal("calendars: PATCH sets name and color", (renamed.json()["name"], renamed.json()["color"]), (f"{name} b", "lightRed"))
    checks.that("calendars: PATCH changes the change key", renamed.json()["changeKey"] != made.json()["changeKey"], renamed.text)
    calendar_names(checks, client, path, renamed.json()["name"])
    for label, wrong in {"unknown member": {"owners": []}, "color": {"color": "crimson"}, "color a number": {"color": 3}}.items():
        answer = client.call("POST", "me/calendars", {"name": f"Wrong {uuid.uuid4().hex[:8]}", **wrong})
        checks.that(f"calendars: POST refused: {label}", answer.status_code == 400, f"{answer.status_code} for {wrong}")
        if answer.ok:
            client.call("DELETE", f"me/calendars/{quoted(answer.json()['id'])}")
    return made.json()["id"]


def calendar_names(checks, client, path, own):
    twin = client.call("POST", "me/calendars", {"name": f"It's {uuid.uuid4().hex[:8]}"}).json()
    query = {"$filter": "name eq '{}'".format(twin["name"].replace("'", "''"))}
    found = [one["id"] for one in rows(client, "me/calendars", query)]
    checks.equal("calendars: $filter by a name with an apostrophe", found, [twin["id"]])
    chosen = client.call("GET", "me/calendars", query={"$select": "name"}).json()["value"][0]
    checks.equal("calendars: $select", sorted(name for name in chosen if not name.startswith("@")), ["id", "name"])
    refused(checks, "calendars: PATCH to a name that is taken", client.call("PATCH", path, {"name": twin["name"]}), 409, "ErrorFolderExists")
    client.call("PATCH", path, {"name": own})
    client.call("DELETE", f"me/calendars/{quoted(twin['id'])}")


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


def check_plain_errors(checks, client, calendar):
    """Errors that have no record beside the schema, by Microsoft's documentation."""
    base = f"me/calendars/{quoted(calendar)}"
    part = {"method": "GET", "url": "/me/calendar"}
    many = {"requests": [{"id": str(number), **part} for number in range(21)]}
    refused(checks, "batch of 21", client.call("POST", "$batch", many), 400, "BadRequest")
    full = client.call("POST", "$batch", {"requests": many["requests"][:20]}).json()["responses"]
    checks.equal("batch of 20", sorted({one["status"] for one in full}), [200])
    twins = {"requests": [{"id": "a", **part}, {"id": "A", **part}]}
    refused(checks, "batch with one id twice", client.call("POST", "$batch", twins), 400, "BadRequest")
    unknown = client.call("POST", f"{base}/events", event(colour="red"))
    refused(checks, "unknown member", unknown, 400, "RequestBodyRead")
    text = unknown.json()["error"]["message"]
    checks.that("unknown member: message", text.endswith("defined by the type or mark the type as open type."), text)
    zoneless = event(start={"dateTime": "2027-03-15T09:00:00"}, end={"dateTime": "2027-03-15T10:00:00"})
    refused(checks, "zoneless date", client.call("POST", f"{base}/events", zoneless), 400, "TimeZoneNotSupportedException")
    wrong = client.call("POST", f"{base}/events", event(start={"dateTime": "+2h", "timeZone": "UTC"}))
    checks.equal("dateTime that is none: status", wrong.status_code, 400)
    checks.equal("dateTime that is none: message", wrong.json()["error"]["message"], "The value '+2h' of parameter 'DateTime' is invalid.")
    name = f"Twin {uuid.uuid4().hex[:8]}"
    first = client.call("POST", "me/calendars", {"name": name}).json()
    refused(checks, "calendar name taken", client.call("POST", "me/calendars", {"name": name}), 409, "ErrorFolderExists")
    client.call("DELETE", f"me/calendars/{quoted(first['id'])}")
    nobody = client.call("GET", "me/calendars", Authorization="Bearer nothing")
    refused(checks, "unknown token", nobody, 401, "InvalidAuthenticationToken")
    checks.that("unknown token: WWW-Authenticate", nobody.headers.get("WWW-Authenticate", "").startswith("Bearer "), nobody.headers)
    lost = client.call("GET", f"me/events/{quoted('AQMkAD' + 'A' * 40)}", client_request_id="11111111-2222-4333-8444-555555555555")
    inner = lost.json()["error"].get("innerError", {})
    checks.equal("an error names the request-id of its header", inner.get("request-id"), lost.headers["request-id"])
    checks.equal("an error names our client-request-id", inner.get("client-request-id"), "11111111-2222-4333-8444-555555555555")
    mars = client.call("GET", f"{base}/events", Prefer='outlook.timezone="Mars Standard Time"')
    zones = {row["start"]["timeZone"] for row in mars.json().get("value", [])}
    checks.that("Prefer of an unknown zone labels nothing with it", "Mars Standard Time" not in zones, f"{mars.status_code} {zones}")
    untyped = client.session.post(f"{client.addresses.graph}/{base}/events", data=json.dumps(event()), timeout=30)
    checks.equal("a body without Content-Type", untyped.status_code, 400)
    renamed = client.call("PATCH", "me/calendar", {"name": "Calendar"})
    checks.equal("PATCH me/calendar is a route", renamed.status_code, 200)
    view = client.call("GET", "me/calendar/calendarView", query=WINDOW)
    checks.equal("GET me/calendar/calendarView is a route", view.status_code, 200)


def refused(checks, name, answer, status, code):
    checks.equal(name, (answer.status_code, answer.json().get("error", {}).get("code")), (status, code))


def run(checks, addresses, path):
    schema = Schema(path)
    client = Client(addresses, WORK)
    calendar = check_calendars(checks, schema, client)
    events = f"me/calendars/{quoted(calendar)}/events"
    made = check_good(checks, schema, client, events)
    existing = check_patches(checks, schema, client, made)
    check_doubtful(checks, schema, client, events, existing)
    check_reads(checks, schema, client, calendar)
    check_plain_errors(checks, client, calendar)
    folder = path.parent / "samples" / "field-reports"
    if folder.is_dir():
        samples = Samples(folder)
        check_rows_as_recorded(checks, client, samples, calendar)
        check_samples(checks, client, samples, calendar)
    else:
        checks.skip("no recorded answers")
    client.call("DELETE", f"me/calendars/{quoted(calendar)}")
    personal = Client(addresses, PERSONAL)
    conforms(checks, schema, "calendars of a personal account", "calendar", rows(personal, "me/calendars"))


def main():
    checks = Checks()
    path = pathlib.Path(sys.argv[2])
    if not path.exists():
        checks.skip("no schema")
        checks.finish()
    addresses = Addresses(sys.argv[1])
    checks.run(lambda: run(checks, addresses, path))


if __name__ == "__main__":
    main()
