"""The desktop's budgets: memory and processor of the tray alone, and how soon the window is usable.

usage: desktop.py BELFRY_DESKTOP
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "desktop"))
from webdriver import Session  # noqa: E402

desktop = sys.argv[1]


def memory(pid):
    """Private dirty and PSS in MiB."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    value = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return value["Private_Dirty"] / 1024, value["Pss"] / 1024


def ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def row(what, measured, budget):
    print(f"{what:58}  {measured:>12}  budget {budget}")


# The pages of a program that was just built count as dirty until they are on the disk.
os.sync()
app = subprocess.Popen([desktop, "--home", tempfile.mkdtemp(), "--background"], stderr=subprocess.DEVNULL)
time.sleep(8)
dirty, pss = memory(app.pid)
before = ticks(app.pid)
time.sleep(20)
share = (ticks(app.pid) - before) / os.sysconf("SC_CLK_TCK") / 20 * 100
row("tray only, never a window: private dirty", f"{dirty:.0f} MiB", "<= 35 MiB")
row("tray only, never a window: PSS", f"{pss:.0f} MiB", "<= 95 MiB")
row("tray only, idle: processor", f"{share:.1f} %", "0.0 %")
app.terminate()
app.wait()

driver = subprocess.Popen(["WebKitWebDriver", "--port=4610"], env=os.environ | {"TAURI_WEBVIEW_AUTOMATION": "true"})
best = None
for _ in range(3):
    time.sleep(0.5)
    begun = time.monotonic()
    page = Session(4610, {"webkitgtk:browserOptions": {"binary": os.path.abspath(desktop), "args": ["--home", tempfile.mkdtemp()]}})
    page.wait("//input[@id='quick-add']")
    best = min(best or 99, time.monotonic() - begun)
    try:
        page.do("DELETE", "")
    except RuntimeError:
        pass
row("start to window usable, the driver's own part included", f"{best:.2f} s", "< 1 s")
driver.terminate()
