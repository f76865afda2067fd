// Volumes of all kinds and sizes: what is advised, typed in, saves what was said, and asks for nothing more.
#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../support/fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;

namespace {

std::string inventory(std::string_view type, std::string_view rest, int size, double seen, bool both) {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.xlarge\"\nmulti_az = {}\n{}[database.storage]\ntype = \"{}\"\n"
        "size = \"{} GiB\"\n{}\n",
        both, seen > 0 ? fmt::format("[database.observed]\niops = {}\n", seen) : std::string(), type, size, rest);
}

}  // namespace

TEST_CASE("property: storage, typed in as advised, costs what was said and is advised no further saving") {
    int advised = 0;
    for (const std::string_view type : {"gp2", "gp3", "io1"})
        for (const int size : {100, 399, 400, 1000, 5000})
            for (const int iops : {0, 2500, 5000, 12000, 18000})
                for (const double seen : {0.0, 700.0, 4000.0, 15000.0})
                    for (const bool both : {false, true}) {
                        if (type == "gp2" && iops != 0) continue;
                        if (type == "gp3" && iops != 0 && (iops < 12000 || size < 400)) continue;
                        if (type == "io1" && (iops == 0 || iops > size * 50 || iops * 2 < size)) continue;
                        const std::string given = iops != 0 ? fmt::format("iops = {}", iops) : std::string();
                        const auto now = test::plan_text(inventory(type, given, size, seen, both));
                        CAPTURE(inventory(type, given, size, seen, both));
                        const StorageUse& use = *now.plan.databases[0].storage;
                        REQUIRE(use.cost.cost);
                        if (!use.advice) continue;
                        ++advised;
                        const StorageAdvice& advice = *use.advice;
                        const auto then = test::plan_text(inventory(
                            advice.to->name,
                            advice.provisioned ? fmt::format("iops = {}", *advice.provisioned) : std::string(),
                            static_cast<int>(advice.gib.value_or(size)), seen, both));
                        const StorageUse& after = *then.plan.databases[0].storage;
                        CHECK(after.cost.cost->value == advice.cost->value);
                        CHECK(use.cost.cost->value.high - after.cost.cost->value.high == advice.saves->value.high);
                        CHECK(after.iops->value == advice.iops->value);
                        // Today's class and pools are in no sum of storage.
                        CHECK(now.plan.totals.bill_now->value.high ==
                              now.plan.totals.now->value + use.cost.cost->value.high);
                        CHECK(now.plan.totals.saves->value == then.plan.totals.saves->value);
                        if (advice.kind == StorageAdvice::Kind::cheaper) {
                            CHECK(after.iops->value >= use.iops->value);
                            // What is left may be IOPS that the load does not need.
                            if (after.advice) CHECK(after.advice->kind != StorageAdvice::Kind::cheaper);
                        } else if (advice.kind == StorageAdvice::Kind::fewer_iops) {
                            CHECK(after.iops->value >= seen);
                            CHECK(!after.advice);
                        } else if (after.advice) {
                            CHECK(after.advice->kind == StorageAdvice::Kind::more_iops);
                            CHECK(after.advice->iops->value > after.iops->value);
                        }
                    }
    CHECK(advised > 50);
}

namespace {

/// Prices of ap-northeast-2; what gp3 includes is not charged.
double cost_of(std::string_view type, double gib, double iops, double mibps) {
    if (type != "gp3") return gib * 0.135 + iops * 0.108;
    const double included = gib < 400 ? 3000 : 12000, through = gib < 400 ? 125 : 500;
    return gib * 0.131 + std::max(0.0, iops - included) * 0.023 + std::max(0.0, mibps - through) * 0.091;
}

/// The cheapest volume of gp3 that is no smaller and has what is wanted: what comes with it, or what is provisioned.
double cheapest_gp3(double size, double included, double provisioned, double seen_mibps) {
    double least = 1e9;
    const double room = std::ceil(seen_mibps / 0.8), mibps = room > 811 && seen_mibps <= 811 ? 811 : room;
    for (const double gib : {size, 400.0}) {
        if (gib < size) continue;
        if (gib < 400 && (included > 3000 || seen_mibps > 125)) continue;
        least = std::min(least, cost_of("gp3", gib, included > 12000 ? provisioned : 0, seen_mibps > 500 ? mibps : 0));
    }
    return least;
}

std::string fast_inventory(std::string_view type, int size, int iops, double throughput, double seen, double mibps) {
    const auto key = [](std::string_view name, double value, std::string_view unit) {
        return value > 0 ? fmt::format("{} = {}{}{}\n", name, unit.empty() ? "" : "\"", value, unit) : std::string();
    };
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"ap-northeast-2\"\n"
        "[policy]\nallow = [\"db.m5.8xlarge\"]\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\n"
        "class = \"db.m5.8xlarge\"\n[database.observed]\niops = {}\n{}[database.storage]\ntype = \"{}\"\n"
        "size = \"{} GiB\"\n{}{}",
        seen, key("ebs_throughput", mibps, " MiB/s\""), type, size, key("iops", iops, ""),
        key("throughput", throughput, " MiB/s\""));
}

}  // namespace

TEST_CASE("property: a volume that is advised has what was seen, and no cheaper one of its kind has") {
    int advised = 0, fast = 0, asked = 0;
    for (const std::string_view type : {"gp3", "io1", "io2"})
        for (const int size : {100, 399, 400, 1000})
            for (const int iops : {0, 3000, 5000, 12000, 20000})
                for (const double seen : {700.0, 2500.0, 3001.0, 9700.0, 11900.0, 14000.0})
                    for (const double mibps : {0.0, 100.0, 130.0, 450.0, 520.0, 700.0}) {
                        if (type == "gp3" && iops != 0 && (iops < 12000 || size < 400)) continue;
                        if (type != "gp3" && (iops == 0 || iops > size * (type == "io1" ? 50 : 1000))) continue;
                        if (type == "gp3" && mibps > (size < 400 ? 125 : 500)) continue;  // what it cannot have done
                        if (test::sanitized && ++asked % 8 != 0) continue;
                        const std::string text = fast_inventory(type, size, iops, 0, seen, mibps);
                        CAPTURE(text);
                        const auto now = test::plan_text(text);
                        const StorageUse& use = *now.plan.databases[0].storage;
                        const double today = use.iops->value, need = std::ceil(seen / 0.8 / 100) * 100;
                        const bool short_of = seen > today;
                        const double bought = short_of ? need : std::min(need, today);
                        const double best = cheapest_gp3(size, short_of ? seen : bought, bought, mibps);
                        if (!use.advice) {
                            // Nothing is short, and nothing of gp3 saves enough.
                            CHECK(!short_of);
                            CHECK(usd(use.cost.cost->value.high) - best < 10.001);
                            continue;
                        }
                        ++advised;
                        const StorageAdvice& advice = *use.advice;
                        fast += advice.provisioned_mibps.has_value();
                        REQUIRE(advice.cost);
                        CHECK(advice.iops->value >= std::min(seen, today > seen ? today : seen));
                        if (mibps > 0 && advice.mibps) CHECK(*advice.mibps >= mibps);
                        const auto then =
                            test::plan_text(fast_inventory(advice.to->name, static_cast<int>(advice.gib.value_or(size)),
                                                           static_cast<int>(advice.provisioned.value_or(0)),
                                                           advice.provisioned_mibps.value_or(0), seen, mibps));
                        const StorageUse& after = *then.plan.databases[0].storage;
                        CHECK(!after.advice);
                        CHECK(after.cost.cost->value == advice.cost->value);
                        if (advice.to->name == "gp3") CHECK(usd(advice.cost->value.high) == doctest::Approx(best));
                    }
    CHECK(advised > test::sampled(200));
    CHECK(fast > test::sampled(20));
}
