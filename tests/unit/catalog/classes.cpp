#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>

#include "csv.hpp"
#include "support/platforms.hpp"

using namespace poolfit;
using test::pg;

namespace {

double value_or_0(const std::optional<MegabitsPerSecond>& v) { return v ? v->value : 0; }
double value_or_0(const std::optional<double>& v) { return v.value_or(0); }

}  // namespace

TEST_CASE("catalog: every row of the class table is in the catalog as it stands") {
    const Catalog catalog;
    const auto rows = csv::read("catalog/rds_classes.csv");
    CHECK(rows.size() == 322);
    CHECK(catalog.classes(pg).size() == 322);
    for (const auto& row : rows) {
        CAPTURE(row.at("class"));
        const InstanceClass* cls = catalog.find_class(pg, row.at("class"));
        REQUIRE(cls);
        CHECK(cls->family == row.at("family"));
        CHECK(cls->generation == csv::number(row, "generation"));
        CHECK(cls->category == row.at("category"));
        CHECK((cls->arch == Arch::arm64 ? "arm64" : "x86_64") == row.at("arch"));
        CHECK(cls->vcpus == csv::number(row, "vcpu"));
        CHECK(gib(cls->memory) == csv::number(row, "memory_gib"));
        CHECK((cls->os_visible ? mib(*cls->os_visible) : 0) == csv::number(row, "ec2_os_visible_mib"));
        CHECK(cls->burst.has_value() == (row.at("burstable") == "1"));
        if (cls->burst) {
            CHECK(cls->burst->baseline.value * 100 == doctest::Approx(csv::number(row, "baseline_pct_per_vcpu")));
            CHECK(cls->burst->credits_per_hour == doctest::Approx(csv::number(row, "credits_per_hour")));
            CHECK(cls->burst->max_credits == doctest::Approx(csv::number(row, "max_credits")));
        }
        CHECK(value_or_0(cls->throughput.ebs_baseline) == csv::number(row, "ebs_baseline_mbps"));
        CHECK(value_or_0(cls->throughput.ebs_max) == csv::number(row, "ebs_max_mbps"));
        CHECK(value_or_0(cls->throughput.ebs_baseline_iops) == csv::number(row, "ebs_baseline_iops"));
        CHECK(value_or_0(cls->throughput.ebs_max_iops) == csv::number(row, "ebs_max_iops"));
        CHECK(value_or_0(cls->throughput.network_baseline) ==
              doctest::Approx(csv::number(row, "network_baseline_gbps") * 1000));
        CHECK(value_or_0(cls->throughput.network_max) == doctest::Approx(csv::number(row, "network_max_gbps") * 1000));
        CHECK(cls->cpu_model == row.at("cpu_model"));
        CHECK(cls->threads_per_core == csv::number(row, "threads_per_core"));
        CHECK(cls->ec2_equivalent == row.at("ec2_equivalent"));
        CHECK(cls->cluster_only == (row.at("notes").find("Multi-AZ DB cluster only") != std::string::npos));
        CHECK(cls->row.id == row.at("source"));
        CHECK(cls->row.as_of == row.at("as_of"));
        CHECK(!cls->row.source.empty());
        CHECK(!cls->row.place);
    }
}

TEST_CASE("catalog: what runs on a class stands in the platform's own file") {
    const Catalog catalog;
    const auto rows = csv::read("platforms/rds-postgresql/classes.csv");
    CHECK(rows.size() == 322);
    for (const auto& row : rows) {
        CAPTURE(row.at("class"));
        const InstanceClass* cls = catalog.find_class(pg, row.at("class"));
        REQUIRE(cls);
        const std::string& support = row.at("support");
        CHECK((cls->support == InstanceClass::Support::yes) == support.starts_with("yes: "));
        CHECK((cls->support == InstanceClass::Support::not_stated) == support.empty());
        const std::string words = support.starts_with("yes: ") ? support.substr(5) : support == "likely" ? "" : support;
        CHECK((cls->support == InstanceClass::Support::likely) == (support == "likely"));
        CHECK(cls->support_text == words);
        CHECK(cls->versions.empty() == (cls->support != InstanceClass::Support::yes));
        CHECK(cls->support_row.id == row.at("source"));
        CHECK(cls->support_row.as_of == row.at("as_of"));
    }
}

TEST_CASE("catalog: every application host type is in the catalog as it stands") {
    const Catalog catalog;
    const auto rows = csv::read("catalog/ec2_app_hosts.csv");
    CHECK(rows.size() == 247);
    CHECK(catalog.hosts().size() == 247);
    for (const auto& row : rows) {
        CAPTURE(row.at("type"));
        const HostType* host = catalog.find_host(row.at("type"));
        REQUIRE(host);
        CHECK(host->vcpus == csv::number(row, "vcpu"));
        CHECK(gib(host->memory) == csv::number(row, "memory_gib"));
        CHECK((host->arch == Arch::arm64 ? "arm64" : "x86_64") == row.at("arch"));
        CHECK(host->burst.has_value() == (row.at("burstable") == "1"));
        REQUIRE(host->price);
        CHECK(usd(*host->price) == doctest::Approx(csv::number(row, "usd_per_hour_linux_us_east_1") * 730));
        CHECK(host->row.id == row.at("source"));
    }
    CHECK(catalog.find_host("t3.medium")->vcpus == 2);
    CHECK(catalog.find_host("t3.medium")->burst->baseline == Fraction(0.2));
    CHECK(!catalog.find_host("t3.mega"));
}

TEST_CASE("catalog: classes come in order of name, and a name is found whole or not at all") {
    const Catalog catalog;
    CHECK(std::ranges::is_sorted(catalog.classes(pg), {}, &InstanceClass::name));
    CHECK(catalog.find_class(pg, "db.m5.xlarge")->vcpus == 4);
    CHECK(!catalog.find_class(pg, "m5.xlarge"));
    CHECK(!catalog.find_class(pg, "db.m5.xlarg"));
    CHECK(!catalog.find_class(pg, ""));
    CHECK(catalog.as_of() == "2026-10");
    CHECK(catalog.find_class(pg, "db.c6gd.large")->cluster_only);
    CHECK(!catalog.find_class(pg, "db.m5.xlarge")->cluster_only);
}

TEST_CASE(
    "catalog: the sizes of a family have one speed, the median of those measured, or their processor's, or none") {
    const Catalog catalog;
    std::map<std::string, std::vector<double>, std::less<>> families;
    std::size_t sizes = 0;
    for (const auto& row : csv::read("catalog/coremark.csv")) {
        families[row.at("family")].push_back(csv::number(row, "coremark_per_vcpu"));
        ++sizes;
    }
    CHECK(sizes == 206);
    CHECK(!catalog.find_class(pg, "db.t2.micro")->coremark_per_vcpu);  // its figure is no guide: data/README.md
    int own = 0, processor = 0;
    for (const InstanceClass* cls : catalog.classes(pg)) {
        CAPTURE(cls->name);
        const auto measured = families.find(cls->family);
        if (measured == families.end()) {
            processor += cls->coremark_per_vcpu.has_value();
            CHECK(cls->coremark_note.ends_with(", the same processor") == cls->coremark_per_vcpu.has_value());
            continue;
        }
        ++own;
        std::vector<double> all = measured->second;
        std::sort(all.begin(), all.end());
        const std::size_t half = all.size() / 2;
        const double median = all.size() % 2 == 1 ? all[half] : std::floor((all[half - 1] + all[half]) / 2);
        CHECK(cls->coremark_per_vcpu == median);
        CHECK(cls->coremark_note == fmt::format("median of {} sizes", all.size()));
        CHECK(!cls->coremark_row.as_of.empty());
    }
    CHECK(own > 150);
    CHECK(processor > 0);
    auto speed = [&](std::string_view name) { return *catalog.find_class(pg, name)->coremark_per_vcpu; };
    CHECK(speed("db.t3.large") / speed("db.m5.xlarge") == doctest::Approx(0.968).epsilon(0.005));
    CHECK(speed("db.t4g.large") / speed("db.m5.xlarge") == doctest::Approx(1.33).epsilon(0.01));
}
