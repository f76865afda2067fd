// The whole bill of fleets with volumes, environments, clusters, serverless capacity, idle databases and commitments.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = sampled(150);
constexpr double slack = 1e-4;  // dollars: sums of rounded parts

class Writer {
public:
    explicit Writer(Generator& generator) : generator_(generator) {}

    std::string fleet() {
        text_ = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";
        if (chance(3)) text_ += "[policy]\nallow_arm = true\n";
        const int count = draw(1, 6);
        // Commitments keep what is covered, so half of the fleets have none.
        for (int i = 0; i < count; ++i) {
            const int kind = draw(0, 5);
            kind == 0 ? serverless(i) : kind <= 2 ? cluster(i) : instance(i);
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

    void cluster(int i) {
        text_ += fmt::format(
            "[[database]]\nname = \"c{}\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = "
            "\"db.r6g.{}\"\n",
            i, chance(2) ? "large" : "xlarge");
        environment();
        if (chance(2))
            text_ += fmt::format("[database.storage]\ntype = \"{}\"\nsize = \"{} GiB\"\nio_requests = \"{}M/month\"\n",
                                 chance(2) ? "standard" : "io-optimized", draw(10, 900), draw(1, 2000));
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

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }
template <class Amount>
double low(const std::optional<Figure<Amount>>& amount) {
    if (!amount) return 0;
    if constexpr (requires { amount->value.low; })
        return dollars(amount->value.low);
    else
        return dollars(amount->value);
}

/// The bill of today and of the plan, from the parts that each database and pooler has.
void add_up(const Planned& made) {
    const Plan& plan = made.plan;
    const Totals& totals = plan.totals;
    double now = 0, after = 0;
    for (Index i = 0; i < plan.databases.size(); ++i) {
        const DatabasePlan& own = plan.databases[i];
        const bool deleted = own.recommendation.verdict == Verdict::idle;
        if (made.fleet.databases[i].platform->has_classes && own.recommendation.saves) {
            now += dollars(own.now.cost->value);
            // What is deleted leaves the bill.
            after += deleted ? 0 : dollars(own.chosen.cost->value);
        }
        if (own.capacity && !own.capacity->instead && own.capacity->cost) {
            now += low(own.capacity->cost);
            after += deleted ? 0 : low(own.capacity->cost);
        }
        if (own.storage) {
            now += low(own.storage->cost.cost);
            CHECK(own.storage->kept == !deleted);
            after += deleted ? 0 : low(own.storage->cost.cost);
        }
    }
    if (!totals.bill_now) return;
    CHECK(low(totals.bill_now) == doctest::Approx(now).epsilon(1e-9).scale(slack / 1e-9));
    REQUIRE(totals.bill_after);
    CHECK(low(totals.bill_after) == doctest::Approx(after).epsilon(1e-9).scale(slack / 1e-9));
    CHECK(std::abs(low(totals.bill_saves) - (now - after)) < slack);
}

/// No advice costs money that is given for money.
void check_advice(const Planned& made) {
    double stops = 0;
    for (Index i = 0; i < made.plan.databases.size(); ++i) {
        const DatabasePlan& own = made.plan.databases[i];
        const Recommendation& advice = own.recommendation;
        if (advice.verdict == Verdict::resize && !made.plan.committed) CHECK(advice.saves->value.value > 0);
        if (advice.idle && advice.saves) CHECK(advice.saves->value.value >= 0);
        if (advice.idle && advice.idle->saves)
            CHECK(advice.idle->saves->value.low >= (advice.saves ? advice.saves->value : MicroUsdPerMonth(0)));
        if (advice.serverless) CHECK(advice.serverless->saves.value.low.value > 0);
        if (advice.stop) {
            CHECK(advice.stop->saves.value.value > 0);
            CHECK(advice.verdict != Verdict::idle);
            stops += dollars(advice.stop->saves.value);
        }
        if (!own.storage || !own.storage->advice) continue;
        const StorageAdvice& volume = *own.storage->advice;
        const bool for_iops =
            volume.kind == StorageAdvice::Kind::more_iops || volume.kind == StorageAdvice::Kind::retired;
        if (!for_iops && volume.saves) CHECK(volume.saves->value.low.value > 0);
        CHECK((volume.to != own.storage->volume.kind || own.storage->volume.iops || volume.gib));
    }
    // A schedule takes a part of what is left.
    if (made.plan.totals.after)
        CHECK(stops <= low(made.plan.totals.after) + low(made.plan.totals.capacity_after) + slack);
}

/// What is really paid falls by what the list price does, less what commitments no longer cover, and more by what they
/// newly do.
void check_commitments(const Planned& made) {
    if (!made.plan.committed) return;
    const Committed& committed = *made.plan.committed;
    if (!committed.total_saves) return;
    double freed = 0;
    const auto covered = [](const Paid& paid) { return dollars(paid.by_units.value) + dollars(paid.by_plan.value); };
    for (Index i = 0; i < made.fleet.databases.size(); ++i) {
        if (!made.plan.databases[i].recommendation.saves || made.fleet.databases[i].platform->elastic) continue;
        if (made.plan.databases[i].recommendation.serverless) return;
        freed += covered(committed.after[i]) - covered(committed.now[i]);
    }
    double list = low(made.plan.totals.saves);
    if (made.plan.totals.poolers_now) list -= low(made.plan.totals.poolers_now) - low(made.plan.totals.poolers_after);
    CHECK(low(committed.total_saves) <= list + std::max(freed, 0.0) + slack);
    CHECK(std::abs(low(committed.total_saves) - (list + freed)) < slack);
}

/// Each figure is made of figures.
void check_figures(const Planned& made) {
    for (const Key& key : made.figures->conflicts()) FAIL_CHECK(assess::name(key, made.fleet));
    for (std::size_t k = 0; k < made.figures->all().size(); ++k)
        for (const FigureId input : made.figures->inputs(FigureId{static_cast<std::uint32_t>(k)}))
            CHECK(static_cast<bool>(input));
}

}  // namespace

TEST_CASE("bill: it is the sum of its parts, what goes leaves it, and no advice costs money") {
    int deleted = 0, stopped = 0, grown = 0, billed = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + 4711);
        const std::string text = Writer(generator).fleet();
        INFO("seed " << seed << "\n" << text);
        const Planned made = plan_text(text);
        add_up(made);
        check_advice(made);
        check_commitments(made);
        check_figures(made);
        billed += made.plan.totals.bill_now ? 1 : 0;
        for (const DatabasePlan& own : made.plan.databases) {
            deleted += own.recommendation.idle ? 1 : 0;
            stopped += own.recommendation.stop ? 1 : 0;
            grown += own.storage && own.storage->advice && own.storage->advice->gib ? 1 : 0;
        }
    }
    MESSAGE(deleted << " deleted, " << stopped << " stopped, " << grown << " grown");
    CHECK(billed > cases / 2);
    CHECK(deleted > 0);
    CHECK(stopped > 0);
    CHECK(grown > 0);
}
