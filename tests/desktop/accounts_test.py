"""A person's ways to an account and back, in the real window: a sign-in that is not finished in the browser, an administrator, a revoked sign-in, the wrong account, a
locked keychain whose prompt stays open. Afterwards everything that was written, said or left in memory is searched for tokens.

usage: accounts_test.py BELFRY_DESKTOP BELFRY [PICTURES]
"""
import asyncio
import html
import json
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.parse
import urllib.request

import leaks
from desk import belfry, browser_chooses, check, cli, control, home, in_browser, notices, picture, post_form, processes, run, screen, until

ADA = "ada@contoso.example"
captured = tempfile.mkdtemp()


def addresses():
    return json.loads(pathlib.Path(home, "practice/addresses.json").read_text())


def approve(url):
    """The administrator, somewhere else, opens the address of the message and approves."""
    with urllib.request.urlopen(url) as answer:
        page = answer.read().decode()
    action = re.search(r'action="([^"]+)"', page)[1]
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
    try:
        post_form(urllib.parse.urljoin(url, action), fields | {"approve": "1"})
    except OSError:
        pass  # The page after it is not there; the approval counts all the same.


def prompt():
    """The window in which the keychain asks for its password."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "gcr-prompter"], capture_output=True, text=True).stdout.split()
    return found[-1] if found else None


def lock_keychain():
    service = ["--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets"]
    method = ["--method", "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/aliases/default']"]
    subprocess.run(["gdbus", "call", "--session", *service, *method], check=True, stdout=subprocess.DEVNULL)


async def answer_prompt(*keys):
    await until(prompt)
    subprocess.run(["xdotool", "windowfocus", "--sync", prompt()])
    for key in keys:
        subprocess.run(["xdotool", *key])
    return await until(lambda: prompt() is None)


async def first_sign_in(page):
    browser_chooses("nothing")
    await in_browser(page.click, "//button[.='Accounts']")
    await in_browser(page.click, "//button[.='Try it with a practice account']")
    await in_browser(page.wait, "//div[@role='status'][contains(.,'Finish in your browser')]//button[@aria-label='Copy link']")
    picture(page, "finish-in-your-browser.png")
    await in_browser(page.click, "//button[.='Use a code instead']")
    code = await in_browser(page.read, "//output[@aria-label='Code']")
    picture(page, "code-instead.png")
    post_form(addresses()["identity"] + "/devicelogin", {"user_code": code, "account": ADA})
    await in_browser(page.wait, f"//li[contains(.,'{ADA}')][contains(.,'no calendar access yet')]")
    check("a browser that is of no use is replaced by a code", True)
    picture(page, "signed-in.png")


async def approval(page):
    browser_chooses(ADA)
    control("POST", "/needs-admin", {"login": ADA})
    await in_browser(page.click, "//button[.='Allow calendar access']")
    await in_browser(page.wait, f"//li[contains(.,'{ADA}')][contains(.,'waiting for an administrator')]")
    await in_browser(page.click, "//button[.='Message for the administrator']")
    message = await in_browser(page.value, "//textarea[@aria-label='Message for the administrator']")
    picture(page, "admin-approval.png")
    approve(re.search(r"http\S+/adminconsent\S+", message)[0])
    await in_browser(page.click, "//li//button[.='Try again']")
    await in_browser(page.wait, f"//li[contains(.,'{ADA}')][contains(.,'ready')]")
    check("an administrator is asked and approves", cli("account", "list")[0]["state"] == "ready")


async def kept(page):
    await in_browser(page.click, "//button[.='Lists']")
    await in_browser(page.click, "//button[@aria-label='Keep in Outlook: Reminders']")
    await in_browser(page.click, "//button[contains(.,'A new calendar named Belfry')]")
    await in_browser(page.click, "//button[.='Start syncing']")
    await in_browser(page.click, "//button[.='Agenda']")
    await in_browser(page.type, "//input[@id='quick-add']", "Call the plumber tomorrow 9am\ue007")
    await in_browser(page.wait, "//button[@data-row][contains(.,'Call the plumber')][contains(.,'in Outlook')]")


async def revoked_and_wrong(page, item):
    control("POST", "/revoke", {"login": ADA})
    await item.click("Sync now")
    await in_browser(page.wait, "//div[@role='alert'][contains(.,'Nothing is lost')]//button[.='Sign in again']")
    await asyncio.sleep(1)
    told = [title for title, _ in notices()]
    check("a revoked sign-in is told once", told.count("Sign in again") == 1, told)
    picture(page, "revoked.png")
    browser_chooses("colleague@contoso.example")
    await in_browser(page.click, "//button[.='Accounts']")
    await in_browser(page.click, "//div[@role='alert']//button[.='Sign in again']")
    await in_browser(page.wait, "//div[@role='alert'][contains(.,'Nothing was kept')]")
    picture(page, "wrong-account.png")
    accounts = cli("account", "list")
    check("another account is refused and not kept", [(one["login"], one["state"]) for one in accounts] == [(ADA, "sign_in_needed")], accounts)
    browser_chooses(ADA)
    await in_browser(page.click, "//div[@role='alert']//button[.='Sign in again']")
    check("the right one repairs it", await until(lambda: cli("status")["attention"] is None), cli("status"))
    # And what was waiting is done: what follows is about a keychain that is not in use.
    await in_browser(page.wait, "//button[@title='Sync now'][.='Synced just now']")


async def locked(page, item):
    await in_browser(page.click, "//button[.='Agenda']")
    lock_keychain()
    # Without an access token that Graph takes, the app has to go to the keychain.
    control("POST", "/expire-access")
    await item.click("Sync now")
    check("a locked keychain asks its person", await until(prompt))
    await in_browser(page.type, "//input[@id='quick-add']", "Water the plants tomorrow 10am\ue007")
    await in_browser(page.wait, "//button[@data-row][contains(.,'Water the plants')]")
    check("while its prompt is open the window works", prompt() is not None)
    screen("keychain-prompt.png")
    check("the prompt is dismissed", await answer_prompt(["key", "Escape"]))
    await in_browser(page.wait, "//div[@role='alert'][contains(.,'keychain is locked')]//button[.='Try again']")
    picture(page, "keychain-locked.png")
    await in_browser(page.click, "//div[@role='alert']//button[.='Try again']")
    check("asked again, its password opens it", await answer_prompt(["type", "practice"], ["key", "Return"]))
    await in_browser(page.wait, "//button[@data-row][contains(.,'Water the plants')][contains(.,'in Outlook')]")
    check("and the sync goes on", cli("status")["attention"] is None, cli("status"))


async def searched(monitor):
    given = control("GET", "/tokens")
    check("there is something to look for", len(given["refresh"]) > 2 and given["access"] and given["codes"], given.keys())
    # Idle: what was just done has ended, and its buffers are free.
    await asyncio.sleep(3)
    around, access, size = await in_browser(leaks.in_memory, processes("belfry-desktop")[0], given)
    print(f"{size >> 20} MiB of memory while idle: {len(around)} refresh tokens, {access} access tokens (one is in use)")
    for form, shown in around:
        print(f"  refresh token ({form}) in: {shown}")
    check("no refresh token is left in memory", not around, len(around))
    monitor.terminate()
    monitor.wait()
    check("no secret is in a file of the home", not (found := leaks.in_files(home, given, but=("practice",))), found)
    check("nor in what was printed, logged or sent over D-Bus", not (found := leaks.in_files(captured, given)), found)
    sizes = {file.name: file.stat().st_size for file in pathlib.Path(captured).iterdir()}
    check("and there was something to search", sizes["bus"] > 100_000, sizes)
    print(f"searched: {sizes}")


async def walk(page, item):
    await first_sign_in(page)
    await approval(page)
    await kept(page)
    await revoked_and_wrong(page, item)
    await locked(page, item)
    await searched(monitor)


# The simulator runs on its own: what is in its memory is Microsoft's, not ours.
cloud = subprocess.Popen([belfry, "--home", home, "practice"], stdout=subprocess.PIPE)
cloud.stdout.readline()
# Everything that is said on the session bus, the Secret Service included: what goes there is encrypted.
with open(os.path.join(captured, "bus"), "wb") as file:
    monitor = subprocess.Popen(["dbus-monitor", "--session", "--pcap"], stdout=file)
try:
    run(walk, os.path.join(captured, "output"))
finally:
    monitor.terminate()
    cloud.terminate()
