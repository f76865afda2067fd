#!/usr/bin/env python3
"""Stands for the AWS CLI: writes each call to $FAKE_LOG as a line of JSON, keeps classes in $FAKE_STATE, and answers
what the functions of a runbook ask. `default` in the state is the class of servers that it has not heard of."""
import json
import os
import pathlib
import sys

LOG, STATE = pathlib.Path(os.environ["FAKE_LOG"]), pathlib.Path(os.environ["FAKE_STATE"])
VALUES = {"FreeableMemory": 40 * 2**30, "DatabaseConnections": 7, "CPUUtilization": 3.5, "FreeStorageSpace": 10**11,
          "ReplicaLag": 0.5, "CPUCreditBalance": 900, "CPUSurplusCreditsCharged": 0}


def main(arguments):
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(arguments) + "\n")
    state = json.loads(STATE.read_text(encoding="utf-8"))
    after = {word: value for word, value in zip(arguments, arguments[1:] + [""]) if word.startswith("--")}
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


main(sys.argv[1:])
