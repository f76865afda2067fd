#include <poolfit/emit/identifiers.hpp>

#include <string>

#include <doctest/doctest.h>

using namespace poolfit;

namespace {

// Quotes, what languages replace, a newline, a direction mark and a control character.
const std::string hostile = "a'b\"c`$(d)${x}%{y}{{z}}\\n\n</script>::\u202e\x1b";

bool only(const std::string& text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string::npos;
}

}  // namespace

TEST_CASE("identifiers: Terraform") {
    CHECK(emit::terraform_name("orders-r1") == "orders_r1");
    CHECK(emit::terraform_name("shop.eu") == "shop_eu");
    CHECK(emit::terraform_name("7up") == "db_7up");
    CHECK(emit::terraform_name("") == "db_");
    CHECK(only(emit::terraform_name(hostile), "abcdefghijklmnopqrstuvwxyz_"));
}

TEST_CASE("identifiers: CloudFormation") {
    CHECK(emit::logical_id("orders-r1") == "OrdersR1");
    CHECK(emit::logical_id("shop.eu") == "ShopEu");
    CHECK(emit::logical_id("7up") == "Db7up");
    CHECK(emit::logical_id("..") == "Db");
    for (const char* word : {"true", "False", "yes", "No", "on", "OFF", "y", "n", "null", "NULL"}) {
        CAPTURE(word);
        CHECK(emit::logical_id(word) == "Db" + emit::type_name(word));
    }
    CHECK(emit::logical_id("no-one") == "NoOne");
    CHECK(only(emit::logical_id(hostile), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"));
}

TEST_CASE("identifiers: an environment variable") {
    CHECK(emit::variable_name("read-1") == "READ_1");
    CHECK(emit::variable_name("1st") == "_1ST");
    CHECK(only(emit::variable_name(hostile), "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"));
}

TEST_CASE("identifiers: Kubernetes") {
    CHECK(emit::object_name("Shop.eu_1") == "shop.eu-1");
    CHECK(emit::object_name("api_") == "api");
    CHECK(emit::container_name("Shop.eu_1") == "shop-eu-1");
    CHECK(only(emit::container_name(hostile), "abcdefghijklmnopqrstuvwxyz-"));
}

TEST_CASE("identifiers: a pattern matches the text alone") {
    CHECK(emit::pattern_of("orders-r1") == "orders-r1");
    CHECK(emit::pattern_of("a.b") == "a\\.b");
    CHECK(emit::pattern_of("(a|b)*+?[c]{2}^\\") == "\\(a\\|b\\)\\*\\+\\?\\[c\\]\\{2\\}\\^\\\\");
    CHECK(emit::pattern_of("$x") == "[$]x");
}

TEST_CASE("identifiers: a template gives the text") {
    CHECK(emit::template_of("orders") == "orders");
    CHECK(emit::template_of("a{{b}}") == "a{{ \"{{\" }}b}}");
    CHECK(emit::template_of("{{{") == "{{ \"{{\" }}{");
    CHECK(emit::template_of("{ {") == "{ {");
}

TEST_CASE("identifiers: each different from the earlier ones") {
    emit::Distinct distinct("_");
    CHECK(distinct("a_b") == "a_b");
    CHECK(distinct("a_b") == "a_b_2");
    CHECK(distinct("a_b") == "a_b_3");
    CHECK(distinct("a_b_2") == "a_b_2_2");
}
