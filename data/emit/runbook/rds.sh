# Amazon RDS and Aurora, by the AWS CLI, with GNU date. AWS CLI command reference, rds and cloudwatch; as of 2026-11.
# Each takes the instance's identifier and its region first.
export AWS_PAGER=  # version 2 would open one
rds_field() { aws rds describe-db-instances --region "$2" --db-instance-identifier "$1" --query "DBInstances[0].$3" --output text; }
rds_available() { same "status of $1" "$(known rds_field "$1" "$2" DBInstanceStatus)" available; }
rds_is_class() { same "class of $1" "$(known rds_field "$1" "$2" DBInstanceClass)" "$3"; }
rds_no_pending() {
    local changes actions
    changes=$(known rds_field "$1" "$2" 'PendingModifiedValues | keys(@) | length(@)')
    actions=$(known aws rds describe-pending-maintenance-actions --region "$2" --filters "Name=db-instance-id,Values=$1" \
        --query 'length(PendingMaintenanceActions)' --output text)
    same "pending changes of $1" "$changes" 0
    same "pending maintenance of $1" "$actions" 0
}
# rds_offers ID REGION CLASS STANDBY: does the region have the class for the version that runs?
rds_offers() {
    local engine version found kind='OrderableDBInstanceOptions'
    engine=$(known rds_field "$1" "$2" Engine)
    version=$(known rds_field "$1" "$2" EngineVersion)
    [ "$4" = yes ] && kind='OrderableDBInstanceOptions[?MultiAZCapable]'
    found=$(known aws rds describe-orderable-db-instance-options --region "$2" --engine "$engine" --engine-version "$version" \
        --db-instance-class "$3" --query "length($kind)" --output text)
    least "$2 offers $3 for ${engine:-an engine that is not known} $version" "$found" 1
}
# rds_value ID REGION METRIC STATISTIC MINUTES: over that time; the statistic Mean is a day's average. An answer has
# 1,440 points at most, so those of a long time are days.
rds_value() {
    local statistic=$4 period=300 take=max minutes
    minutes=$(span "$5")
    if [ "$minutes" -gt 7000 ]; then period=86400; fi
    case $4 in
        Mean) statistic=Average period=86400 ;;
        Minimum) take=min ;;
    esac
    aws cloudwatch get-metric-statistics --region "$2" --namespace AWS/RDS --metric-name "$3" \
        --dimensions "Name=DBInstanceIdentifier,Value=$1" --statistics "$statistic" --period "$period" \
        --start-time "$(date -u -d "-$minutes minutes" +%FT%TZ)" --end-time "$(date -u +%FT%TZ)" \
        --query "$take(Datapoints[].$statistic)" --output text
}
rds_most() { most "$3 of $1 ($4, $5 minutes)" "$(known rds_value "$1" "$2" "$3" "$4" "$5")" "$6"; }
rds_least() { least "$3 of $1 ($4, $5 minutes)" "$(known rds_value "$1" "$2" "$3" "$4" "$5")" "$6"; }
rds_show() { show "$3 of $1 ($4, $5 minutes)" "$(known rds_value "$1" "$2" "$3" "$4" "$5")"; }
# rds_cluster ID REGION: of an instance of Aurora its cluster; nothing of others
rds_cluster() {
    local cluster
    cluster=$(rds_field "$1" "$2" DBClusterIdentifier) || return
    [ "$cluster" = None ] || printf '%s' "$cluster"
}
# Of Aurora the volume is the cluster's, so the snapshot is too.
rds_backup() {
    local cluster name
    cluster=$(rds_cluster "$1" "$2")
    name="poolfit-${cluster:-$1}-$(date -u +%Y%m%d%H%M%S)"
    if [ -n "$cluster" ]; then
        change "snapshot $name" aws rds create-db-cluster-snapshot --region "$2" --db-cluster-identifier "$cluster" --db-cluster-snapshot-identifier "$name"
        aws rds wait db-cluster-snapshot-available --region "$2" --db-cluster-snapshot-identifier "$name"
    else
        change "snapshot $name" aws rds create-db-snapshot --region "$2" --db-instance-identifier "$1" --db-snapshot-identifier "$name"
        aws rds wait db-snapshot-available --region "$2" --db-snapshot-identifier "$name"
    fi
    say "  snapshot $name"
}
# With WHEN=window the instance keeps its class until the maintenance window.
rds_change_class() {
    if [ "$WHEN" = window ]; then
        change "class of $1: $3, in its maintenance window" aws rds modify-db-instance --region "$2" \
            --db-instance-identifier "$1" --db-instance-class "$3" --no-apply-immediately
        return
    fi
    change "class of $1: $3" aws rds modify-db-instance --region "$2" --db-instance-identifier "$1" \
        --db-instance-class "$3" --apply-immediately
    wait_for 3600 "$3" rds_field "$1" "$2" DBInstanceClass
    aws rds wait db-instance-available --region "$2" --db-instance-identifier "$1"
}
# rds_change_storage ID REGION OPTION…
rds_change_storage() {
    local id=$1 region=$2 cluster
    shift 2
    cluster=$(rds_cluster "$id" "$region")
    if [ -n "$cluster" ]; then
        change "volume of $cluster: $*" aws rds modify-db-cluster --region "$region" --db-cluster-identifier "$cluster" "$@" \
            --apply-immediately
    else
        change "volume of $id: $*" aws rds modify-db-instance --region "$region" --db-instance-identifier "$id" "$@" \
            --apply-immediately
    fi
}
# rds_set_limit ID REGION MAX_CONNECTIONS RESTART: in the instance's own parameter group
rds_set_limit() {
    local group users method=immediate
    group=$(rds_field "$1" "$2" 'DBParameterGroups[0].DBParameterGroupName')
    case $group in default.*) stop "$1 has the parameter group $group, which cannot be changed: give it one of its own first" ;; esac
    users=$(aws rds describe-db-instances --region "$2" \
        --query "length(DBInstances[?DBParameterGroups[?DBParameterGroupName=='$group']])" --output text)
    [ "$users" = 1 ] || by_hand "$users instances have the parameter group $group: $3 connections have to suit each of them."
    [ "$4" = yes ] && method=pending-reboot
    change "max_connections of $group: $3" aws rds modify-db-parameter-group --region "$2" --db-parameter-group-name "$group" \
        --parameters "ParameterName=max_connections,ParameterValue=$3,ApplyMethod=$method"
    if [ "$4" = yes ]; then
        confirm "restart $1 now?"
        change "restart of $1" aws rds reboot-db-instance --region "$2" --db-instance-identifier "$1"
        aws rds wait db-instance-available --region "$2" --db-instance-identifier "$1"
    fi
}
# rds_set_share PROXY REGION PERCENT
rds_set_share() {
    change "connections of $1: $3 %" aws rds modify-db-proxy-target-group --region "$2" --db-proxy-name "$1" --target-group-name default \
        --connection-pool-config "MaxConnectionsPercent=$3"
}
