// What speaks against a recommendation that leaves the class as it is.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

/// db.m5.large alone, so the class stays; 3,600 IOPS and 695 Mbps always pass it.
Planned kept(std::string_view more, std::string_view observed) {
    return test::plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"db.m5.large\"]\n"
                    "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = "
                    "\"db.m5.large\"\n{}[database.observed]\nwindow = \"14 d\"\nfreeable_memory = \"4 GiB\"\n{}",
                    more, observed));
}
constexpr std::string_view calm = "cpu_mean = \"20%\"\ncpu_peak = \"45%\"\n";

const Recommendation& advice(const Planned& made, Index database = 0) {
    return made.plan.databases[database].recommendation;
}
const RiskReason* reason(const Planned& made, RiskReason::Kind kind, Index database = 0) {
    const auto& all = advice(made, database).risk_reasons;
    const auto at = std::ranges::find(all, kind, &RiskReason::kind);
    return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("risk: a load above what the class always lets through, though it stays") {
    CHECK(advice(kept("", calm)).risk == Risk::low);
    // 10,800 of 3,600 IOPS.
    const Planned made = kept("", std::string(calm) + "iops = 10800\n");
    CHECK(advice(made).verdict == Verdict::keep);
    CHECK(advice(made).risk == Risk::medium);
    REQUIRE(reason(made, RiskReason::Kind::tight) != nullptr);
    CHECK(reason(made, RiskReason::Kind::tight)->reason.check.share == doctest::Approx(3));
}

TEST_CASE("risk: a load above what the volume always gives, within its burst or not") {
    const auto volume = [](std::string_view storage, std::string_view seen) {
        return kept(fmt::format("[database.storage]\n{}\n", storage), std::string(calm) + std::string(seen));
    };
    // gp2 of 100 GiB: 300 IOPS, 3,000 while credits last.
    const Planned bursts = volume("type = \"gp2\"\nsize = \"100 GiB\"", "iops = 900\n");
    REQUIRE(reason(bursts, RiskReason::Kind::volume) != nullptr);
    CHECK(reason(bursts, RiskReason::Kind::volume)->bursts);
    CHECK(reason(bursts, RiskReason::Kind::volume)->reason.check.share == doctest::Approx(3));
    CHECK(advice(bursts).risk == Risk::medium);
    CHECK(advice(volume("type = \"gp2\"\nsize = \"100 GiB\"", "iops = 300\n")).risk == Risk::low);
    // gp3 bursts no further than it always gives.
    const Planned most = volume("type = \"gp3\"\nsize = \"100 GiB\"", "iops = 3100\n");
    CHECK(advice(most).risk == Risk::high);
    CHECK(!reason(most, RiskReason::Kind::volume)->bursts);
    // 125 MiB/s are 1,048.576 Mbps.
    const Planned wide = volume("type = \"gp3\"\nsize = \"100 GiB\"", "ebs_throughput = \"1049 Mbps\"\n");
    REQUIRE(reason(wide, RiskReason::Kind::volume) != nullptr);
    CHECK(*reason(wide, RiskReason::Kind::volume)->reason.check.limit == doctest::Approx(1048.576));
    CHECK(reason(volume("type = \"gp3\"\nsize = \"100 GiB\"", "ebs_throughput = \"1048 Mbps\"\n"),
                 RiskReason::Kind::volume) == nullptr);
}

TEST_CASE("risk: what a class lets through is not known everywhere, and is then no reassurance") {
    const auto gcp = [](std::string_view more) {
        return test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nprovider = \"gcp\"\nregion = \"us-central1\"\n[policy]\nallow = "
            "[\"db-custom-4-16384\"]\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = "
            "\"16\"\nclass = \"db-custom-4-16384\"\n[database.observed]\nwindow = \"14 d\"\nfreeable_memory = "
            "\"6 GiB\"\n{}{}",
            calm, more));
    };
    CHECK(advice(gcp("")).risk == Risk::low);
    const Planned made = gcp("iops = 9000\n");
    CHECK(advice(made).verdict == Verdict::keep);
    REQUIRE(reason(made, RiskReason::Kind::no_limit) != nullptr);
    CHECK(reason(made, RiskReason::Kind::no_limit)->reason.check.dimension == Dimension::iops);
    CHECK(advice(made).risk == Risk::medium);
}

TEST_CASE("risk: without any CPU figure nothing can be called safe") {
    const Planned made = test::plan_text(
        "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\nprovider = \"self-managed\"\nengine = "
        "\"postgresql\"\nversion = \"16.8\"\nvcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 200\n");
    CHECK(advice(made).verdict == Verdict::keep);
    CHECK(advice(made).risk == Risk::medium);
    CHECK(reason(made, RiskReason::Kind::unmeasured) != nullptr);
    CHECK(reason(kept("", calm), RiskReason::Kind::unmeasured) == nullptr);
}

TEST_CASE("risk: a loss that is not survived is a serious one, whether or not the class changes") {
    const auto pair = [](std::string_view peak, std::string_view theirs) {
        const auto server = [](std::string_view name, std::string_view keys, std::string_view busy) {
            return fmt::format(
                "[[database]]\nname = \"{}\"\n{}[database.observed]\nwindow = \"14 d\"\nfreeable_memory = "
                "\"4 GiB\"\ncpu_mean = \"10%\"\ncpu_peak = \"{}\"\n",
                name, keys, busy);
        };
        return test::plan_text(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"db.m5.large\"]\n" +
            server("main", "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n", peak) +
            server("ro", "replica_of = \"main\"\n", theirs) +
            "[[service]]\nname = \"s\"\n[[service.pool]]\nname = \"p\"\nmax = 5\ndatabase = \"ro\"\n");
    };
    // Of two threads a core, half busy is 1/1.3 of the capacity: (1 + 0.1 × 0.3 + 1 + 0.16 × 0.3) / 1.3.
    const Planned lost = pair("55%", "58%");
    for (const Index i : {0, 1}) {
        CHECK(advice(lost, i).verdict == Verdict::keep);
        CHECK(advice(lost, i).risk == Risk::high);
        REQUIRE(reason(lost, RiskReason::Kind::not_survived, i) != nullptr);
        CHECK(reason(lost, RiskReason::Kind::not_survived, i)->reason.check.value->high ==
              doctest::Approx(2.078 / 1.3));
    }
    CHECK(reason(pair("10%", "15%"), RiskReason::Kind::not_survived) == nullptr);
}

TEST_CASE("risk: memory of which nothing is known is not given up") {
    const auto big = [](std::string_view observed) {
        return test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
            "\"postgresql\"\nversion = \"16.8\"\nclass = \"db.r5.4xlarge\"\n[database.observed]\nwindow = "
            "\"14 d\"\ncpu_mean = \"1%\"\ncpu_peak = \"2%\"\n{}",
            observed));
    };
    // 128 GiB, and no figure of memory: asked for.
    const Planned unknown = big("");
    CHECK(advice(unknown).verdict == Verdict::unknown);
    REQUIRE(advice(unknown).missing.size() == 1);
    CHECK(advice(unknown).missing[0].what == Missing::freeable_memory);
    // What it frees may be the cache that the working set lives in: a serious risk, named, with the evidence asked for.
    const Planned free = big("freeable_memory = \"120 GiB\"\n");
    CHECK(advice(free).verdict == Verdict::resize);
    CHECK(advice(free).risk == Risk::high);
    REQUIRE(reason(free, RiskReason::Kind::cache) != nullptr);
    CHECK(!reason(free, RiskReason::Kind::cache)->data);
    CHECK(reason(big("freeable_memory = \"120 GiB\"\ndata_size = \"500 MiB\"\n"), RiskReason::Kind::cache) == nullptr);
}
