// docs/rules.md is what markdown() makes. POOLFIT_ACCEPT=1 rewrites it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include <poolfit/lint/rule.hpp>

using namespace poolfit;

TEST_CASE("docs/rules.md is generated from the rules") {
    const char* path = "docs/rules.md";
    const std::string wanted = lint::markdown();
    if (const char* accept = std::getenv("POOLFIT_ACCEPT"); accept && std::string(accept) == "1") {
        std::ofstream file(path, std::ios::binary);
        file << wanted;
    }
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    CHECK_MESSAGE(text.str() == wanted, "run POOLFIT_ACCEPT=1 build/tests/poolfit_unit -tc='docs/rules.md*'");
}

TEST_CASE("docs/rules.md has every rule and the twenty-five pains") {
    const std::string text = lint::markdown();
    for (const Rule* rule : lint::rules()) {
        CAPTURE(rule->id);
        CHECK(text.find(fmt::format("\n## {} {}\n", rule->id, rule->name)) != text.npos);
    }
    CHECK(text.find("\n| 25 | ") != text.npos);
    CHECK(text.find("\n| 26 | ") == text.npos);
}
