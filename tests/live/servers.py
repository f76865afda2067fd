"""A PostgreSQL and a PgBouncer of one's own: on loopback, on free ports, in a temporary folder, gone at the end."""
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from console import Console, Refused


class Missing(Exception):
    """Why no server can be had here."""


def newest_postgresql():
    """The folder of PostgreSQL's programs: Debian keeps the server's out of the path."""
    folders = [p.parent for p in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda f: [int(n) for n in re.findall(r"\d+", str(f))])
    found = shutil.which("initdb")
    if not found:
        raise Missing("PostgreSQL's server is not installed (Debian: postgresql)")
    return pathlib.Path(found).parent


def program(name, *folders):
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", ""), "/usr/sbin"]))
    if not found:
        raise Missing(f"{name} is not installed")
    return found


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Servers:
    """`with Servers(pool_sizes) as servers`: a database "c5" for a pool of 5, behind PgBouncer in transaction mode."""

    def __init__(self, pool_sizes):
        self.pool_sizes = sorted(set(pool_sizes))
        self.processes = []
        self.folder = None
        self.console = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        # A second Ctrl-C does not keep it from ending what it started.
        before = {s: signal.signal(s, signal.SIG_IGN) for s in (signal.SIGINT, signal.SIGTERM)}
        if self.console:
            self.console.close()
        for process in reversed(self.processes):
            self.stop(process)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        for number, handler in before.items():
            signal.signal(number, handler)

    def _start(self):
        bin_folder = newest_postgresql()
        initdb, postgres = program("initdb", bin_folder), program("postgres", bin_folder)
        self.pgbench = program("pgbench", bin_folder)
        pgbouncer = program("pgbouncer")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolfit-live-"))
        self.unprivileged = self._unprivileged()
        self._give_away(self.folder)
        data = self.folder / "data"
        done = subprocess.run([*self.unprivileged, initdb, "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8",
                               "--locale=C", "--no-sync", "--no-instructions"], cwd=self.folder, capture_output=True,
                              text=True, timeout=120)
        if done.returncode != 0:
            raise Missing("initdb failed: " + " ".join(done.stderr.split()))
        self.port, self.bouncer_port = free_port(), free_port()
        self._write("data/postgresql.auto.conf", f"""listen_addresses = '127.0.0.1'
port = {self.port}
unix_socket_directories = ''
max_connections = {sum(self.pool_sizes) + 20}
shared_buffers = 32MB
fsync = off
autovacuum = off
jit = off
""")
        databases = "\n".join(
            f"c{n} = host=127.0.0.1 port={self.port} dbname=postgres user=bench pool_size={n} min_pool_size={n}"
            for n in self.pool_sizes)
        self._write("pgbouncer.ini", f"""[databases]
{databases}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.bouncer_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 1000
max_db_connections = 0
server_idle_timeout = 0
server_lifetime = 86400
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
log_stats = 0
""")
        self._run("postgresql", [postgres, "-D", data])
        self._answers(self.port, "postgres", "postgresql")
        self._run("pgbouncer", [pgbouncer, self.folder / "pgbouncer.ini"])
        self._answers(self.bouncer_port, "pgbouncer", "pgbouncer")
        self.console = Console(self.bouncer_port, "pgbouncer")
        direct = Console(self.port, "postgres")
        self.postgresql_version = direct.rows("show server_version")[0]["server_version"].split()[0]
        direct.close()
        self.pgbouncer_version = self.console.rows("SHOW VERSION")[0]["version"].split()[-1]

    def counters(self, pool_size):
        """PgBouncer's counters of one database, and when they were read."""
        before = time.monotonic()
        all_rows = self.console.rows("SHOW STATS")
        now = (before + time.monotonic()) / 2
        row = next((r for r in all_rows if r["database"] == f"c{pool_size}"), {})  # none before its first client
        names = ("total_xact_count", "total_xact_time", "total_wait_time")
        return {"time": now, **{name: int(row.get(name, 0)) for name in names}}

    def start_pgbench(self, script, pool_size, clients, seconds, seed, rate=None):
        pace = [f"--rate={rate:.6f}"] if rate else []
        return self._run("pgbench", self._pgbench(script, pool_size, seed, "-c", clients, "-T", seconds, *pace))

    def finish_pgbench(self, script, pool_size, transactions, seed):
        """One client, so many transactions; the mean latency in ms, with the sleeps of the script."""
        log = self.folder / "pgbench.log"
        log.unlink(missing_ok=True)
        process = self._run("pgbench", self._pgbench(script, pool_size, seed, "-c", 1, "-t", transactions))
        try:
            status = process.wait(120)
        finally:
            self.stop(process)
        found = re.search(r"latency average = ([0-9.]+) ms", log.read_text(encoding="utf-8"))
        if status != 0 or not found:
            raise RuntimeError("pgbench failed: " + self.log("pgbench"))
        return float(found[1])

    def _pgbench(self, script, pool_size, seed, *how):
        path = self._write("script.sql", script)
        return [self.pgbench, "-h", "127.0.0.1", "-p", self.bouncer_port, "-U", "bench", "-n", "-M", "simple",
                "-j", 1, f"--random-seed={seed}", "-f", path, *how, f"c{pool_size}"]

    def log(self, name):
        path = self.folder / f"{name}.log"
        return " ".join(path.read_text(errors="replace").split())[-600:] if path.exists() else "no log"

    def stop(self, process):
        """Ends a process that was started here, by its own id."""
        if process.poll() is None:
            process.send_signal(signal.SIGINT)  # PostgreSQL: disconnect everybody, then stop
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.processes:
            self.processes.remove(process)

    def _run(self, name, command):
        with open(self.folder / f"{name}.log", "ab") as log:
            # A session of its own: Ctrl-C reaches this script alone, which then ends them in order. Should this script
            # be killed, they are told by the kernel.
            process = subprocess.Popen([*self.unprivileged, *map(str, command)], cwd=self.folder, stdout=log,
                                       stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        self.processes.append(process)
        return process

    def _answers(self, port, database, name):
        process = self.processes[-1]
        for _ in range(600):
            if process.poll() is not None:
                raise Missing(f"{name} does not start: {self.log(name)}")
            try:
                Console(port, database).close()
                return
            except (OSError, Refused):
                time.sleep(0.05)
        raise Missing(f"{name} does not answer: {self.log(name)}")

    def _write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self._give_away(path)
        return path

    def _give_away(self, path):
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def _unprivileged(self):
        """PostgreSQL refuses to run as root: then everything runs as postgres, or as nobody."""
        setpriv = program("setpriv")
        self.user = None
        if os.geteuid() != 0:
            return [setpriv, "--pdeathsig", "TERM"]
        for name in ("postgres", "nobody"):
            try:
                self.user = pwd.getpwnam(name)
                break
            except KeyError:
                continue
        if not self.user:
            raise Missing("this is root, which PostgreSQL refuses, and there is neither a user postgres nor nobody")
        return [setpriv, f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups",
                "--pdeathsig", "TERM"]
