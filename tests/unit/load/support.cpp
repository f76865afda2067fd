#include "support.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

namespace poolfit::test {

const Catalog& built_in() {
    static const Catalog tables;
    return tables;
}

std::string Loaded::text() const {
    std::string out;
    for (const auto& d : diagnostics.all()) out += diag::print(d, {});
    return out;
}

std::string Loaded::list() const {
    std::string out;
    for (const auto& d : diagnostics.all()) {
        const auto at = d.place ? d.place.source->position(d.place.span.begin) : Position{0, 0};
        out += fmt::format("{}:{} {}\n", at.line, at.column, d.message);
    }
    return out;
}

Loaded load_text(std::string text, const std::vector<std::string>& settings, std::string name) {
    Loaded loaded;
    const auto& source = loaded.sources.add(std::move(name), std::move(text));
    std::vector<load::Setting> set;
    for (const auto& setting : settings) set.push_back({setting});
    loaded.fleet = load::inventory(source, set, built_in(), loaded.sources, loaded.diagnostics);
    CHECK(loaded.fleet.has_value() == !loaded.diagnostics.has_errors());
    return loaded;
}

Marked unmark(std::string_view text) {
    Marked out;
    const auto open = text.find("«"), close = text.find("»");
    REQUIRE(open != text.npos);
    REQUIRE(close != text.npos);
    out.text = std::string(text.substr(0, open)) + std::string(text.substr(open + 2, close - open - 2)) +
               std::string(text.substr(close + 2));
    out.begin = open;
    out.end = close - 2;
    std::size_t line = 1, column = 1;
    for (std::size_t i = 0; i < open; ++i) {
        if (text[i] == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u) {
            ++column;
        }
    }
    out.position = fmt::format("{}:{}", line, column);
    return out;
}

void check_one(std::string_view text, std::string_view message, std::string_view fix) {
    CAPTURE(text);
    const auto marked = unmark(text);
    const auto loaded = load_text(marked.text);
    CHECK(loaded.list() == fmt::format("{} {}\n", marked.position, message));
    REQUIRE(!loaded.diagnostics.all().empty());
    const auto& made = loaded.diagnostics.all()[0];
    CHECK(made.place.span.begin == marked.begin);
    CHECK(made.place.span.end == marked.end);
    CHECK(made.fix == fix);
}

namespace {

struct Section {
    std::string_view name, header;
    std::vector<std::string_view> lines;
};

const std::vector<Section>& sections() {
    static const std::vector<Section> all{
        {"", "", {R"(schema = "poolfit-inventory/1")", R"(name = "agora")", R"(region = "eu-central-1")"}},
        {"policy", "[policy]", {}},
        {"host", "[[host]]", {R"(name = "app")", R"(class = "t3.medium")"}},
        {"database", "[[database]]", {R"(name = "primary")", R"(engine = "postgresql")", R"(class = "db.m5.xlarge")"}},
        {"observed", "[database.observed]", {}},
        {"storage", "[database.storage]", {R"(type = "gp3")", R"(size = "500 GiB")"}},
        {"replica", "[[database]]", {R"(name = "replica")", R"(replica_of = "primary")"}},
        {"service", "[[service]]", {R"(name = "api")", R"(host = "app")"}},
        {"vars", "[service.vars]", {"BATCH_SIZE = 6"}},
        {"pool", "[[service.pool]]", {R"(name = "main")", R"(database = "primary")", "max = 10"}},
        {"workload", "[service.pool.workload]", {R"(rate = "120/s")", R"(hold = "20 ms")"}},
        {"pooler", "[[pooler]]", {R"(name = "bouncer")", R"(kind = "pgbouncer")", R"(database = "primary")"}},
        {"price", "[[price]]", {R"(class = "db.t3.large")", "usd_per_month = 123"}},
        {"commitment",
         "[[commitment]]",
         {R"(kind = "reserved")", R"(engine = "postgresql")", R"(class = "db.m5.xlarge")", "count = 1",
          R"(ends = "2027-06-30")"}},
        {"savings", "[[commitment]]", {R"(kind = "savings-plan")", R"(ends = "2027-06-30")", "usd_per_hour = 1"}},
        {"rate", "[[commitment.rate]]", {R"(class = "db.m7g.large")", "usd_per_hour = 0.1"}},
        {"growth", "[growth]", {}},
        {"ignore", "[[ignore]]", {R"(rule = "PF101")"}},
        {"gate", "[[pooler]]", {R"(name = "gate")", R"(kind = "pgbouncer")"}},
        {"alias", "[[pooler.database]]", {R"(name = "orders")", R"(database = "primary")"}},
    };
    return all;
}

std::string_view key_of(std::string_view line) {
    const auto end = line.find_first_of(" =");
    return line.substr(0, end);
}

}  // namespace

std::string inventory_with(std::string_view section, std::string_view lines) {
    std::vector<std::string_view> own;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = std::min(lines.find('\n', at), lines.size());
        own.push_back(lines.substr(at, end - at));
        at = end + 1;
    }
    std::string out;
    for (const auto& each : sections()) {
        if (section != "storage" && each.name == "storage") continue;
        if (section != "alias" && (each.name == "gate" || each.name == "alias")) continue;
        if (section != "rate" && (each.name == "savings" || each.name == "rate")) continue;
        if (!each.header.empty()) out += std::string(each.header) + '\n';
        for (const auto line : each.lines) {
            // "-key" leaves the section's own line out.
            const bool replaced = each.name == section && std::ranges::any_of(own, [&](std::string_view mine) {
                                      if (mine.starts_with('-')) mine.remove_prefix(1);
                                      return key_of(mine) == key_of(line);
                                  });
            if (!replaced) out += std::string(line) + '\n';
        }
        if (each.name == section)
            for (const auto line : own)
                if (!line.starts_with('-')) out += std::string(line) + '\n';
    }
    return out;
}

std::string_view section_of(std::string_view header) {
    if (header == "the inventory") return "";
    if (header == "[database.observed]") return "observed";
    if (header == "[database.storage]") return "storage";
    if (header == "[[service.pool]]") return "pool";
    if (header == "[[pooler.database]]") return "alias";
    if (header == "[service.pool.workload]") return "workload";
    if (header == "[[commitment.rate]]") return "rate";
    header.remove_prefix(header.find_first_not_of('['));
    return header.substr(0, header.find(']'));
}

}  // namespace poolfit::test
