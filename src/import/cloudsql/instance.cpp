#include "instance.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>
#include <poolfit/platform/platform.hpp>

#include "../facts/url.hpp"
#include "../facts/wanted.hpp"

namespace poolfit::imports::cloudsql {
namespace {

constexpr std::string_view provider = "gcp";

/// "POSTGRES_15", "MYSQL_8_0_31": an engine and a version.
struct Edition {
    std::string engine, version;
};
Edition read_edition(std::string_view text) {
    Edition edition;
    const std::size_t bar = std::min(text.find('_'), text.size());
    const std::string_view engine = text.substr(0, bar);
    edition.engine = engine == "POSTGRES" ? "postgresql" : lower(engine);
    std::string version(text.substr(std::min(bar + 1, text.size())));
    std::ranges::replace(version, '_', '.');
    // "14.4.R20230830.01.00" of a maintenance version
    if (const std::size_t release = version.find(".R"); release != version.npos) version.resize(release);
    edition.version = std::move(version);
    return edition;
}

const Node& node_of(const Value& value) {
    static const Node none;
    return value.node == nullptr ? none : *value.node;
}

/// "PD_SSD" in the inventory's words; empty of others.
std::string disk_of(std::string_view type) {
    if (type == "PD_SSD") return "ssd";
    if (type == "PD_HDD") return "hdd";
    if (type == "HYPERDISK_BALANCED") return "hyperdisk-balanced";
    return {};
}

std::string id_of(std::string_view project, std::string_view name) {
    return fmt::format("cloudsql:{}/{}", project, lower(name));
}

}  // namespace

Server server_of(const Instance& instance, Estate& estate) {
    Server server;
    const auto fact = [&](auto value, const Value& of) {
        return Fact<decltype(value)>{std::move(value), {instance.at(*of.node), std::string(of.name), instance.truth}};
    };
    const auto word = [&](const Value& of) -> MaybeFact<std::string> {
        std::string text = node_of(of).name();
        return text.empty() ? MaybeFact<std::string>() : fact(std::move(text), of);
    };
    const std::string name = node_of(instance.name).name();
    server.name = load::as_name(name.substr(name.rfind(':') + 1));
    const Wanted wanted(server.name, instance.at, estate);
    const auto count = [&](const Value& of, const std::string& completes) -> MaybeFact<std::int64_t> {
        const auto number = wanted.amount(node_of(of), of.name, completes);
        return number ? MaybeFact<std::int64_t>(fact(*number, of)) : std::nullopt;
    };
    server.provider = provider;
    server.from = {instance.place, std::string(instance.name.name), instance.truth};
    const std::string connection = node_of(instance.connection).name();
    std::string project = node_of(instance.project).name();
    if (project.empty()) project = connection.substr(0, connection.find(':'));
    server.ids.push_back(id_of(project, name));
    if (!connection.empty()) server.ids.push_back(host_id(connection));
    // Networks use the same private addresses: what it is called tells it apart.
    server.identity = lower(connection);
    for (const Node::Item& item : node_of(instance.addresses).items)
        for (const std::string_view key : {"ipAddress", "ip_address"})
            if (const std::string address = (*item.value)[key].text.host(); !address.empty())
                server.ids.push_back(host_id(address));

    const Edition edition = read_edition(node_of(instance.version).name());
    const Platform* const platform = platform::find(provider, edition.engine);
    if (!edition.engine.empty()) server.engine = fact(edition.engine, instance.version);
    if (!edition.engine.empty() && platform == nullptr)
        server.refused = fmt::format("{} is no engine that poolfit knows", edition.engine);
    if (!edition.version.empty()) server.version = fact(edition.version, instance.version);
    const Edition installed = read_edition(node_of(instance.installed).name());
    if (platform != nullptr && installed.engine == edition.engine && installed.version.starts_with(edition.version) &&
        std::holds_alternative<EngineVersion>(platform->versions.parse(installed.version)))
        server.version = fact(installed.version, instance.installed);
    server.cls = word(instance.tier);
    server.region = word(instance.region);
    if (const std::string kind = node_of(instance.availability).name(); kind == "REGIONAL" || kind == "ZONAL")
        server.multi_az = fact(kind == "REGIONAL", instance.availability);
    else if (!node_of(instance.availability).text.empty())
        wanted.refuse(node_of(instance.availability), instance.availability.name, "is neither REGIONAL nor ZONAL",
                      set_flag("database", server.name, "multi_az", "true"));
    for (const Node::Item& flag : node_of(instance.flags).items) {
        if (!(*flag.value)["name"].text.is("max_connections")) continue;
        const Node& value = (*flag.value)["value"];
        if (const auto number = value.number(); number && *number > 0)
            server.max_connections =
                Fact<std::int64_t>{*number, {instance.at(value), std::string(instance.flags.name), instance.truth}};
        else
            estate.not_taken(server.name, "max_connections is not a number", instance.at(value),
                             fmt::format("--set database.{}.max_connections=N", server.name));
    }
    if (wanted.boolean(node_of(instance.pooling), instance.pooling.name).value_or(false))
        estate.not_taken(server.name, "Managed Connection Pooling is on, and its pools are not read",
                         instance.at(*instance.pooling.node), "add its [[pooler]] by hand");
    if (auto primary = word(instance.primary)) server.primary = std::move(primary);
    for (const Node::Item& replica : node_of(instance.replicas).items)
        if (const std::string other = replica.value->name(); !other.empty())
            estate.mentions.push_back({id_of(project, other), other,
                                       fmt::format("a replica of {}, which is not in the files", server.name),
                                       "add gcloud sql instances list --format=json", instance.at(*replica.value)});
    if (const std::string disk = disk_of(node_of(instance.disk_type).name()); !disk.empty())
        server.volume.type = fact(disk, instance.disk_type);
    else if (!node_of(instance.disk_type).text.empty())
        wanted.refuse(node_of(instance.disk_type), instance.disk_type.name, "is no type of disk that poolfit knows",
                      storage_line("type", "\"NAME\""));
    server.volume.size_gib = count(instance.disk_size, storage_line("size", "\"N GiB\""));
    server.volume.max_size_gib = count(instance.disk_most, storage_line("max_size", "\"N GiB\""));
    server.volume.iops = count(instance.iops, storage_line("iops", "N"));
    server.volume.mibps = count(instance.throughput, storage_line("throughput", "\"N MiB/s\""));
    return server;
}

void find_primaries(Estate& estate) {
    for (Server& server : estate.servers) {
        if (server.provider != provider || !server.primary || server.primary->value.starts_with("cloudsql:")) continue;
        // "project:name", or the name alone, of the same project.
        const std::string given = server.primary->value;
        const std::size_t colon = given.rfind(':');
        const std::string name = lower(given.substr(colon + 1));
        const std::string& own = server.ids.front();
        const std::string project = colon == given.npos ? own.substr(9, own.find('/') - 9) : given.substr(0, colon);
        std::optional<std::string> found;
        for (const Server& other : estate.servers) {
            if (other.provider != provider || &other == &server) continue;
            const std::string& id = other.ids.front();
            const std::size_t slash = id.find('/');
            const std::string_view theirs = std::string_view(id).substr(9, slash - 9);
            if (id.substr(slash + 1) == name && (project.empty() || theirs.empty() || theirs == project)) found = id;
        }
        server.primary->value = found ? *found : id_of(project, name);
    }
}

}  // namespace poolfit::imports::cloudsql
