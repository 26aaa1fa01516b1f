"""Belfry beside vdirsyncer and caldir: the same items, the same machine, the same delay on every request. Prints a table; times nothing out.

Belfry syncs with the practice cloud; the others each sync a folder of .ics files with its own Radicale, through a proxy that delays and counts.

usage: peers.py BELFRY [PEERS]    PEERS holds venv/bin (vdirsyncer, radicale) and caldir/bin; what is missing there has no column
"""
import asyncio
import atexit
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.request
from dataclasses import dataclass

belfry = os.path.abspath(sys.argv[1])
peers = pathlib.Path(sys.argv[2]).absolute() if len(sys.argv) > 2 else pathlib.Path(os.devnull)
MANY = 10_000
CHANGES = 10
ROUNDS = 3
WIDTH = 36
UNLIKE = (
    "Not comparable: CalDAV stores files as they are, one item a request, and these two ask one after another though nothing limits them; "
    "Outlook is emulated, works on four items of a mailbox at a time and takes twenty in one request, "
    "its sign-in (the requests behind the +) is not delayed, and every wall time contains the work of its own server, "
    "much of it with Radicale, which looks through the whole calendar for every new item."
)

# Waits for one program in a small process of its own: what getrusage says of children is then of that program and of what it started.
LAUNCH = """
import os, resource, sys, time
begun = time.monotonic()
started = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
code = os.waitstatus_to_exitcode(os.waitpid(started, 0)[1])
wall = time.monotonic() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=file)
sys.exit(code)
"""

# Not its own command line: that has no way to leave out the wait for the disk, which is not what is measured.
RADICALE = """
import json, logging, sys
from radicale import config, server
logging.getLogger("radicale").setLevel(logging.ERROR)
settings = config.load()
settings.update(json.loads(sys.argv[1]), "bench", privileged=True)
server.serve(settings)
"""


@dataclass
class Cost:
    """Seconds, seconds, MiB of the largest process, HTTP requests, and seconds of the server's processor meanwhile."""

    wall: float
    cpu: float
    peak: float
    requests: str = ""
    server: float = 0.0

    def __str__(self):
        # A new program starts out with the peak of the process that launched it.
        peak = f"{self.peak:.0f}" if self.peak > LEAST + 0.5 else f"<{LEAST + 0.5:.0f}"
        return f"{self.wall:8.3f} s {self.cpu:8.3f} s {self.requests:>7} {peak:>4} MiB"


def run(words, **env):
    """What one command printed and what it cost."""
    plain = {**os.environ, "DISPLAY": "", "no_proxy": "127.0.0.1", **env}
    with tempfile.NamedTemporaryFile("r") as spent:
        launched = [sys.executable, "-I", "-S", "-c", LAUNCH, spent.name, *map(str, words)]
        done = subprocess.run(launched, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=plain)
        if done.returncode != 0:
            sys.exit(f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout, Cost(*map(float, spent.read().split()))


LEAST = run(["/bin/true"])[1].peak


def event(n, title):
    date = f"2027{1 + n % 12:02}{1 + n % 28:02}"
    return f"BEGIN:VEVENT\r\nUID:item{n}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{title}\r\nDTSTART:{date}T080000Z\r\nEND:VEVENT\r\n"


def ics(events):
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Belfry//Bench//EN\r\n{events}END:VCALENDAR\r\n"


def fill(folder, count):
    """One file for each item, as Radicale keeps them and vdirsyncer and caldir read them."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        (folder / f"item{n}.ics").write_text(ics(event(n, f"Item {n}")), newline="")


def start(words, **options):
    server = subprocess.Popen(words, **options)
    atexit.register(server.terminate)
    return server


def eventually(what):
    for _ in range(200):
        try:
            return what()
        except OSError:
            time.sleep(0.05)
    return what()


class World:
    """A client with its own home and its own server; gone with the `with`."""

    def server_cpu(self):
        fields = pathlib.Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.home, ignore_errors=True)


class Belfry(World):
    def __init__(self, count, ms, first):
        self.home = pathlib.Path(tempfile.mkdtemp())
        words = [belfry, "--home", self.home, "practice"]
        self.server = start(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.control = json.loads(self.server.stdout.readline())["control"]
        self.ask("account", "add", "--practice", "--calendars")
        self.ask("list", "add", "Bench", "--account", "ada@contoso.example")
        path = self.home / "bench.ics"
        path.write_text(ics("".join(event(n, f"Item {n}") for n in range(count))), newline="")
        self.ask("import", path, "--list", "Bench")
        if first:
            self.sync(created=count)
        self.request("POST", "/latency", {"ms": ms})

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.control + path, data, method=method)) as answer:
            return json.load(answer)

    def ask(self, *words):
        out, cost = run([belfry, "--json", "--home", self.home, *words])
        return json.loads(out), cost

    def sync(self, **expected):
        self.request("DELETE", "/requests")
        before = self.server_cpu()
        document, cost = self.ask("sync")
        cost.server = self.server_cpu() - before
        calendar = document["accounts"][0]["calendars"][0]
        wrong = {key: calendar[key] for key in expected if calendar[key] != expected[key]}
        if wrong:
            sys.exit(f"Belfry: {wrong} instead of {expected}")
        signing_in = sum(seen["side"] == "identity" for seen in self.request("GET", "/requests"))
        cost.requests = f"{calendar['requests']}+{signing_in}"
        return cost

    def first(self, count):
        return self.sync(created=count)

    def same(self):
        return self.sync(created=0, updated=0, deleted=0)

    def changed(self, title):
        for reminder in self.ask("ls")[0][:CHANGES]:
            self.ask("edit", reminder["id"], "--title", title)
        return self.sync(updated=CHANGES)


class Proxy:
    """Passes each request on after `ms`, as many at a time as come, and counts them."""

    def __init__(self, upstream):
        self.upstream, self.ms, self.requests = upstream, 0, 0
        listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = listening.getsockname()[1]
        threading.Thread(target=lambda: asyncio.run(self.serve(listening)), daemon=True).start()

    async def serve(self, listening):
        async with await asyncio.start_server(self.connection, sock=listening) as server:
            await server.serve_forever()

    async def connection(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                self.requests += 1
                await asyncio.sleep(self.ms / 1000)
                writer.write(await self.answer(head, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, head, body):
        """Radicale closes after each answer; towards the client the connection stays open."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        writer.write(head + body)
        raw = await reader.read(-1)
        writer.close()
        head, _, body = raw.partition(b"\r\n\r\n")
        status, *headers = head.split(b"\r\n")
        status = status.replace(b"HTTP/1.0", b"HTTP/1.1", 1)
        kept = [line for line in headers if not re.match(rb"(?i)(content-length|connection):", line)]
        has_body = status.split()[1] not in (b"204", b"304")
        return b"\r\n".join([status, *kept, *([b"Content-Length: %d" % len(body)] if has_body else []), b"", body])


class Dav(World):
    """A Radicale with one calendar, and a folder beside it."""

    def __init__(self, count, ms, first):
        self.home = pathlib.Path(tempfile.mkdtemp())
        self.local = self.home / "calendars" / "bench"
        self.remote = self.home / "radicale" / "collection-root" / "bench" / "items"
        fill(self.remote, count if first else 0)
        (self.remote / ".Radicale.props").write_text(json.dumps({"tag": "VCALENDAR", "D:displayname": "Bench"}))
        self.server, port = self.radicale()
        self.proxy = Proxy(port)
        self.url = f"http://127.0.0.1:{self.proxy.port}/bench/items/"
        self.configure()
        if first:
            self.prepare(count)
            self.sync()
            if len(list(self.local.glob("*.ics"))) != count:
                sys.exit(f"{type(self).__name__}: the first sync did not bring {count} items")
        else:
            fill(self.local, count)
        self.proxy.ms = ms

    def radicale(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = {
            "server": {"hosts": f"127.0.0.1:{port}", "max_connections": "100"},
            "auth": {"type": "none"},
            "storage": {"filesystem_folder": str(self.home / "radicale"), "_filesystem_fsync": "False"},
        }
        server = start([peers / "venv/bin/python", "-c", RADICALE, json.dumps(settings)])
        eventually(lambda: socket.create_connection(("127.0.0.1", port)).close())
        return server, port

    def prepare(self, _count):
        """Before the sync that nobody times: what is in the folder by then."""
        self.local.mkdir(parents=True, exist_ok=True)

    def sync(self):
        before, self.proxy.requests = self.server_cpu(), 0
        _, cost = self.client("sync", *self.OPTIONS)
        cost.requests, cost.server = str(self.proxy.requests), self.server_cpu() - before
        return cost

    def stored(self, title):
        return sum(f"SUMMARY:{title}" in path.read_text() for path in self.remote.glob("*.ics"))

    def expect(self, title, count):
        if self.stored(title) != count:
            sys.exit(f"{type(self).__name__}: the server has {self.stored(title)} of {count}: {title}")

    def first(self, count):
        cost = self.sync()
        self.expect("Item", count)
        return cost

    def same(self):
        return self.sync()

    def changed(self, title):
        for path in sorted(self.local.glob("*.ics"))[:CHANGES]:
            path.write_bytes(re.sub(rb"SUMMARY:[^\r\n]*", b"SUMMARY:" + title.encode(), path.read_bytes()))
        cost = self.sync()
        self.expect(title, CHANGES)
        return cost


class Vdirsyncer(Dav):
    OPTIONS = ()

    def configure(self):
        self.local.mkdir(parents=True)
        (self.home / "config").write_text(
            f'[general]\nstatus_path = "{self.home}/status"\n'
            '[pair bench]\na = "folder"\nb = "server"\ncollections = null\n'
            f'[storage folder]\ntype = "filesystem"\npath = "{self.local}"\nfileext = ".ics"\n'
            f'[storage server]\ntype = "caldav"\nurl = "{self.url}"\nusername = "bench"\npassword = "bench"\n'
        )
        self.client("discover")

    def prepare(self, count):
        fill(self.local, count)

    def client(self, *words):
        return run([peers / "venv/bin/vdirsyncer", "-v", "ERROR", "-c", self.home / "config", *words], HOME=str(self.home))


class Caldir(Dav):
    # It looks a year either way from today unless told; its own limit for an answer is meant for small calendars.
    OPTIONS = ("--from", "2027-01-01", "--to", "2027-12-31", "--timeout", "30m")

    def configure(self):
        config = self.home / "config" / "caldir"
        session = config / "providers" / "caldav" / "session" / "bench_127_0_0_1.toml"
        for path, text in {
            config / "config.toml": f'calendar_dir = "{self.local.parent}"\n',
            session: f'server_url = "{self.url}"\nusername = "bench"\npassword = "bench"\n'
            f'principal_url = "{self.url}"\ncalendar_home_url = "{self.url}"\n',
            self.local / ".caldir" / "config.toml": 'name = "Bench"\n[remote]\nprovider = "caldav"\n'
            f'caldav_account = "bench@127.0.0.1"\ncaldav_calendar_url = "{self.url}"\n',
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def client(self, *words):
        programs = peers / "caldir/bin"
        env = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config"), "PATH": f"{programs}:{os.environ['PATH']}"}
        return run([programs / "caldir", *words], **env)


def middle(costs):
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def first_sync(ms):
    def measure(client):
        with client(1000, ms, first=False) as world:
            return [world.first(1000)]

    return measure


def among_many(client):
    """Nothing changed, then a few; the middle of three each, once echoes are absorbed."""
    with client(MANY, 0, first=True) as world:
        world.same()
        same = middle([world.same() for _ in range(ROUNDS)])
        return [same, middle([world.changed(f"Changed {n}") for n in range(ROUNDS)])]


def table(title, clients, rows, cell):
    print(f"{title:{WIDTH}}" + "".join(f"  {name:>38}" for name in clients))
    for what, costs in rows:
        print(f"{what:{WIDTH}}" + "".join(f"  {cell(cost):>38}" for cost in costs))


def main():
    clients = {"belfry": Belfry}
    if (peers / "venv/bin/vdirsyncer").exists():
        clients["vdirsyncer"] = Vdirsyncer
    if (peers / "caldir/bin/caldir-provider-caldav").exists():
        clients["caldir"] = Caldir
    sections = [
        (["first sync of 1,000, 0 ms"], first_sync(0)),
        (["first sync of 1,000, 20 ms"], first_sync(20)),
        ([f"nothing changed among {MANY:,}", f"{CHANGES} changes among {MANY:,}"], among_many),
    ]
    rows = []
    for names, measure in sections:
        columns = []
        for name, client in clients.items():
            print(f"{name}: {', '.join(names)}", file=sys.stderr)
            columns.append(measure(client))
        rows += zip(names, zip(*columns))
    table("wall, own CPU, requests, peak memory", clients, rows, str)
    print()
    table("the server's CPU in that time", clients, rows, lambda cost: f"{cost.server:.2f} s")
    if "vdirsyncer" in clients:
        print("\nbelfry / vdirsyncer")
        for what, (ours, theirs, *_) in rows:
            print(f"{what:{WIDTH}}  wall {ours.wall / theirs.wall:.2f}  CPU {ours.cpu / theirs.cpu:.2f}")
    print("\n" + textwrap.fill(UNLIKE, 150))


main()
