#!/usr/bin/env bash
# Installs what is missing, and only that; each in one line. `setup.sh PART...`: build, terminal, test, node, rust, fuzz, windows.
set -euo pipefail

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
cache=${BELFRY_CACHE:-$HOME/.cache/belfry}

packages() {
    command -v apt-get >/dev/null || { echo "This is no Debian or Ubuntu: install these by hand if they are missing: $*" >&2; return 0; }
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return 0
    echo "Installing ${#missing[@]} system packages: ${missing[*]}"
    as_root apt-get update -qq >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

rust() {
    command -v cargo >/dev/null && return 0
    [ -x "$HOME/.cargo/bin/cargo" ] && return 0
    echo "Installing Rust with rustup"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y -q --profile minimal -c clippy -c rustfmt >/dev/null
}

# Vite needs Node 20.19 or newer; Debian 12 has 18.
node_is_new() {
    command -v node >/dev/null || return 1
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

node() {
    command node "$@"
}

newer_node() {
    PATH="$cache/node/node_modules/.bin:$PATH"
    node_is_new && return 0
    packages npm
    echo "Installing Node 22 beside the system's"
    mkdir -p "$cache/node"
    npm install --silent --no-fund --no-audit --prefix "$cache/node" node@22 npm@11 >/dev/null
}

# Fuzzing watches where the compiled program goes, which only a nightly compiler can build.
fuzzer() {
    rust
    "${CARGO_HOME:-$HOME/.cargo}/bin/rustup" run nightly rustc --version >/dev/null 2>&1 || rustup toolchain install nightly --profile minimal
    [ -x "$cache/tools/bin/cargo-fuzz" ] && return 0
    echo "Installing cargo-fuzz"
    cargo install -q cargo-fuzz --locked --root "$cache/tools"
}

for part in "$@"; do
    case $part in
        build) packages build-essential pkg-config curl file libwebkit2gtk-4.1-dev libayatana-appindicator3-dev librsvg2-dev libxdo-dev libssl-dev ;;
        windows) packages gcc-mingw-w64-x86-64-win32 binutils-mingw-w64-x86-64 ;;
        terminal) packages build-essential pkg-config curl ca-certificates dbus gnome-keyring ;;
        test) packages curl xvfb xauth x11-utils xdotool imagemagick dbus dbus-x11 openbox webkit2gtk-driver dunst libnotify-bin gnome-keyring gcr \
            libsecret-tools xdg-utils chromium chromium-driver desktop-file-utils rpm adwaita-icon-theme fonts-dejavu-core libglib2.0-bin at-spi2-core \
            python3-venv ;;
        rust) rust ;;
        node) newer_node ;;
        fuzz) fuzzer ;;
        *) echo "setup.sh does not know $part" >&2; exit 2 ;;
    esac
done
