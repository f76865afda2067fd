#!/usr/bin/env python3
"""What `poolfit import kubernetes` costs: manifests.py BINARY YAML [--objects N] [--runs N], or --write FILE.

Imports made-up manifests, the same bytes on every machine, and compares the time with libfyaml's parser over the same file
(YAML, yaml.cpp), which does nothing else. Printed for people; it never fails on time. --write only writes the file.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: api-{i}
  namespace: shop-{space}
  labels: {{app: api-{i}, team: team-{space}, tier: backend}}
spec:
  replicas: {replicas}
  strategy: {{type: RollingUpdate, rollingUpdate: {{maxSurge: 25%, maxUnavailable: 0}}}}
  selector: {{matchLabels: {{app: api-{i}}}}}
  template:
    metadata: {{labels: {{app: api-{i}}}}}
    spec:
      containers:
        - name: api
          image: registry.shop.example/api-{i}:4.{i}
          args: [gunicorn, shop.wsgi, --workers, "4"]
          env:
            - {{name: DB_HOST, value: orders-{db}.c4shop9zq1xk.eu-central-1.rds.amazonaws.com}}
            - {{name: DB_PORT, value: "5432"}}
            - {{name: DB_POOL_SIZE, value: "5"}}
            - {{name: DB_MAX_OVERFLOW, value: "5"}}
            - {{name: LOG_LEVEL, value: info}}
            - {{name: REDIS_URL, value: "redis://cache-{db}:6379/0"}}
          resources: {{requests: {{cpu: 250m, memory: 512Mi}}, limits: {{cpu: "1", memory: 1Gi}}}}
"""
AUTOSCALER = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: api-{i}, namespace: shop-{space}}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: api-{i}}}
  minReplicas: 2
  maxReplicas: {most}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: api-{i}, namespace: shop-{space}}}
spec: {{selector: {{app: api-{i}}}, ports: [{{port: 80, targetPort: 8000}}]}}
"""


def manifests(objects):
    kinds = [DEPLOYMENT, AUTOSCALER, SERVICE]
    return "---\n".join(kinds[n % 3].format(i=n // 3, space=n // 3 % 40, replicas=2 + n % 5, db=n // 3 % 60, most=4 + n % 20)
                        for n in range(objects))


def median(command, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binaries", nargs="*")
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write")
    options = parser.parse_args()
    if options.write:
        pathlib.Path(options.write).write_text(manifests(options.objects))
        return 0
    poolfit, yaml = options.binaries
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "manifests.yaml"
        file.write_text(manifests(options.objects))
        floor = median([yaml, str(file)], options.runs)
        whole = median([poolfit, "import", "kubernetes", str(file), "-q"], options.runs)
        size = file.stat().st_size / 2**20
    print(f"import kubernetes: {options.objects:,} objects, {size:.1f} MiB: {whole * 1000:.0f} ms, "
          f"{whole / floor:.2f} times libfyaml alone ({floor * 1000:.0f} ms)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
