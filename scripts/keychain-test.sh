#!/usr/bin/env bash
# The keychain in its bad states, on a real one: locked is not signed out, and nothing falls back to a file.
set -uo pipefail
. "$(dirname "$0")/env.sh"
if [ "${1:-}" != inside ]; then exec scripts/session.sh "$0" inside; fi
belfry="$CARGO_TARGET_DIR/debug/belfry"
home=$(mktemp -d)
unset DISPLAY WAYLAND_DISPLAY
passed=0 failed=0
check() { # name, wanted exit, wanted code, command...
    local name=$1 wanted=$2 code=$3
    shift 3
    local out status
    out=$(timeout 60 "$belfry" --json --home "$home" "$@" 2>/dev/null)
    status=$?
    if [ "$status" = "$wanted" ] && { [ -z "$code" ] || echo "$out" | grep -q "\"code\": \"$code\""; }; then
        passed=$((passed + 1)); echo "ok $name"
    else
        failed=$((failed + 1)); echo "FAIL $name: exit $status, $out"
    fi
}
check "an open keychain takes the sign-in" 0 "" account add --practice --calendars
"$belfry" --home "$home" list target Reminders --account ada@contoso.example >/dev/null
check "and a sync works" 0 "" sync
gnome-keyring-daemon --replace --components=secrets >/dev/null 2>&1 </dev/null &
sleep 1
check "a locked keychain is said to be locked" 3 keychain_locked sync
check "and so by every command that needs it" 3 keychain_locked calendar list
check "what needs no keychain goes on" 0 "" status
pkill -s 0 -f "gnome-keyring-daemon --replace" 2>/dev/null
echo -n practice | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null 2>&1
sleep 1
check "unlocked again, the sync goes on by itself" 0 "" sync
rm -rf "$home"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
