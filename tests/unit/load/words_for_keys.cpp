// Keys by the words of monitoring, drivers and poolers.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("load: what other tools call a key is found, where it is the table's") {
    struct Word {
        std::string_view header, word, key;
    };
    for (const Word& row :
         {Word{"[database.observed]", "cpu_max", "cpu_peak"}, Word{"[database.observed]", "cpu_avg", "cpu_mean"},
          Word{"[[pooler]]", "pool_mode", "mode"}, Word{"[[pooler]]", "pool_size", "default_pool_size"},
          Word{"[[pooler.database]]", "mode", "pool_mode"}, Word{"[[service.pool]]", "pool_size", "max"},
          Word{"[[service.pool]]", "max_connections", "max"}, Word{"[[service]]", "workers", "processes"},
          Word{"[[service]]", "concurrency", "threads"}}) {
        CAPTURE(row.word);
        const auto marked = unmark(inventory_with(section_of(row.header), fmt::format("«{}» = 1", row.word)));
        const auto loaded = load_text(marked.text);
        REQUIRE(!loaded.diagnostics.all().empty());
        CHECK(loaded.diagnostics.all()[0].label == fmt::format("did you mean {}?", row.key));
        CHECK(loaded.diagnostics.all()[0].fix == fmt::format("write {}", row.key));
    }
}

TEST_CASE("load: what others call a kind of service is answered with ours") {
    struct Word {
        std::string_view word, kind, also;
    };
    for (const Word& row : {Word{"cron", "job", ""}, Word{"batch", "job", ""}, Word{"scheduled", "job", ""},
                            Word{"CronJob", "job", ""}, Word{"worker", "server", ""}, Word{"web", "server", ""},
                            Word{"lambda", "server", ", and runtime = \"serverless\""}, Word{"pipeline", "ci", ""},
                            Word{"jop", "job", ""}}) {
        CAPTURE(row.word);
        const auto loaded = load_text(unmark(inventory_with("service", fmt::format("kind = «\"{}\"»", row.word))).text);
        REQUIRE(!loaded.diagnostics.all().empty());
        CHECK(loaded.diagnostics.all()[0].label == fmt::format("did you mean {}?", row.kind));
        CHECK(loaded.diagnostics.all()[0].fix == fmt::format("write \"{}\"{}", row.kind, row.also));
    }
}

TEST_CASE("load: --set of an environment is answered with --env") {
    const auto fix = [](std::string setting) {
        const auto loaded = load_text(inventory_with("service", "kind = \"server\""), {std::move(setting)});
        REQUIRE(loaded.diagnostics.all().size() == 1);
        CHECK(loaded.diagnostics.all()[0].message == "--set changes the inventory, not an environment");
        return loaded.diagnostics.all()[0].fix;
    };
    CHECK(fix("env.staging.service.api.instances=2") ==
          "choose it with --env staging, and leave env.staging out of the key");
    CHECK(fix("env=staging") == "choose it with --env NAME, and leave env.NAME out of the key");
}
