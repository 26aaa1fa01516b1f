# Sourced: a Python environment with the pins of the tests.
venv="$BELFRY_CACHE/venv"
pins=tests/interop/requirements.txt
if ! cmp -s "$pins" "$venv/pins.txt" 2>/dev/null; then
    echo "Installing the tests' Python packages"
    python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$pins" && cp "$pins" "$venv/pins.txt" || exit 1
fi
