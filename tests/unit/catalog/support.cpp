#include <doctest/doctest.h>

#include <set>
#include <string>

#include <poolfit/catalog/catalog.hpp>

#include "support/platforms.hpp"

using namespace poolfit;
using catalog::Supported;
using test::pg;

namespace {

const Catalog& built_in() {
    static const Catalog catalog;
    return catalog;
}

/// The clauses as "17 16 14.5+ =13.4".
std::string clauses(std::string_view cls) {
    std::string text;
    for (const VersionSupport& clause : built_in().find_class(pg, cls)->versions) {
        if (!text.empty()) text += ' ';
        if (clause.exactly) text += '=';
        text += std::to_string(clause.series.major);
        if (clause.exactly || clause.release > 0) text += '.' + std::to_string(clause.release);
        if (!clause.exactly && clause.release > 0) text += '+';
    }
    return text;
}

Supported supports(std::string_view cls, int major, int minor = -1) {
    return catalog::supports(pg, *built_in().find_class(pg, cls), EngineVersion{{major}, minor});
}

Supported supports(std::string_view cls) {
    return catalog::supports(pg, *built_in().find_class(pg, cls), std::nullopt);
}

}  // namespace

TEST_CASE("support: every sentence of the class table is read") {
    const std::pair<const char*, const char*> cases[] = {
        {"db.c6gd.large", "17 16 15 14.5+ =13.4 13.7+"},
        {"db.m5.large", "17 16 15 14 13 12 11 10.17+ 9.6+"},
        {"db.m5d.large", "17 16 15 14.5+ 13.7+ =13.4"},
        {"db.m6g.large", "17 16 15 14 13 12.7+"},
        {"db.m6gd.large", "17 16 15 14 13.7+ =13.4"},
        {"db.m6id.large", "17 16 15 14.5+ 13.7+"},
        {"db.m6in.large", "17 16 15 14.3+ 13.7+ 12.11+ 11.16+"},
        {"db.m7g.large", "17 16 15 14.5+ 13.4+"},
        {"db.m7i.large", "17.1+ 16.1+ 15.4+ 14.9+ 13.11+"},
        {"db.m8gd.large", "13.18+ 14.17+ 15.10+ 16.6+ 17.2+ 18.1+"},
        {"db.r6gd.large", "17 16 15 14.5+ 13.7+ =13.4"},
        {"db.r6i.large", "17 16 15 14 13.4+ 12.8+ 11.13+ 10.21+"},
        {"db.t3.large", "17 16 15 14 13 12 11 10 9.6+"},
        {"db.x2idn.16xlarge", "15 =14.6 =13.9"},
        {"db.z1d.large", ""},
    };
    std::set<std::string_view> read;
    for (const auto& entry : cases) {
        CAPTURE(entry.first);
        CHECK(clauses(entry.first) == entry.second);
        read.insert(built_in().find_class(pg, entry.first)->support_text);
    }
    std::set<std::string_view> all;
    for (const InstanceClass* cls : built_in().classes(pg)) all.insert(cls->support_text);
    read.insert("");  // not stated
    CHECK(read == all);
}

TEST_CASE("support: a version with its minor is in the list or not") {
    CHECK(supports("db.m5.xlarge", 16, 8) == Supported::yes);
    CHECK(supports("db.m5.xlarge", 10, 17) == Supported::yes);
    CHECK(supports("db.m5.xlarge", 10, 16) == Supported::no);
    CHECK(supports("db.c6gd.large", 13, 4) == Supported::yes);
    CHECK(supports("db.c6gd.large", 13, 5) == Supported::no);
    CHECK(supports("db.c6gd.large", 13, 7) == Supported::yes);
    CHECK(supports("db.x2idn.16xlarge", 14, 6) == Supported::yes);
    CHECK(supports("db.x2idn.16xlarge", 14, 7) == Supported::no);
    CHECK(supports("db.t4g.large", 11, 22) == Supported::no);
}

TEST_CASE("support: a major newer than the list is not ruled out") {
    CHECK(supports("db.t4g.small", 18, 6) == Supported::newer);
    CHECK(supports("db.t4g.small", 18) == Supported::newer);
    CHECK(supports("db.m8gd.large", 18, 1) == Supported::yes);
    CHECK(supports("db.m8gd.large", 18, 0) == Supported::no);
    CHECK(supports("db.m8gd.large", 19) == Supported::newer);
    CHECK(supports("db.x2idn.16xlarge", 18) == Supported::unknown);  // its list ends at 15, when others had 17
}

TEST_CASE("support: a major alone is known when all its minors are in, or none is") {
    CHECK(supports("db.m5.xlarge", 16) == Supported::yes);
    CHECK(supports("db.m7i.large", 16) == Supported::yes);
    CHECK(supports("db.m7i.large", 15) == Supported::unknown);
    CHECK(supports("db.m6id.large", 13) == Supported::unknown);
    CHECK(supports("db.m7i.large", 12) == Supported::no);
}

TEST_CASE("support: without a version, the mainstream majors decide") {
    CHECK(supports("db.m5.xlarge") == Supported::yes);
    CHECK(supports("db.t4g.large") == Supported::yes);
    CHECK(supports("db.m7i.large") == Supported::yes);
    CHECK(supports("db.x2idn.16xlarge") == Supported::unknown);
}

TEST_CASE("support: no is no, silence is unknown, and one list of two is likely") {
    CHECK(supports("db.m6i.large") == Supported::likely);
    CHECK(supports("db.m6i.large", 16, 8) == Supported::likely);
    CHECK(supports("db.m8i.large", 16, 8) == Supported::unknown);
    CHECK(supports("db.z1d.large") == Supported::no);
    CHECK(supports("db.z1d.large", 16, 8) == Supported::no);
    CHECK(supports("db.t2.large") == Supported::unknown);
    CHECK(supports("db.t2.large", 16, 8) == Supported::unknown);
}
