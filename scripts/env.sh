# Sourced by the scripts: paths, and the folder that outlives checkouts.
export BELFRY_CACHE=${BELFRY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/belfry}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$BELFRY_CACHE/target}
export PATH="$HOME/.cargo/bin:$BELFRY_CACHE/node/node_modules/.bin:$PATH"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
has_display() { [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; }
