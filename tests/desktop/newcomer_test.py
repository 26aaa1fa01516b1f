"""The first five minutes: from an empty home to a reminder in the practice account's Outlook, by what the window offers and nothing else. Every click is counted.

usage: newcomer_test.py BELFRY_DESKTOP BELFRY [PICTURES]
"""
import asyncio
import urllib.parse

from desk import check, cli, in_browser, outlook, run, screen

clicks = 0


async def click(page, name):
    """One click on a button with this name, which has to be there."""
    global clicks
    clicks += 1
    await in_browser(page.click, f"//button[.='{name}']")


async def seen(page, number, what, xpath):
    """Waits until the window shows it, and takes a picture of the whole screen."""
    await in_browser(page.wait, xpath)
    await asyncio.sleep(0.5)
    screen(f"newcomer-{number}-{what}.png")


def titles_in_outlook():
    calendars = outlook("GET", "calendars?$top=50")["value"]
    place = next((one["id"] for one in calendars if one["name"] == "Belfry"), None)
    if place is None:
        return []
    return [one["subject"] for one in outlook("GET", f"calendars/{urllib.parse.quote(place, safe='')}/events?$top=200")["value"]]


async def walk(page, item):
    await seen(page, 1, "welcome", "//h2[.='Welcome to Belfry']")
    await click(page, "Try it with a practice account")
    await seen(page, 2, "connected", "//h1[.='You are connected']")
    await click(page, "Choose a calendar")
    await seen(page, 3, "calendar", "//h1[.='Choose a calendar']")
    await click(page, "Allow calendar access")
    await in_browser(page.wait, "//button[contains(.,'A new calendar named Belfry')]")
    await seen(page, 4, "allowed", "//button[contains(.,'A new calendar named Belfry')]")
    global clicks
    clicks += 1
    await in_browser(page.click, "//button[contains(.,'A new calendar named Belfry')]")
    await seen(page, 5, "plan", "//h1[.='This is what will be done']")
    await in_browser(page.wait, "//button[.='Start syncing']")
    screen("newcomer-5-plan.png")
    await click(page, "Start syncing")
    await seen(page, 6, "agenda", "//input[@id='quick-add']")
    await in_browser(page.type, "//input[@id='quick-add']", "Renew the passport 3 March 9am, 1 week before")
    await seen(page, 7, "typed", "//span[contains(@class,'chip')][contains(.,'3 March')]")
    await in_browser(page.type, "//input[@id='quick-add']", "\ue007")
    await seen(page, 8, "synced", "//button[@data-row][contains(.,'Renew the passport')][contains(.,'in Outlook')]")
    check("five clicks and one sentence lead from nothing to a reminder in Outlook", clicks == 5 and titles_in_outlook() == ["Renew the passport"], (clicks, titles_in_outlook()))
    check("nothing asks for the person's attention", cli("status")["attention"] is None, cli("status"))
    labels = await item.wait_for(lambda labels: labels[0].startswith("Synced"))
    check("the tray says that all is synced", labels[0].startswith("Synced"), labels)


run(walk)
