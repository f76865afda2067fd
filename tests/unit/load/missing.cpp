// Records without a key that they need.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Row {
    std::string_view section;  ///< of inventory_with()
    std::string_view lines;    ///< "-key" leaves the key out
    std::string_view message;
};

}  // namespace

TEST_CASE("load: what a record can't do without") {
    const Row missing[] = {
        {"", "-schema", "the inventory 'agora' has no schema"},
        {"database", "-name", "[[database]] has no name"},
        {"database", "-engine", "[[database]] 'primary' has no engine"},
        {"replica", "-name", "[[database]] has no name"},
        {"service", "-name", "[[service]] has no name"},
        {"pool", "-name", "[[service.pool]] has no name"},
        {"pool", "-database", "[[service.pool]] 'main' has no database"},
        {"pool", "-max", "a pool needs max or driver"},
        {"host", "-class", "a host needs class or vcpus"},
        {"host", "-name", "[[host]] has no name"},
        {"pooler", "-name", "[[pooler]] has no name"},
        {"pooler", "-kind", "[[pooler]] 'bouncer' has no kind"},
        {"pooler", "-database", "[[pooler]] 'bouncer' has no database"},
        {"price", "-class", "[[price]] has no class"},
        {"price", "-usd_per_month", "a price needs usd_per_month or usd_per_hour"},
        {"ignore", "-rule", "[[ignore]] has no rule"},
        {"workload", "-rate", "a workload needs rate, or users and think"},
        {"workload", "-hold", "a workload needs hold, or hold_p50 and hold_p95"},
    };
    for (const auto& row : missing) {
        CAPTURE(row.lines);
        const auto text = inventory_with(row.section, row.lines);
        const auto loaded = load_text(text);
        REQUIRE(loaded.diagnostics.all().size() == 1);
        const auto& made = loaded.diagnostics.all()[0];
        CHECK(made.message == row.message);
        CHECK(made.fix != "");
        if (row.section.empty()) {
            CHECK(loaded.list() == "1:1 the inventory 'agora' has no schema\n");
            continue;
        }
        // The header's line, and no more.
        const auto where = text.substr(made.place.span.begin, made.place.span.end - made.place.span.begin);
        CHECK(where.starts_with('['));
        CHECK(where.ends_with(']'));
        CHECK(section_of(where) == (row.section == "replica" ? "database" : row.section));
    }
}
