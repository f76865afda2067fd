#!/usr/bin/env python3
"""The files of `emit pools` against a real PostgreSQL: drivers.py BINARY LANGUAGE.

For each driver of the language, the emitted file is loaded as it stands by a small program that keeps four times as many
queries running as the pool may have connections. PostgreSQL then counts its connections by application_name: they have
to reach the size that the plan says, which is not the driver's default, and never pass it. Where files share a package,
those of all pools of the service are compiled together. Exit 77 without the language's tools.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from emitted import document, npm, packages, report, run, skip
from server import Console, Missing, Server

HERE = pathlib.Path(__file__).resolve().parent
SIZE = 7  # the peak of 6 and one more: no driver's default
CLIENTS = 4 * SIZE
POOLS = 3  # of the service: two have names that become one in code
SLEEP, ROUNDS = 0.1, 3
NAME = "api.main"
INVENTORY = '''schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 100
[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "main"
driver = "DRIVER"
max = 20
in_use = "2-6"
max_lifetime = "30 min"
[service.pool.workload]
hold = "150 ms"
rate = "1/s"
acquire_timeout = "20 s"
[[service.pool]]
name = "ma-in"
database = "main"
driver = "DRIVER"
max = 3
[[service.pool]]
name = "ma_in"
database = "main"
driver = "DRIVER"
max = 2
'''

NODE = """import { POOL as pool } from './FILE';
const query = () => pool.query ? pool.query('select pg_sleep(SLEEP)') : pool.unsafe('select pg_sleep(SLEEP)');
const client = async () => { for (let i = 0; i < ROUNDS; ++i) await query(); };
await Promise.all(Array.from({ length: CLIENTS }, client));
await pool.end();
"""
PYTHON = """import importlib.util, sys, threading
spec = importlib.util.spec_from_file_location("emitted", "FILE")
emitted = importlib.util.module_from_spec(spec)
spec.loader.exec_module(emitted)
def client():
    for _ in range(ROUNDS):
        CALL
threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
SQLALCHEMY = """with emitted.engine.connect() as connection:
            connection.execute(__import__("sqlalchemy").text("select pg_sleep(SLEEP)"))"""
PSYCOPG = """with emitted.pool.connection() as connection:
            connection.execute("select pg_sleep(SLEEP)")"""
SEQUEL = """require_relative "FILE"
CLIENTS.times.map { Thread.new { ROUNDS.times { MainDB.fetch("select pg_sleep(SLEEP)").all } } }.each(&:join)
"""
ACTIVE_RECORD = """require "active_record"
require "erb"
require "yaml"
settings = YAML.safe_load(ERB.new(File.read("FILE")).result)["production"].fetch("main")
ActiveRecord::Base.establish_connection(settings.merge("adapter" => "postgresql"))
CLIENTS.times.map do
  Thread.new do
    ROUNDS.times do
      ActiveRecord::Base.connection_pool.with_connection { |c| c.execute("select pg_sleep(SLEEP)") }
    end
  end
end.each(&:join)
"""
JAVA = """import java.util.concurrent.*;
class Main {
    public static void main(String[] arguments) throws Exception {
        var pool = MainDatabase.pool();
        var clients = Executors.newFixedThreadPool(CLIENTS);
        var all = new java.util.ArrayList<Future<?>>();
        for (int i = 0; i < CLIENTS; ++i) all.add(clients.submit(() -> {
            for (int round = 0; round < ROUNDS; ++round)
                try (var c = pool.getConnection(); var s = c.createStatement()) { s.execute("select pg_sleep(SLEEP)"); }
            return null;
        }));
        for (var each : all) each.get();
        clients.shutdown();
        pool.close();
    }
}
"""
GO_SQL = """package main

import (
	"database/sql"
	"os"
	"sync"

	"emitted/database"

	_ "github.com/lib/pq"
)

func main() {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	database.LimitMain(db)
	var all sync.WaitGroup
	for i := 0; i < CLIENTS; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for round := 0; round < ROUNDS; round++ {
				if _, err := db.Exec("select pg_sleep(SLEEP)"); err != nil {
					panic(err)
				}
			}
		}()
	}
	all.Wait()
}
"""
GO_PGX = """package main

import (
	"context"
	"sync"

	"emitted/database"
)

func main() {
	ctx := context.Background()
	pool, err := database.OpenMain(ctx)
	if err != nil {
		panic(err)
	}
	var all sync.WaitGroup
	for i := 0; i < CLIENTS; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for round := 0; round < ROUNDS; round++ {
				if _, err := pool.Exec(ctx, "select pg_sleep(SLEEP)"); err != nil {
					panic(err)
				}
			}
		}()
	}
	all.Wait()
	pool.Close()
}
"""
GO_PGX_4 = """package pgxpool

import (
	"context"

	"github.com/jackc/pgx/v4/pgxpool"
)

type Pool = pgxpool.Pool
type Config = pgxpool.Config

func ParseConfig(url string) (*Config, error) { return pgxpool.ParseConfig(url) }

func NewWithConfig(ctx context.Context, config *Config) (*Pool, error) { return pgxpool.ConnectConfig(ctx, config) }
"""


def filled(text, **more):
    for hole, value in {"CLIENTS": CLIENTS, "ROUNDS": ROUNDS, "SLEEP": SLEEP, **more}.items():
        text = text.replace(hole, str(value))
    return text


class Tools:
    """What a language needs; `ready` skips with the reason where that cannot be had."""

    def __init__(self, binary):
        self.binary = binary

    def node(self, folder):
        try:
            modules = packages(self.binary, "node", "node-postgres and postgres.js")
        except npm.Missing as why:
            skip(f"node-postgres and postgres.js are not run: {why}")
        (folder / "node_modules").symlink_to(modules / "node_modules")

    def python(self, folder):
        missing = [name for name in ("sqlalchemy", "psycopg2", "psycopg", "psycopg_pool")
                   if run(["/usr/bin/python3", "-c", f"import {name}"]).returncode != 0]
        if missing:
            skip(f"Python lacks {', '.join(missing)}: SQLAlchemy and psycopg_pool are not run")

    def ruby(self, folder):
        if not shutil.which("ruby"):
            skip("ruby is not installed: ActiveRecord and Sequel are not run")
        missing = [name for name in ("pg", "sequel", "active_record")
                   if run(["ruby", "-e", f"require '{name}'"]).returncode != 0]
        if missing:
            skip(f"Ruby lacks {', '.join(missing)}: ActiveRecord and Sequel are not run")

    def java(self, folder):
        if not shutil.which("javac"):
            skip("javac is not installed: HikariCP is not run")
        if missing := [jar for jar in JARS if not pathlib.Path(jar).exists()]:
            skip(f"{missing[0]} is not there: HikariCP is not run")

    def go(self, folder):
        if not shutil.which("go"):
            skip("go is not installed: database/sql is not run")
        if not pathlib.Path("/usr/share/gocode/src/github.com/lib/pq").is_dir():
            skip("lib/pq is not installed (Debian: golang-github-lib-pq-dev): database/sql is not run")

    def pgx(self, folder):
        if not shutil.which("go"):
            skip("go is not installed: pgxpool is not run")
        if not any((GO_PATH / f"src/github.com/jackc/pgx/{version}").is_dir() for version in ("v5", "v4")):
            skip("pgx is not installed (Debian: golang-github-jackc-pgx-v4-dev): pgxpool is not run")


GO_PATH = pathlib.Path("/usr/share/gocode")
JARS = [f"/usr/share/java/{name}.jar" for name in ("HikariCP", "postgresql", "slf4j-api")]


def node(pool):
    return lambda files, folder: ({"main.mjs": filled(NODE, POOL=pool, FILE=files[0])}, [["node", "main.mjs"]], {})


def python(call):
    return lambda files, folder: ({"main.py": filled(PYTHON, CALL=filled(call), FILE=files[0])},
                                 [["/usr/bin/python3", "main.py"]], {})


def ruby(text):
    return lambda files, folder: ({"main.rb": filled(text, FILE=files[0])}, [["ruby", "main.rb"]], {})


def java(files, folder):
    path = os.pathsep.join([".", *JARS])
    return ({"Main.java": filled(JAVA)},
            [["javac", "-cp", path, *files, "Main.java"], ["java", "-XX:TieredStopAtLevel=1", "-cp", path, "Main"]], {})


def go(files, folder, program=GO_SQL):
    work = folder / "src/emitted"
    (work / "database").mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(folder / file, work / "database" / file)
    return ({"src/emitted/main.go": filled(program)}, [["go", "run", "emitted"]],
            {"GOPATH": f"{folder}:{GO_PATH}", "GO111MODULE": "off", "GOCACHE": str(folder / "cache"),
             "GOFLAGS": ""})


def pgx(files, folder):
    """With version 4 alone, as Debian 12 has it: the names of version 5 that the file uses stand for version 4's."""
    if not (GO_PATH / "src/github.com/jackc/pgx/v5").is_dir():
        stand_in = folder / "src/github.com/jackc/pgx/v5/pgxpool"
        stand_in.mkdir(parents=True, exist_ok=True)
        (stand_in / "pgxpool.go").write_text(GO_PGX_4, encoding="utf-8")
    return go(files, folder, GO_PGX)


LANGUAGES = {
    "node": {"pg": (".mjs", node("pool")), "postgres.js": (".mjs", node("sql"))},
    "python": {"sqlalchemy": (".py", python(SQLALCHEMY)), "psycopg_pool": (".py", python(PSYCOPG))},
    "ruby": {"sequel": (".rb", ruby(SEQUEL)), "activerecord": (".yml", ruby(ACTIVE_RECORD))},
    "java": {"HikariCP": (".java", java)},
    "go": {"database/sql": (".go", go)},
    "pgx": {"pgxpool": (".go", pgx)},
}


def counts(server, process):
    """The numbers of connections that were seen while the program ran."""
    watch, seen = Console(server.port, "postgres"), []
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        rows = watch.rows(f"select count(*) as n from pg_stat_activity where application_name = '{NAME}'")
        seen.append(int(rows[0]["n"]))
        time.sleep(0.02)
    watch.close()
    return seen


def loaded(server, files, folder, driver, ending, make):
    paths = []  # that of the pool `main` first
    for file in files:
        if file["path"].endswith(ending):
            (folder / file["path"]).write_text(file["text"], encoding="utf-8")
            paths.append(file["path"])
    if len(paths) != POOLS:
        return f"{POOLS} pools, and files {paths}"
    texts, steps, environment = make(paths, folder)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    url = f"postgresql://bench@127.0.0.1:{server.port}/postgres"
    if driver == "database/sql":  # its driver takes the name from the URL
        url += f"?sslmode=disable&application_name={NAME}"
    environment = {**os.environ, "DATABASE_URL": url, "JDBC_URL": f"jdbc:postgresql://127.0.0.1:{server.port}/postgres?user=bench",
                   "RUBYOPT": "-W0", **environment}
    for step in steps[:-1]:
        done = run(step, cwd=folder, env=environment, timeout=120)
        if done.returncode != 0:
            return f"{step[0]}: {done.stderr[-1500:]}"
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([str(word) for word in steps[-1]], cwd=folder, env=environment, stdout=log, stderr=log)
        seen = counts(server, process)
        if process.poll() is None:
            process.kill()
        code = process.wait()
    if code != 0:
        return f"exit {code}: " + (folder / "log").read_text(errors="replace")[-1500:]
    if max(seen, default=0) != SIZE:
        return f"{max(seen, default=0)} connections at the most, and the plan says {SIZE}"
    return None if seen.count(SIZE) >= 5 else f"{SIZE} connections were seen only {seen.count(SIZE)} times"


def results(binary, language, server, folder):
    for driver, (ending, make) in LANGUAGES[language].items():
        made = document(binary, "pools", INVENTORY.replace("DRIVER", driver), folder)
        size = made["pools"][0]["max"]
        yield f"{driver}: the plan's size", None if size == SIZE else str(size)
        yield f"{driver} opens {SIZE}", loaded(server, made["files"], folder, driver, ending, make)


def main():
    binary, language = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        getattr(Tools(binary), language)(folder)
        try:
            with Server() as server:
                return report(list(results(binary, language, server, folder)))
        except Missing as why:
            skip(why)


if __name__ == "__main__":
    sys.exit(main())
