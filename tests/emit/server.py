"""A PostgreSQL for the tests of what `emit` writes."""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "live"))
from console import Console, Refused  # noqa: E402
from servers import Missing, Servers, free_port, newest_postgresql, program  # noqa: E402

__all__ = ["Console", "Missing", "Refused", "Server", "Servers", "free_port", "program"]


class Server(Servers):
    """`with Server() as server`: PostgreSQL alone, for user "bench" without a password."""

    def __init__(self, max_connections=60):
        super().__init__([])
        self.max_connections = max_connections

    def _start(self):
        bin_folder = newest_postgresql()
        initdb, postgres = program("initdb", bin_folder), program("postgres", bin_folder)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolfit-emit-"))
        self.unprivileged = self._unprivileged()
        self._give_away(self.folder)
        data = self.folder / "data"
        done = subprocess.run([*self.unprivileged, initdb, "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8",
                               "--locale=C", "--no-sync", "--no-instructions"], cwd=self.folder, capture_output=True,
                              text=True, timeout=120)
        if done.returncode != 0:
            raise Missing("initdb failed: " + " ".join(done.stderr.split()))
        self.port = free_port()
        self._write("data/postgresql.auto.conf", f"""listen_addresses = '127.0.0.1'
port = {self.port}
unix_socket_directories = ''
max_connections = {self.max_connections}
shared_buffers = 16MB
fsync = off
autovacuum = off
jit = off
""")
        self._run("postgresql", [postgres, "-D", data])
        self._answers(self.port, "postgres", "postgresql")

    def ask(self, query, user="bench", database="postgres"):
        console = Console(self.port, database, user)
        try:
            return console.rows(query)
        finally:
            console.close()
