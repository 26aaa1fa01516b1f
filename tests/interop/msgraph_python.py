"""Microsoft's Graph SDK for Python, with a token from MSAL, works on a calendar of the simulator.

Usage: msgraph_python.py ADDRESSES_JSON
"""

import asyncio
import datetime
import sys
import time
import urllib.parse
import uuid

from azure.core.credentials import AccessToken
from common import SCOPES, WORK, Addresses, Checks, sign_in
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.calendar import Calendar
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.models.single_value_legacy_extended_property import SingleValueLegacyExtendedProperty
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder

ZONE = "W. Europe Standard Time"
WINDOW = ("2027-03-01T00:00:00Z", "2027-04-12T00:00:00Z")
MARK = "String {0f8e5c1a-5e0d-4f5e-9d0c-9b1a5c6d7e8f} Name InteropMark"


class MsalCredential:
    """Hands MSAL's cached token to the SDK."""

    def __init__(self, app):
        self.app = app

    def get_token(self, *scopes, **options):
        result = self.app.acquire_token_silent(SCOPES, account=self.app.get_accounts()[0])
        return AccessToken(result["access_token"], int(time.time()) + int(result["expires_in"]))


def connect(addresses, app):
    adapter = GraphRequestAdapter(AzureIdentityAuthenticationProvider(MsalCredential(app), scopes=SCOPES))
    adapter.base_url = addresses.graph
    return GraphServiceClient(request_adapter=adapter)


def moment(text):
    return DateTimeTimeZone(date_time=text, time_zone=ZONE)


def timed(subject, start, end):
    return Event(
        subject=subject,
        body=ItemBody(content_type=BodyType.Text, content="Line one\nline two"),
        start=moment(start),
        end=moment(end),
        show_as=FreeBusyStatus.Free,
        is_reminder_on=True,
        reminder_minutes_before_start=5,
        categories=["Belfry"],
        transaction_id=str(uuid.uuid4()),
        single_value_extended_properties=[SingleValueLegacyExtendedProperty(id=MARK, value="mark-1")],
    )


def weekly(subject):
    event = timed(subject, "2027-03-15T09:00:00", "2027-03-15T09:30:00")
    event.recurrence = PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly, interval=1, days_of_week=[DayOfWeek.Monday], first_day_of_week=DayOfWeek.Monday
        ),
        range=RecurrenceRange(
            type=RecurrenceRangeType.Numbered,
            start_date=datetime.date(2027, 3, 15),
            number_of_occurrences=3,
            recurrence_time_zone=ZONE,
        ),
    )
    return event


async def check_calendars(checks, client):
    name = f"Interop {uuid.uuid4().hex[:8]}"
    listed = await client.me.calendars.get()
    checks.equal("calendars: one default", len([one for one in listed.value if one.is_default_calendar]), 1)
    made = await client.me.calendars.post(Calendar(name=name))
    checks.equal("calendars: create", made.name, name)
    checks.that("calendars: create gives an id and owner", made.id and made.owner and made.owner.address == WORK, made)
    got = await client.me.calendars.by_calendar_id(made.id).get()
    checks.equal("calendars: get", got.id, made.id)
    names = [one.name async for one in pages(client.me.calendars, await client.me.calendars.get())]
    checks.that("calendars: list shows the new one", name in names, names)
    return made.id


async def pages(builder, page):
    """Every row of a paged answer."""
    while page:
        for row in page.value:
            yield row
        page = await builder.with_url(page.odata_next_link).get() if page.odata_next_link else None


async def check_events(checks, calendar):
    made = await calendar.events.post(timed("Timed", "2027-03-10T14:00:00", "2027-03-10T15:00:00"))
    checks.equal("events: create is a single instance", made.type, EventType.SingleInstance)
    found = (made.start.date_time, made.start.time_zone, made.original_start_time_zone)
    checks.equal("events: create answers in UTC", found, ("2027-03-10T13:00:00.0000000", "UTC", ZONE))
    checks.equal("events: what was written comes back", (made.show_as, made.categories), (FreeBusyStatus.Free, ["Belfry"]))
    checks.that("events: created_date_time parses", isinstance(made.created_date_time, datetime.datetime), made.created_date_time)
    series = await calendar.events.post(weekly("Weekly"))
    checks.equal("events: a series has a master", series.type, EventType.SeriesMaster)
    pattern, span = series.recurrence.pattern, series.recurrence.range
    found = (pattern.type, pattern.days_of_week, span.type, span.start_date, span.number_of_occurrences)
    expected = (RecurrencePatternType.Weekly, [DayOfWeek.Monday], RecurrenceRangeType.Numbered, datetime.date(2027, 3, 15), 3)
    checks.equal("events: the recurrence comes back", found, expected)
    rows = [row.id async for row in pages(calendar.events, await calendar.events.get())]
    checks.equal("events: list shows both, once", sorted(rows), sorted([made.id, series.id]))
    return made, series


async def check_one_event(checks, client, calendar, made):
    changed = await calendar.events.by_event_id(made.id).patch(Event(subject="Renamed"))
    checks.equal("event: patch answers the new subject", changed.subject, "Renamed")
    checks.equal("event: patch keeps the rest", changed.start.date_time, made.start.date_time)
    checks.that("event: patch changes the change key", changed.change_key != made.change_key, changed.change_key)
    parameters = EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(
        select=["subject", "start", "body"], expand=[f"singleValueExtendedProperties($filter=id eq '{MARK}')"]
    )
    wanted = RequestConfiguration(query_parameters=parameters)
    wanted.headers.add("Prefer", f'outlook.timezone="{ZONE}"')
    wanted.headers.add("Prefer", 'outlook.body-content-type="text"')
    got = await client.me.events.by_event_id(made.id).get(wanted)
    checks.equal("event: get", got.subject, "Renamed")
    checks.equal("event: get in the zone that was asked for", (got.start.date_time, got.start.time_zone), ("2027-03-10T14:00:00.0000000", ZONE))
    checks.equal("event: get the body as text", got.body.content_type, BodyType.Text)
    marks = [(one.id, one.value) for one in got.single_value_extended_properties or []]
    checks.equal("event: get expands the extended property", marks, [(MARK, "mark-1")])
    checks.equal("event: select leaves the rest out", (got.show_as, got.i_cal_u_id), (None, None))


async def check_instances(checks, client, series):
    wanted = view_query(InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters)
    rows = (await client.me.events.by_event_id(series.id).instances.get(wanted)).value
    # The second and third lie on either side of the change to summer time: same wall time, another UTC time.
    starts = [row.start.date_time[:16] for row in rows]
    checks.equal("instances: wall time is kept over a change of clock", starts, ["2027-03-15T08:00", "2027-03-22T08:00", "2027-03-29T07:00"])
    checks.equal("instances: they name their master", {row.series_master_id for row in rows}, {series.id})
    one = await attempt(client.me.events.by_event_id(rows[0].id).get())
    checks.that("instances: an occurrence can be got by its id", getattr(one, "type", None) == EventType.Occurrence, one)


async def attempt(request):
    """The answer, or the error as text."""
    try:
        return await request
    except ODataError as error:
        return f"{error.response_status_code} {error.error.code if error.error else ''} {error.primary_message}"


def view_query(parameters, **options):
    return RequestConfiguration(query_parameters=parameters(start_date_time=WINDOW[0], end_date_time=WINDOW[1], **options))


async def check_view(checks, client, calendar):
    """The view pages by $top; the SDK follows the links."""
    wanted = view_query(CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters, top=2)
    first = await calendar.calendar_view.get(wanted)
    checks.equal("view: $top=2 gives two rows", len(first.value), 2)
    rows = [row async for row in pages(calendar.calendar_view, first)]
    kinds = sorted(row.type.value for row in rows)
    checks.equal("view: the series is expanded", kinds, ["occurrence"] * 3 + ["singleInstance"])


def delta_address(client, calendar_id):
    query = urllib.parse.urlencode({"startDateTime": WINDOW[0], "endDateTime": WINDOW[1]})
    base = urllib.parse.quote(calendar_id, safe="")
    return f"{client.request_adapter.base_url}/me/calendars/{base}/calendarView/delta?{query}"


async def round_of(delta, address, page_size=2):
    """All rows of a round, how many pages it took, and the link for the next."""
    rows, count = [], 0
    while True:
        wanted = RequestConfiguration()
        wanted.headers.add("Prefer", f"odata.maxpagesize={page_size}")
        page = await delta.with_url(address).get(wanted)
        rows += page.value
        count += 1
        if page.odata_delta_link:
            return rows, count, page.odata_delta_link
        address = page.odata_next_link


async def check_delta(checks, client, calendar_id, calendar, made, series):
    delta = calendar.calendar_view.delta
    # The SDK writes the function with its brackets, as OData has it: .../calendarView/delta()?...
    spelled = await attempt(delta.get(view_query(type(delta).DeltaRequestBuilderGetQueryParameters)))
    checks.that("delta: the SDK's own address, delta()", not isinstance(spelled, str), spelled)
    rows, count, link = await round_of(delta, delta_address(client, calendar_id))
    checks.equal("delta: first round has the event and three occurrences", len(rows), 4)
    checks.that("delta: first round takes more than a page", count > 1, count)
    checks.that("delta: the single event is there", made.id in [row.id for row in rows], rows)
    stubs = [row for row in rows if row.type == EventType.Occurrence]
    found = {(row.series_master_id, row.subject, bool(row.start)) for row in stubs}
    checks.equal("delta: occurrences are stubs that name their master", found, {(series.id, None, True)})
    quiet, _, link = await round_of(delta, link)
    checks.equal("delta: a round without changes is empty", quiet, [])
    await calendar.events.by_event_id(made.id).patch(Event(subject="Changed between rounds"))
    extra = await calendar.events.post(timed("Short-lived", "2027-03-11T14:00:00", "2027-03-11T15:00:00"))
    rows, _, link = await round_of(delta, link)
    subjects = {row.id: row.subject for row in rows}
    checks.equal("delta: the change and the new event", subjects, {made.id: "Changed between rounds", extra.id: "Short-lived"})
    await calendar.events.by_event_id(extra.id).delete()
    rows, _, link = await round_of(delta, link)
    removed = {row.id: row.additional_data.get("@removed") for row in rows}
    checks.equal("delta: the deleted event is @removed", list(removed), [extra.id])
    checks.that("delta: @removed has a reason", "deleted" in str(removed.get(extra.id)), removed)


async def check_delete(checks, client, calendar_id, calendar, made):
    await calendar.events.by_event_id(made.id).delete()
    checks.that("event: delete", True)
    gone = await attempt(client.me.events.by_event_id(made.id).get())
    checks.that("event: what is deleted is a typed 404", str(gone).startswith("404 ErrorItemNotFound"), gone)
    await client.me.calendars.by_calendar_id(calendar_id).delete()
    lost = await attempt(client.me.calendars.by_calendar_id(calendar_id).get())
    checks.that("calendars: what is deleted is a typed 404", str(lost).startswith("404 ErrorItemNotFound"), lost)


async def run(checks, addresses):
    app, result = sign_in(addresses, WORK)
    if not checks.that("sign in", "access_token" in result, result):
        return
    client = connect(addresses, app)
    me = await client.me.get()
    checks.equal("me", me.user_principal_name, WORK)
    calendar_id = await check_calendars(checks, client)
    calendar = client.me.calendars.by_calendar_id(calendar_id)
    made, series = await check_events(checks, calendar)
    await check_one_event(checks, client, calendar, made)
    await check_instances(checks, client, series)
    await check_view(checks, client, calendar)
    await check_delta(checks, client, calendar_id, calendar, made, series)
    await check_delete(checks, client, calendar_id, calendar, made)


def main():
    addresses, checks = Addresses(sys.argv[1]), Checks()
    checks.run(lambda: asyncio.run(run(checks, addresses)))


if __name__ == "__main__":
    main()
