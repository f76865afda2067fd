// data/emit: what each driver and each language has.
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "../../../src/emit/targets.hpp"

namespace poolfit::emit {
namespace {

std::string with(const Target& target, bool all) {
    const auto given = [&](const char* text) { return all ? std::optional<std::string>(text) : std::nullopt; };
    const std::array holes{Hole{"max", "7319"},
                           Hole{"Pool", "Main"},
                           Hole{"processes", "7319"},
                           Hole{"Own", ""},
                           Hole{"own", given("x")},
                           Hole{"in", ""},
                           Hole{"alias", "x"},
                           Hole{"env", ""},
                           Hole{"server_url", "x"},
                           Hole{"acquire_ms", given("20000")},
                           Hole{"acquire_s", given("20")},
                           Hole{"life_ms", given("60000")},
                           Hole{"life_s", given("60")},
                           Hole{"app", given("'x'")},
                           Hole{"app_url", given("x")},
                           Hole{"client", "c"}};
    return filled(target.snippet, holes);
}

TEST_CASE("each driver that a service can have is set up by a file") {
    std::set<std::string_view> drivers;
    for (const Target& target : targets()) {
        drivers.insert(target.driver);
        CAPTURE(target.driver);
        for (const bool all : {true, false}) {
            const std::string text = with(target, all);
            CHECK(text.find("7319") != text.npos);
            CHECK(text.find("{{") == text.npos);
            CHECK(text.find("{?") == text.npos);
        }
    }
    CHECK(drivers.size() >= 30);
}

TEST_CASE("each language with a literal of its own has a guard") {
    std::set<std::string_view> languages;
    for (const Guard& guard : guards()) {
        languages.insert(guard.name);
        const std::array holes{Hole{"entries", "entries"}};
        CHECK(filled(guard.snippet, holes).find("entries") != std::string::npos);
    }
    for (const Target& target : targets()) {
        CAPTURE(target.driver);
        const bool none = target.driver_language == "cpp" || target.driver_language == "haskell";
        CHECK((languages.contains(target.driver_language) || none));
    }
}

}  // namespace
}  // namespace poolfit::emit
