#include "server.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>
#include <poolfit/platform/platform.hpp>

#include "../facts/url.hpp"
#include "../facts/wanted.hpp"

namespace poolfit::imports::azure {
namespace {

const Node& node_of(const Value& value) {
    static const Node none;
    return value.node == nullptr ? none : *value.node;
}

/// "Standard_D2ds_v4" of "GP_Standard_D2ds_v4", as Terraform writes it.
std::string sku_of(std::string name) {
    for (const std::string_view tier : {"B_", "GP_", "MO_", "BC_"})
        if (name.starts_with(tier)) return name.substr(tier.size());
    return name;
}

/// "westeurope" of "West Europe"; empty where it is no place.
std::string region_of(const Node& location) {
    std::string region = lower(location.text.opened());
    std::erase(region, ' ');
    return Sealed(region).name();
}

/// Types of the API, and of the disks.
std::string disk_of(std::string_view type) {
    if (type == "PremiumV2_LRS") return "premium-ssd-v2";
    if (type == "Premium_LRS" || type == "PremiumSSD_LRS") return "premium-ssd";
    return {};
}

}  // namespace

std::string id_of(const Node& node) {
    const std::string_view text = node.text.opened();
    if (!text.starts_with('/')) return {};
    const std::string rest = lower(Sealed(std::string(text.substr(1))).name());
    return rest.empty() ? std::string() : "azure:/" + rest;
}

std::string server_id_of(const Node& configuration) {
    const std::string id = id_of(configuration);
    const std::size_t end = id.find("/configurations/");
    return end == id.npos ? std::string() : id.substr(0, end);
}

Server server_of(const FlexibleServer& given, Estate& estate) {
    Server server;
    const auto fact = [&](auto value, const Value& of) {
        return Fact<decltype(value)>{std::move(value), {given.at(*of.node), std::string(of.name), given.truth}};
    };
    server.name = load::as_name(node_of(given.name).name());
    const Wanted wanted(server.name, given.at, estate);
    const auto count = [&](const Value& of, const std::string& completes) -> MaybeFact<std::int64_t> {
        const auto number = wanted.amount(node_of(of), of.name, completes);
        return number ? MaybeFact<std::int64_t>(fact(*number, of)) : std::nullopt;
    };
    server.provider = "azure";
    server.from = {given.place, std::string(given.name.name), given.truth};
    server.engine = Fact<std::string>{given.engine, {given.place, "the type of the server", given.truth}};
    if (platform::find("azure", given.engine) == nullptr)
        server.refused = fmt::format("{} on Azure is no engine that poolfit knows", given.engine);
    if (std::string id = id_of(node_of(given.id)); !id.empty()) server.ids.push_back(std::move(id));
    if (const std::string host = node_of(given.host).text.host(); !host.empty()) server.ids.push_back(host_id(host));
    if (server.ids.empty()) server.ids.push_back("azure-name:" + lower(node_of(given.name).name()));

    if (std::string version = node_of(given.version).name(); !version.empty()) {
        const std::string minor = node_of(given.minor).name();
        if (!minor.empty() && version.find('.') == version.npos &&
            wanted.number(node_of(given.minor), given.minor.name, 0, 1000))
            version += '.' + minor;
        server.version = fact(std::move(version), given.version);
    }
    if (const std::string sku = node_of(given.sku).name(); !sku.empty()) server.cls = fact(sku_of(sku), given.sku);
    if (const std::string region = region_of(node_of(given.location)); !region.empty())
        server.region = fact(region, given.location);
    if (given.standby.node != nullptr) {
        const std::string mode = given.standby.node->name();
        const bool standby = mode == "ZoneRedundant" || mode == "SameZone";
        const bool none =
            given.standby.node->text.empty() || mode == "Disabled" || mode == "NotEnabled" || mode == "None";
        if (standby || none)
            server.multi_az = Fact<bool>{standby,
                                         {mode.empty() ? given.place : given.at(*given.standby.node),
                                          std::string(given.standby.name), given.truth}};
        else
            wanted.refuse(*given.standby.node, given.standby.name, "is no mode that poolfit knows",
                          set_flag("database", server.name, "multi_az", "true"));
    }
    if (const std::string primary = id_of(node_of(given.primary)); !primary.empty() && primary != server.ids.front())
        server.primary = fact(primary, given.primary);
    if (const std::string disk = disk_of(node_of(given.disk_type).name()); !disk.empty())
        server.volume.type = fact(disk, given.disk_type);
    else if (!node_of(given.disk_type).text.empty())
        wanted.refuse(node_of(given.disk_type), given.disk_type.name, "is no type of disk that poolfit knows",
                      storage_line("type", "\"NAME\""));
    const std::string size = storage_line("size", "\"N GiB\"");
    server.volume.size_gib = count(given.disk_gib, size);
    if (const auto mib = count(given.disk_mib, size)) server.volume.size_gib = fact(mib->value / 1024, given.disk_mib);
    server.volume.iops = count(given.iops, storage_line("iops", "N"));
    server.volume.mibps = count(given.throughput, storage_line("throughput", "\"N MiB/s\""));
    return server;
}

}  // namespace poolfit::imports::azure
