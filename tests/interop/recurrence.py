"""Every series that `recurrence` prints, expanded by python-dateutil (wall times) and zoneinfo (instants). Differences are printed; those that are settled say by what.

usage: recurrence.py FILE"""

import functools
import json
import signal
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

LAST = datetime(2040, 1, 1)
MOST = 500
# Seconds for one rule.
LONGEST = 2


def moment(text):
    return datetime.fromisoformat(text)


def with_day(rule, start):
    """What a rule does not say is that of its start (RFC 5545 section 3.3.10): a number of a week alone is about the weekday of the start. dateutil takes all seven days of the week."""
    if "BYWEEKNO" not in rule or any(part in rule for part in ("BYDAY", "BYMONTHDAY", "BYYEARDAY")):
        return rule
    return rule + ";BYDAY=" + ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[start.weekday()]


@functools.cache
def expand(rule, start, extras):
    """At most 500 wall times, asked for once for each rule and start, whatever their zone. A start counts only if the rule gives it, as in Outlook; RDATE joins in."""
    starts = rruleset()
    starts.rrule(rrulestr("RRULE:" + with_day(rule, moment(start)), dtstart=moment(start)))
    for extra in extras:
        starts.rdate(moment(extra))
    # Of the processor's time: how busy the machine is does not count.
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        return within(starts)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def too_long(*_):
    raise ValueError(f"it takes longer than {LONGEST} s")


def within(starts):
    found = []
    for start in starts:
        if start > LAST or len(found) == MOST:
            break
        found.append(start)
    return found


def instant(wall, zone):
    if zone is None:
        return int(wall.replace(tzinfo=timezone.utc).timestamp())
    return int(wall.replace(tzinfo=ZoneInfo(zone), fold=0).timestamp())


# Where RFC 5545's text decides against the other reader: a part of the rule, and why. Nothing at present.
SETTLED: list[tuple[str, str]] = []


def main():
    signal.signal(signal.SIGVTALRM, too_long)
    same = different = settled = refused = 0
    kinds = {"exact": 0, "in parts": 0, "not": 0}
    outlook_differs = 0
    why_parts = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        series = json.loads(line)
        if "outlook" in series:
            kinds["exact"] += 1
            if series["outlook"]:
                outlook_differs += 1
                print("OUTLOOK", series["rule"], series["start"], series["zone"], series["outlook"])
        elif "parts" in series:
            kinds["in parts"] += 1
            reason = series["parts"].split("(")[0].strip()
            why_parts[reason] = why_parts.get(reason, 0) + 1
        else:
            kinds["not"] += 1
            continue
        try:
            theirs = expand(series["rule"], series["start"], tuple(series["extra"]))
        except (ValueError, OverflowError) as error:
            refused += 1
            print("NOT READ BY dateutil", series["rule"], series["start"], error)
            continue
        ours = [(moment(wall), at) for wall, at in series["starts"]]
        expected = [(wall, instant(wall, series["zone"])) for wall in theirs]
        if ours == expected:
            same += 1
            continue
        reason = next((why for part, why in SETTLED if part in series["rule"]), None)
        first = next(((a, b) for a, b in zip(ours, expected) if a != b), (len(ours), len(expected)))
        if reason:
            settled += 1
        else:
            different += 1
        print("SETTLED" if reason else "DIFFERENT", series["rule"], series["start"], series["zone"], first, reason or "")
    print(f"{same} series the same, {settled} settled, {different} different, {refused} not read by dateutil")
    print(", ".join(f"{count} {kind}" for kind, count in kinds.items()) + f"; {outlook_differs} differ in Outlook's own expansion")
    for reason, count in sorted(why_parts.items()):
        print(f"{count:6} in parts: {reason}")
    print(f"{same + settled} passed, {different + outlook_differs} failed, {refused} skipped")
    return 1 if different + outlook_differs else 0


if __name__ == "__main__":
    sys.exit(main())
