"""A small WebDriver client (W3C WebDriver): enough to find, click, type and read."""
import base64
import json
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Missing(Exception):
    """No such element."""


class Session:
    def __init__(self, port, capabilities):
        self.base = f"http://127.0.0.1:{port}"
        self.await_driver()
        self.id = self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]

    def await_driver(self):
        for _ in range(200):
            try:
                self.call("GET", "/status")
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the driver does not answer")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise (Missing if value["error"] == "no such element" else RuntimeError)(f"{value['error']}: {value['message']}") from None

    def do(self, method, path, body=None):
        return self.call(method, f"/session/{self.id}{path}", body)

    def go(self, url):
        self.do("POST", "/url", {"url": url})

    def find(self, xpath):
        return self.do("POST", "/element", {"using": "xpath", "value": xpath})[ELEMENT]

    def has(self, xpath):
        try:
            return bool(self.find(xpath))
        except Missing:
            return False

    def wait(self, xpath, seconds=20):
        end = time.monotonic() + seconds
        while True:
            try:
                return self.find(xpath)
            except Missing:
                if time.monotonic() > end:
                    raise Missing(f"{xpath} did not appear; the page says: {self.text()[:600]}") from None
                time.sleep(0.1)

    def click(self, xpath):
        self.do("POST", f"/element/{self.wait(xpath)}/click", {})

    def type(self, xpath, text):
        self.do("POST", f"/element/{self.wait(xpath)}/value", {"text": text})

    def read(self, xpath):
        return self.do("GET", f"/element/{self.wait(xpath)}/text")

    def value(self, xpath):
        return self.do("GET", f"/element/{self.wait(xpath)}/property/value")

    def enabled(self, xpath):
        return self.do("GET", f"/element/{self.wait(xpath)}/enabled")

    def text(self):
        return self.do("POST", "/execute/sync", {"script": "return document.body.innerText", "args": []})

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.do("GET", "/screenshot")))
