// Volumes of all kinds and sizes: what is advised, typed in, saves what was said, and asks for nothing more.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../support/fleet.hpp"

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
