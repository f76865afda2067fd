#include <string>

#include <doctest/doctest.h>

#include <poolfit/diag/diagnostic.hpp>

using poolfit::diag::nearest;

TEST_CASE("nearest: what was probably meant") {
    const std::vector<std::string_view> keys{"instances", "name", "host", "runtime", "max", "deploy"};
    CHECK(nearest("instanes", keys) == "instances");
    CHECK(nearest("isntances", keys) == "instances");
    CHECK(nearest("nmae", keys) == "name");
    CHECK(nearest("NAME", keys) == "name");
    CHECK(nearest("mx", keys) == "");
    CHECK(nearest("mxa", keys) == "max");
    CHECK(nearest("hots", keys) == "host");
    CHECK(nearest("pool", keys) == "");
    CHECK(nearest("", keys) == "");
    CHECK(nearest("name", {}) == "");
}

TEST_CASE("nearest: a third of the word at most, the first of equals, case decides between them") {
    CHECK(nearest("abcdef", {"abxxef"}) == "abxxef");
    CHECK(nearest("abcdef", {"abxxxf"}) == "");
    CHECK(nearest("abcd", {"abxd", "abyd"}) == "abxd");
    CHECK(nearest("Max", {"Mbx", "max"}) == "max");
    CHECK(nearest("max", {"Max", "max"}) == "max");
}

TEST_CASE("nearest: words over 64 bytes have no neighbour") {
    const std::string exact(64, 'a'), longer(65, 'a');
    CHECK(nearest(exact, {exact}) == exact);
    CHECK(nearest(longer, {longer}) == "");
    CHECK(nearest(exact, {longer}) == "");
}
