#!/usr/bin/env bash
# One reminder's whole way in the terminal: practice account, sign-in over the loopback, import, plan, sync, agenda, and a second sync that writes nothing.
set -euo pipefail
belfry=$1
home=$(mktemp -d)
"$belfry" --home "$home" practice >"$home/practice.out" 2>/dev/null &
practice=$!
trap 'kill "$practice" 2>/dev/null; rm -rf "$home"' EXIT
for _ in $(seq 100); do [ -s "$home/practice.out" ] && break; sleep 0.1; done
control=$(sed -E 's/.*"control":"([^"]+)".*/\1/' "$home/practice.out")
say() { printf '\n== %s\n' "$*"; }

say "The practice account signs in"
env -u DISPLAY -u WAYLAND_DISPLAY "$belfry" --home "$home" account add --practice --calendars
say "A list that is kept in Outlook"
"$belfry" --home "$home" list add Household --account ada@contoso.example
say "examples/household.ics is imported"
"$belfry" --home "$home" import examples/household.ics --list Household
say "The plan"
"$belfry" --home "$home" sync --dry-run
say "The sync"
"$belfry" --home "$home" sync
say "The agenda as Outlook now holds it"
view="$control/outlook/ada@contoso.example/v1.0/me/calendarView?startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-03-31T00:00:00Z&\$top=50"
calendar=$(curl -sf "$control/outlook/ada@contoso.example/v1.0/me/calendars" | grep -o '"id":"[^"]*","isDefaultCalendar":false' | head -1 | sed -E 's/"id":"([^"]+)".*/\1/')
encoded=$(printf %s "$calendar" | sed 's|/|%2F|g; s|=|%3D|g; s|+|%2B|g')
view="${view/\/me\/calendarView/\/me\/calendars\/$encoded\/calendarView}"
agenda=$(curl -sf "$view" | grep -oE '"start":\{"dateTime":"[^"]+"|"subject":"[^"]+"' | sed -E 's/"start":\{"dateTime":"([^T]+)T([0-9:]{5}).*/\1 \2 UTC/; s/"subject":"(.*)"/\1/' | paste - - )
echo "$agenda"
[ "$(echo "$agenda" | wc -l)" -ge 10 ] || { echo "Outlook does not hold what was imported." >&2; exit 1; }
say "A second sync: nothing is written"
second=$("$belfry" --home "$home" --json sync)
for count in created updated deleted pulled dismissed adopted; do
    echo "$second" | grep -q "\"$count\": 0" || { echo "The second sync was not quiet: $second" >&2; exit 1; }
done
echo "created 0, updated 0, deleted 0"
say "Done"
