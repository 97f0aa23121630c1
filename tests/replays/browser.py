"""A headless Chromium for tests, over the pipe of the DevTools protocol."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_PATIENCE_S = 60


class Browser:
    """One page. What it logs, throws or asks the network for is kept."""

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM
        (to_read, self._out), (self._in, to_write) = os.pipe(), os.pipe()
        # Chromium reads from descriptor 3 and writes to 4; the shell moves the pipes there.
        flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        ]
        shell = f'exec "$@" 3<&{to_read} 4>&{to_write}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", CHROMIUM, *flags],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._numbers, self._rest = itertools.count(1), b""
        self.problems: list[str] = []
        self.requests: list[str] = []
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Does something, and returns its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            self._note(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, path: Path, width: int = 900, height: int = 1000, dark: bool = False) -> None:
        """Loads a file in a window of a size, and waits until its players are there."""
        self.problems.clear()
        self.requests.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait(
            "document.readyState == 'complete' && [...document.querySelectorAll('.hideseek-clip')]"
            ".every(clip => clip.querySelector('.clock').textContent || clip.querySelector('.problem').innerText)"
        )

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, condition: str) -> None:
        """Waits until a JavaScript expression is true."""
        until = time.monotonic() + _PATIENCE_S
        while not self.value(condition):
            assert time.monotonic() < until, condition
            time.sleep(0.02)

    def press(self, key: str) -> None:
        """Presses a key, such as "ArrowLeft"."""
        text = {"text": " "} if key == " " else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def mouse(self, kind: str, x: float, y: float, down: bool = False) -> None:
        """Moves, presses or releases the mouse ("mouseMoved" and so on) at a place in CSS pixels.

        `down` says that the left button is held while the mouse moves.
        """
        button = {"button": "left", "buttons": 1, "clickCount": 1} if down or kind != "mouseMoved" else {}
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def click(self, selector: str, share: tuple[float, float] = (0.5, 0.5)) -> None:
        """Clicks on an element, at a share of its width and height."""
        place = self.place(selector, share)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.mouse(kind, *place)

    def place(self, selector: str, share: tuple[float, float] = (0.5, 0.5)) -> tuple[float, float]:
        """Where an element is, at a share of its width and height."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        left, top, width, height = self.value(f"(b => [b.left, b.top, b.width, b.height])({box})")
        return left + share[0] * width, top + share[1] * height

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        os.close(self._out)  # Chromium ends when its pipe does
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        os.close(self._in)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._in, 2**16)
            assert read, "the browser has gone"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _note(self, message: dict[str, Any]) -> None:
        about = message.get("params", {})
        if message["method"] == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif message["method"] in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"):
            self.problems.append(json.dumps(about)[:500])
