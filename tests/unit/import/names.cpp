#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/load/names.hpp>

#include "../../../src/import/csv/names.hpp"

using namespace poolfit;
using Names = std::vector<std::string>;

TEST_CASE("good names stay, the others become good ones, each once") {
    const auto names = imports::database_names;
    CHECK(names({"orders", "Orders", "a.b_c-1"}) == Names{"orders", "Orders", "a.b_c-1"});
    CHECK(names({"orders db", "-x-", "日本", "%"}) == Names{"orders-db", "x", "database", "database-2"});
    CHECK(names({"Müller & Söhne", "Größe", "Łódź", "Cafe\u0301"}) == Names{"Muller-Sohne", "Grosse", "Lodz", "Cafe"});
    CHECK(names({"orders", "orders", "orders"}) == Names{"orders", "orders-2", "orders-3"});
    // What is good already has the first claim.
    CHECK(names({"a b", "a-b", "a-b-2", "a b"}) == Names{"a-b-3", "a-b", "a-b-2", "a-b-4"});
    const Names longs = names({std::string(70, 'x'), std::string(71, 'x')});
    CHECK(longs[0] == std::string(64, 'x'));
    CHECK(longs[1] == std::string(62, 'x') + "-2");
    for (const std::string& name : longs) CHECK(load::not_of_a_name(name) == name.size());
}
