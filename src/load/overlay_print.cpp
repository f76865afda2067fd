// The rows of a catalog file as JSON: what `catalog import` writes. A line for each class, so that a new import is a
// short diff.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::load {
namespace {

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out + '"';
}

/// 178000000 of a thousand million as "0.178".
std::string decimal(std::int64_t amount, std::int64_t of_one) {
    std::string out = fmt::format("{}", amount / of_one);
    std::string rest = fmt::format("{}", of_one + amount % of_one).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
    return rest.empty() ? out : out + '.' + rest;
}
std::string hourly(std::int64_t nano) { return decimal(nano, 1'000'000'000); }

std::string list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) (out += out.size() > 1 ? ", " : "") += json_string(text);
    return out + ']';
}

/// One record's members, in one line or one line each.
class Record {
public:
    void add(std::string_view key, std::string value) {
        members_.push_back(json_string(key) + ": " + std::move(value));
    }
    void text(std::string_view key, std::string_view value) {
        if (!value.empty()) add(key, json_string(value));
    }
    std::string line() const { return fmt::format("{{{}}}", fmt::join(members_, ", ")); }
    std::string lines() const { return fmt::format("{{\n      {}\n    }}", fmt::join(members_, ",\n      ")); }

private:
    std::vector<std::string> members_;
};

std::vector<std::string> engines(const std::vector<const Platform*>& platforms) {
    std::vector<std::string> names;
    for (const Platform* each : platforms)
        if (std::ranges::find(names, each->engine) == names.end()) names.emplace_back(each->engine);
    std::ranges::sort(names);
    return names;
}

std::string row_text(const catalog::OverlayClass& row) {
    Record out;
    out.text("name", row.name);
    out.add("vcpus", fmt::format("{}", row.vcpus));
    out.add("memory", fmt::format("{}", row.memory.value));
    out.text("arch", row.arch == Arch::arm64 ? "arm64" : "x86_64");
    out.text("family", row.family);
    out.text("category", row.category);
    if (row.generation > 0) out.add("generation", fmt::format("{}", row.generation));
    out.text("cpu_model", row.cpu_model);
    out.add("threads_per_core", fmt::format("{}", row.threads_per_core));
    if (row.os_visible) out.add("os_visible_memory", fmt::format("{}", row.os_visible->value));
    if (row.burst) {
        out.add("burst_baseline", fmt::format("{}", row.burst->baseline.value));
        out.add("credits_per_hour", fmt::format("{}", row.burst->credits_per_hour));
        out.add("max_credits", fmt::format("{}", row.burst->max_credits));
    }
    if (row.coremark_per_vcpu) out.add("coremark_per_vcpu", fmt::format("{}", *row.coremark_per_vcpu));
    const auto mbps = [&](std::string_view key, const std::optional<MegabitsPerSecond>& rate) {
        if (rate) out.add(key, fmt::format("\"{} Mbps\"", rate->value));
    };
    const auto iops = [&](std::string_view key, const std::optional<double>& rate) {
        if (rate) out.add(key, fmt::format("{}", *rate));
    };
    mbps("ebs_baseline", row.throughput.ebs_baseline);
    mbps("ebs_max", row.throughput.ebs_max);
    iops("ebs_baseline_iops", row.throughput.ebs_baseline_iops);
    iops("ebs_max_iops", row.throughput.ebs_max_iops);
    mbps("network_baseline", row.throughput.network_baseline);
    mbps("network_max", row.throughput.network_max);
    out.add(row.sold_for.empty() ? "engines" : "sold_for",
            list(engines(row.sold_for.empty() ? row.runs : row.sold_for)));
    out.text("as_of", row.as_of);
    out.text("source", row.source);
    return out.line();
}

std::string row_text(const catalog::OverlayPrice& row) {
    Record out;
    out.text("class", row.cls);
    if (row.platform != nullptr) out.text("engine", row.platform->engine);
    out.text("region", row.region);
    out.add("usd_per_month", decimal(row.amount.value, 1'000'000));
    out.text("term", platform::term(row.term).word);
    out.add("multi_az", row.multi_az ? "true" : "false");
    out.text("as_of", row.as_of);
    out.text("source", row.source);
    return out.line();
}

template <class Row>
Record begun(const Row& row) {
    Record out;
    out.text("engine", row.platform->engine);
    out.text("region", row.region);
    out.text("as_of", row.as_of);
    out.text("source", row.source);
    return out;
}

std::string print_list(const catalog::OverlayPriceList& row, bool plan) {
    std::vector<std::string> classes;
    Record cls;
    std::string_view name;
    const auto end = [&] {
        if (!name.empty()) classes.push_back(json_string(name) + ": " + cls.line());
        cls = {};
    };
    for (const catalog::OverlayRate& rate : row.rates) {
        if (rate.cls != name) end();
        name = rate.cls;
        cls.add(fmt::format("{}{}", rate.multi_az ? "multi_az_" : "", plan ? "rate" : platform::term(rate.term).word),
                hourly(rate.nano_usd_per_hour));
    }
    end();
    Record out = begun(row);
    if (plan) out.text("term", "1yr-no-upfront");
    out.add("usd_per_hour", fmt::format("{{\n        {}\n      }}", fmt::join(classes, ",\n        ")));
    return out.lines();
}
std::string row_text(const catalog::OverlayPriceList& row) { return print_list(row, false); }

std::string row_text(const catalog::OverlayStorageList& row) {
    std::vector<std::string> kinds;
    Record kind;
    std::string_view name;
    const auto end = [&] {
        if (!name.empty()) kinds.push_back(json_string(name) + ": " + kind.line());
        kind = {};
    };
    for (const catalog::OverlayVolume& volume : row.volumes) {
        if (volume.kind != name) end();
        name = volume.kind;
        const auto add = [&](std::string_view key, const std::optional<std::int64_t>& nano) {
            if (nano) kind.add(fmt::format("{}{}", volume.multi_az ? "multi_az_" : "", key), hourly(*nano));
        };
        add("gib", volume.nano_usd_per_gib);
        add("iops", volume.nano_usd_per_iops);
        add("mibps", volume.nano_usd_per_mibps);
        add("million_requests", volume.nano_usd_per_million_requests);
    }
    end();
    Record out = begun(row);
    out.add("usd_per_month", fmt::format("{{\n        {}\n      }}", fmt::join(kinds, ",\n        ")));
    return out.lines();
}

std::string row_text(const catalog::OverlaySizePrice& row) {
    Record out = begun(row);
    if (row.multi_az) out.add("multi_az", "true");
    out.add("usd_per_vcpu_hour", hourly(row.nano_usd_per_vcpu_hour));
    out.add("usd_per_gib_hour", hourly(row.nano_usd_per_gib_hour));
    return out.line();
}

std::string row_text(const catalog::OverlayProxyPrice& row) {
    Record out;
    out.text("region", row.region);
    out.text("as_of", row.as_of);
    out.text("source", row.source);
    if (row.nano_usd_per_vcpu_hour) out.add("usd_per_vcpu_hour", hourly(*row.nano_usd_per_vcpu_hour));
    if (row.nano_usd_per_unit_hour) out.add("usd_per_unit_hour", hourly(*row.nano_usd_per_unit_hour));
    return out.line();
}

std::string row_text(const catalog::OverlayCapacityPrice& row) {
    Record out = begun(row);
    out.add("usd_per_unit_hour", hourly(row.nano_usd_per_unit_hour));
    return out.line();
}

std::string row_text(const catalog::OverlaySupportPrice& row) {
    Record out = begun(row);
    out.text("per", row.platform->elastic != nullptr ? "unit" : "vcpu");
    out.add("usd_per_hour", hourly(row.nano_usd_per_hour));
    if (row.nano_usd_per_hour_year_3) out.add("usd_per_hour_year_3", hourly(*row.nano_usd_per_hour_year_3));
    return out.line();
}

std::string row_text(const catalog::OverlayOrderable& row) {
    Record out;
    out.text("engine", row.platform->engine);
    out.text("region", row.region);
    out.text("as_of", row.as_of);
    out.text("source", row.source);
    out.add("versions", list(row.versions));
    if (!row.single_az.empty()) out.add("single_az_only", list(row.single_az));
    out.add("classes", list(row.classes));
    return out.lines();
}

template <class Row>
void add_rows(std::vector<std::string>& parts, std::string_view key, const std::vector<Row>& rows,
              std::string (*print_row)(const Row&) = row_text) {
    if (rows.empty()) return;
    std::vector<std::string> records;
    for (const Row& row : rows) records.push_back(print_row(row));
    parts.push_back(fmt::format("{}: [\n    {}\n  ]", json_string(key), fmt::join(records, ",\n    ")));
}

}  // namespace

std::string print(const catalog::OverlayRows& rows) {
    std::vector<std::string> parts{R"("schema": "poolfit-catalog/1")"};
    add_rows(parts, "class", rows.classes);
    add_rows(parts, "price", rows.prices);
    add_rows(parts, "price_list", rows.lists);
    add_rows(
        parts, "savings_plan_rate", rows.plans,
        +[](const catalog::OverlayPriceList& row) { return print_list(row, true); });
    add_rows(parts, "size_price", rows.sizes);
    add_rows(parts, "storage_price", rows.storage);
    add_rows(parts, "proxy_price", rows.proxies);
    add_rows(parts, "capacity_price", rows.capacity);
    add_rows(parts, "extended_support_price", rows.support);
    add_rows(parts, "orderable", rows.orderable);
    return fmt::format("{{\n  {}\n}}\n", fmt::join(parts, ",\n  "));
}

}  // namespace poolfit::load
