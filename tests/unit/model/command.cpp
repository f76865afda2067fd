#include <poolfit/model/command.hpp>

#include <doctest/doctest.h>

using namespace poolfit;

TEST_CASE("a word is quoted where a shell would split or expand it") {
    CHECK(model::in_shell("infra/poolfit.toml") == "infra/poolfit.toml");
    CHECK(model::in_shell("a b") == "'a b'");
    CHECK(model::in_shell("it's") == "'it'\\''s'");
    CHECK(model::in_shell("$HOME") == "'$HOME'");
}

TEST_CASE("a path is never read as a flag") {
    CHECK(model::file_in_shell("infra/poolfit.toml") == "infra/poolfit.toml");
    CHECK(model::file_in_shell("-y.toml") == "./-y.toml");
    CHECK(model::file_in_shell("-a b.toml") == "'./-a b.toml'");
    CHECK(model::file_in_shell("-") == "-");
    CHECK(model::file_in_shell("<stdin>") == "-");
}
