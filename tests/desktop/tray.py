"""A tray host: owns org.kde.StatusNotifierWatcher, reads the item that the app registers, and clicks its menu over D-Bus."""
import asyncio

from dbus_fast import BusType, Message, MessageType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"


class Watcher(ServiceInterface):
    # Whether icons are shown; a desktop may have the service and nobody who shows them.
    shows = True

    def __init__(self):
        super().__init__(WATCHER)

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: "s"):  # noqa: F821
        pass

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: "s"):  # noqa: F821
        pass

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> "as":  # noqa: F722
        return []

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> "b":  # noqa: F821
        return self.shows

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> "i":  # noqa: F821
        return 0

    @dbus_signal()
    def StatusNotifierHostRegistered(self) -> None:
        pass


class Tray:
    """The item of one program."""

    def __init__(self, host, sender, path):
        self.host, self.bus, self.sender, self.path = host, host.bus, sender, path

    async def next(self, seconds=20):
        """The item of the process that follows this one's."""
        return await self.host.item(seconds, after=self)

    def is_followed(self):
        """Whether there is one."""
        return self.host.items[-1].sender != self.sender

    async def call(self, path, interface, member, signature="", body=()):
        message = Message(destination=self.sender, path=path, interface=interface, member=member, signature=signature, body=list(body))
        answer = await self.bus.call(message)
        if answer.message_type is MessageType.ERROR:
            raise RuntimeError(f"{member}: {answer.error_name}: {answer.body}")
        return answer.body

    async def properties(self):
        (everything,) = await self.call(self.path, "org.freedesktop.DBus.Properties", "GetAll", "s", [ITEM])
        return {name: value.value for name, value in everything.items()}

    async def menu(self):
        """[(id, label, enabled)] without separators. Ids are new with every menu: read again before a click."""
        path = (await self.properties())["Menu"]
        await self.call(path, MENU, "AboutToShow", "i", [0])
        _, (_, _, children) = await self.call(path, MENU, "GetLayout", "iias", [0, -1, []])
        entries = []
        for child in children:
            number, given, _ = child.value
            value = lambda name, usual: given[name].value if name in given else usual  # noqa: B023, E731
            if value("type", "standard") == "standard":
                entries.append((number, value("label", "").replace("_", ""), value("enabled", True)))
        return entries

    async def labels(self):
        return [label for _, label, _ in await self.menu()]

    async def wait_for(self, fits, seconds=20):
        for _ in range(seconds * 10):
            labels = await self.labels()
            if fits(labels):
                return labels
            await asyncio.sleep(0.1)
        raise RuntimeError(f"the tray stayed at {labels}")

    async def click(self, label):
        path = (await self.properties())["Menu"]
        found = [number for number, shown, enabled in await self.menu() if shown == label and enabled]
        if not found:
            raise RuntimeError(f"no item {label!r} in {await self.labels()}")
        await self.call(path, MENU, "Event", "isvu", [found[0], "clicked", Variant("i", 0), 0])


class Host:
    """Start it before the app; then wait for the app's item."""

    async def start(self):
        self.bus = await MessageBus(bus_type=BusType.SESSION).connect()
        # As they came; a program may say twice that it is there.
        self.items = []

        def note(message):
            if message.member == "RegisterStatusNotifierItem" and message.message_type is MessageType.METHOD_CALL:
                self.items.append(Tray(self, message.sender, message.body[0]))

        self.bus.add_message_handler(note)
        self.watcher = Watcher()
        self.bus.export("/StatusNotifierWatcher", self.watcher)
        await self.bus.request_name(WATCHER)
        return self

    async def item(self, seconds=20, after=None):
        """The newest item, when there is one of another program than the one before."""
        for _ in range(seconds * 10):
            if self.items and (after is None or after.is_followed()):
                return self.items[-1]
            await asyncio.sleep(0.1)
        raise RuntimeError("no tray item came")


async def stand():
    """Only is there, for programs that look whether somebody shows icons."""
    await Host().start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(stand())
