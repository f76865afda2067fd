# Azure Database for PostgreSQL, by the Azure CLI. Azure CLI reference, az postgres flexible-server and az monitor; as of
# 2026-11. Each takes the server's name and its region first.
GROUP=${GROUP:-}  # the resource group of the servers
export AZURE_CORE_DISABLE_CONFIRM_PROMPT=true  # the script asks before it changes anything
azure_server() {
    if [ -z "$GROUP" ]; then
        printf 'set GROUP to the resource group\n' >&2
        return 1
    fi
    az postgres flexible-server "$@" --resource-group "$GROUP"
}
azure_field() { azure_server show --name "$1" --query "$3" --output tsv; }
azure_available() { same "state of $1" "$(known azure_field "$1" "$2" state)" Ready; }
azure_is_class() { same "size of $1" "$(known azure_field "$1" "$2" sku.name)" "$3"; }
azure_no_pending() { say "  look  planned maintenance of $1: Service Health in the portal"; }
azure_offers() {
    local found
    found=$(known az postgres flexible-server list-skus --location "$2" \
        --query "length([].supportedServerEditions[].supportedServerSkus[?name=='$3'][])" --output tsv)
    least "$2 offers $3" "$found" 1
}
# azure_value NAME REGION METRIC STATISTIC MINUTES; the statistic Mean is a day's average
azure_value() {
    local statistic=$4 interval=PT5M take=max id
    case $4 in
        Mean) statistic=Average interval=P1D ;;
        Minimum) take=min ;;
    esac
    id=$(azure_field "$1" "$2" id) || return
    az monitor metrics list --resource "$id" --metric "$3" --aggregation "$statistic" \
        --interval "$interval" --offset "$(span "$5")m" \
        --query "$take(value[0].timeseries[0].data[].$(printf '%s' "$statistic" | tr '[:upper:]' '[:lower:]'))" --output tsv
}
azure_most() { most "$3 of $1 ($4, $5 minutes)" "$(known azure_value "$1" "$2" "$3" "$4" "$5")" "$6"; }
azure_least() { least "$3 of $1 ($4, $5 minutes)" "$(known azure_value "$1" "$2" "$3" "$4" "$5")" "$6"; }
azure_show() { show "$3 of $1 ($4, $5 minutes)" "$(known azure_value "$1" "$2" "$3" "$4" "$5")"; }
azure_backup() { change "backup of $1" azure_server backup create --name "$1" --backup-name "poolfit-$(date -u +%Y%m%d%H%M%S)"; }
# azure_change_class NAME REGION SIZE TIER
azure_change_class() {
    if [ "$WHEN" = window ]; then stop "Azure changes a size at once: run this in the maintenance window"; fi
    change "size of $1: $3" azure_server update --name "$1" --sku-name "$3" --tier "$4"
}
azure_change_storage() {
    local name=$1
    shift 2
    change "storage of $name: $*" azure_server update --name "$name" "$@"
}
# azure_set_limit NAME REGION MAX_CONNECTIONS RESTART
azure_set_limit() {
    change "max_connections of $1: $3" azure_server parameter set --server-name "$1" --name max_connections --value "$3"
    if [ "$4" = yes ]; then
        confirm "restart $1 now?"
        change "restart of $1" azure_server restart --name "$1"
    fi
}
