"""The few messages of PostgreSQL's protocol (version 3) that a question and its answer in text take.

PgBouncer's counters have to be read at a known moment; starting psql for that would take longer than what is measured.
"""
import socket
import struct


class Refused(Exception):
    """What the server said instead of an answer."""


class Console:
    def __init__(self, port, database, user="bench", timeout=10):
        self.stream = socket.create_connection(("127.0.0.1", port), timeout)
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = struct.pack("!i", 196608) + b"".join(
            word.encode() + b"\0" for word in ("user", user, "database", database)) + b"\0"
        self.stream.sendall(struct.pack("!i", len(body) + 4) + body)
        self._until_ready()

    def close(self):
        self.stream.close()

    def rows(self, query):
        """A dictionary for each row: all values are texts, or None."""
        body = query.encode() + b"\0"
        self.stream.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)
        return self._until_ready()

    def _until_ready(self):
        names, found, refused = [], [], None
        while True:
            kind, body = self._message()
            if kind == b"T":
                names = self._names(body)
            elif kind == b"D":
                found.append(dict(zip(names, self._values(body))))
            elif kind == b"E":
                refused = next((part[1:].decode() for part in body.split(b"\0") if part[:1] == b"M"), "no reason given")
                if not self.stream_is_ready_after_error:
                    raise Refused(refused)
            elif kind == b"R" and struct.unpack("!i", body[:4])[0] != 0:
                raise Refused("it wants a password")
            elif kind == b"Z":
                self.stream_is_ready_after_error = True
                if refused:
                    raise Refused(refused)
                return found

    stream_is_ready_after_error = False  # while connecting, an error is the end

    def _message(self):
        head = self._bytes(5)
        return head[:1], self._bytes(struct.unpack("!i", head[1:])[0] - 4)

    def _bytes(self, count):
        data = b""
        while len(data) < count:
            more = self.stream.recv(count - len(data))
            if not more:
                raise Refused("it closed the connection")
            data += more
        return data

    @staticmethod
    def _names(body):
        names, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            end = body.index(b"\0", at)
            names.append(body[at:end].decode())
            at = end + 19
        return names

    @staticmethod
    def _values(body):
        values, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            length = struct.unpack("!i", body[at:at + 4])[0]
            at += 4
            values.append(None if length < 0 else body[at:at + length].decode())
            at += max(length, 0)
        return values
