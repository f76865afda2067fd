#include <fmt/format.h>

#include <poolfit/render/render.hpp>
#include <poolfit/unit/print.hpp>

#include "json_writer.hpp"
#include "layout.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

using Limit = KnownPlatform::Limit;

constexpr std::string_view none = "–";
constexpr std::size_t month = 7;  // of "2026-08-19"

/// As JSON has it, and as people read it.
struct LimitWords {
    std::string_view key, text;
};

LimitWords words(Limit limit) {
    switch (limit) {
        case Limit::unknown:
            break;
        case Limit::engine:
            return {"engine", "default"};
        case Limit::formula:
            return {"formula", "formula"};
        case Limit::by_class:
            return {"class", "by class"};
        case Limit::by_memory:
            return {"memory", "by memory"};
        case Limit::by_capacity:
            return {"capacity", "by capacity"};
    }
    return {"", "yours"};
}

std::string prices(const KnownPlatform& known) {
    if (known.regions == 0) return "yours";
    return fmt::format("{}, {}", counted(known.regions, "region"), known.newest.substr(0, month));
}

std::string_view burst_key(const KnownPlatform& known) {
    if (!known.burst) return {};
    return *known.burst == Overrun::charged ? "charged" : "throttled";
}

/// What takes over from a server; empty where nothing does by itself.
std::string_view takes_over(const Platform& platform) {
    if (platform.deployments.size() > 1) return platform.deployments[1].name;
    return platform.cluster ? platform.words.standby : std::string_view();
}

std::string life_cycle(const KnownPlatform& known) {
    if (known.series == 0) return std::string(none);
    if (!known.charged) return "dates";
    if (known.support_regions == 0) return "dates, fee unknown";
    return fmt::format("fee, {}", counted(known.support_regions, "region"));
}

std::string storage(const KnownPlatform& known) {
    if (known.volume_kinds == 0) return std::string(none);
    const std::string kinds = counted(known.volume_kinds, "kind");
    if (known.storage_regions == 0) return kinds + ", price unknown";
    return fmt::format("{}, {}", kinds, counted(known.storage_regions, "region"));
}

/// "self-managed PostgreSQL": a server of one's own, in no provider's region, that has the engine's name only.
std::string name_of(const Platform& platform) {
    if (platform.names.brief != platform.names.engine || platform::has_regions(platform))
        return std::string(platform.names.brief);
    return fmt::format("{} {}", platform.provider, platform.names.engine);
}

constexpr std::string_view heads[] = {"platform", "limit",    "reserved", "prices",
                                      "burst",    "failover", "storage",  "end of support"};

std::vector<std::string> cells(const KnownPlatform& known) {
    const Platform& platform = *known.platform;
    const std::string_view burst = burst_key(known), standby = takes_over(platform);
    return {name_of(platform),
            std::string(words(known.limit).text),
            unit::print(known.reserved),
            prices(known),
            std::string(burst.empty() ? none : burst),
            std::string(standby.empty() ? none : standby),
            storage(known),
            life_cycle(known)};
}

}  // namespace

std::string platforms_text(const std::vector<KnownPlatform>& platforms, const Style& style) {
    Page page(style);
    std::vector<Column> columns;
    for (const std::string_view head : heads) columns.push_back({std::string(head)});
    columns[2].right = true;
    columns[4].drop = 2, columns[5].drop = 1, columns[6].drop = 3, columns[7].drop = 4;
    Table table(std::move(columns), 0);
    for (const KnownPlatform& known : platforms) table.add(cells(known));
    table.print(page);
    if (const auto dropped = table.dropped(page); !dropped.empty()) {
        page.blank();
        page.write({fmt::format("not shown at this width: {}", joined(dropped, ", "))}, 0);
    }
    return page.take();
}

std::string platforms_markdown(const std::vector<KnownPlatform>& platforms) {
    std::string out = fmt::format("| {} |\n|", fmt::join(heads, " | "));
    for (std::size_t i = 0; i < std::size(heads); ++i) out += " --- |";
    out += '\n';
    for (const KnownPlatform& known : platforms) out += fmt::format("| {} |\n", fmt::join(cells(known), " | "));
    return out;
}

std::string platforms_json(const std::vector<KnownPlatform>& platforms) {
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-platforms/1");
    json.open_array("platforms");
    for (const KnownPlatform& known : platforms) {
        const Platform& platform = *known.platform;
        json.open_object();
        json.text("id", platform.id);
        json.text("name", platform.names.full);
        json.text("provider", platform.provider);
        json.text("engine", platform.engine);
        json.whole("classes", static_cast<std::int64_t>(known.classes));
        json.text_or_null("max_connections", words(known.limit).key);
        json.range("reserved_connections", known.reserved);
        json.whole("priced_regions", static_cast<std::int64_t>(known.regions));
        json.text_or_null("prices_as_of", known.newest);
        json.text_or_null("burst", burst_key(known));
        json.text_or_null("failover", takes_over(platform));
        json.whole("storage_kinds", static_cast<std::int64_t>(known.volume_kinds));
        json.whole("storage_priced_regions", static_cast<std::int64_t>(known.storage_regions));
        json.whole("life_cycles", static_cast<std::int64_t>(known.series));
        if (known.series == 0) {
            json.null("extended_support");
            json.null("extended_support_regions");
        } else {
            json.truth("extended_support", known.charged);
            json.whole("extended_support_regions", static_cast<std::int64_t>(known.support_regions));
        }
        json.close();
    }
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
