"""What a person does now and then, long after the first five minutes: signs in again from a notification, looks through removals that wait, takes runs back in the
activity, quits and starts again. All of it by what the window, the tray and the notifications offer, and all of it looked up in Outlook.

usage: jobs_test.py BELFRY_DESKTOP BELFRY [PICTURES]
"""
import asyncio
import datetime
import subprocess
import urllib.parse

import desk
from desk import apps, belfry, check, cli, control, home, in_browser, notices, outlook, run, screen, until

ADA = "ada@contoso.example"
# Far enough for no alarm to ring meanwhile.
DAY = datetime.date.today() + datetime.timedelta(days=40)
TYPED, TYRES, YARD = "Water the plants", "Buy new tyres", "Sweep the yard"
FIRST = [TYPED, "Pay the rent", "Call the dentist", "Renew the passport", "Return the books", "Service the boiler"]
# What somebody removes in Outlook: more than half of the list, so it looks like an accident.
GONE = FIRST[1:5]
KEPT = GONE[2]
UNWANTED = sorted(set(GONE) - {KEPT})
LEFT = sorted({*FIRST, TYRES} - {*UNWANTED})


def events():
    calendars = outlook("GET", "calendars?$top=50")["value"]
    place = next(urllib.parse.quote(one["id"], safe="") for one in calendars if one["name"] == "Belfry")
    found = outlook("GET", f"calendars/{place}/events?$top=200")["value"]
    return sorted(found, key=lambda event: event["id"])


def titles():
    return sorted(event["subject"] for event in events())


def times():
    return sorted((event["subject"], event["start"]["dateTime"][:16]) for event in events())


def in_outlook(method, title, change=None):
    """What somebody does there to the event with this title."""
    event = next(one for one in events() if one["subject"] == title)
    outlook(method, "events/" + urllib.parse.quote(event["id"], safe=""), change)


def with_state(state):
    return sorted(one["title"] for one in cli("ls") if one["state"] == state)


def is_told():
    """Whether one notification is on the screen. (`notices` takes them away from there.)"""
    said = subprocess.run(["dunstctl", "count", "displayed"], capture_output=True, text=True).stdout
    return said.strip() == "1"


def click_on_notification():
    """The middle button is how dunst is told to do what a notification is for."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "Dunst"], capture_output=True, text=True).stdout.split()
    subprocess.run(["xdotool", "mousemove", "--window", found[-1], "60", "20", "click", "2"], check=True)


def row(title, state):
    return f"//button[@data-row][contains(.,'{title}')][contains(.,'{state}')]"


def rows(page):
    """What the agenda says of each reminder: title, day, time and where it is."""
    return page.do("POST", "/execute/sync", {"script": "return [...document.querySelectorAll('[data-row]')].map(row => row.ariaLabel)", "args": []})


async def add(page, title, words, state="in Outlook"):
    await in_browser(page.type, "//input[@id='quick-add']", f"{title} {words}\ue007")
    await in_browser(page.wait, row(title, state))


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
    await add(page, TYPED, f"{DAY:%-d %B %Y} 9am, 1 hour before")
    for later, title in enumerate(FIRST[1:], 1):
        cli("add", title, "--at", f"{DAY + datetime.timedelta(days=later)}T10:00")
    for title in FIRST:
        await in_browser(page.wait, row(title, "in Outlook"))
    await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    await seen(page, "01-kept", row(TYPED, "in Outlook"))
    check("a list of six reminders is kept in Outlook", titles() == sorted(FIRST), titles())


async def signed_in_again(page, item):
    """The notification is enough: the window is not clicked."""
    control("POST", "/revoke", {"login": ADA})
    await item.click("Sync now")
    check("a revoked sign-in is notified", await until(is_told))
    await add(page, TYRES, f"{DAY + datetime.timedelta(days=17):%-d %B %Y} 10am", "waiting for the next sync")
    await seen(page, "02-revoked", "//div[@role='alert']//button[.='Sign in again']")
    asked = len(control("GET", "/requests"))
    subprocess.run(["dunstctl", "action"], check=True)
    await in_browser(page.wait, row(TYRES, "in Outlook"), 60)
    visits = [one["path"] for one in control("GET", "/requests")[asked:] if one["side"] == "identity"]
    check("its action leads to the browser", any("/authorize" in path for path in visits), visits)
    check("and back to health: no banner is left", await until(lambda: not page.has("//div[@role='alert']")) and cli("status")["attention"] is None, cli("status"))
    check("what was typed meanwhile is in Outlook", titles() == sorted([*FIRST, TYRES]), titles())
    labels = await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    check("the tray asks for nothing any more", labels[1] == "Sync now", labels)
    told = notices()
    check("it was told once", [title for title, _ in told] == ["Sign in again"], told)
    await seen(page, "03-healthy", row(TYRES, "in Outlook"))


async def looked_through(page, item):
    for title in GONE:
        in_outlook("DELETE", title)
    await item.click("Sync now")
    check("many removals at once are notified", await until(is_told))
    await seen(page, "04-held", "//div[@role='alert']//button[.='Look at them']")
    check("nothing of them was done yet", with_state("held") == sorted(GONE), cli("ls"))
    click_on_notification()
    await in_browser(page.wait, "//h1[.='Waiting for you']")
    keep = lambda title: f"//button[@aria-label='Put into Outlook again: {title}']"  # noqa: E731
    check("a click on the notification leads to all of them", await until(lambda: all(page.has(keep(title)) for title in GONE)), page.text())
    await seen(page, "05-review", keep(KEPT))
    await in_browser(page.click, keep(KEPT))
    check("one is kept, and is asked about no more", await until(lambda: not page.has(keep(KEPT)) and all(page.has(keep(title)) for title in UNWANTED)), page.text())
    # At once, as the page invites to: no sync has heard of what is kept.
    await in_browser(page.click, "//button[.='Leave them out of Outlook']")
    check("a yes to the rest right after it is done", await until(lambda: with_state("dismissed") == UNWANTED), (cli("status")["attention"], cli("ls")))
    await seen(page, "06-answered", "//button[.='Agenda']")
    await in_browser(page.click, "//button[.='Agenda']")
    await in_browser(page.wait, row(KEPT, "in Outlook"))
    check("what was kept is in Outlook again, the others are gone", titles() == LEFT, titles())
    check("nothing waits any more", await until(lambda: not page.has("//div[@role='alert']")) and cli("status")["attention"] is None, cli("status"))
    await seen(page, "07-nothing-waits", row(KEPT, "in Outlook"))
    log = subprocess.run([belfry, "--home", home, "log"], capture_output=True, text=True).stdout
    why = [line.split() for line in log.splitlines() if line.endswith("(removed in Outlook)")]
    check("the log says why, of these and no others", sorted(" ".join(words[1:-3]) for words in why) == UNWANTED, log)


def run_that(did):
    """The newest run of the activity that did this."""
    return f"(//ol[contains(@class,'runs')]/li[.//span[.='{did}']])[1]"


async def take_back(page, did, count, name):
    await in_browser(page.click, "//button[.='Activity']")
    await in_browser(page.click, run_that(did) + "//button[.='Undo this run']")
    await seen(page, name, f"//button[.='Undo {count} reminders']")
    await in_browser(page.click, f"//button[.='Undo {count} reminders']")


async def taken_back(page, item):
    """What somebody changed in Outlook was not wanted; nor, on second thoughts, the removals."""
    before, shown = times(), rows(page)
    in_outlook("PATCH", "Service the boiler", {"subject": "Service the car"})
    other = DAY + datetime.timedelta(days=9)
    in_outlook("PATCH", TYPED, {"start": {"dateTime": f"{other}T15:00:00", "timeZone": "UTC"}, "end": {"dateTime": f"{other}T15:30:00", "timeZone": "UTC"}})
    await item.click("Sync now")
    await in_browser(page.wait, row("Service the car", "in Outlook"))
    await seen(page, "08-changed-in-outlook", row(TYPED, "in Outlook"))
    check("a run takes two changes from Outlook", len(set(rows(page)) - set(shown)) == 2, rows(page))
    await take_back(page, "taken from Outlook", 2, "09-what-would-be-taken-back")
    await seen(page, "10-taken-back", run_that("changed") + "//h2[contains(.,'Undo')]")
    await in_browser(page.click, "//button[.='Agenda']")
    check("taken back in the activity, both are in the window as they were", await until(lambda: rows(page) == shown), rows(page))
    check("and in Outlook", times() == before, (before, times()))
    await seen(page, "11-as-before", row("Service the boiler", "in Outlook"))
    # What was kept was made again by the same run.
    await take_back(page, "left out of Outlook", len(GONE), "12-removals")
    await in_browser(page.click, "//button[.='Agenda']")
    for title in UNWANTED:
        await in_browser(page.wait, row(title, "in Outlook"))
    check("a yes to removals can be taken back too: they are in Outlook again", await until(lambda: titles() == sorted({*FIRST, TYRES} - {KEPT})), titles())
    await seen(page, "13-all-again", row(UNWANTED[0], "in Outlook"))


def syncs():
    """How often it was asked what is new in a calendar since the practice cloud began, which is part of the program."""
    return [one["path"] for one in control("GET", "/requests") if "/calendarView/delta" in one["path"]]


async def away(page, item):
    """While Belfry was away nothing has changed, so nothing is to be done or told."""
    await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    told, shown, kept, log, accounts = notices(), rows(page), events(), cli("log"), cli("account", "list")
    await item.click("Quit")
    check("Quit in the tray ends it", await until(lambda: not apps()), apps())
    # The driver has one window at a time, and does not see by itself that this one is gone.
    await in_browser(page.do, "DELETE", "")
    page = await in_browser(desk.opened)
    item = await item.next()
    await in_browser(page.wait, row(TYPED, "in Outlook"))
    check("started again, the window shows the same reminders", await until(lambda: rows(page) == shown), (shown, rows(page)))
    check("it looks once whether Outlook has news", await until(syncs) and len(syncs()) == 1, syncs())
    await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    await seen(page, "14-started-again", row(TYPED, "in Outlook"))
    check("nothing is made or written in Outlook", events() == kept, (kept, events()))
    check("no run did anything", [one for one in cli("log") if one["entries"]] == [one for one in log if one["entries"]], cli("log"))
    check("and nothing is told", notices() == told, notices())
    await in_browser(page.click, "//button[.='Accounts']")
    await seen(page, "15-account", f"//li[contains(.,'{ADA}')][contains(.,'ready')]")
    same = lambda account: (account["id"], account["login"], account["state"])  # noqa: E731
    check("its account is the same, and ready", [same(one) for one in cli("account", "list")] == [same(one) for one in accounts], cli("account", "list"))
    await in_browser(page.click, "//button[.='Agenda']")
    await add(page, YARD, f"{DAY + datetime.timedelta(days=18):%-d %B %Y} 11am")
    check("what is typed now is made once, beside all that was there", titles() == sorted({*FIRST, TYRES, YARD} - {KEPT}) and all(one in events() for one in kept), titles())
    await seen(page, "16-goes-on", row(YARD, "in Outlook"))


async def walk(page, item):
    await set_up(page, item)
    await signed_in_again(page, item)
    await looked_through(page, item)
    await taken_back(page, item)
    await away(page, item)


run(walk)
