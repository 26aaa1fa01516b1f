"""Compares what the simulator takes and gives with Microsoft's schema of the calendar types, and its errors with recorded ones.

Usage: schema_check.py ADDRESSES_JSON PATH_TO_calendar.schema.json

The recorded answers are looked for beside the schema, in samples/.
"""

import json
import pathlib
import sys
import uuid

import jsonschema
from bodies import DAY, END, MARK, SIMPLE, START, WINDOW, ZONE, doubtful_bodies, event, good_bodies, series
from by_hand import Client, quoted, refused, rows
from common import PERSONAL, WORK, Addresses, Checks
from recorded import Samples, check_rows_as_recorded, check_samples


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
