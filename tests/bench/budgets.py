"""The command line's budgets, measured on the real binary against the practice cloud in another process. Prints a table; times nothing out.

usage: budgets.py BELFRY
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request

belfry = sys.argv[1]
rows = []


def run(home, *words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    done = subprocess.run([belfry, "--json", "--home", home, *words], capture_output=True, text=True, env={**os.environ, "DISPLAY": ""})
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode != 0:
        sys.exit(f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout), cpu, wall


def peak(home, *words):
    """Peak resident memory of one command in MiB."""
    script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", script, belfry, "--home", home, *words], capture_output=True, text=True)
    return int(done.stdout) / 1024


def ics(count, name):
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{name}{n}\r\nSUMMARY:{name} {n}\r\nDTSTART:2027{1 + n % 12:02}{1 + n % 28:02}T080000Z\r\nEND:VEVENT\r\n" for n in range(count)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"


def calendar(document):
    return document["accounts"][0]["calendars"][0]


def world(count):
    home = tempfile.mkdtemp()
    practice = subprocess.Popen([belfry, "--home", home, "practice"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    addresses = json.loads(practice.stdout.readline())
    run(home, "account", "add", "--practice", "--calendars")
    run(home, "list", "add", "Bench", "--account", "ada@contoso.example")
    path = os.path.join(home, "bench.ics")
    with open(path, "w", newline="") as file:
        file.write(ics(count, "Item"))
    run(home, "import", path, "--list", "Bench")
    return home, practice, addresses


def latency(addresses, ms):
    body = json.dumps({"ms": ms}).encode()
    urllib.request.urlopen(urllib.request.Request(addresses["control"] + "/latency", body, method="POST")).read()


def row(what, measured, budget):
    rows.append((what, measured, budget))


def spent(process):
    """Seconds of processor that a process has used so far."""
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


for ms in (0, 20, 50):
    home, practice, addresses = world(1000)
    latency(addresses, ms)
    before = spent(practice)
    document, cpu, wall = run(home, "sync")
    # What nobody can be faster than: the mailbox takes four at a time, and its server needs its own time for them.
    floor = 1000 / 4 * ms / 1000 + spent(practice) - before
    what = f"first sync of 1,000, {ms} ms of latency"
    row(f"{what}: requests", calendar(document)["requests"], "<= 60")
    row(f"{what}: wall / floor ({wall:.2f} s / {floor:.2f} s)", f"{wall / floor:.2f}", "<= 1.15")
    row(f"{what}: own CPU", f"{cpu:.2f} s", "< 1 s")
    if ms == 0:
        row("peak memory of a sync of 1,000", f"{peak(home, 'sync'):.0f} MiB", "< 40 MiB")
    practice.terminate()

home, practice, addresses = world(10_000)
run(home, "sync")
for _ in range(3):
    document, cpu, wall = run(home, "sync")
row("nothing changed, 10,000: requests", calendar(document)["requests"], "1 once echoes are absorbed")
row("nothing changed, 10,000: own CPU, start of the program included", f"{cpu * 1000:.0f} ms", "< 50 ms")
ids = [reminder["id"] for reminder in run(home, "ls")[0][:10]]
for reminder in ids:
    run(home, "edit", reminder, "--title", "Changed")
document, cpu, wall = run(home, "sync")
row("10 changes among 10,000: requests beyond the pull", calendar(document)["requests"] - 1, "<= 3")
_, cpu, wall = run(home, "status")
row("belfry status, 10,000 reminders", f"{wall * 1000:.0f} ms", "< 50 ms cold")
practice.terminate()

width = max(len(what) for what, _, _ in rows)
for what, measured, budget in rows:
    print(f"{what:{width}}  {str(measured):>12}  budget {budget}")
