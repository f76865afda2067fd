#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <poolfit/catalog/catalog.hpp>

#include "csv.hpp"
#include "support/platforms.hpp"

using namespace poolfit;
using test::pg;

namespace {

const Catalog& built_in() {
    static const Catalog catalog;
    return catalog;
}

constexpr double connection = 9531392.0 / static_cast<double>(bytes_per_mib);  // MiB, of the default formula

/// A server of which the default max_connections is known. What RDS keeps of its OS-visible memory lies in
/// (least, most], since the formula truncates.
struct Server {
    std::string cls, kind;
    std::int64_t connections;
    double visible, least, most;
};

std::vector<Server> observed() {
    std::vector<Server> rows;
    for (const auto& row : csv::read("catalog/observed_max_connections.csv")) {
        if (row.at("provider") != "aws-rds" || row.at("engine") != "postgresql") continue;
        const double visible = csv::number(row, "ec2_os_visible_mib");
        const double count = csv::number(row, "observed_max_connections");
        rows.push_back({row.at("class"), row.at("kind"), std::llround(count), visible,
                        visible - (count + 1) * connection, visible - count * connection});
    }
    return rows;
}

/// The fit of docs/memory-model.md: the least and most that the observed servers keep, after a share of the memory
/// either way, and a margin.
struct Fit {
    double least = 1e9, most = 0;
};
constexpr double share = 0.0125, margin = 70;

Fit fit(const std::vector<Server>& rows, const std::string& without = "") {
    Fit fit;
    for (const Server& row : rows) {
        if (row.kind != "observed" || row.cls == without) continue;
        fit.least = std::min(fit.least, row.least + share * row.visible - margin);
        fit.most = std::max(fit.most, row.most - share * row.visible + margin);
    }
    return fit;
}

std::int64_t connections(double mib) { return static_cast<std::int64_t>(mib / connection); }

bool contains(const Fit& fit, const Server& row) {
    const double low = row.visible - fit.most - share * row.visible;
    const double high = row.visible - std::max(0.0, fit.least - share * row.visible);
    return connections(low) <= row.connections && row.connections <= connections(high);
}

Interval<Connections> expected(std::string_view cls) {
    return catalog::max_connections_expected(built_in(), pg, *built_in().find_class(pg, cls));
}

bool within(std::string_view cls, std::int64_t value) {
    auto range = expected(cls);
    return range.low.value <= value && value <= range.high.value;
}

}  // namespace

TEST_CASE("memory: the range holds every observed RDS PostgreSQL server") {
    const auto rows = observed();
    CHECK(rows.size() == 16);
    for (const Server& row : rows) {
        CAPTURE(row.cls);
        CAPTURE(row.connections);
        CHECK(within(row.cls, row.connections));
        CHECK(mib(*built_in().find_class(pg, row.cls)->os_visible) == row.visible);
    }
}

TEST_CASE("memory: the range is the fit, rounded outwards to a MiB") {
    const Fit all = fit(observed());
    const InstanceClass& cls = *built_in().find_class(pg, "db.t3.micro");
    const auto range = catalog::engine_memory(pg, cls).range;
    const double visible = mib(*cls.os_visible);
    CHECK(visible - mib(range.high) + share * visible == doctest::Approx(std::floor(all.least)));
    CHECK(visible - mib(range.low) - share * visible == doctest::Approx(std::ceil(all.most)));
}

TEST_CASE("memory: a fit without a class still holds that class's servers") {
    const auto rows = observed();
    for (const Server& row : rows) {
        CAPTURE(row.cls);
        CAPTURE(row.connections);
        CHECK(contains(fit(rows, row.cls), row));
    }
}

TEST_CASE("memory: servers known from elsewhere fall into the range") {
    CHECK(within("db.t3.large", 832));  // 8 GiB, seen where 901 is nominal
    CHECK(within("db.t3.small", 181));
    CHECK(within("db.t3.small", 191));
    CHECK(within("db.t3.micro", 79));
    CHECK(within("db.t4g.large", 832));
    CHECK(within("db.m7i.large", 832));
    CHECK(within("db.m5.large", 832));
    // MySQL, which divides the same memory by 12582880: about 630 on 8 GiB, about 60 on db.t3.micro.
    for (auto [cls, count] : {std::pair{"db.m7g.large", 630}, std::pair{"db.t3.micro", 60}}) {
        auto range = catalog::engine_memory(pg, *built_in().find_class(pg, cls)).range;
        CHECK(range.low.value / 12582880 <= count);
        CHECK(count <= range.high.value / 12582880);
    }
}

TEST_CASE("memory: no wider than it says") {
    CHECK(expected("db.m5.xlarge") == Interval(Connections(1667), Connections(1717)));
    CHECK(expected("db.t3.large") == Interval(Connections(820), Connections(859)));
    CHECK(expected("db.t3.medium") == Interval(Connections(387), Connections(415)));
    for (const InstanceClass* cls : built_in().classes(pg)) {
        CAPTURE(cls->name);
        auto range = catalog::engine_memory(pg, *cls).range;
        if (gib(cls->memory) < 8) continue;
        CHECK(mib(range.high - range.low) <= (cls->os_visible ? 0.05 : 0.06) * mib(cls->memory));
    }
}

TEST_CASE("memory: low to high to OS-visible to label, for every class") {
    for (const InstanceClass* cls : built_in().classes(pg)) {
        CAPTURE(cls->name);
        EngineMemory memory = catalog::engine_memory(pg, *cls);
        CHECK(memory.range.low.value > 0);
        CHECK(memory.range.low < memory.range.high);
        CHECK(memory.range.high < cls->memory);
        if (cls->os_visible) {
            CHECK(memory.range.high <= *cls->os_visible);
            CHECK(*cls->os_visible <= cls->memory);
        }
        CHECK(!memory.basis.empty());
        CHECK(memory.row.as_of == "2026-08-30");
    }
}

TEST_CASE("memory: a bigger class of a family has more") {
    for (const InstanceClass* a : built_in().classes(pg))
        for (const InstanceClass* b : built_in().classes(pg)) {
            if (a->family != b->family || a->memory >= b->memory) continue;
            CAPTURE(a->name);
            CAPTURE(b->name);
            auto small = catalog::engine_memory(pg, *a).range, big = catalog::engine_memory(pg, *b).range;
            CHECK(small.low < big.low);
            CHECK(small.high < big.high);
        }
}

TEST_CASE("memory: where OS-visible memory isn't measured, the estimate would hold those that are") {
    int checked = 0, missing = 0;
    for (const InstanceClass* cls : built_in().classes(pg)) {
        if (!cls->os_visible) {
            ++missing;
            continue;
        }
        if (cls->generation < 5 || gib(cls->memory) < 8 || cls->family[0] == 'x' || cls->family[0] == 'z') continue;
        CAPTURE(cls->name);
        ++checked;
        InstanceClass unmeasured = *cls;
        unmeasured.os_visible.reset();
        auto measured = catalog::engine_memory(pg, *cls).range,
             estimated = catalog::engine_memory(pg, unmeasured).range;
        CHECK(estimated.low <= measured.low);
        CHECK(measured.high <= estimated.high);
    }
    CHECK(missing == 53);
    CHECK(checked > 150);
}

TEST_CASE("what is at rest, and what idle servers use, is what data/catalog/idle_memory.csv says") {
    const auto mib = [](Bytes bytes) { return static_cast<double>(bytes.value) / static_cast<double>(bytes_per_mib); };
    for (const std::string_view engine : {"postgresql", "mysql"}) {
        CAPTURE(engine);
        const Platform& platform = *platform::find("aws", engine);
        double least = 1e9, most = 0;
        std::map<double, double> used;  // the least reported, by GiB of the class
        int rows = 0;
        for (const auto& row : csv::read("catalog/idle_memory.csv")) {
            if (row.at("engine") != engine) continue;
            const InstanceClass& cls = *built_in().find_class(platform, row.at("class"));
            const double low = csv::number(row, "used_low_mib"), high = csv::number(row, "used_high_mib");
            const auto number = [&](const char* key) { return row.at(key).empty() ? 0.0 : csv::number(row, key); };
            // PostgreSQL's report of swap beside a median of 94 MB free is not of one moment: not counted.
            const double swap = engine == "mysql" ? number("swap_high_mib") : 0;
            const Interval<Bytes> idle = platform.rest->idle(cls);
            CHECK(mib(idle.low) <= low);
            auto& least_used = used.try_emplace(mib(cls.memory), low).first->second;
            least_used = std::min(least_used, low);
            if (row.at("kind") != "idle") continue;
            ++rows;
            const BufferMemory buffers =
                platform.buffers(catalog::engine_memory(platform, cls).range, EngineVersion{{8, 0}});
            const double unseen = mib(cls.memory - *cls.os_visible);
            const double each = mib(platform.connection_memory.high);
            least = std::min(least, low - unseen - mib(buffers.range.high) - number("connections") * each);
            most = std::max(most, high + swap - unseen - mib(buffers.range.low));
        }
        CHECK(rows == (engine == "mysql" ? 2 : 5));
        // Rounded outwards to tens.
        CHECK(mib(platform.rest->at_rest.low) == std::floor(least / 10) * 10);
        CHECK(mib(platform.rest->at_rest.high) == std::ceil(most / 10) * 10);
        if (engine == "postgresql") {
            const auto high = [&](const char* name) {
                return mib(platform.rest->idle(*built_in().find_class(platform, name)).high);
            };
            CHECK(high("db.t4g.small") == used.at(2048));
            CHECK(high("db.t4g.medium") == used.at(4096));
            CHECK(high("db.m5.24xlarge") == used.at(4096));
        }
    }
    const Platform &mysql = *platform::find("aws", "mysql"), &mariadb = *platform::find("aws", "mariadb");
    CHECK(mysql.rest->at_rest == mariadb.rest->at_rest);
}
