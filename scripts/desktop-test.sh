#!/usr/bin/env bash
# The window under Xvfb with a tray host, a notification daemon, a keychain and Chromium. `desktop-test.sh [PICTURES]`.
set -uo pipefail
. "$(dirname "$0")/env.sh"
. scripts/venv.sh
export GDK_BACKEND=x11 NO_AT_BRIDGE=1
inside() {
    mkdir -p "$XDG_DATA_HOME/applications"
    # Whatever the system's own handler is, this session's browser is the test's.
    printf '#!/bin/sh\nexec "%s" "%s/tests/desktop/browser.py" "$1"\n' "$venv/bin/python" "$PWD" >"$XDG_DATA_HOME/browser"
    chmod +x "$XDG_DATA_HOME/browser"
    printf '[Desktop Entry]\nType=Application\nName=Test browser\nExec=%s %%u\nMimeType=x-scheme-handler/http;x-scheme-handler/https;\n' "$XDG_DATA_HOME/browser" >"$XDG_DATA_HOME/applications/testbrowser.desktop"
    printf '[Default Applications]\nx-scheme-handler/http=testbrowser.desktop\nx-scheme-handler/https=testbrowser.desktop\n' >"$XDG_CONFIG_HOME/mimeapps.list"
    openbox & window_manager=$!
    dunst & notifications=$!
    local status=0
    for walk in ${BELFRY_WALKS:-window accounts newcomer jobs login}; do
        echo "-- $walk"
        rm -f "$XDG_DATA_HOME/choice"
        "$venv/bin/python" "tests/desktop/${walk}_test.py" "$CARGO_TARGET_DIR/debug/belfry-desktop" "$CARGO_TARGET_DIR/debug/belfry" "$@" || status=1
    done
    kill $window_manager $notifications 2>/dev/null
    return $status
}
export venv
xvfb-run -a -s "-screen 0 1280x800x24" scripts/session.sh bash -c "$(declare -f inside); inside \"\$@\"" desktop "$@" 2> >(grep -vE 'dbus-daemon|a11y|SpiRegistry|Gtk-WARNING' >&2)
