"""Exports of Belfry read by `icalendar` with `recurring_ical_events`, and by `khal`.

    corpus ../shared/ics EXPORTS && python tests/interop/calendar_readers.py EXPORTS [--khal COUNT]

Each export has beside it the first dates that its reminders should give; what another reader says of them is compared.
Dates that the readers themselves cannot give (see SKIPPED) are counted, not compared.
"""

import collections
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import icalendar
import recurring_ical_events

SKIPPED = collections.Counter()


def instant(moment):
    """A start as the corpus run writes it."""
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    return moment.astimezone(datetime.timezone.utc).isoformat()


def alone(events, zones):
    """A calendar of events of one UID."""
    calendar = icalendar.Calendar()
    for component in [*zones, *events]:
        calendar.add_component(component)
    return calendar


def compare(path):
    """Differences between what is expected of a file and what the reader gives."""
    expected = json.loads(path.with_suffix(".json").read_text())
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    groups = {}
    for event in calendar.walk("VEVENT"):
        groups.setdefault(str(event["UID"]), []).append(event)
        if event.errors:
            yield f"{event['UID']}: {event.errors}"
    wanted = {row["uid"]: row["starts"] for row in expected}
    zones = calendar.walk("VTIMEZONE")
    for uid, events in groups.items():
        if uid not in wanted:
            SKIPPED["rules within a day"] += 1
            continue
        dates = sorted(wanted[uid])
        if not dates:
            continue
        first, last = (datetime.date.fromisoformat(dates[at][:10]) for at in (0, -1))
        if first.year < 1970 or last.year > 2037:
            SKIPPED["years beyond 1970 to 2037"] += 1
            continue
        day = datetime.timedelta(days=1)
        occurrences = recurring_ical_events.of(alone(events, zones)).between(first - day, last + 2 * day)
        found = sorted({instant(event["DTSTART"].dt) for event in occurrences})
        # The list of expected dates may be cut, and moved dates may lie beyond its ends.
        extra = [start for start in found if dates[0] <= start <= dates[-1] and start not in dates]
        missing = [start for start in dates if start not in found]
        if missing or (extra and len(dates) < 20):
            yield f"{events[0]['SUMMARY']!r}: missing {missing[:4]}, too many {extra[:4]}"


def khal(paths):
    """Files that khal does not import."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "config").write_text(
            f"[calendars]\n[[all]]\npath = {folder}/all\n[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
            f"longdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = {folder}/khal.db\n"
        )
        (folder / "all").mkdir()
        command = pathlib.Path(sys.executable).with_name("khal")
        for path in paths:
            done = subprocess.run(
                [command, "-c", folder / "config", "import", "--batch", "-a", "all", path], capture_output=True, text=True, timeout=120
            )
            if done.returncode or "critical" in done.stderr.lower() or "error" in done.stderr.lower():
                yield f"{path.name}: {done.stderr.strip()[-300:]}"


def main():
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    paths, failed = sorted(folder.glob("*.ics")), 0
    for path in paths:
        for difference in compare(path):
            failed += 1
            print(f"{path.name}: {difference}")
    print(f"icalendar: {len(paths)} exports read, {failed} differences, skipped {dict(SKIPPED)}")
    bad = list(khal([path for path in paths if path.stat().st_size < 60_000][:: max(1, len(paths) // count)]))
    print("\n".join([*bad, f"khal: {len(bad)} exports not taken"]))
    wrong = failed + len(bad)
    print(f"{len(paths) - wrong} passed, {wrong} failed, {sum(SKIPPED.values())} skipped")
    return 1 if failed or bad else 0


if __name__ == "__main__":
    sys.exit(main())
