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
