#include <fmt/format.h>

#include <poolfit/render/format.hpp>
#include <poolfit/render/render.hpp>

#include "json_writer.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;

void write(JsonWriter& json, std::string_view name, const std::optional<double>& value) {
    value ? json.number(name, *value) : json.null(name);
}

void write(JsonWriter& json, std::string_view name, const std::optional<MegabitsPerSecond>& value) {
    value ? json.number(name, value->value) : json.null(name);
}

void write_row(JsonWriter& json, std::string_view name, const Provenance& row) {
    json.open_object(name, Layout::line);
    json.text_or_null("id", row.id);
    json.text_or_null("text", row.source);
    json.text_or_null("as_of", row.as_of);
    row.place ? json.text("place", diag::print(row.place)) : json.null("place");
    json.close();
}

/// Null where they are not known.
void write_limits(JsonWriter& json, Connections nominal, const Interval<Connections>& expected) {
    const bool known = nominal > Connections(0);
    known ? json.whole("max_connections_nominal", nominal.value) : json.null("max_connections_nominal");
    known ? json.range("max_connections_expected", expected) : json.null("max_connections_expected");
}

void write_price(JsonWriter& json, std::string_view name, const std::optional<Price>& price) {
    if (!price) return json.null(name);
    json.open_object(name);
    json.usd("usd_per_month", price->amount);
    json.text_or_null("term", price->term);
    json.truth("doubled", price->doubled);
    write_row(json, "source", price->row);
    json.close();
}

std::string_view arch_name(Arch arch) { return arch == Arch::arm64 ? "arm64" : "x86_64"; }

/// What `list` and `show` both say of a class.
void write_class(JsonWriter& json, const InstanceClass& cls) {
    json.text("class", cls.name);
    json.text("family", cls.family);
    json.text_or_null("category", cls.category);
    json.text("arch", arch_name(cls.arch));
    json.whole("vcpus", cls.vcpus);
    json.number("memory_gib", gib(cls.memory));
    json.truth("burstable", cls.burst.has_value());
    json.truth("shared_cpu", cls.shared);
}

void write_burst(JsonWriter& json, const std::optional<Burst>& burst) {
    if (!burst) return json.null("burst");
    json.open_object("burst", Layout::line);
    json.number("baseline", burst->baseline.value);
    json.number("credits_per_hour", burst->credits_per_hour);
    json.number("max_credits", burst->max_credits);
    json.close();
}

std::string_view support_name(InstanceClass::Support support) {
    switch (support) {
        case InstanceClass::Support::not_stated:
            break;
        case InstanceClass::Support::no:
            return "no";
        case InstanceClass::Support::likely:
            return "likely";
        case InstanceClass::Support::sold:
            return "sold";
        case InstanceClass::Support::yes:
            return "yes";
    }
    return "not_stated";
}

void write_prices(JsonWriter& json, const ShownClass& shown) {
    json.open_object("prices");
    for (const auto& [multi_az, term, price] : shown.prices)
        write_price(json, fmt::format("{}{}", multi_az ? "multi_az_" : "", platform::term(term).word), price);
    json.close();
    json.open_object("savings_plan_rates");
    for (const auto& [multi_az, price] : shown.plan_rates)
        write_price(json, multi_az ? "multi_az_rate" : "rate", price);
    json.close();
}

}  // namespace

std::string catalog_list_json(const CatalogList& list) {
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-catalog-list/1");
    json.text("provider", list.platform->provider);
    json.text("engine", list.platform->engine);
    json.text("region", list.region);
    json.whole("total", static_cast<std::int64_t>(list.total));
    json.whole("cut", static_cast<std::int64_t>(list.cut));
    json.open_array("classes");
    for (const catalog::Row& row : list.rows) {
        json.open_object();
        write_class(json, *row.cls);
        write_limits(json, Connections(row.max_connections_nominal), row.max_connections_expected);
        write_price(json, "price", row.price);
        json.close();
    }
    json.close();
    json.close();
    return json.take();
}

std::string catalog_show_json(const ShownClass& shown) {
    const Platform& platform = *shown.platform;
    const InstanceClass& cls = *shown.cls;
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-catalog-class/1");
    json.text("provider", platform.provider);
    json.text("engine", platform.engine);
    json.text("region", shown.region);
    write_class(json, cls);
    cls.generation > 0 ? json.whole("generation", cls.generation) : json.null("generation");
    json.text_or_null("cpu_model", cls.cpu_model);
    const bool cores = !cls.ec2_equivalent.empty() || cls.threads_per_core > 1;
    cores ? json.whole("threads_per_core", cls.threads_per_core) : json.null("threads_per_core");
    json.text_or_null("ec2_equivalent", cls.ec2_equivalent);
    cls.os_visible ? json.number("os_visible_memory_gib", gib(*cls.os_visible)) : json.null("os_visible_memory_gib");
    write_burst(json, cls.burst);
    write(json, "coremark_per_vcpu", cls.coremark_per_vcpu);
    json.text_or_null("coremark_note", cls.coremark_note);
    json.open_object("throughput");
    write(json, "ebs_baseline_mbps", cls.throughput.ebs_baseline);
    write(json, "ebs_max_mbps", cls.throughput.ebs_max);
    write(json, "ebs_baseline_iops", cls.throughput.ebs_baseline_iops);
    write(json, "ebs_max_iops", cls.throughput.ebs_max_iops);
    write(json, "network_baseline_mbps", cls.throughput.network_baseline);
    write(json, "network_max_mbps", cls.throughput.network_max);
    json.close();
    json.text(platform.engine, support_name(cls.support));
    json.text_or_null(fmt::format("{}_versions", platform.engine), shown.versions);
    json.truth("cluster_only", cls.cluster_only);
    write_limits(json, shown.max_nominal, shown.max_expected);
    write_prices(json, shown);
    write_row(json, "source", cls.row);
    write_row(json, "coremark_source", cls.coremark_row);
    json.close();
    return json.take();
}

std::string catalog_check_json(std::string_view file, std::size_t classes, std::size_t prices) {
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-catalog-check/1");
    json.text("file", file);
    json.whole("classes", static_cast<std::int64_t>(classes));
    json.whole("prices", static_cast<std::int64_t>(prices));
    json.close();
    return json.take();
}

std::string version_json(const Versioned& versioned) {
    JsonWriter json;
    json.open_object();
    json.open_object("tool");
    json.text("name", "poolfit");
    json.text("version", report::version());
    json.text_or_null("commit", versioned.built_from.commit);
    json.truth("working_tree", versioned.built_from.working_tree);
    json.close();
    json.open_object("catalog");
    json.text_or_null("as_of", versioned.catalog->as_of());
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
