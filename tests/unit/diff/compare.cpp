#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/diff/compare.hpp>

using namespace poolfit;
using diff::Bill;
using diff::Cost;
using diff::Count;
using diff::Presence;

namespace {

Count exactly(std::int64_t value) { return {Presence::known, value}; }
Cost usd(std::int64_t low, std::int64_t high) {
    return {Presence::known, {MicroUsdPerMonth(low * 1'000'000), MicroUsdPerMonth(high * 1'000'000)}};
}
Cost usd(std::int64_t amount) { return usd(amount, amount); }
diff::Money money(std::int64_t low, std::int64_t high) { return usd(low, high).value; }

diff::Database database(std::string name, std::int64_t steady, Cost cost) {
    diff::Database out;
    out.name = std::move(name);
    out.cls = out.cls_after = "db.t3.medium";
    out.steady = out.deploy = out.steady_after = out.deploy_after = exactly(steady);
    out.usable = 100;
    out.instance = {cost, cost, "db.t3.medium", false};
    return out;
}

diff::Snapshot snapshot(std::vector<diff::Database> databases) {
    diff::Snapshot out;
    out.databases = std::move(databases);
    out.findings.emplace();
    return out;
}

diff::Finding finding(std::string fingerprint, Severity severity = Severity::warning, bool suppressed = false) {
    diff::Finding out;
    out.fingerprint = std::move(fingerprint);
    out.severity = severity;
    out.suppressed = suppressed;
    return out;
}

}  // namespace

TEST_CASE("diff: changed, added and removed databases, and their sums") {
    const auto base = snapshot({database("a", 80, usd(50)), database("b", 7, usd(60)), database("same", 1, usd(5))});
    auto head = snapshot({database("same", 1, usd(5)), database("c", 9, usd(70)), database("a", 120, usd(100))});
    head.databases[2].usable = 90;
    const diff::Comparison all = diff::compare(base, head);
    REQUIRE(all.databases.size() == 3);
    CHECK(all.same_databases == 1);
    // In the order of head, then what is gone.
    CHECK(all.databases[0].kind == diff::Kind::added);
    CHECK(all.databases[0].steady == 9);
    CHECK(all.databases[0].cost == money(70, 70));
    CHECK(all.databases[1].kind == diff::Kind::changed);
    CHECK(all.databases[1].steady == 40);
    CHECK(all.databases[1].usable == -10);
    CHECK(all.databases[1].cost == money(50, 50));
    CHECK(all.databases[1].worse);
    CHECK(all.databases[2].kind == diff::Kind::removed);
    CHECK(all.databases[2].steady == -7);
    CHECK(all.databases[2].cost == money(-60, -60));
    CHECK_FALSE(all.databases[2].worse);
    CHECK(all.steady.base == 88);
    CHECK(all.steady.head == 130);
    CHECK(all.steady.difference == 42);  // 9 + 40 − 7
    CHECK(all.cost.base == money(115, 115));
    CHECK(all.cost.head == money(175, 175));
    CHECK(all.cost.difference == money(60, 60));
}

TEST_CASE("diff: less room is worse, with the same connections") {
    const auto base = snapshot({database("a", 80, usd(50))});
    auto head = base;
    head.databases[0].usable = 90;
    CHECK(diff::compare(base, head).databases[0].worse);
    CHECK_FALSE(diff::compare(head, base).databases[0].worse);
}

TEST_CASE("diff: more after the plan is worse, and what is removed never is") {
    const auto base = snapshot({database("a", 80, usd(50))});
    for (Count diff::Database::*of : {&diff::Database::steady_after, &diff::Database::deploy_after}) {
        auto head = base;
        head.databases[0].*of = exactly(81);
        CHECK(diff::compare(base, head).databases[0].worse);
        CHECK_FALSE(diff::compare(head, base).databases[0].worse);
    }
    auto head = base;
    head.databases[0].instance.after = usd(51);
    CHECK(diff::compare(base, head).databases[0].worse);
    head.databases[0].instance.now = head.databases[0].instance.after = {Presence::unknown, {}};
    const diff::Comparison all = diff::compare(head, snapshot({}));
    CHECK_FALSE(all.databases[0].cost);
    CHECK_FALSE(all.databases[0].worse);
}

TEST_CASE("diff: a part that is not known and stays is named beside the sums of the others") {
    auto base = snapshot({database("a", 10, usd(50))});
    base.databases[0].poolers = {{Presence::unknown, {}}, {Presence::unknown, {}}, "px\n2 vCPUs\n", false};
    auto head = base;
    head.databases[0].instance.now = usd(70);
    diff::Comparison all = diff::compare(base, head);
    CHECK(all.cost.difference == money(20, 20));
    CHECK(all.cost.base == money(50, 50));
    CHECK(all.cost.head == money(70, 70));
    CHECK(all.cost.partly == std::vector<std::string>{"a"});
    CHECK(all.cost.unknown.empty());
    head.databases[0].poolers.what = "px\n96 vCPUs\n";
    all = diff::compare(base, head);
    CHECK_FALSE(all.databases[0].cost);
    CHECK(all.cost.unknown == std::vector<std::string>{"a"});
    CHECK(all.cost.partly.empty());
    head.databases[0].poolers.what = base.databases[0].poolers.what;
    head.databases[0].poolers.what_after = "db.t3.large\n";
    all = diff::compare(base, head);
    CHECK(all.databases[0].cost == money(20, 20));
    CHECK_FALSE(all.databases[0].cost_after);
}

TEST_CASE("diff: ranges differ by the worse ends of both, and one that stays by nothing") {
    const auto base = snapshot({database("stays", 0, usd(100, 700)), database("moves", 0, usd(10, 20))});
    auto head = base;
    head.databases[1].instance.now = usd(15, 40);
    const diff::Comparison all = diff::compare(base, head);
    REQUIRE(all.databases.size() == 1);
    CHECK(all.databases[0].cost == money(-5, 30));
    CHECK(all.cost.difference == money(-5, 30));
    CHECK(all.cost.base == money(110, 720));
}

TEST_CASE("diff: the same range for something else is no longer the same money") {
    const auto base = snapshot({database("a", 0, usd(10, 20))});
    auto head = base;
    head.databases[0].instance.what = "serverless";
    CHECK(diff::compare(base, head).databases[0].cost == money(-10, 10));
}

TEST_CASE("diff: a difference with something unknown is unknown, unless what is paid for stays") {
    auto base = snapshot({database("a", 10, {Presence::unknown, {}}), database("b", 10, usd(50))});
    auto head = base;
    head.databases[0].steady = exactly(12);
    head.databases[1].instance.now = usd(60);
    diff::Comparison all = diff::compare(base, head);
    CHECK(all.databases[0].cost == money(0, 0));
    CHECK(all.cost.unknown.empty());
    CHECK(all.cost.difference == money(10, 10));

    head.databases[0].instance.what = "db.t3.large";
    all = diff::compare(base, head);
    CHECK_FALSE(all.databases[0].cost);
    CHECK(all.databases[0].worse);
    CHECK(all.cost.unknown == std::vector<std::string>{"a"});
    CHECK(all.cost.difference == money(10, 10));  // of b
}

TEST_CASE("diff: a pool without a limit leaves the sum open where a pool of its database differs") {
    auto base = snapshot({database("a", 0, usd(50))});
    base.databases[0].steady = {Presence::unknown, 0};
    diff::Pool pool;
    pool.database = "a";
    pool.service = "api";
    pool.name = "main";
    pool.steady = exactly(10);
    base.pools = {pool};
    auto head = base;
    head.databases[0].usable = 50;
    CHECK(diff::compare(base, head).databases[0].steady == 0);
    head.pools[0].steady = exactly(20);
    const diff::Comparison all = diff::compare(base, head);
    CHECK_FALSE(all.databases[0].steady);
    REQUIRE(all.pools.size() == 1);
    CHECK(all.pools[0].steady == 10);
    CHECK(all.steady.unknown == std::vector<std::string>{"a"});
}

TEST_CASE("diff: a volume that neither side gives is left out; of one side it is not known") {
    auto base = snapshot({database("a", 0, usd(50))});
    base.databases[0].storage.now.presence = base.databases[0].storage.after.presence = Presence::open;
    auto head = base;
    head.databases[0].instance.now = usd(70);
    diff::Comparison all = diff::compare(base, head);
    CHECK(all.databases[0].cost == money(20, 20));
    CHECK(all.without_storage == std::vector<std::string>{"a"});
    CHECK(all.storage_on_one_side.empty());
    head.databases[0].storage = {usd(5), usd(5), "gp3", false};
    all = diff::compare(base, head);
    CHECK_FALSE(all.databases[0].cost);
    CHECK(all.storage_on_one_side == std::vector<std::string>{"a"});
    // A new database without one: what is known of it is added.
    all = diff::compare(snapshot({}), base);
    CHECK(all.databases[0].cost == money(50, 50));
}

TEST_CASE("diff: Extended Support that only one side knows leaves the cost open") {
    const auto base = snapshot({database("a", 0, usd(50))});
    auto head = base;
    head.databases[0].instance.without_support = true;
    head.databases[0].instance.now = usd(60);
    CHECK_FALSE(diff::compare(base, head).databases[0].cost);
}

TEST_CASE("diff: pools are told apart by database, service and name") {
    diff::Pool pool;
    pool.database = "a";
    pool.service = "api";
    pool.name = "main";
    pool.size = 5;
    pool.steady = pool.deploy = exactly(10);
    auto base = snapshot({database("a", 10, usd(1)), database("b", 10, usd(1))});
    base.pools = {pool};
    auto head = base;
    head.pools[0].database = "b";
    const diff::Comparison all = diff::compare(base, head);
    REQUIRE(all.pools.size() == 2);
    CHECK(all.pools[0].kind == diff::Kind::added);
    CHECK(all.pools[1].kind == diff::Kind::removed);
    CHECK(all.pools[1].steady == -10);
}

TEST_CASE("diff: findings are told apart by fingerprint, errors come first, and suppressed ones do not count") {
    auto base = snapshot({}), head = snapshot({});
    base.findings = {finding("1"), finding("2"), finding("3", Severity::error, true)};
    head.findings = {finding("4"), finding("2"), finding("1", Severity::warning, true), finding("3", Severity::error)};
    const diff::Comparison all = diff::compare(base, head);
    CHECK(all.compares_findings);
    REQUIRE(all.fresh.size() == 2);
    CHECK(all.fresh[0]->fingerprint == "3");
    CHECK(all.fresh[1]->fingerprint == "4");
    CHECK(all.gone.empty());
    REQUIRE(all.silenced.size() == 1);
    CHECK(all.silenced[0].finding->fingerprint == "1");
    CHECK(all.same_findings == 1);
    head.findings.reset();
    CHECK_FALSE(diff::compare(base, head).compares_findings);
    head.missing = true;
    CHECK(diff::compare(base, head).gone.size() == 2);
}

TEST_CASE("diff: a finding that is suppressed, or whose rule is off, is not gone") {
    using How = diff::Silenced::How;
    auto base = snapshot({}), head = snapshot({});
    base.findings = {finding("fixed"), finding("hidden"), finding("off", Severity::error)};
    base.findings->back().rule = "PF001";
    head.findings = {finding("hidden", Severity::warning, true), finding("at once", Severity::info, true)};
    head.left_out->rules = {"PF001"};
    diff::Comparison all = diff::compare(base, head);
    REQUIRE(all.gone.size() == 1);
    CHECK(all.gone[0]->fingerprint == "fixed");
    REQUIRE(all.silenced.size() == 3);
    CHECK(all.silenced[0].how == How::off);
    CHECK(all.silenced[0].finding->fingerprint == "off");
    CHECK(all.silenced[1].how == How::suppressed);
    CHECK(all.silenced[1].before == &(*base.findings)[1]);
    CHECK(all.silenced[2].finding->fingerprint == "at once");
    CHECK(all.silenced[2].before == nullptr);
    CHECK_FALSE(all.empty());
    // Suppressed on both sides: as before.
    CHECK(diff::compare(head, head).empty());
    // A report that does not tell which rules looked.
    head.left_out.reset();
    all = diff::compare(base, head);
    CHECK(all.gone.size() == 2);
}

TEST_CASE("diff: a finding that is more severe is new, one that is less severe is silenced") {
    auto base = snapshot({}), head = snapshot({});
    base.findings = {finding("1"), finding("2", Severity::error)};
    head.findings = {finding("1", Severity::error), finding("2", Severity::info)};
    const diff::Comparison all = diff::compare(base, head);
    REQUIRE(all.fresh.size() == 1);
    CHECK(all.fresh[0]->fingerprint == "1");
    REQUIRE(all.raised.size() == 1);
    CHECK(all.raised[0].before->severity == Severity::warning);
    CHECK(diff::judge(all, {}, Severity::error).failing == 1);
    REQUIRE(all.silenced.size() == 1);
    CHECK(all.silenced[0].how == diff::Silenced::How::less_severe);
    CHECK(all.same_findings == 0);
}

TEST_CASE("diff: the same finding with other figures is worse where its database is") {
    auto base = snapshot({database("a", 3'200, usd(50)), database("b", 80, usd(50))});
    diff::Pool pool;
    pool.database = "a";
    pool.service = "api";
    pool.name = "main";
    pool.steady = exactly(3'200);
    base.pools = {pool};
    const auto about = [](std::string target, std::string message) {
        diff::Finding out = finding(target);
        out.target = std::move(target);
        out.message = std::move(message);
        return out;
    };
    base.findings = {about("a", "3,200 of 91"), about("api.main", "32 each"), about("api", "same"),
                     about("b", "80 of 91")};
    auto head = base;
    head.databases[0].steady = exactly(6'400);
    head.pools[0].steady = exactly(6'400);
    head.findings = {about("a", "6,400 of 91"), about("api.main", "64 each"), about("api", "same"),
                     about("b", "80 of 92")};
    diff::Comparison all = diff::compare(base, head);
    REQUIRE(all.grown.size() == 2);
    CHECK(all.grown[0].before->message == "3,200 of 91");
    CHECK(all.grown[0].after->message == "6,400 of 91");
    CHECK(all.grown[1].after->target == "api.main");
    CHECK(all.same_findings == 4);
    CHECK(all.fresh.empty());
    all = diff::compare(head, base);  // it got better
    CHECK(all.grown.empty());
}

TEST_CASE(
    "diff: a finding is worse with its primary, with its pooler's clients, and one about connections not by money") {
    const auto about = [](std::string rule, std::string target, std::string message) {
        diff::Finding out = finding(rule + target);
        out.rule = std::move(rule);
        out.target = std::move(target);
        out.message = std::move(message);
        return out;
    };
    const auto grown = [](const diff::Snapshot& base, const diff::Snapshot& head) {
        std::vector<std::string> targets;
        const diff::Comparison all = diff::compare(base, head);
        for (const diff::Kept& each : all.grown) targets.push_back(each.after->target);
        return targets;
    };
    using Targets = std::vector<std::string>;
    auto base = snapshot({database("main", 80, usd(50)), database("copy", 5, usd(50)), database("other", 5, usd(50))});
    base.primaries = {{"copy", "main"}};
    base.findings = {about("PF004", "copy", "85 of 80"), about("PF004", "other", "5 of 4")};
    auto head = base;
    head.databases[0] = database("main", 90, usd(50));
    head.findings = {about("PF004", "copy", "95 of 80"), about("PF004", "other", "6 of 4")};
    CHECK(grown(base, head) == Targets{"copy"});  // it takes what connects to its primary
    head = base;
    head.databases[1] = database("copy", 6, usd(50));
    head.findings = {about("PF004", "main", "86 of 80"), about("PF004", "other", "6 of 4")};
    base.findings->front().fingerprint = head.findings->front().fingerprint;
    CHECK(grown(base, head) == Targets{"main"});

    base = snapshot({database("main", 20, usd(50))});
    base.pools = {{"main", "api", "clients", "bouncer", 5, 5, exactly(50), exactly(50), 1, 10, 1}};
    base.findings = {about("PF005", "bouncer", "50 of 40")};
    head = base;
    head.pools[0].steady = exactly(60);
    head.findings = {about("PF005", "bouncer", "60 of 40")};
    CHECK(grown(base, head) == Targets{"bouncer"});  // its server's connections stay
    CHECK(grown(head, base).empty());

    base = snapshot({database("main", 20, usd(50))});
    base.findings = {about("PF002", "main", "20 of 5"), about("PF101", "main", "saves $5"),
                     about("PF031", "main", "costs $50"), about("PF301", "main", "limit 5"),
                     about("PF303", "main", "40 days")};
    head = base;
    head.databases[0].usable = 200;
    head.databases[0].instance.now = usd(90);
    head.findings = {about("PF002", "main", "20 of 10"), about("PF101", "main", "saves $45"),
                     about("PF031", "main", "costs $90"), about("PF301", "main", "limit 10"),
                     about("PF303", "main", "41 days")};
    CHECK(diff::compare(base, head).databases[0].worse);
    CHECK(grown(base, head) == Targets{"main", "main"});
    CHECK(diff::compare(base, head).grown[0].after->rule == "PF101");
    CHECK(diff::compare(base, head).grown[1].after->rule == "PF031");
}

TEST_CASE("diff: catalog files of one date whose contents differ are other prices") {
    auto base = snapshot({database("a", 1, usd(1))}), head = base;
    CHECK(diff::same_prices(diff::compare(base, head)));
    base.catalog_files = "00000000000000aa";
    CHECK_FALSE(diff::same_prices(diff::compare(base, head)));  // only one has any
    head.catalog_files = "00000000000000ab";
    CHECK_FALSE(diff::same_prices(diff::compare(base, head)));
    head.catalog_files.reset();  // an earlier report does not tell
    CHECK(diff::same_prices(diff::compare(base, head)));
    head.catalog_files = base.catalog_files;
    CHECK(diff::same_prices(diff::compare(base, head)));
}

TEST_CASE("diff: a database that one report leaves out, and the other side has") {
    const auto base = snapshot({database("a", 1, usd(1)), database("b", 1, usd(1))});
    auto head = snapshot({database("a", 1, usd(1))});
    CHECK(diff::left_out_of_one(base, head).empty());  // it is removed
    head.left_out->databases = {"b", "new"};
    CHECK(diff::left_out_of_one(base, head) == std::vector<std::string>{"b"});
    CHECK(diff::left_out_of_one(head, base) == std::vector<std::string>{"b"});
    CHECK(diff::left_out_of_one(head, head).empty());
}
