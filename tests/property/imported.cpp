// A fleet, written as the spreadsheet that somebody may have of it, is imported as the same fleet.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/import/csv.hpp>
#include <poolfit/load/document.hpp>

#include "../support/random.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using test::Random;
using test::sampled;

namespace {

struct Server {
    std::string name, engine, version, cls, region;
    bool multi_az = false;
    int mean = 0, peak = 0;   ///< hundredths of a percent
    std::int64_t free = 0;    ///< bytes
    int max_connections = 0;  ///< none: 0
    int primary = -1;
};

/// The same number, as a sheet may have it.
struct Writing {
    char separator, quote_all;
    bool comma, unit_in_cell, share, gib, crlf, mark;

    std::string cell(std::string text) const {
        const bool special = text.find_first_of(",;\t\"\n") != std::string::npos;
        if (!special && quote_all == 0) return text;
        std::string out = "\"";
        for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
        return out + '"';
    }
    std::string decimals(std::string number) const {
        if (comma)
            for (char& c : number)
                if (c == '.') c = ',';
        return number;
    }
    std::string percent(int hundredths) const {
        if (unit_in_cell) return decimals(fmt::format("{}.{:02}", hundredths / 100, hundredths % 100)) + " %";
        if (share) return decimals(fmt::format("0.{:04}", hundredths));
        return decimals(fmt::format("{}.{:02}", hundredths / 100, hundredths % 100));
    }
    std::string memory(std::int64_t bytes) const {
        if (!gib) return fmt::format("{}", bytes);
        return decimals(fmt::format("{:.2f}", static_cast<double>(bytes) / (1024.0 * 1024 * 1024))) + " GiB";
    }
};

std::vector<Server> random_servers(Random& random) {
    std::vector<Server> servers(1 + random.next(12));
    for (std::size_t i = 0; i < servers.size(); ++i) {
        Server& server = servers[i];
        server.name = fmt::format("{}{}{}", random.of<std::string>({"orders", "a b", "Größe", "x,y", "say \"hi\""}),
                                  random.coin() ? "-" : "_", i);
        const bool mysql = random.next(4) == 0;
        server.engine = mysql ? "mysql" : "postgresql";
        server.version = mysql ? "8.0.40" : random.of<std::string>({"16.8", "15.10"});
        server.cls = random.of<std::string>({"db.m5.large", "db.m5.xlarge", "db.r5.large", "db.t3.large"});
        server.region = random.of<std::string>({"eu-central-1", "us-east-1"});
        server.multi_az = random.coin();
        server.mean = static_cast<int>(random.next(5000));
        server.peak = server.mean + 1 + static_cast<int>(random.next(4000));
        server.free = static_cast<std::int64_t>(1 + random.next(600)) * 1024 * 1024 * 1024 / 100;
        if (random.coin()) server.max_connections = 100 + static_cast<int>(random.next(700));
        const auto source = static_cast<int>(random.next(i + 1));
        if (i > 0 && source < static_cast<int>(i) && random.next(3) == 0 &&
            servers[static_cast<std::size_t>(source)].primary < 0 &&
            servers[static_cast<std::size_t>(source)].engine == server.engine) {
            server.primary = source;
            server.version = servers[static_cast<std::size_t>(source)].version;
        }
    }
    return servers;
}

std::string sheet_of(const std::vector<Server>& servers, const Writing& writing) {
    const std::string end = writing.crlf ? "\r\n" : "\n";
    std::string text = writing.mark ? "\xEF\xBB\xBF" : "";
    const auto row = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            text += (i == 0 ? std::string() : std::string(1, writing.separator)) + writing.cell(cells[i]);
        text += end;
    };
    const std::string unit = writing.unit_in_cell ? "" : writing.share ? " (share)" : " (%)";
    row({"DB identifier", "Owner", "Engine", "Engine version", "DB class", "AZ", "Multi-AZ", "CPU avg" + unit,
         "CPU max" + unit, writing.gib ? "free memory" : "FreeableMemory (bytes)", "max_connections", "Replica of"});
    for (const Server& server : servers)
        row({server.name, "team \"x\"", server.engine == "mysql" ? "MySQL" : "postgres", server.version,
             server.cls.substr(3), server.region + "a", server.multi_az ? "Yes" : "No", writing.percent(server.mean),
             writing.percent(server.peak), writing.memory(server.free),
             server.max_connections == 0 ? "-" : fmt::format("{}", server.max_connections),
             server.primary < 0 ? "" : servers[static_cast<std::size_t>(server.primary)].name});
    return text;
}

/// What differs between the two, or nothing.
std::string fault(const std::vector<Server>& servers, const Fleet& fleet) {
    if (fleet.databases.size() != servers.size()) return "number of databases";
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const Server& server = servers[i];
        const Database& database = fleet.databases[i];
        const auto near = [](Fraction a, int hundredths) {
            return std::abs(a.value - static_cast<double>(hundredths) / 10'000) < 1e-9;
        };
        if (database.platform->engine != server.engine) return "engine of " + server.name;
        if (*database.cls != server.cls) return "class of " + server.name;
        if (*database.region != server.region) return "region of " + server.name;
        if (*database.multi_az != server.multi_az) return "multi_az of " + server.name;
        if (!near(database.observed.cpu_mean->value.high, server.mean)) return "mean of " + server.name;
        if (!near(database.observed.cpu_peak->value.low, server.peak)) return "peak of " + server.name;
        // Bytes become GiB with two decimals, never more than were measured.
        const auto free = database.observed.freeable_memory->value.low.value;
        constexpr std::int64_t hundredth = 1024LL * 1024 * 1024 / 100;
        if (free > server.free + 1 || free + hundredth + 1 < server.free) return "memory of " + server.name;
        const int limit = database.max_connections ? static_cast<int>(database.max_connections->value.value) : 0;
        if (limit != server.max_connections) return "max_connections of " + server.name;
        const int primary = database.replica_of ? static_cast<int>(*database.replica_of) : -1;
        if (primary != server.primary) return "primary of " + server.name;
    }
    return {};
}

}  // namespace

TEST_CASE("a fleet that is written as a sheet is imported as the same fleet") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(400); ++seed) {
        Random random{seed};
        const auto servers = random_servers(random);
        Writing writing{random.of<char>({',', ';', '\t'}),
                        static_cast<char>(random.next(2)),
                        random.coin(),
                        random.coin(),
                        random.coin(),
                        random.coin(),
                        random.coin(),
                        random.coin()};
        const std::string text = sheet_of(servers, writing);
        CAPTURE(seed);
        CAPTURE(text);
        Sources sources;
        Diagnostics diagnostics;
        const auto document = imports::csv(sources.add("sheet.csv", text), {}, catalog, sources, diagnostics);
        if (!document)
            for (const auto& each : diagnostics.all()) MESSAGE(diag::print(each, {}));
        REQUIRE(document);
        // What is written is what is checked, and the same each time.
        const std::string written = load::print(*document);
        const SourceText& source = sources.add("written.toml", written);
        const auto again = load::parse(source, diagnostics);
        REQUIRE(again);
        const auto fleet = load::check(*again, catalog, sources, diagnostics);
        REQUIRE(fleet);
        CHECK(fault(servers, *fleet) == "");
        const auto second = imports::csv(sources.add("sheet.csv", text), {}, catalog, sources, diagnostics);
        REQUIRE(second);
        CHECK(load::print(*second) == written);
    }
}
