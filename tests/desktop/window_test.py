"""The window with real parts: WebDriver, a tray host, a notification daemon, a keychain, Chromium as the system's browser.

usage: window_test.py BELFRY_DESKTOP BELFRY [PICTURES]
"""
import asyncio
import base64
import json
import os
import pathlib
import shlex
import subprocess
import urllib.parse

import tray
import x11
from desk import belfry, check, children, cli, control, desktop, home, in_browser, notices, outlook, picture, processes, run, screen, until


def token_in_keychain():
    """The refresh token, read by another program than ours."""
    shown = subprocess.run(["secret-tool", "search", "--all", "service", "belfry"], capture_output=True, text=True)
    named = "attribute.username = "
    users = {line.removeprefix(named) for line in (shown.stdout + "\n" + shown.stderr).splitlines() if line.startswith(named)}
    lookup = ["secret-tool", "lookup", "service", "belfry", "username"]
    chunks = {user: subprocess.run([*lookup, user], capture_output=True, text=True).stdout for user in users}
    whole = "".join(chunks[user] for user in sorted(chunks, key=lambda user: int(user.rsplit("/", 1)[1])))
    return base64.b64decode(whole.split(":", 1)[1]).decode() if ":" in whole else ""


async def quick_add(page):
    await in_browser(page.wait, "//h2[.='Nothing to remember']")
    check("an empty agenda teaches the next step", True)
    await in_browser(page.type, "//input[@id='quick-add']", "Renew the passport 3 March 9am every year, 1 week before")
    await in_browser(page.wait, "//span[contains(@class,'chip')][contains(.,'every year')]")
    await in_browser(page.type, "//input[@id='quick-add']", "\ue007")
    await in_browser(page.wait, "//button[@data-row][contains(.,'Renew the passport')]")
    check("quick add shows in the agenda", True)
    rows = cli("ls")
    check("the command line sees the same", [(row["title"], row["recurrence"], row["alarms"]) for row in rows] == [("Renew the passport", "FREQ=YEARLY", [10080])], rows)


async def connect(page):
    await in_browser(page.click, "//button[.='Accounts']")
    await in_browser(page.click, "//button[.='Try it with a practice account']")
    await in_browser(page.click, "//button[.='Allow calendar access']")
    await in_browser(page.wait, "//li[contains(.,'ada@contoso.example')][contains(.,'ready')]")
    check("Chromium completes both steps of the sign-in", True)
    token = token_in_keychain()
    check("another program finds the token in the keychain", token.startswith("1.A"), token[:8])
    pieces = [token[at : at + 40].encode() for at in range(0, max(len(token) - 40, 1), 40)]
    files = [file for file in pathlib.Path(home).rglob("*") if file.is_file() and file.name != "mailbox.json"]
    found = [str(file) for file in files for piece in pieces if piece and piece in file.read_bytes()]
    check("and it is in no file", token and not found, found)


async def keep(page, item):
    await in_browser(page.click, "//button[.='Lists']")
    await in_browser(page.click, "//button[@aria-label='Keep in Outlook: Reminders']")
    await in_browser(page.click, "//button[contains(.,'A new calendar named Belfry')]")
    await in_browser(page.wait, "//summary[.='1 reminder will be added']")
    await asyncio.sleep(3)
    names = [one["name"] for one in outlook("GET", "calendars?$top=50")["value"]]
    check("the plan is seen before anything is written, a calendar included", "Belfry" not in names, names)
    picture(page, "plan.png")
    await in_browser(page.click, "//button[.='Start syncing']")
    await in_browser(page.wait, "//li[contains(.,'Outlook calendar Belfry')]")
    await in_browser(page.click, "//button[.='Agenda']")
    await in_browser(page.wait, "//button[@data-row][contains(.,'in Outlook')]")
    check("the list is kept in Outlook", True)
    labels = await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    check("the tray says so", labels[1:] == ["Sync now", "Pause for an hour", "New reminder...", "Open Belfry", "Quit"], labels)


def belfry_events():
    calendars = outlook("GET", "calendars?$top=50")["value"]
    place = urllib.parse.quote(next(one["id"] for one in calendars if one["name"] == "Belfry"), safe="")
    return outlook("GET", f"calendars/{place}/events?$top=200")["value"]


async def both_ways(page, item):
    event = belfry_events()[0]
    outlook("PATCH", "events/" + urllib.parse.quote(event["id"], safe=""), {"subject": "Renew both passports"})
    cli("import", "examples/household.ics")
    await item.click("Sync now")
    await in_browser(page.wait, "//button[@data-row][contains(.,'Renew both passports')]")
    await in_browser(page.wait, "//button[@data-row][contains(.,'Chimney sweep')][contains(.,'in Outlook')]")
    check("an edit in Outlook appears in the window after a click in the tray", True)
    picture(page, "agenda.png")


def widths(page):
    """How wide the page is, and its titles, in its own pixels."""
    script = "return [innerWidth, ...[...document.querySelectorAll('[data-row] .title')].map(one => Math.round(one.getBoundingClientRect().width))]"
    return page.do("POST", "/execute/sync", {"script": script, "args": []})


async def pressed(page, keys, fits):
    """Presses keys in the window until the page is as wide as that: the driver's own clicks miss a page that is enlarged."""
    window = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Belfry$"], capture_output=True, text=True).stdout.split()[-1]
    for _ in range(12):
        subprocess.run(["xdotool", "windowfocus", window, "key", keys], check=True)
        await asyncio.sleep(0.5)
        if fits((await in_browser(widths, page))[0]):
            break
    await asyncio.sleep(0.5)
    return await in_browser(widths, page)


async def enlarged(page):
    """At twice the size a window of 640 is as narrow as a telephone, and WebKit has its own mind about what that means for a page."""
    await in_browser(page.do, "POST", "/window/rect", {"width": 640, "height": 780})
    wide, *titles = await pressed(page, "ctrl+plus", lambda wide: wide <= 330)
    screen("zoomed.png")
    check("enlarged, a narrow window shows its titles", wide <= 330 and titles and min(titles) >= 60, (wide, titles))
    await in_browser(page.do, "POST", "/window/rect", {"width": 1040, "height": 720})
    wide, *_ = await pressed(page, "ctrl+0", lambda wide: wide >= 1000)
    check("and at its usual size it is as it was", wide >= 1000, wide)


async def together(item):
    """The window and the command line are told to sync the same home at the same moment, each without a token that is good."""
    before = len(control("GET", "/requests"))
    ends = []
    for number in range(6):
        cli("add", f"At once {number}", "--at", f"2027-05-0{number + 1}T09:00")
        control("POST", "/expire-access")
        command = subprocess.Popen([belfry, "--json", "--home", home, "sync"], stdout=subprocess.PIPE)
        await item.click("Sync now")
        document = json.loads(command.communicate(timeout=60)[0])
        ends.append((command.returncode, document["outcome"], document["problems"]))
    await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    check("two processes told to sync at once: no error", ends == [(0, "ok", [])] * 6, ends)
    events = [event["subject"] for event in belfry_events() if event["subject"].startswith("At once")]
    check("and every reminder is there once", sorted(events) == [f"At once {number}" for number in range(6)], events)
    asked = control("GET", "/requests")[before:]
    refused = [one for one in asked if one["side"] == "identity" and one["status"] != 200]
    makes = [one for one in asked if one["method"] == "POST" and one["path"].endswith("/events")]
    check("no race for the token, nothing made twice", not refused and len(makes) == 6, (refused, len(makes)))


async def revoked(page, item):
    before = (await item.properties()).get("IconName")
    control("POST", "/revoke", {"login": "ada@contoso.example"})
    await item.click("Sync now")
    labels = await item.wait_for(lambda labels: "Sign in again: ada@contoso.example" in labels)
    check("a revoked sign-in is first in the tray", labels[1] == "Sign in again: ada@contoso.example", labels)
    check("and the icon is another one", (await item.properties()).get("IconName") != before)
    await in_browser(page.wait, "//div[@role='alert'][contains(.,'Nothing is lost')]")
    picture(page, "sign-in-again.png")
    told = notices()
    check("one notification", len(told) == 1, told)
    await in_browser(page.click, "//div[@role='alert']//button[.='Sign in again']")
    await item.wait_for(lambda labels: labels[0].startswith("Synced") and "Sign in again: ada@contoso.example" not in labels, 40)
    check("one button and the browser repair it", cli("status")["attention"] is None)


def started_again(*words):
    """Starts the program once more, without a display: who only hands over needs none. Answers with how that ended, if it did not end well."""
    variables = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    again = subprocess.run([desktop, "--home", home, *words], capture_output=True, text=True, timeout=30, env=variables)
    return None if again.returncode == 0 else (again.returncode, again.stderr)


async def opened_with(page):
    """A calendar file and a wish for a new reminder come from a second start, which hands them over and ends."""
    file = pathlib.Path(home, "opened.ics")
    file.write_bytes(pathlib.Path("examples/household.ics").read_bytes())
    ended = started_again(str(file))
    await in_browser(page.wait, "//input[@id='list-from']")
    filled = await in_browser(page.value, "//input[@id='list-from']")
    check("a calendar file that is opened with Belfry is offered as a list", not ended and filled == str(file), (ended, filled))
    ended = started_again("--quick-add")
    focused = {"script": "return document.activeElement?.id", "args": []}
    for _ in range(100):
        at = await in_browser(page.do, "POST", "/execute/sync", focused)
        if at == "quick-add":
            break
        await asyncio.sleep(0.1)
    check("`--quick-add` puts the cursor where a reminder is typed", not ended and at == "quick-add", (ended, at))


async def at_login(page):
    """What the setting writes is what a session starts: to the tray, in this home."""
    await in_browser(page.click, "//button[.='Settings']")
    await in_browser(page.click, "//input[@id='settings-login']")
    entry = pathlib.Path(os.environ["XDG_CONFIG_HOME"], "autostart/Belfry.desktop")
    await until(entry.exists)
    lines = dict(line.split("=", 1) for line in entry.read_text().splitlines() if "=" in line) if entry.exists() else {}
    words = shlex.split(lines.get("Exec", ""))
    check("start at login is an entry of the session", words[:1] == [os.path.abspath(desktop)] and "--background" in words and words[-2:] == ["--home", home], lines)
    return words


async def started_at_login(words):
    app = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    await until(lambda: processes("belfry-desktop") == [app.pid])
    await asyncio.sleep(3)
    check("it starts to the tray, and makes no window", processes("belfry-desktop") == [app.pid] and not processes("WebKitWebProcess"))
    app.terminate()
    app.wait()


def shown(name):
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", name], capture_output=True, text=True)
    return found.stdout.split()


def database_locks(app):
    """The app's lock that says "this database is in use" (byte 128 of its shared memory, `unixShmLock` in SQLite's os_unix.c), as the kernel has it (`/proc/locks`).

    The bytes before it (120 to 127) are held for the length of one reading or writing only: whether the app is reading just now says nothing.
    """
    inode = os.stat(pathlib.Path(home, "belfry.db-shm")).st_ino
    rows = [line.split() for line in pathlib.Path("/proc/locks").read_text().splitlines()]
    return sorted(row[-4:] for row in rows if row[-4] == str(app) and row[-3].endswith(f":{inode}") and row[-2:] == ["128", "128"])


async def choose(page):
    """The system's own dialog, by keyboard: in GTK's Ctrl+L asks for a path."""
    (app,) = processes("belfry-desktop")
    locks = database_locks(app)
    file = pathlib.Path(home) / "bins of the street.ics"
    file.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270303T090000\r\nSUMMARY:Put the bins out\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    before = set(shown("."))
    await in_browser(page.click, "//button[.='Lists']")
    await in_browser(page.click, "//label[contains(.,'Follows a file')]")
    await in_browser(page.click, "//button[.='Choose a file …']")
    is_there = await until(lambda: set(shown(".")) - before)
    check("while it is open no other is asked for", not page.enabled("//button[.='Choose a folder …']"))
    check("the system's dialog asks for a file", is_there)
    if not is_there:
        return
    screen("chooser.png")
    subprocess.run(["xdotool", "windowfocus", "--sync", (set(shown(".")) - before).pop()])
    subprocess.run(["xdotool", "key", "--clearmodifiers", "ctrl+l"])
    await asyncio.sleep(1)
    subprocess.run(["xdotool", "type", "--delay", "30", str(file)])
    await asyncio.sleep(1)
    screen("typed.png")
    subprocess.run(["xdotool", "key", "Return"])
    follows = "//input[@id='list-from']"
    # A dialog reads the beginning of every file that it shows. Were it this process that reads, closing such a file would let go of the database's locks.
    check("the folder of the database was looked at, and its locks are held", locks and database_locks(app) == locks, (locks, database_locks(app)))
    check("what was chosen is what the new list will follow", await until(lambda: page.value(follows) == str(file)), page.value(follows))
    picture(page, "chosen.png")
    await in_browser(page.click, "//button[.='Add list']")
    check("and it does", await until(lambda: any(row["title"] == "Put the bins out" for row in cli("ls"))))


def close_window():
    """As a person closes it: the window manager asks the app. (`windowclose` destroys the window under it, which GTK does not always survive.)"""
    for one in shown("^Belfry$"):
        subprocess.run(["xdotool", "windowactivate", "--sync", one])
        subprocess.run(["xdotool", "key", "--clearmodifiers", "alt+F4"])


def has_window():
    return processes("WebKitWebProcess") != []


def begun_anew(app):
    """Whether the process is one that follows another in its place."""
    try:
        return "--after" in pathlib.Path(f"/proc/{app}/cmdline").read_text().split("\0")
    except OSError:
        return False


def explained():
    return [title for title, _ in notices()].count("Belfry goes on")


async def without_tray():
    """On a desktop that shows no tray icons nothing else would lead back to the window."""
    tray.Watcher.shows = False
    close_window()
    check("without a tray a window that is closed is made small", await until(lambda: not shown("^Belfry$")) and has_window())
    check("and it is said why", await until(lambda: explained() == 1) and "made small" in dict(notices())["Belfry goes on"], notices())
    ended = started_again()
    check("a second start shows it again", not ended and await until(lambda: shown("^Belfry$")), ended)
    tray.Watcher.shows = True


async def asking(page):
    """Opens the dialog for files and leaves it open. It is a process of its own."""
    (app,) = processes("belfry-desktop")
    await in_browser(page.click, "//button[.='Lists']")
    if not page.has("//button[.='Choose a file …']"):
        await in_browser(page.click, "//label[contains(.,'Follows a file')]")
    await in_browser(page.click, "//button[.='Choose a file …']")
    dialogs = lambda: [one for one in processes("belfry-desktop") if one != app]  # noqa: E731
    await until(lambda: dialogs() and shown("^Belfry$")[1:])
    return dialogs


async def closed(page, item):
    apps = processes("belfry-desktop")
    check("the window has a web process", has_window())
    (window,) = shown("^Belfry$")
    dialogs = await asking(page)
    check("a dialog for files is open", dialogs())
    x11.ask_to_close(int(window))
    check("it goes with its window", await until(lambda: not dialogs()), dialogs())
    check("closed, no WebKit process is left", await until(lambda: not has_window() and not processes("WebKitNetworkProcess"), 10))
    check("and the app lives on in the tray", processes("belfry-desktop") == apps and "Quit" in await item.labels())
    ended = started_again()
    check("a second start ends and shows the window of the first", not ended and processes("belfry-desktop") == apps and await until(has_window, 10), ended)


async def lean(item):
    """A while after its window was closed the process makes way for one that never had any: the same tray, nothing told or synced twice."""
    (app,) = processes("belfry-desktop")
    told, before, synced = len(notices()), await item.labels(), len(cli("log"))
    close_window()
    check("a process whose window stays closed begins anew", await until(lambda: begun_anew(app)))
    item = await item.next()
    after = await item.wait_for(lambda labels: len(labels) == len(before))
    check("its tray is the same", after[1:] == before[1:] and after[0].startswith("Synced"), (before, after))
    await asyncio.sleep(3)
    check("and it is said once", explained() == 1, notices())
    check("nothing was told or synced for it", (len(notices()), len(cli("log"))) == (told, synced), (told, notices(), synced, cli("log")))
    check("it has no child, not even a dead one", processes("belfry-desktop") == [app] and children(app) == [], children(app))
    await item.click("Open Belfry")
    check("a click in its tray opens the window", await until(has_window, 10))
    return item


async def met_as_it_makes_way(item):
    """Starts that come one after the other while the process makes way: each is taken over by it, by what follows it, or is the first itself."""
    close_window()
    await until(lambda: not has_window())
    starts = []
    while not item.is_followed() and len(starts) < 200:
        starts.append(subprocess.Popen([desktop, "--home", home, "--background"], stderr=subprocess.DEVNULL))
        await asyncio.sleep(0.05)
    # On a busy machine it gets there later.
    check("meanwhile it made way again", await until(item.is_followed, 60), len(starts))
    await until(lambda: len(processes("belfry-desktop")) == 1)
    left = [start.pid for start in starts if start.poll() is None]
    ends = [start.returncode for start in starts if start.returncode is not None]
    check("every start ended well, or is the first now", not any(ends) and len(left) <= 1, (ends, left))
    while item.is_followed():
        item = await item.next()
    ended = started_again("--quick-add")
    check("and the next start shows the window", not ended and await until(has_window, 10), ended)
    # Its page is being read still.
    await item.click("Quit")
    check("Quit quits", await until(lambda: all(start.poll() is not None for start in starts) and not processes("belfry-desktop"), 10), processes("belfry-desktop"))
    check("and nothing of its window goes on", await until(lambda: not has_window() and not processes("WebKitNetworkProcess"), 5))


async def walk(page, item):
    await quick_add(page)
    await connect(page)
    await keep(page, item)
    await both_ways(page, item)
    await enlarged(page)
    await together(item)
    await revoked(page, item)
    await opened_with(page)
    await choose(page)
    words = await at_login(page)
    await without_tray()
    await closed(page, item)
    await met_as_it_makes_way(await lean(item))
    if words:
        await started_at_login(words)


# A person has more time than this to open the window again.
run(walk, BELFRY_LEAN_AFTER="4")
