"""Bodies of events: what Microsoft's documentation allows, and what its schema refuses."""

import uuid

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
