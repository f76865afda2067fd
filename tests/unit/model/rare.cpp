#include <poolfit/model/rare.hpp>

#include <string>
#include <utility>

#include <doctest/doctest.h>

using namespace poolfit;

TEST_CASE("a rare value is absent until it is given") {
    Rare<std::string> rare;
    CHECK(!rare.has_value());
    CHECK(!rare);
    rare.emplace() = "here";
    REQUIRE(rare.has_value());
    CHECK(*rare == "here");
    CHECK(rare->size() == 4);
    CHECK(sizeof(rare) == sizeof(void*));
}

TEST_CASE("copies of a rare value are apart") {
    Rare<std::string> one = std::string("one");
    Rare<std::string> other = one;
    *other = "other";
    CHECK(*one == "one");
    other = one;
    *one = "changed";
    CHECK(*other == "one");
    const Rare<std::string>& itself = other;
    other = itself;
    CHECK(*other == "one");
    other = Rare<std::string>();
    CHECK(!other);
    CHECK(*Rare<std::string>(std::move(one)) == "changed");
}
