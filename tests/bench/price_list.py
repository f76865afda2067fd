#!/usr/bin/env python3
"""What `poolfit catalog import` costs: price_list.py BINARY RESIDENT SAX [--size MIB] [--runs N], or --write FILE.

Imports a made-up price list of AmazonRDS, in the real shape and the same bytes on every machine, with the products first
and with the terms first, and compares the time with nlohmann's SAX parser over the same file (SAX, sax.cpp), which does
nothing else. Printed for people; it never fails on time. --write only writes the list.
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

REGIONS = [("eu-central-1", "EU (Frankfurt)"), ("us-east-1", "US East (N. Virginia)"), ("eu-west-1", "EU (Ireland)"),
           ("ap-south-1", "Asia Pacific (Mumbai)"), ("us-west-2", "US West (Oregon)")]
ENGINES = ["PostgreSQL", "MySQL", "MariaDB", "Aurora PostgreSQL", "Aurora MySQL", "Oracle", "SQL Server", "Db2"]
FAMILIES = ["m5", "m6g", "m7g", "r6g", "r7g", "r8g", "m8g", "x9q"]
SIZES = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"]
DEPLOYMENTS = ["Single-AZ", "Multi-AZ", "Multi-AZ (readable standbys)"]
RESERVED = [("4NA7Y494T4", "1yr", "No Upfront", 0, .65), ("6QCMYABX3D", "1yr", "All Upfront", 5000, 0),
            ("HU7G6KETJZ", "1yr", "Partial Upfront", 2700, .3), ("NQ3QZPMQV9", "3yr", "All Upfront", 11000, 0),
            ("38NPMPTW36", "3yr", "Partial Upfront", 5600, .21)]
BYTES_OF_ONE = 6240  # a product with its terms


def product(i, sku):
    region, place = REGIONS[i % 5]
    kind, size = FAMILIES[i // 40 % 8], SIZES[i // 320 % 8]
    vcpus = 2 << SIZES.index(size)
    return {"sku": sku, "productFamily": "Database Instance", "attributes": {
        "servicecode": "AmazonRDS", "location": place, "locationType": "AWS Region", "instanceType": f"db.{kind}.{size}",
        "currentGeneration": "Yes", "instanceFamily": "General purpose", "vcpu": str(vcpus),
        "physicalProcessor": "AWS Graviton3", "clockSpeed": "2.5 GHz", "memory": f"{vcpus * 4} GiB",
        "storage": "EBS Only", "networkPerformance": "Up to 12500 Mbps", "processorArchitecture": "64-bit",
        "engineCode": "14", "databaseEngine": ENGINES[i // 5 % 8], "licenseModel": "No license required",
        "deploymentOption": DEPLOYMENTS[i // 2560 % 3], "usagetype": f"EUC1-InstanceUsage:db.{kind}.{size}",
        "operation": "CreateDBInstance:0014", "dedicatedEbsThroughput": "4750 Mbps", "deploymentModel": "",
        "engineMediaType": "", "enhancedNetworkingSupported": "No", "instanceTypeFamily": kind.upper(),
        "normalizationSizeFactor": "4", "processorFeatures": "Intel AVX", "regionCode": region,
        "servicename": "Amazon Relational Database Service"}}


def dimension(sku, offer, code, unit, usd, text):
    return {f"{sku}.{offer}.{code}": {
        "rateCode": f"{sku}.{offer}.{code}", "description": text, "beginRange": "0", "endRange": "Inf", "unit": unit,
        "pricePerUnit": {"USD": usd}, "appliesTo": []}}


def offers(i, sku, reserved):
    price, made = .1 + i % 997 / 1000, {}
    if not reserved:
        return {f"{sku}.JRTCKXETXF": {
            "offerTermCode": "JRTCKXETXF", "sku": sku, "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": dimension(sku, "JRTCKXETXF", "6YS6EN2CT7", "Hrs", f"{price:.10f}",
                                         f"${price:.3f} per RDS db instance hour (or partial hour)"),
            "termAttributes": {}}}
    for offer, lease, option, fee, hourly in RESERVED:
        dimensions = dimension(sku, offer, "2TG2D8R56U", "Quantity", f"{price * fee:.0f}", "Upfront Fee") if fee else {}
        dimensions |= dimension(sku, offer, "6YS6EN2CT7", "Hrs", f"{price * hourly:.10f}",
                                "USD per hour, db instance, reserved instance applied")
        made[f"{sku}.{offer}"] = {
            "offerTermCode": offer, "sku": sku, "effectiveDate": "2026-10-31T23:59:59Z", "priceDimensions": dimensions,
            "termAttributes": {"LeaseContractLength": lease, "OfferingClass": "standard", "PurchaseOption": option}}
    return made


def write(path, mebibytes, terms_first=False):
    count = max(1, int(mebibytes * 2**20 / BYTES_OF_ONE))
    chance = random.Random(7)
    skus = ["".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=16)) for _ in range(count)]
    with open(path, "w", encoding="utf-8") as out:
        def members(make):
            for i, sku in enumerate(skus):
                out.write(("," if i else "") + f'\n    "{sku}" : ' + json.dumps(make(i, sku), indent=1))

        def products():
            out.write(',\n  "products" : {')
            members(product)
            out.write("\n  }")

        def terms():
            out.write(',\n  "terms" : {\n    "OnDemand" : {')
            members(lambda i, sku: offers(i, sku, False))
            out.write('\n    },\n    "Reserved" : {')
            members(lambda i, sku: offers(i, sku, True))
            out.write("\n    }\n  }")

        out.write('{\n  "formatVersion" : "v1.0",\n  "disclaimer" : "made up",\n  "offerCode" : "AmazonRDS",\n'
                  '  "version" : "20261120000000",\n  "publicationDate" : "2026-11-20T00:00:00Z"')
        for part in (terms, products) if terms_first else (products, terms):
            part()
        out.write("\n}\n")


def seconds(command, runs):
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", nargs="*", help="BINARY RESIDENT SAX")
    parser.add_argument("--size", type=float, default=64, help="MiB")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--terms-first", action="store_true")
    given = parser.parse_args()
    if given.write:
        write(given.write, given.size, given.terms_first)
        return 0
    binary, resident, sax = given.programs
    with tempfile.TemporaryDirectory() as folder:
        for name, terms_first in (("products first", False), ("terms first", True)):
            path = pathlib.Path(folder) / "index.json"
            write(path, given.size, terms_first)
            size = path.stat().st_size / 2**20
            command = [binary, "catalog", "import", "aws-prices", str(path), "-o", f"{folder}/rows.json", "-q"]
            floor, own = seconds([sax, str(path)], given.runs), seconds(command, given.runs)
            memory = int(subprocess.run([resident, *command], capture_output=True, text=True, check=True).stdout) / 1024
            met = "met" if own <= 2 * floor and memory < 100 else "MISSED"
            print(f"import of {size:.0f} MiB, {name}: {own:.2f} s ({size / own:.0f} MiB/s), {own / floor:.2f} × a bare SAX "
                  f"pass ({floor:.2f} s), {memory:.0f} MiB; target 2 × and 100 MiB: {met}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
