# Cloud SQL, by gcloud, in the project that it is set to. gcloud reference, gcloud sql; as of 2026-11.
# Each takes the instance's name and its region first. gcloud prints no metrics: those are looked at by hand.
export CLOUDSDK_CORE_DISABLE_PROMPTS=1  # the script asks before it changes anything
cloud_sql_field() { gcloud sql instances describe "$1" --format="value($3)"; }
cloud_sql_available() { same "state of $1" "$(known cloud_sql_field "$1" "$2" state)" RUNNABLE; }
cloud_sql_is_class() { same "machine of $1" "$(known cloud_sql_field "$1" "$2" settings.tier)" "$3"; }
cloud_sql_no_pending() {
    local found
    if found=$(cloud_sql_field "$1" "$2" scheduledMaintenance.startTime); then found=${found:-none}; else found=''; fi
    same "scheduled maintenance of $1" "$found" none
}
# Custom machine types are not listed: the change says whether the region has the machine, before it stops anything.
cloud_sql_offers() { say "  look  $3 in $2: the change refuses a machine that is not offered"; }
cloud_sql_most() { seen "Cloud Monitoring, $3 of $1 over $5 minutes: at most $6?"; }
cloud_sql_least() { seen "Cloud Monitoring, $3 of $1 over $5 minutes: at least $6?"; }
cloud_sql_show() { say "  look  Cloud Monitoring, $3 of $1"; }
cloud_sql_backup() { change "backup of $1" gcloud sql backups create --instance="$1" --description="before poolfit's plan"; }
# The patch waits until it is done. It ignores WHEN: a patch takes effect at once.
cloud_sql_change_class() {
    if [ "$WHEN" = window ]; then stop "Cloud SQL changes a machine at once: run this in the maintenance window"; fi
    change "machine of $1: $3" gcloud sql instances patch "$1" --tier="$3" --quiet
}
cloud_sql_change_storage() {
    local id=$1
    shift 2
    change "disk of $id: $*" gcloud sql instances patch "$id" "$@" --quiet
}
# --database-flags replaces all flags, so those that are there go with it.
cloud_sql_set_limit() {
    local flags
    flags=$(gcloud sql instances describe "$1" --format=json | python3 -c '
import json, sys
flags = {f["name"]: f.get("value", "") for f in json.load(sys.stdin)["settings"].get("databaseFlags", [])}
flags["max_connections"] = sys.argv[1]
print("^;^" + ";".join(f"{k}={v}" if v else k for k, v in sorted(flags.items())))' "$3")
    confirm "set the flags of $1 to $flags, with a restart?"
    change "flags of $1: $flags" gcloud sql instances patch "$1" --database-flags="$flags" --quiet
}
