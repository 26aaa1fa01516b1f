"""What a person does now and then, months after the first five minutes: signs in again from a notification, looks through removals that wait, takes a run back in the
activity, quits and starts again. Each by what the window, the tray or the notification offers, and each looked up in Outlook.

usage: jobs_test.py BELFRY_DESKTOP BELFRY [PICTURES]
"""
import asyncio
import os
import subprocess
import urllib.parse

import desk
from desk import belfry, check, cli, control, desktop, home, in_browser, notices, outlook, processes, run, screen, until
from webdriver import Session

ADA = "ada@contoso.example"
TYPED = "Water the plants"
ALL = [TYPED, "Pay the rent", "Call the dentist", "Renew the passport", "Return the books", "Service the boiler"]
# What somebody removes in Outlook: more than half of the list, so it looks like an accident.
GONE = ALL[1:5]
KEPT = GONE[2]


def calendar():
    calendars = outlook("GET", "calendars?$top=50")["value"]
    return next((urllib.parse.quote(one["id"], safe="") for one in calendars if one["name"] == "Belfry"), None)


def events():
    place = calendar()
    return outlook("GET", f"calendars/{place}/events?$top=200")["value"] if place else []


def titles():
    return sorted(event["subject"] for event in events())


def in_outlook(method, title, change=None):
    """What a person does there to the event with this title."""
    event = next(one for one in events() if one["subject"] == title)
    outlook(method, "events/" + urllib.parse.quote(event["id"], safe=""), change)


def agenda():
    """Title and place of every reminder, as another program sees them."""
    return sorted((row["title"], row["state"]) for row in cli("ls"))


def shown(count):
    """Whether so many notifications are on the screen. (`notices` takes them away from there.)"""
    said = subprocess.run(["dunstctl", "count", "displayed"], capture_output=True, text=True).stdout
    return said.strip() == str(count)


def row(title, state):
    return f"//button[@data-row][contains(.,'{title}')][contains(.,'{state}')]"


async def seen(page, name, xpath):
    """Waits until the window shows it, and takes a picture of the whole screen."""
    await in_browser(page.wait, xpath)
    # What is in the page is not yet on the screen.
    await asyncio.sleep(0.5)
    screen(f"jobs-{name}.png")


async def set_up(page, item):
    for words in ["Try it with a practice account", "Choose a calendar", "Allow calendar access"]:
        await in_browser(page.click, f"//button[.='{words}']")
    await in_browser(page.click, "//button[contains(.,'A new calendar named Belfry')]")
    await in_browser(page.click, "//button[.='Start syncing']")
    await in_browser(page.type, "//input[@id='quick-add']", f"{TYPED} 3 March 2027 9am, 1 hour before\ue007")
    for day, title in enumerate(ALL[1:], 4):
        cli("add", title, "--at", f"2027-03-{day:02}T10:00")
    for title in ALL:
        await in_browser(page.wait, row(title, "in Outlook"))
    await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    await seen(page, "1-kept", row(TYPED, "in Outlook"))
    check("a list of six reminders is kept in Outlook", titles() == sorted(ALL), titles())


async def revoked(page, item):
    """The notification is enough: nothing of the window is clicked."""
    notices()
    control("POST", "/revoke", {"login": ADA})
    await item.click("Sync now")
    check("a revoked sign-in is notified", await until(lambda: shown(1)))
    await in_browser(page.type, "//input[@id='quick-add']", "Buy new tyres 20 March 2027 10am\ue007")
    await in_browser(page.wait, row("Buy new tyres", "waiting for the next sync"))
    await seen(page, "2-told", "//div[@role='alert']//button[.='Sign in again']")
    asked = len(control("GET", "/requests"))
    subprocess.run(["dunstctl", "action", "0"], check=True)
    await in_browser(page.wait, row("Buy new tyres", "in Outlook"), 60)
    visits = [one["path"] for one in control("GET", "/requests")[asked:] if one["side"] == "identity"]
    check("its action leads to the browser", any("authorize" in path for path in visits), visits)
    check("and back to health: no banner is left", await until(lambda: not page.has("//div[@role='alert']")) and cli("status")["attention"] is None, cli("status"))
    check("what was typed meanwhile is in Outlook", titles() == sorted([*ALL, "Buy new tyres"]), titles())
    labels = await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    check("nor does the tray ask for anything", labels[1] == "Sync now", labels)
    await seen(page, "3-healthy", row("Buy new tyres", "in Outlook"))
    told = notices()
    check("it was told once", [title for title, _ in told] == ["Sign in again"], told)


def click_on_notification():
    """The middle button is how dunst is told to do what a notification is for."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "Dunst"], capture_output=True, text=True).stdout.split()
    subprocess.run(["xdotool", "mousemove", "--window", found[-1], "60", "20", "click", "2"], check=True)


def because(title, reason):
    """Whether the history, as a person reads it, gives this reason for this reminder."""
    said = subprocess.run([belfry, "--home", home, "log"], capture_output=True, text=True).stdout
    return any(title in line and reason in line for line in said.splitlines()), said


async def held(page, item):
    for title in GONE:
        in_outlook("DELETE", title)
    await item.click("Sync now")
    check("many removals are notified before anything is done", await until(lambda: shown(1)))
    await seen(page, "4-held", "//div[@role='alert']//button[.='Look at them']")
    waiting = [title for title, state in agenda() if state == "held"]
    check("they wait, and are on the list still", waiting == sorted(GONE), agenda())
    click_on_notification()
    await in_browser(page.wait, "//h1[.='Waiting for you']")
    check("a click on the notification leads to them", await until(lambda: all(page.has(f"//button[@aria-label='Keep {title}']") for title in GONE)), page.text())
    await seen(page, "5-review", f"//button[@aria-label='Keep {KEPT}']")
    await in_browser(page.click, f"//button[@aria-label='Keep {KEPT}']")
    check("one is kept, and waits no more", await until(lambda: not page.has(f"//button[@aria-label='Keep {KEPT}']")), page.text())
    await seen(page, "6-one-kept", "//button[.='Remove them']")
    await in_browser(page.click, "//button[.='Remove them']")
    gone = [title for title in GONE if title != KEPT]
    left = sorted([*(title for title in ALL if title not in gone), "Buy new tyres"])
    check("what was kept is in Outlook again, the others are gone", await until(lambda: titles() == left), titles())
    await in_browser(page.click, "//button[.='Agenda']")
    await in_browser(page.wait, row(KEPT, "in Outlook"))
    await seen(page, "7-answered", row(KEPT, "in Outlook"))
    check("nothing waits any more", await until(lambda: cli("status")["attention"] is None) and not page.has("//div[@role='alert']"), cli("status"))
    reasons = [because(title, "removed in Outlook") for title in gone]
    check("the log says why they are gone", all(fits for fits, _ in reasons), reasons[0][1])
    print(reasons[0][1], agenda())
    return left


def times():
    return {event["subject"]: event["start"]["dateTime"][:16] for event in events()}


def run_that(did):
    """The run in the activity that did this."""
    return f"//ol[contains(@class,'runs')]/li[.//span[.='{did}']]"


async def undo(page, did, count, name):
    await in_browser(page.click, "//button[.='Activity']")
    await in_browser(page.click, run_that(did) + "//button[.='Undo this run']")
    await seen(page, name, f"//button[.='Undo {count} reminders']")
    await in_browser(page.click, f"//button[.='Undo {count} reminders']")


async def taken_back(page, item, left):
    """What somebody changed in Outlook was not wanted, and nor was the yes to the removals."""
    before = times()
    in_outlook("PATCH", "Service the boiler", {"subject": "Service the car"})
    in_outlook("PATCH", TYPED, {"start": {"dateTime": "2027-03-12T15:00:00", "timeZone": "UTC"}, "end": {"dateTime": "2027-03-12T15:30:00", "timeZone": "UTC"}})
    await item.click("Sync now")
    await in_browser(page.wait, row("Service the car", "in Outlook"))
    await seen(page, "8-changed-in-outlook", row(TYPED, "3:00 PM"))
    check("changes of somebody else in Outlook came in by a run", titles() != left and times() != before, times())
    await undo(page, "taken from Outlook", 2, "9-what-would-be-taken-back")
    check("the activity tells that they were taken back", await until(lambda: page.has(run_that("changed") + "//h2[contains(.,'Undo')]")), page.text())
    await seen(page, "10-taken-back", run_that("changed"))
    await in_browser(page.click, "//button[.='Agenda']")
    await in_browser(page.wait, row("Service the boiler", "in Outlook"))
    await seen(page, "11-as-before", row(TYPED, "9:00 AM"))
    check("undone in the window, they are in Outlook as they were", await until(lambda: times() == before), (before, times()))


async def again(page, item):
    """Nothing is told, made or synced twice because Belfry was away."""
    ids, rows, log, accounts = sorted(event["id"] for event in events()), agenda(), cli("log"), cli("account", "list")
    await item.click("Quit")
    check("Quit in the tray ends it", await until(lambda: not processes("belfry-desktop")), processes("belfry-desktop"))
    # The driver has one window at a time, and does not see that this one is gone.
    await in_browser(page.do, "DELETE", "")
    page = await in_browser(desk.opened)
    item = await item.next()
    await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    print(control("GET", "/requests"))


async def walk(page, item):
    await set_up(page, item)
    await revoked(page, item)
    left = await held(page, item)
    await taken_back(page, item, left)
    await again(page, item)


run(walk)
