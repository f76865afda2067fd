// Templates: values, lines without one, and parts of lines without one.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "../../../src/emit/targets.hpp"

namespace poolfit::emit {
namespace {

TEST_CASE("a line without its value is left out, and a part without its") {
    const std::array holes{Hole{"max", "7"}, Hole{"life", std::nullopt}, Hole{"app", "'{{max}}'"}};
    CHECK(filled("a {{max}} b\n", holes) == "a 7 b\n");
    CHECK(filled("a\nlife={{life}}\nb\n", holes) == "a\nb\n");
    CHECK(filled("p({{max}}{?, {{life}}?})\n", holes) == "p(7)\n");
    CHECK(filled("p({{max}}{?, {{max}}?})\n", holes) == "p(7, 7)\n");
    CHECK(filled("{\"n\": {{max}}}\n", holes) == "{\"n\": 7}\n");
    // A value is not read again.
    CHECK(filled("{{app}}\n", holes) == "'{{max}}'\n");
}

}  // namespace
}  // namespace poolfit::emit
