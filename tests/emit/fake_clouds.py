#!/usr/bin/env python3
"""Stands for aws, gcloud or az, as the first argument says: writes each call to $FAKE_LOG as a line of JSON, keeps classes in $FAKE_STATE, and answers
what the functions of a runbook ask. `default` in the state is the class of servers that it has not heard of.
With $FAKE_FAIL it fails as without credentials: each call, or those that have that word."""
import json
import os
import pathlib
import sys

LOG, STATE = pathlib.Path(os.environ["FAKE_LOG"]), pathlib.Path(os.environ["FAKE_STATE"])
VALUES = {"FreeableMemory": 40 * 2**30, "DatabaseConnections": 7, "CPUUtilization": 3.5, "FreeStorageSpace": 10**11,
          "ReplicaLag": 0.5, "CPUCreditBalance": 900, "CPUSurplusCreditsCharged": 0}


def gcloud(arguments, state):
    server = next((word for word in arguments[3:] if not word.startswith("-")), None)
    if arguments[:3] == ["sql", "instances", "describe"]:
        field = next(word for word in arguments if word.startswith("--format="))
        if field == "--format=value(state)":
            print("RUNNABLE")
        elif field == "--format=value(settings.tier)":
            print(state["classes"].get(server, state["default"]))
        else:
            print("")
    elif arguments[:3] == ["sql", "instances", "patch"]:
        for word in arguments:
            if word.startswith("--tier="):
                state["classes"][server] = word.removeprefix("--tier=")


def az(after, arguments, state):
    server = after.get("--name")
    if arguments[:3] == ["postgres", "flexible-server", "show"]:
        known = {"state": "Ready", "sku.name": state["classes"].get(server, state["default"]), "id": "/servers/" + server}
        print(known[after["--query"]])
    elif arguments[:3] == ["postgres", "flexible-server", "list-skus"]:
        print(state["offered"])
    elif arguments[:2] == ["monitor", "metrics"]:
        print(state["values"].get(after["--metric"], 7))
    elif arguments[:3] == ["postgres", "flexible-server", "update"]:
        state["classes"][server] = after["--sku-name"]


def main(program, arguments):
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(arguments if program == "aws" else [program, *arguments]) + "\n")
    if os.environ.get("FAKE_FAIL") in ("all", *arguments):
        print("Unable to locate credentials", file=sys.stderr)
        sys.exit(255)
    state = json.loads(STATE.read_text(encoding="utf-8"))
    after = {word: value for word, value in zip(arguments, arguments[1:] + [""]) if word.startswith("--")}
    if program != "aws":
        gcloud(arguments, state) if program == "gcloud" else az(after, arguments, state)
        STATE.write_text(json.dumps(state), encoding="utf-8")
        return
    command, server = arguments[:2], after.get("--db-instance-identifier")
    query = after.get("--query", "")
    if command == ["rds", "describe-db-instances"]:
        if "PendingModifiedValues" in query:
            print(0)
        elif query.endswith("DBInstanceStatus"):
            print("available")
        elif query.endswith("DBInstanceClass"):
            print(state["classes"].get(server, state["default"]))
        elif query.endswith("DBClusterIdentifier"):
            print(state["clusters"].get(server, "None"))
        elif query.endswith("DBParameterGroupName"):
            print("own")
        elif query.startswith("length(DBInstances"):
            print(state.get("sharing", 1))
        else:
            print({"Engine": "postgres", "EngineVersion": "16.8"}[query.rsplit(".", 1)[1]])
    elif command == ["rds", "describe-pending-maintenance-actions"]:
        print(state["pending"])
    elif command == ["rds", "describe-orderable-db-instance-options"]:
        print(state["offered"])
    elif command == ["cloudwatch", "get-metric-statistics"]:
        print(state["values"].get(after["--metric-name"], VALUES[after["--metric-name"]]))
    elif command == ["rds", "modify-db-instance"]:
        if "--db-instance-class" in after and "--apply-immediately" in arguments:
            state["classes"][server] = after["--db-instance-class"]
            STATE.write_text(json.dumps(state), encoding="utf-8")


main(sys.argv[1], sys.argv[2:])
