#!/usr/bin/env bash
# Type-checks and lints everything for another system: `check-other.sh windows|macos`. Nothing is linked, so nothing is run: what is behind `cfg(windows)` and
# `cfg(target_os = "macos")` is compiled, and that is all that is known of it here.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh rust
case ${1:-} in
    windows) target=x86_64-pc-windows-gnu; scripts/setup.sh windows ;;
    macos) target=aarch64-apple-darwin ;;
    *) echo "usage: $0 windows|macos" >&2; exit 2 ;;
esac
"${CARGO_HOME:-$HOME/.cargo}/bin/rustup" -q target add "$target"
if [ "$target" = aarch64-apple-darwin ]; then
    # C code cannot be compiled for macOS without Apple's SDK, and a check needs none of it: stand-ins that leave empty files where results are looked for.
    tools="$BELFRY_CACHE/tools/macos"
    mkdir -p "$tools/path"
    cat >"$tools/cc" <<'TOOL'
#!/bin/sh
while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then : >"$2"; fi
    shift
done
TOOL
    cat >"$tools/ar" <<'TOOL'
#!/bin/sh
for word; do case $word in *.a) : >"$word" ;; esac; done
TOOL
    # Only this one is looked for by name; programs that run here are built with the real ones.
    printf '#!/bin/sh\necho /\n' >"$tools/path/xcrun"
    chmod +x "$tools"/cc "$tools"/ar "$tools"/path/xcrun
    export PATH="$tools/path:$PATH" CC_aarch64_apple_darwin="$tools/cc" CXX_aarch64_apple_darwin="$tools/cc" AR_aarch64_apple_darwin="$tools/ar" SDKROOT=/
fi
cargo clippy --workspace --all-targets --target "$target" -- -D warnings
