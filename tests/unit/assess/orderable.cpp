// What the provider's own answer about orderable classes leaves out.
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/catalog/overlay.hpp>
#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using State = Offer::State;

namespace {

/// An answer about the first classes of the catalog but db.m5.xlarge, db.t3.medium as single-AZ only.
Catalog answered(std::size_t count) {
    Catalog known;
    const Platform& platform = *platform::find("aws", "postgresql");
    std::string classes;
    std::size_t listed = 1;
    for (const InstanceClass* cls : known.classes(platform))
        if (listed < count && cls->name != "db.m5.xlarge" && cls->name != "db.t3.medium") {
            classes += fmt::format("{}\"{}\"", listed == 1 ? "" : ", ", cls->name);
            ++listed;
        }
    Sources sources;
    Diagnostics diagnostics;
    const std::string head = R"("engine": "postgresql", "region": "us-east-1", "as_of": "2026-11-21", "source": "x", )";
    REQUIRE(load::overlay(
        sources.add("own.json", R"({"schema": "poolfit-catalog/1", "orderable": [{)" + head +
                                    R"("versions": ["17.4", "16.8"], "classes": [)" + classes + "]}, {" + head +
                                    R"("versions": ["17.4", "16.8"], "single_az_only": ["17.4"], )" +
                                    R"("classes": ["db.t3.medium"]}]})"),
        known, diagnostics));
    return known;
}

State state(const Catalog& known, std::string_view cls, std::string_view rest) {
    const auto planned = test::plan_with(
        known, fmt::format("schema = \"poolfit-inventory/1\"\nname = \"t\"\n[[database]]\nname = \"db\"\n"
                           "engine = \"postgresql\"\nclass = \"db.m5.large\"\n{}",
                           rest));
    for (const Offer& offer : planned.plan.market->offers(0).all)
        if (offer.cls->name == cls) return offer.state;
    return State::legacy;
}

constexpr std::string_view here = "region = \"us-east-1\"\n";

}  // namespace

TEST_CASE("orderable: a whole answer leaves a class out in its region, for the versions that it has") {
    const Catalog whole = answered(30);
    const auto of = [&](std::string_view version, std::string_view region = "us-east-1") {
        return state(whole, "db.m5.xlarge", fmt::format("version = \"{}\"\nregion = \"{}\"\n", version, region));
    };
    CHECK(of("16.8") == State::not_orderable);
    CHECK(of("16") == State::not_orderable);
    CHECK(of("16.4") == State::offered);
    CHECK(of("16.8", "eu-central-1") == State::offered);
    // A question about a few classes has a short answer.
    const Catalog few = answered(29);
    CHECK(state(few, "db.m5.xlarge", std::string(here) + "version = \"16.8\"\n") == State::offered);
}

TEST_CASE("orderable: what starts as single-AZ only is not for Multi-AZ") {
    const Catalog known = answered(30);
    const auto of = [&](std::string_view version, bool both) {
        return state(known, "db.t3.medium", fmt::format("{}version = \"{}\"\nmulti_az = {}\n", here, version, both));
    };
    CHECK(of("17.4", true) == State::no_standby);
    CHECK(of("17.4", false) == State::offered);
    CHECK(of("16.8", true) == State::offered);
}
