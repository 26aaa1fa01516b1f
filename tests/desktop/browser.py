"""The system browser of the tests: a real Chromium that opens the address, chooses the account and waits for the app's page. Whom it chooses is in the file `choice`
of the data folder: a login, `cancel`, or `nothing` for a browser that never comes back.

usage: browser.py URL
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from webdriver import Session  # noqa: E402

file = pathlib.Path(os.environ["XDG_DATA_HOME"], "choice")
choice = file.read_text() if file.exists() else "ada@contoso.example"
if choice == "nothing":
    sys.exit(0)
port = 9600 + os.getpid() % 300
driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={tempfile.mkdtemp()}",
    ]
    page = Session(port, {"browserName": "chrome", "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": arguments}})
    page.go(sys.argv[1])
    page.wait("//button[@id='cancel']")
    if page.has(f"//details//button[@id='{choice}']"):
        page.click("//summary[@id='others']")
    page.click(f"//button[@id='{choice}']")
    page.wait("//h1[.='Back to Belfry' or .='Not signed in']")
    page.do("DELETE", "")
finally:
    driver.terminate()
