"""A folder of 5,000 calendar files, followed and watched: how long until a change of one of them is in the calendar, and what watching costs meanwhile.

usage: watching.py BELFRY [FILES]
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

belfry = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
home = tempfile.mkdtemp()
vdir = os.path.join(home, "vdir")
os.mkdir(vdir)


def run(*words):
    done = subprocess.run([belfry, "--json", "--home", home, *words], capture_output=True, text=True, env={**os.environ, "DISPLAY": ""})
    if done.returncode != 0:
        sys.exit(f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout)


def write(number, title):
    """As programs of this layout do: written beside, then put there in one move."""
    path = os.path.join(vdir, f"item-{number}.ics")
    event = f"BEGIN:VEVENT\r\nUID:item-{number}\r\nSUMMARY:{title}\r\nDTSTART:2027{1 + number % 12:02}{1 + number % 28:02}T080000Z\r\nEND:VEVENT\r\n"
    with open(path + ".tmp", "w", newline="") as file:
        file.write(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n")
    os.replace(path + ".tmp", path)


def subjects(control):
    state = json.loads(urllib.request.urlopen(control + "/state").read())
    return {event["subject"] for event in events(state)}


def events(state):
    if isinstance(state, dict):
        if "subject" in state:
            yield state
        for value in state.values():
            yield from events(value)
    elif isinstance(state, list):
        for value in state:
            yield from events(value)


def usage(pid):
    """Seconds of processor and MiB of private memory."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/smaps_rollup") as file:
        private = sum(int(line.split()[1]) for line in file if line.startswith(("Private_Dirty", "Private_Clean")))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), private / 1024


practice = subprocess.Popen([belfry, "--home", home, "practice"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
watch = None
try:
    addresses = json.loads(practice.stdout.readline())
    run("account", "add", "--practice", "--calendars")
    for number in range(count):
        write(number, f"Item {number}")
    begun = time.monotonic()
    run("list", "add", "Contracts", "--from", vdir, "--account", "ada@contoso.example")
    added = time.monotonic() - begun
    begun = time.monotonic()
    run("sync")
    print(f"{count} files: read and added in {added:.1f} s, first sync in {time.monotonic() - begun:.1f} s")
    run("sync")
    watch = subprocess.Popen([belfry, "--home", home, "watch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(15)
    processor, memory = usage(watch.pid)
    begun = time.monotonic()
    time.sleep(30)
    later, memory = usage(watch.pid)
    print(f"watching: {memory:.0f} MiB private, {(later - processor) / (time.monotonic() - begun) * 100:.2f} % of one processor while nothing happens")
    waits = []
    for round in range(5):
        title = f"Changed {round}"
        begun = time.monotonic()
        write(17 + round, title)
        while title not in subjects(addresses["control"]):
            if time.monotonic() - begun > 60:
                sys.exit("the change did not arrive within a minute")
            time.sleep(0.1)
        waits.append(time.monotonic() - begun)
        time.sleep(4)
    print("one file changed: in the calendar after " + ", ".join(f"{wait:.1f}" for wait in waits) + " s (5 s)")
finally:
    for process in (watch, practice):
        if process is not None:
            process.terminate()
            process.wait()
