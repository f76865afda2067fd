#include "targets.hpp"

#include <algorithm>

namespace poolfit::imports {
namespace {

constexpr std::string_view cpu = "cpu cpuutilization cpuusage cpuused cpuload processor";

constexpr std::string_view connections =
    "databaseconnections connections openconnections activeconnections connectioncount";

constexpr Target table[] = {
    {"name", "name", false, Reads::name, "",
     "instanceidentifier identifier instanceid instancename instance servername server name databasename database "
     "hostname "
     "host",
     "-"},
    {"engine", "engine", false, Reads::engine, "", "engine enginename databaseengine enginetype dbms rdbms", "-"},
    {"provider", "provider", false, Reads::provider, "", "provider cloud cloudprovider vendor", "-"},
    {"version", "version", false, Reads::version, "", "engineversion version databaseversion enginerelease", "-"},
    {"class", "class", false, Reads::cls, "",
     "instanceclass class instancetype instancesize nodetype machinetype sku size", "-"},
    {"vcpus", "vcpus", false, Reads::whole, "vcpu vcpus cpus cores cpucores cpucount corecount", "", ""},
    {"cu_min", "cu_min", false, Reads::numbers, "cumin mincu computemin mincompute minimumcu", "", ""},
    {"cu_max", "cu_max", false, Reads::numbers, "cumax maxcu computemax maxcompute maximumcu", "", ""},
    {"memory", "memory", false, Reads::bytes, "memory ram mem memorysize instancememory totalmemory", "", ""},
    {"region", "region", false, Reads::region, "", "region awsregion availabilityzone az zone regionaz location", "-"},
    {"environment", "environment", false, Reads::environment, "", "environment env stage environmenttype", "-"},
    {"multi_az", "multi_az", false, Reads::yes_no, "multiaz ha highavailability standby deployment deploymentoption",
     "", ""},
    {"replica_of", "replica_of", false, Reads::reference, "",
     "replica replicasource readreplicasource readreplicasourceidentifier readreplicasourceinstanceidentifier "
     "sourceinstance sourceidentifier sourceinstanceidentifier source primary",
     "-"},
    {"max_connections", "max_connections", false, Reads::whole,
     "maxconnections maximumconnections connectionlimit connectionslimit maxconn", "", ""},
    {"reserved_connections", "reserved_connections", false, Reads::whole, "reservedconnections", "", ""},
    {"other_connections", "other_connections", false, Reads::whole, "otherconnections", "", ""},
    {"cpu_mean", "cpu_mean", true, Reads::percent, "", cpu, "a"},
    {"cpu_p95", "cpu_p95", true, Reads::percent, "", cpu, "5"},
    {"cpu_p99", "cpu_p99", true, Reads::percent, "", cpu, "9"},
    {"cpu_peak", "cpu_peak", true, Reads::percent, "", cpu, "x"},
    {"connections", "connections", true, Reads::numbers, "", connections, "a-"},
    {"connections_max", "connections", true, Reads::numbers, "", connections, "x", true},
    {"freeable_memory", "freeable_memory", true, Reads::bytes, "",
     "freeablememory freememory memoryfree memoryfreeable freeable memoryavailable availablememory freeram ramfree",
     "n-a"},
    {"swap", "swap", true, Reads::bytes, "", "swapusage swap swapused", "x-a", false, true},
    {"data_size", "data_size", true, Reads::bytes, "", "datasize usedstorage storageused diskused useddisk", "x-a",
     false, true},
    {"ebs_throughput", "ebs_throughput", true, Reads::rate, "", "ebsthroughput throughput diskthroughput", "x"},
    {"iops", "iops", true, Reads::numbers, "", "iops totaliops", "x"},
    {"network", "network", true, Reads::rate, "", "network networkthroughput", "x"},
    {"window", "window", true, Reads::days, "", "window observationwindow observationperiod", "-"},
};

struct UnitsOf {
    Reads reads;
    std::string_view units;
};
constexpr UnitsOf units[] = {
    {Reads::percent, "% share"},
    {Reads::bytes, "bytes kB MB GB TB KiB MiB GiB TiB"},
    {Reads::rate, "Mbps Gbps MB/s MiB/s"},
    {Reads::days, "d h w"},
};

std::vector<std::string_view> words(std::string_view list) {
    std::vector<std::string_view> found;
    while (!list.empty()) {
        found.push_back(list.substr(0, list.find(' ')));
        list.remove_prefix(std::min(found.back().size() + 1, list.size()));
    }
    return found;
}

/// The word's place in the list.
std::optional<std::size_t> place_of(std::string_view word, std::string_view list) {
    std::size_t at = 0;
    while (!list.empty()) {
        const std::string_view next = list.substr(0, list.find(' '));
        if (next == word) return at;
        list.remove_prefix(std::min(next.size() + 1, list.size()));
        ++at;
    }
    return std::nullopt;
}

constexpr char letters[] = {'-', 'a', 'x', 'n', '5', '9'};  // of Statistic, in its order

}  // namespace

std::span<const Target> targets() { return table; }

const Target* find_target(std::string_view key) {
    if (key.starts_with("observed.")) key.remove_prefix(9);
    const auto rows = targets();
    const auto found = std::ranges::find(rows, key, &Target::key);
    return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string_view> units_of(Reads reads) {
    const auto* found = std::ranges::find(units, reads, &UnitsOf::reads);
    return found == std::end(units) ? std::vector<std::string_view>{} : words(found->units);
}

std::optional<std::size_t> fit(const Heading& heading, const Target& target) {
    if (!heading.unit.empty()) {
        const auto allowed = units_of(target.reads);
        if (std::ranges::find(allowed, heading.unit) == allowed.end()) return std::nullopt;
    }
    if (place_of(heading.whole, target.wholes)) return 0;
    const auto subject = place_of(heading.subject, target.subjects);
    const auto statistic = target.statistics.find(letters[static_cast<std::size_t>(heading.statistic)]);
    if (!subject || statistic == std::string_view::npos) return std::nullopt;
    return 1 + statistic * 100 + *subject;
}

bool is_some_cpu(const Heading& heading) {
    return heading.statistic == Statistic::none && place_of(heading.subject, cpu).has_value();
}

}  // namespace poolfit::imports
