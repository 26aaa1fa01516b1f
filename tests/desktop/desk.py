"""What the walks through the window share: one home, the command line beside the window, the simulator's control side, and the list of checks."""
import asyncio
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import tray
from webdriver import Session

desktop, belfry = sys.argv[1], sys.argv[2]
pictures = sys.argv[3] if len(sys.argv) > 3 else None
home = tempfile.mkdtemp()
passed = failed = 0
# Notifications that another walk left behind.
earlier = 0
# Of the driver.
PORT = 4600


def check(name, fits, shown=""):
    global passed, failed
    if fits:
        passed += 1
        print(f"ok {name}", flush=True)
    else:
        failed += 1
        print(f"FAIL {name}: {shown}", flush=True)


def cli(*words):
    done = subprocess.run([belfry, "--json", "--home", home, *words], capture_output=True, text=True)
    return json.loads(done.stdout)


def control(method, path, body=None):
    address = json.loads(pathlib.Path(home, "practice/addresses.json").read_text())["control"]
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def outlook(method, path, body=None):
    return control(method, f"/outlook/ada@contoso.example/v1.0/me/{path}", body)


def post_form(url, fields):
    """What a browser's form sends; answers with the page."""
    with urllib.request.urlopen(url, urllib.parse.urlencode(fields).encode()) as answer:
        return answer.read().decode()


def is_here(pid):
    """Whether a process is one of this session: somebody may use Belfry beside the test."""
    try:
        variables = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"XDG_DATA_HOME={os.environ['XDG_DATA_HOME']}".encode() in variables


def processes(name, parent=None):
    """Ids of this session's processes by the beginning of their name."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        head, tail = text.rsplit(") ", 1)
        pid, comm = head.split(" (", 1)
        if comm.startswith(name[:15]) and (parent is None or tail.split()[1] == str(parent)) and is_here(pid):
            found.append(int(pid))
    return found


def apps():
    """Belfry's own processes on the home of the walk."""

    def is_ours(app):
        try:
            return home in pathlib.Path(f"/proc/{app}/cmdline").read_text().split("\0")
        except OSError:
            return False

    return [app for app in processes("belfry-desktop") if is_ours(app)]


async def end_apps():
    """The next walk's tray must not meet this one's program: one that lost its window begins anew later, and would be the newest in the tray then."""
    for app in apps():
        with contextlib.suppress(ProcessLookupError):
            os.kill(app, signal.SIGTERM)
    check("the program ends when it is told to", await until(lambda: not apps()), apps())


def children(parent):
    """Names and states of a program's children, those that ended and were not waited for too."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            head, tail = stat.read_text().rsplit(") ", 1)
        except OSError:
            continue
        if tail.split()[1] == str(parent):
            found.append((head.split(" (", 1)[1], tail.split()[0]))
    return found


def notices():
    """Titles and texts of every notification of this walk, the newest first."""
    subprocess.run(["dunstctl", "close-all"])
    history = json.loads(subprocess.run(["dunstctl", "history"], capture_output=True, text=True).stdout or "{}")
    shown = [(one["summary"]["data"], one["body"]["data"]) for one in (history.get("data") or [[]])[0]]
    return shown[: len(shown) - earlier]


def browser_chooses(choice):
    """Whom the system's browser picks from now on: a login, `cancel`, or `nothing` for one that never comes back."""
    pathlib.Path(os.environ["XDG_DATA_HOME"], "choice").write_text(choice)


async def in_browser(work, *arguments):
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


async def until(holds, seconds=20):
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.1)
    return True


def picture(page, name):
    if pictures:
        os.makedirs(pictures, exist_ok=True)
        page.picture(os.path.join(pictures, name))


def screen(name):
    """A picture of the whole screen, other programs' windows included."""
    if pictures:
        os.makedirs(pictures, exist_ok=True)
        subprocess.run(["import", "-window", "root", os.path.join(pictures, name)], check=True)


def opened():
    """Starts the program with its window on the home of the walk, and takes hold of the window."""
    options = {"webkitgtk:browserOptions": {"binary": os.path.abspath(desktop), "args": ["--home", home]}}
    return Session(PORT, options)


def run(walk, output=os.devnull, **variables):
    """Opens the window on an empty home, walks, and ends the program with the count. `output` gets what the app prints; `variables` are for it."""

    global earlier
    earlier = len(notices())

    async def main():
        host = await tray.Host().start()
        environment = os.environ | {"TAURI_WEBVIEW_AUTOMATION": "true", "BELFRY_LOG": "debug"} | variables
        driver = subprocess.Popen(["WebKitWebDriver", f"--port={PORT}"], stdout=printed, stderr=printed, env=environment)
        try:
            page = await in_browser(opened)
            await walk(page, await host.item())
        except Exception as error:  # noqa: BLE001
            check("the walk", False, repr(error))
        finally:
            driver.terminate()
            await end_apps()

    with open(output, "ab") as printed:
        asyncio.run(main())
    time.sleep(0.2)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)
