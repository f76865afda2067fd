// Inventories whose bill has all parts: volumes, environments, clusters, serverless capacity, idle databases and
// commitments.
#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "random_fleet.hpp"

namespace poolfit::test {

class BillFleet {
public:
    explicit BillFleet(Generator& generator) : generator_(generator) {}

    std::string text() {
        text_ = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";
        // Without cheap burstable classes, capacity that follows the load may be the cheapest.
        if (chance(3))
            text_ += "[policy]\nallow_arm = true\n";
        else if (chance(2))
            text_ += "[policy]\nallow = [\"db.m5.*\", \"db.r5.*\", \"db.r6g.*\"]\n";
        const int count = draw(1, 6);
        // Commitments keep what is covered, so half of the fleets have none.
        for (int i = 0; i < count; ++i) {
            const int kind = draw(0, 7);
            kind == 0 ? serverless(i) : kind <= 2 ? quiet_cluster(i) : kind <= 4 ? cluster(i) : instance(i);
        }
        if (chance(2)) commitments();
        return text_;
    }

private:
    int draw(int low, int high) { return std::uniform_int_distribution<int>(low, high)(generator_); }
    bool chance(int one_in) { return draw(1, one_in) == 1; }
    template <std::size_t N>
    std::string_view one_of(const char* const (&of)[N]) {
        return of[static_cast<std::size_t>(draw(0, static_cast<int>(N) - 1))];
    }

    void environment() {
        constexpr const char* all[] = {"production", "staging", "development", "test"};
        if (chance(2)) text_ += fmt::format("environment = \"{}\"\n", one_of(all));
    }

    void observed(int gib) {
        if (chance(4)) {
            text_ += fmt::format("[database.observed]\nconnections = 0\nwindow = \"{} d\"\n", chance(4) ? 7 : 14);
            if (chance(3)) text_ += fmt::format("iops = {}\n", draw(0, 90));
            return;
        }
        const int peak = draw(2, 80);
        text_ += fmt::format(
            "[database.observed]\nconnections = \"1-9\"\ncpu_mean = \"{}%\"\ncpu_peak = \"{}%\"\nwindow = "
            "\"14 d\"\nfreeable_memory = \"{} GiB\"\n",
            std::max(1, peak / draw(2, 5)), peak, gib * draw(20, 80) / 100);
        if (chance(2)) text_ += fmt::format("iops = \"10-{}\"\n", draw(20, 9000));
    }

    void volume() {
        if (chance(4)) return;
        constexpr const char* all[] = {"gp2", "gp3", "io1", "magnetic"};
        const std::string_view type = one_of(all);
        const int size = draw(100, 700);
        text_ += fmt::format("[database.storage]\ntype = \"{}\"\nsize = \"{} GiB\"\n", type, size);
        if (type == "io1") text_ += fmt::format("iops = {}\n", draw(10, size / 2) * 100);
        if (type == "gp3" && size >= 400 && chance(2)) text_ += fmt::format("iops = {}\n", draw(120, 300) * 100);
    }

    void instance(int i) {
        constexpr const char* classes[] = {"db.m5.large", "db.m5.2xlarge", "db.t3.large", "db.r5.xlarge"};
        constexpr int memory[] = {8, 32, 8, 32};
        const int cls = draw(0, 3);
        text_ +=
            fmt::format("[[database]]\nname = \"d{}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n",
                        i, classes[cls]);
        if (chance(3)) text_ += "multi_az = true\n";
        environment();
        volume();
        observed(memory[cls]);
        if (!chance(3)) return;
        text_ += fmt::format("[[database]]\nname = \"d{}-ro\"\nreplica_of = \"d{}\"\n", i, i);
        volume();
        observed(memory[cls]);
    }

    /// A load that takes hardly any of its class.
    void quiet_cluster(int i) {
        const bool large = chance(2);
        text_ += fmt::format(
            "[[database]]\nname = \"q{}\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = \"db.r6g.{}\"\n",
            i, large ? "large" : "xlarge");
        environment();
        text_ += fmt::format(
            "[database.observed]\nconnections = \"1-4\"\ncpu_mean = \"1%\"\ncpu_peak = \"{}%\"\nfreeable_memory = \"{} "
            "GiB\"\nwindow = \"14 d\"\n",
            draw(2, 9), large ? 14 : 30);
    }

    void cluster(int i) {
        text_ += fmt::format(
            "[[database]]\nname = \"c{}\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = "
            "\"db.r6g.{}\"\n",
            i, chance(2) ? "large" : "xlarge");
        environment();
        if (chance(2)) {
            text_ += fmt::format("[database.storage]\ntype = \"{}\"\nsize = \"{} GiB\"\n",
                                 chance(2) ? "standard" : "io-optimized", draw(10, 900));
            // Else those that were observed count.
            if (chance(2)) text_ += fmt::format("io_requests = \"{}M/month\"\n", draw(1, 2000));
        }
        observed(16);
        for (int k = draw(0, 2); k > 0; --k) {
            text_ += fmt::format("[[database]]\nname = \"c{}-{}\"\nreplica_of = \"c{}\"\n", i, k, i);
            observed(16);
        }
    }

    void serverless(int i) {
        text_ += fmt::format(
            "[[database]]\nname = \"s{}\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = "
            "\"db.serverless\"\nacu_min = 0.5\nacu_max = 16\n",
            i);
        observed(32);
    }

    void commitments() {
        constexpr const char* families[] = {"m5", "t3", "r5"};
        for (int k = draw(1, 3); k > 0; --k)
            text_ += fmt::format(
                "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nfamily = \"{}\"\nunits = {}\n"
                "ends = \"202{}-06-15\"\nusd_per_month = 100\n",
                one_of(families), draw(1, 40), draw(7, 9));
        if (chance(2))
            text_ +=
                "[[commitment]]\nkind = \"reserved\"\nengine = \"aurora-postgresql\"\nfamily = \"r6g\"\nunits = 6\n"
                "ends = \"2027-06-15\"\n";
        if (chance(2))
            text_ +=
                "[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = 0.2\n"
                "[[commitment.rate]]\nclass = \"db.serverless\"\nusd_per_hour = 0.084\n";
    }

    Generator& generator_;
    std::string text_;
};

}  // namespace poolfit::test
