"""The generator refuses data that is wrong, naming the line; and the same data gives the same bytes.
Usage: generator_test.py GENERATOR DATA"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

GENERATOR, DATA = sys.argv[1:3]


class Generator(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.directory.name)
        shutil.copytree(DATA, self.root / "data")

    def tearDown(self):
        self.directory.cleanup()

    def run_generator(self, out="tables.cpp"):
        return subprocess.run([sys.executable, GENERATOR, str(self.root / "data"), str(self.root / out)],
                              capture_output=True, text=True, check=False)

    def refuses(self, file, line, old, new, message):
        """Puts `new` for `old` in a line of a file and expects this complaint about the line."""
        path = self.root / "data" / file
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        self.assertIn(old, lines[line - 1])
        lines[line - 1] = lines[line - 1].replace(old, new, 1)
        path.write_text("".join(lines), encoding="utf-8")
        run = self.run_generator()
        path.write_text(text, encoding="utf-8")
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn(f"{file}:{line}: {message}", run.stderr)

    def test_same_bytes(self):
        self.assertEqual(self.run_generator("a.cpp").returncode, 0)
        self.assertEqual(self.run_generator("b.cpp").returncode, 0)
        self.assertEqual((self.root / "a.cpp").read_bytes(), (self.root / "b.cpp").read_bytes())

    def test_columns_and_keys(self):
        self.refuses("platforms/rds-postgresql/prices.csv", 1, "ondemand", "demand", "missing column ondemand")
        self.refuses("platforms/rds-postgresql/prices.csv", 2, ",single-az", "", "17 cells, the header has 18")
        self.refuses("platforms/rds-postgresql/prices.csv", 3, "16xlarge", "12xlarge",
                     "duplicate key af-south-1 db.m5.12xlarge single-az s05 2023-03-10 (first in line 2)")

    def test_values(self):
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "5.626", "-5.626", "ondemand is out of range")
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "5.626", "5x626", "ondemand is not a number")
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "5.626", "5.6261234", "ondemand is finer than 1/1000000")
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "2.58799", "2.68799", "ri3_partial is not its fee over 3 year(s)")
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "single-az", "no-az", "deployment is 'no-az', expected one of")
        self.refuses("catalog/rds_classes.csv", 2, ",arm64,", ",arm65,", "arch is 'arm65', expected one of")
        self.refuses("catalog/ec2_app_hosts.csv", 2, ",2,", ",0,", "vcpu is out of range")
        self.refuses("platforms/rds-postgresql/credits.csv", 3, "eu-central-1", "eu-central-9", "unknown region eu-central-9")

    def test_listed_limits(self):
        folder = "platforms/aurora-mysql/"
        self.refuses(folder + "class_limits.csv", 2, "db.t2.small", "db.t2.smal", "no class db.t2.smal")
        self.refuses(folder + "class_limits.csv", 3, "db.t2.medium", "db.t2.small", "duplicate key db.t2.small")
        self.refuses(folder + "class_limits.csv", 2, ",45,", ",0,", "default_max_connections is out of range")
        folder = "platforms/aurora-serverless-mysql/"
        self.refuses(folder + "capacity_limits.csv", 2, "1,", "0.3,", "max_acu is out of range")
        self.refuses(folder + "capacity_limits.csv", 3, "4,", "4.3,", "max_acu is finer than 1/2")
        self.refuses(folder + "capacity.csv", 2, "ap-northeast-2", "ap-northeast-9", "unknown region ap-northeast-9")
        self.refuses(folder + "capacity_versions.csv", 2, "3.02.0+", "4.02.0+", "support: can't read '4.02.0+' of 3")
        self.refuses(folder + "extended_support.csv", 1, "usd_per_acu_hour", "usd_per_vcpu_hour",
                     "missing column usd_per_acu_hour")
        self.refuses("platforms/neon-postgresql/capacity_limits.csv", 2, "0.25,", "0.3,", "min_cu is finer than 1/4")

    def test_sizes(self):
        folder = "platforms/cloud-sql-postgresql/"
        self.refuses(folder + "limit_by_memory.csv", 3, "6,7.5,", "7,7.5,", "the bands are not in order")
        self.refuses(folder + "size_prices.csv", 3, "0.0413", "-0.0413", "usd_per_vcpu_hour is out of range")
        self.refuses(folder + "classes.csv", 2, "db-c4a", "db-c4b", "no class db-c4b")
        self.refuses("catalog/cloud_sql_tiers.csv", 2, ",own,", ",mine,", "cpu is 'mine', expected one of")
        self.refuses("catalog/azure_flexible_skus.csv", 2, ",49152,", ",100,", "memory_mib is out of range")

    def test_sources_and_dates(self):
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "s05", "s999", "unknown source id s999")
        self.refuses("platforms/rds-postgresql/prices.csv", 2, "2023-03-10", "2023-13-10", "bad date '2023-13-10' in as_of")
        self.refuses("catalog/rds_classes.csv", 2, "2026-04-13", "April", "bad date 'April' in as_of")
        self.refuses("catalog/rds_classes.csv", 2, "2026-04-13", "", "as_of is empty")

    def test_sentences(self):
        line = "17, 16, and 15 versions"
        for new, message in (
                ("17, 16, and 15", "support: can't read '14.5'"),
                ("17, 16, and 15 versions on Tuesdays", "support: can't read 'o'"),
                ("17, 16, and 15 versions or lower", "support: can't read 'o'"),
                ("17, 16.2 and higher 15 versions", "support: can't read '16.2'"),
        ):
            self.refuses("platforms/rds-postgresql/classes.csv", 2, line, new, message)
        self.refuses("platforms/rds-postgresql/classes.csv", 2, "14.5 and higher 14", "14.5 and higher 15",
                     "support: 14.5 and higher, but of 15")
        self.refuses("platforms/rds-postgresql/reserved.csv", 5, "16.5+", "16.5 on", "can't read versions")

    def test_drivers(self):
        self.refuses("drivers/drivers.csv", 3, "postgresjs", "pg-pool", "the name pg-pool is another driver's too")
        self.refuses("drivers/drivers.csv", 2, ",10,", ",cpu,", "default_max cpu needs a pool_formula")
        self.refuses("drivers/drivers.csv", 2, ",,yes,", ",9,yes,",
                     "a driver with an acquire_timeout_ms does not wait forever")
        self.refuses("drivers/drivers.csv", 2, ",,yes,", ",,often,", "waits_forever is 'often', expected one of")
        self.refuses("drivers/drivers.csv", 2, ",10,", ",ten,", "default_max is not a number: ten")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
