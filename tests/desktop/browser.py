"""The system browser of the tests: a real Chromium that opens the address, chooses the account and waits for the app's page.

usage: browser.py URL
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from webdriver import Session  # noqa: E402

port = 9600 + os.getpid() % 300
driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={tempfile.mkdtemp()}",
    ]
    page = Session(port, {"browserName": "chrome", "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": arguments}})
    page.go(sys.argv[1])
    page.click("//button[@id='ada@contoso.example']")
    page.wait("//h1[.='Back to Belfry']")
    page.do("DELETE", "")
finally:
    driver.terminate()
