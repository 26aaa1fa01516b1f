"""Start at login in a sandbox: the desktop's portal is asked. It refuses, and the window says so; it grants, and the setting is so, also after the next start.

usage: login_test.py BELFRY_DESKTOP BELFRY [PICTURES]
"""
import asyncio

from dbus_fast import Message, MessageType, Variant
from desk import check, home, in_browser, picture, run, until

PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
BOX = "//input[@id='settings-login']"


class Portal:
    """A portal whose person answers as they are told to, before the call returns: whoever listens only then hears nothing."""

    def __init__(self, bus):
        self.bus, self.answer, self.asked = bus, 0, []

    async def start(self):
        self.bus.add_message_handler(self.handle)
        await self.bus.request_name(PORTAL)
        return self

    def handle(self, message):
        if message.message_type is not MessageType.METHOD_CALL or message.member != "RequestBackground":
            return None
        parent, options = message.body
        options = {name: value.value for name, value in options.items()}
        self.asked.append(options)
        path = f"{PATH}/request/{message.sender[1:].replace('.', '_')}/{options['handle_token']}"
        results = {"background": Variant("b", True), "autostart": Variant("b", options["autostart"] and self.answer == 0)}
        body = [self.answer, results]
        signal = Message(destination=message.sender, path=path, interface="org.freedesktop.portal.Request", member="Response", message_type=MessageType.SIGNAL, signature="ua{sv}", body=body)
        self.bus.send(signal)
        return Message.new_method_return(message, "o", [path])


async def is_on(page):
    script = {"script": "const box = document.getElementById('settings-login'); return box.disabled ? null : box.checked", "args": []}
    return await in_browser(page.do, "POST", "/execute/sync", script)


async def set_to(page, wanted, portal, count):
    await in_browser(page.click, BOX)
    check(f"the portal is asked, {count}", await until(lambda: len(portal.asked) == count))
    await asyncio.sleep(0.5)
    check("and the box shows what is so", await is_on(page) is wanted, await is_on(page))


async def walk(page, item):
    portal = await Portal(item.bus).start()
    await in_browser(page.click, "//button[.='Settings']")
    await in_browser(page.wait, BOX)
    check("it is off at first", await is_on(page) is False)
    portal.answer = 1
    await set_to(page, False, portal, 1)
    await in_browser(page.wait, "//*[contains(.,'Your desktop did not allow Belfry to change whether it starts at login.')]")
    check("a refusal is one sentence", True)
    picture(page, "login-refused.png")
    portal.answer = 0
    await set_to(page, True, portal, 2)
    words = portal.asked[-1]["commandline"]
    check("what is to be started is named: to the tray, in this home", words == ["belfry-desktop", "--background", "--home", home], words)
    await set_to(page, False, portal, 3)
    check("and taken back", portal.asked[-1]["autostart"] is False, portal.asked[-1])
    await item.click("Quit")


run(walk, FLATPAK_ID="app.belfry.desktop")
