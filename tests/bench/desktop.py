"""The desktop's budgets: memory and processor of the tray alone, how soon the window is usable, and what ten thousand reminders add to either.

usage: desktop.py BELFRY_DESKTOP BELFRY
"""
import datetime
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "desktop"))
import x11  # noqa: E402
from webdriver import Session  # noqa: E402

desktop, belfry = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
AUTOMATION = os.environ | {"TAURI_WEBVIEW_AUTOMATION": "true"}


def memory(*pids):
    """Private dirty and PSS in MiB, of all together."""
    sums = {"Private_Dirty": 0, "Pss": 0}
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name = line.split(":")[0]
            if name in sums:
                sums[name] += int(line.split()[1])
    return sums["Private_Dirty"] / 1024, sums["Pss"] / 1024


def ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def children(pid):
    """WebKit's processes of a program."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            head, tail = stat.read_text().rsplit(") ", 1)
        except OSError:
            continue
        if tail.split()[1] == str(pid) and head.split(" (", 1)[1].startswith("WebKit"):
            found.append(int(head.split(" ", 1)[0]))
    return found


def row(what, measured, budget):
    print(f"{what:58}  {measured:>12}  {budget}", flush=True)


def home_with(count):
    """A home with so many reminders, one every two hours from today on."""
    home = tempfile.mkdtemp()
    if count:
        begin = datetime.datetime.now().replace(minute=0)
        lines = ["title,date,time"] + [f"Reminder {n},{begin + datetime.timedelta(hours=2 * n):%Y-%m-%d,%H:%M}" for n in range(count)]
        table = pathlib.Path(home, "many.csv")
        table.write_text("\n".join(lines) + "\n")
        subprocess.run([belfry, "--home", home, "import", str(table)], check=True, stdout=subprocess.DEVNULL)
    return home


def quit_app(app):
    app.terminate()
    app.wait()


def tray_only(where):
    """The first GTK program on a screen of X looks for GL visuals, and loads a whole driver for that; what it finds is kept on the screen for those that come later."""
    app = subprocess.Popen([desktop, "--home", tempfile.mkdtemp(), "--background"], stderr=subprocess.DEVNULL)
    time.sleep(8)
    dirty, pss = memory(app.pid)
    before = ticks(app.pid)
    time.sleep(20)
    share = (ticks(app.pid) - before) / os.sysconf("SC_CLK_TCK") / 20 * 100
    row(f"tray only, {where}: private dirty", f"{dirty:.0f} MiB", "budget <= 35 MiB")
    row(f"tray only, {where}: PSS", f"{pss:.0f} MiB", "budget <= 95 MiB")
    row(f"tray only, {where}, idle: processor", f"{share:.1f} %", "budget 0.0 %")
    quit_app(app)


def shown_and_closed(count):
    """Memory with the window, and after it was closed as a person closes it."""
    app = subprocess.Popen([desktop, "--home", home_with(count)], stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.2)
        if len(children(app.pid)) >= 2:
            break
    time.sleep(8)
    dirty, pss = memory(app.pid, *children(app.pid))
    row(f"window shown, {count:,} reminders: private dirty, PSS", f"{dirty:.0f}, {pss:.0f} MiB", "WebKit included")
    for window in subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Belfry$"], capture_output=True, text=True).stdout.split():
        x11.ask_to_close(int(window))
    time.sleep(8)
    dirty, pss = memory(app.pid, *children(app.pid))
    row(f"window just closed, {count:,} reminders: private dirty, PSS", f"{dirty:.0f}, {pss:.0f} MiB", f"{len(children(app.pid))} WebKit processes")
    begun = time.monotonic()
    while "--after" not in pathlib.Path(f"/proc/{app.pid}/cmdline").read_text().split("\0") and time.monotonic() - begun < 120:
        time.sleep(0.5)
    time.sleep(8)
    dirty, pss = memory(app.pid, *children(app.pid))
    row(f"begun anew without it, {count:,} reminders: private dirty, PSS", f"{dirty:.0f}, {pss:.0f} MiB", "budget <= 35, <= 95 MiB")
    quit_app(app)


# Where the page's own clock stands when the first day of the agenda is there; then frames, while the agenda is scrolled from its top as far as a second takes.
PAINTED = "return performance.getEntriesByType('paint').map((one) => one.startTime).at(-1) ?? performance.now()"
SCROLLED = """
const done = arguments[arguments.length - 1]
const all = [...document.querySelectorAll('main *')]
const area = all.find((one) => one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== 'visible' && getComputedStyle(one).overflowY !== 'hidden') ?? document.scrollingElement
const frames = []
let last = performance.now()
const step = (now) => {
  frames.push(now - last)
  last = now
  area.scrollTop += 60
  if (frames.length < 120) requestAnimationFrame(step)
  else done(frames.slice(2))
}
requestAnimationFrame(step)
"""


def usable(home, ready):
    """Seconds until the window can be used, the first paint in its own milliseconds, and the frames of a scroll; the best of three."""
    best = None
    for _ in range(3):
        time.sleep(0.5)
        begun = time.monotonic()
        page = Session(4610, {"webkitgtk:browserOptions": {"binary": desktop, "args": ["--home", home]}})
        page.wait(ready)
        took = time.monotonic() - begun
        painted = page.do("POST", "/execute/sync", {"script": PAINTED, "args": []})
        frames = page.do("POST", "/execute/async", {"script": SCROLLED, "args": []})
        if best is None or took < best[0]:
            best = (took, painted, frames)
        try:
            page.do("DELETE", "")
        except RuntimeError:
            pass
    return best


def window():
    driver = subprocess.Popen(["WebKitWebDriver", "--port=4610"], env=AUTOMATION)
    try:
        few = usable(home_with(40), "//*[@data-row]")
        many = usable(home_with(10_000), "//*[@data-row]")
    finally:
        driver.terminate()
    row("start to window usable, the driver's own part included", f"{few[0]:.2f} s", "budget < 1 s")
    row("the same with 10,000 reminders", f"{many[0]:.2f} s", f"x{many[0] / few[0]:.2f}")
    row("first paint of the page, 40 and 10,000 reminders", f"{few[1]:.0f}, {many[1]:.0f} ms", f"x{many[1] / few[1]:.2f}")
    middle = [statistics.median(frames) for frames in (few[2], many[2])]
    slow = [statistics.quantiles(frames, n=20)[-1] for frames in (few[2], many[2])]
    row("a frame while scrolling, 40 and 10,000: median", f"{middle[0]:.1f}, {middle[1]:.1f} ms", f"x{middle[1] / middle[0]:.2f}")
    row("a frame while scrolling, 40 and 10,000: 95 %", f"{slow[0]:.1f}, {slow[1]:.1f} ms", f"x{slow[1] / slow[0]:.2f}")


# The pages of a program that was just built count as dirty until they are on the disk.
os.sync()
tray_only("the first of its screen")
tray_only("a later one")
shown_and_closed(0)
shown_and_closed(10_000)
window()
