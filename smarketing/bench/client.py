"""A small HTTP client: one connection kept open, cookies, forms; it must cost less than what it measures."""

import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_PLACE = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took in seconds."""

    status: int
    head: bytes
    body: bytes
    took: float

    @property
    def place(self) -> str:
        """Where a redirect leads."""
        found = _PLACE.search(self.head)
        return found[1].decode() if found else ""


class Client:
    """One person's browser, as far as the server sees it.

    A request is sent once more where the server had closed the connection meanwhile, as browsers
    do; not with `tries=1`.
    """

    def __init__(self, port: int, *, tries: int = 2):
        self.port, self.tries = port, tries
        self.cookies: dict[str, str] = {}
        self.socket = None

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self._send("GET", path, b"", "HX-Request: true\r\n" if htmx else "")

    def post(self, path: str, **fields) -> Answer:
        """A form sent from our own page: with the token of the cookie."""
        token = self.cookies.get("csrftoken", "")
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        return self._send("POST", path, body, kind)

    def sign_in(self, email: str, password: str) -> "Client":
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", login=email, password=password)
        if answer.status != 302:
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        return self

    def _send(self, verb: str, path: str, body: bytes, more: str) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n{more}"
            f"Accept-Encoding: gzip\r\nAccept-Language: ja\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        request = head.encode() + body
        start = time.perf_counter()
        head_, body_ = self._exchange(request)
        took = time.perf_counter() - start
        for name, value in _COOKIE.findall(head_):
            self.cookies[name.decode()] = value.decode()
        return Answer(int(head_[9:12]), head_, body_, took)

    def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        for _try in range(self.tries):
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.sendall(request)
                return self._read()
            except ConnectionError:
                self.close()
        raise ConnectionError("The server does not answer.")

    def _read(self) -> tuple[bytes, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError
            data += piece
        head, body = data[: end + 2], data[end + 4 :]
        found = _LENGTH.search(head)
        if not found and not head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304")):
            raise RuntimeError("The answer does not say how long it is.")
        missing = int(found[1]) - len(body) if found else 0
        pieces = [body]
        while missing > 0:
            piece = self.socket.recv(min(missing, 1 << 20))
            if not piece:
                raise ConnectionError
            pieces.append(piece)
            missing -= len(piece)
        if b"\r\nConnection: close" in head:
            self.close()
        return head, b"".join(pieces)

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None


def together(clients: list, deed: Callable, seconds: float) -> tuple[int, float, list[float]]:
    """Let every client repeat `deed(client)` for so long; (times done, seconds taken, seconds each took).

    A deed says how long its requests took, or None when it has nothing left to do.
    """
    end = time.perf_counter() + seconds

    def repeat(client):
        took = []
        while time.perf_counter() < end and (spent := deed(client)) is not None:
            took.append(spent)
        return took

    start = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        took = [spent for one in pool.map(repeat, clients) for spent in one]
    return len(took), time.perf_counter() - start, took
