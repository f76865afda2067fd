#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "../../../src/import/csv/targets.hpp"

using namespace poolfit;
using namespace poolfit::imports;

namespace {

/// "cpu_mean:%": the key that a heading is taken for, and its unit.
std::string guess(std::string_view text) {
    const Heading heading = heading_of(text);
    const Target* best = nullptr;
    for (const Target& target : targets())
        if (const auto rank = fit(heading, target); rank && (best == nullptr || *rank < *fit(heading, *best)))
            best = &target;
    std::string out(best == nullptr ? "?" : best->key);
    if (!heading.unit.empty()) out += ":" + std::string(heading.unit);
    return out;
}

}  // namespace

TEST_CASE("headings of real spreadsheets are understood, however they are written") {
    struct Case {
        std::string_view key;
        std::initializer_list<std::string_view> headings;
    };
    const Case cases[] = {
        {"name",
         {"DBInstanceIdentifier", "DB identifier", "name", "Name", "identifier", "instance", "DB_INSTANCE",
          "instance-name", "Database"}},
        {"class",
         {"DB class", "DBInstanceClass", "instance type", "instance_class", "Class", "Size", "INSTANCE CLASS"}},
        {"engine", {"engine", "DB engine", "Engine"}},
        {"version", {"engine version", "EngineVersion", "version", "DB version"}},
        {"region", {"region", "availability zone", "AvailabilityZone", "AZ", "Region & AZ", "aws_region"}},
        {"multi_az", {"Multi-AZ", "multiaz", "MultiAZ", "multi_az", "HA"}},
        {"replica_of", {"replica of", "source", "ReadReplicaSourceDBInstanceIdentifier"}},
        {"max_connections", {"max_connections", "Max Connections", "maxConnections", "connection limit"}},
        {"vcpus", {"vCPU", "vCPUs", "cores"}},
        {"memory:GB", {"RAM (GB)", "Memory GB", "memory_gb"}},
        {"cpu_mean:%",
         {"CPUUtilization avg (%)", "CPU mean %", "avg CPU (percent)", "CPU (avg, %)", "cpu_mean_pct",
          "average CPU utilization [%]"}},
        {"cpu_mean", {"cpu mean", "avg cpu", "CPUUtilization average", "Typical CPU"}},
        {"cpu_peak:%", {"CPU max (%)", "peak cpu %", "CPUUtilization Maximum (Percent)", "max CPU % last 14 days"}},
        {"cpu_peak", {"cpu_peak", "CPU max 14d", "CPUUtilizationMax"}},
        {"freeable_memory:bytes", {"FreeableMemory (bytes)", "freeable memory bytes", "FreeableMemory min (B)"}},
        {"freeable_memory:GB", {"free memory GB", "Free memory (GB)", "freeMemoryGB"}},
        {"freeable_memory:GiB", {"free memory GiB", "FreeableMemory (GiB)", "available memory in GiB"}},
        {"swap:MB", {"SwapUsage (MB)"}},
        {"data_size:GB", {"used storage (GB)"}},
        {"network:Mbps", {"network max (Mbps)"}},
        {"iops", {"IOPS max"}},
    };
    for (const Case& each : cases)
        for (const std::string_view heading : each.headings) {
            CAPTURE(heading);
            CHECK(guess(heading) == each.key);
        }
}

TEST_CASE("what is not understood, or could be either, is left alone") {
    for (const std::string_view heading : {"Owner", "cost centre", "", "  ", "IOPS", "Tags", "Storage type", "état"})
        CHECK(guess(heading) == "?");
    CHECK(guess("storage (GB)") == "?:GB");
    CHECK(guess("Size (GB)") == "?:GB");  // no class has a unit
    CHECK(guess("CPU (%)") == "?:%");
    CHECK(is_some_cpu(heading_of("CPU (%)")));
    CHECK(is_some_cpu(heading_of("CPUUtilization")));
    CHECK_FALSE(is_some_cpu(heading_of("CPU credits")));
    CHECK(heading_of("%").whole.empty());
}
