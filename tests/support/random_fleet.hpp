// Random inventories, seeded: as values that a test can change, and as the text that `load` reads.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace poolfit::test {

struct RandomPool {
    std::string name, target;
    int databases = 1;
    std::optional<std::string> max;  ///< number or formula, as TOML; absent: the driver's default
    std::string driver;
    std::optional<std::pair<int, int>> in_use;
    struct Workload {
        int rate = 0, users = 0;  ///< one of them is 0
        int hold_ms = 1;
        std::optional<int> cpu_ms;
        int nested = 0;
    };
    std::optional<Workload> workload;
    std::optional<std::string> vcpu_max;  ///< as TOML
};

struct RandomService {
    std::string name, deploy;
    int instances_min = 1, instances_max = 1, processes = 1;
    std::vector<RandomPool> pools;
    std::optional<std::string> host, surge, merged_max;  ///< surge and merged_max as TOML
};

struct RandomPooler {
    std::string name, kind, database;
    int instances = 1, pool_size = 20, reserve = 0, pairs = 1, percent = 100;  ///< pairs 0: not given
};

struct RandomDatabase {
    std::string name, cls;
    std::optional<std::string> replica_of;
    bool multi_az = false;
    std::optional<int> max_connections;
    int other = 0;
    // Percent and GiB, low to high.
    std::optional<std::pair<double, double>> cpu_mean;
    std::pair<double, double> cpu_peak;
    std::pair<double, double> freeable;
};

struct RandomFleet {
    std::string region = "us-east-1";
    bool allow_arm = false;
    int freeable_floor_gib = 0;
    std::vector<RandomDatabase> databases;
    std::vector<RandomService> services;
    std::vector<std::pair<std::string, int>> hosts;  ///< and their vCPUs
    std::vector<RandomPooler> poolers;
};

using Generator = std::mt19937_64;
/// The same on every platform, unlike the standard distributions.
int uniform(Generator& generator, int low, int high);

/// Databases and services; no hosts, poolers, surge or merged pools.
RandomFleet random_fleet(Generator& generator);
/// The same with all that an inventory can have: poolers of both kinds, hosts, surge as a share and as a number,
/// merged_max, vcpu_max, a limit that was read from the server.
RandomFleet rich_fleet(Generator& generator);
std::string toml(const RandomFleet& fleet);

}  // namespace poolfit::test
