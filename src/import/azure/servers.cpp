// `az postgres flexible-server list` and `show`, `az mysql flexible-server …`, and what `… parameter list` and `show`
// print, as the REST references of Microsoft.DBforPostgreSQL and Microsoft.DBforMySQL have them. The API itself has
// most values under "properties", the command line beside the name.
#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../facts/wanted.hpp"
#include "../readers.hpp"
#include "pooler.hpp"
#include "server.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view usage = "az postgres flexible-server list -o json > azure.json";

class Azure {
public:
    explicit Azure(Estate& estate) : estate_(estate) {}

    bool visit(const InFile& file, const Node& node, int level = 0) {
        if (level > 5) return false;
        bool any = false;
        if (node.is_list()) {
            for (const Node::Item& item : node.items) any = visit(file, *item.value, level + 1) || any;
            return any || node.items.empty();
        }
        if (!node.is_map()) return false;
        if (is_without_id(file, node)) return true;
        const std::string type = lower(node["type"].text.opened()), id = lower(node["id"].text.opened());
        const auto is = [&](std::string_view word) {
            return type.find(word) != type.npos || id.find("/" + std::string(word) + "/") != id.npos;
        };
        if (id.find("/configurations/") != id.npos || type.ends_with("/configurations")) {
            parameter(file, node);
            return true;
        }
        if (is("microsoft.dbforpostgresql/flexibleservers") || is("microsoft.dbformysql/flexibleservers")) {
            server(file, node, is("microsoft.dbformysql/flexibleservers") ? "mysql" : "postgresql");
            return true;
        }
        if (is("microsoft.dbforpostgresql/servers") || is("microsoft.dbformysql/servers")) {
            estate_.not_taken(node["name"].name().empty() ? "server" : node["name"].name(),
                              "a single server, which Azure has retired", file.place(node.offset),
                              "az postgres flexible-server list");
            return true;
        }
        for (const std::string_view key : {"value", "data"})
            if (node.has(key)) any = visit(file, node[key], level + 1) || any;
        return any;
    }

    /// What parameters are of, whichever file comes first.
    void finish() {
        for (const Parameter& each : parameters_) {
            const auto found = std::ranges::find_if(estate_.servers, [&](const Server& server) {
                return std::ranges::find(server.ids, each.server) != server.ids.end();
            });
            if (found != estate_.servers.end())
                found->max_connections = each.value;
            else
                estate_.not_taken("max_connections",
                                  fmt::format("{}: its server is not in the files", each.value.value),
                                  each.value.from.place, std::string(usage));
        }
        poolers_.add(estate_);
    }

private:
    struct Parameter {
        std::string server;
        Fact<std::int64_t> value;
    };

    static const Node& member(const Node& node, std::string_view key) {
        return node.has(key) ? node[key] : node["properties"][key];
    }

    /// A server of which --query left out what it is: its host says that too.
    bool is_without_id(const InFile& file, const Node& node) {
        if (!node["id"].text.empty() || !node["type"].text.empty() || node["name"].kind != Node::Kind::scalar)
            return false;
        const std::string host = lower(member(node, "fullyQualifiedDomainName").text.host());
        for (const auto& [end, engine] :
             {std::pair(".postgres.database.azure.com", "postgresql"), std::pair(".mysql.database.azure.com", "mysql")})
            if (host.ends_with(end)) {
                server(file, node, engine);
                return true;
            }
        if (node["name"].text.is("max_connections") && node.has("value")) {
            estate_.not_taken("max_connections", "it has no id: which server it belongs to is not known",
                              file.place(node["name"].offset),
                              "az postgres flexible-server parameter list --server-name NAME -o json");
            return true;
        }
        if (!member(node, "sku").is_map()) return false;
        estate_.not_taken(node["name"].name(), "it has no id, no type and no host: its engine is not known",
                          file.place(node["name"].offset), std::string(usage));
        return true;
    }

    void server(const InFile& file, const Node& node, std::string_view engine) {
        azure::FlexibleServer found;
        found.engine = engine;
        const auto value = [&](std::string_view key) { return azure::Value{&member(node, key), key}; };
        const Node &storage = member(node, "storage"), &standby = member(node, "highAvailability");
        const auto first = [](const Node& from, std::string_view key, std::string_view other) {
            return from.has(key) ? azure::Value{&from[key], key} : azure::Value{&from[other], other};
        };
        found.id = value("id");
        found.name = value("name");
        found.version = value("version");
        found.minor = value("minorVersion");
        found.location = value("location");
        found.sku = {&member(node, "sku")["name"], "sku.name"};
        if (standby.is_map()) found.standby = {&standby["mode"], "highAvailability.mode"};
        found.primary = value("sourceServerResourceId");
        found.host = value("fullyQualifiedDomainName");
        found.disk_gib = first(storage, "storageSizeGb", "storageSizeGB");
        found.disk_type = {&storage["type"], "storage.type"};
        found.iops = {&storage["iops"], "storage.iops"};
        found.throughput = {&storage["throughput"], "storage.throughput"};
        found.at = [&file](const Node& each) { return file.place(each.offset); };
        found.place = file.place(node["name"].offset);
        Server made = azure::server_of(found, estate_);
        const Node& state = member(node, "state");
        const Place place = file.place(state.offset);
        if (state.text.is("Dropping")) made.refused = "it is being deleted";
        if (state.text.is("Stopped") || state.text.is("Stopping")) estate_.told(made.name, "it is stopped", place);
        if (state.text.is("Disabled")) estate_.told(made.name, "it is disabled", place);
        if (state.text.is("Provisioning")) estate_.told(made.name, "it is being created", place);
        estate_.servers.push_back(std::move(made));
    }

    void parameter(const InFile& file, const Node& node) {
        const Node& given = member(node, "value");
        const std::string name = node["name"].name(), of = azure::server_id_of(node["id"]);
        if (!of.empty() && poolers_.take(of, name, given, {file.place(given.offset), name, Truth::running}, estate_))
            return;
        if (name != "max_connections") return;
        // The default follows the class: it is no value of its own.
        if (member(node, "source").text.is("system-default")) return;
        const std::string server = of.substr(of.rfind('/') + 1);
        const Wanted wanted(
            server.empty() ? name : server, [&file](const Node& each) { return file.place(each.offset); }, estate_);
        const auto number =
            wanted.number(given, name, 1, 1'000'000, set_flag("database", server.empty() ? "NAME" : server, name, "N"));
        if (!number || of.empty()) return;
        if (member(node, "isConfigPendingRestart").text.boolean().value_or(false))
            estate_.told(server, fmt::format("max_connections {} waits for a restart", *number),
                         file.place(given.offset));
        parameters_.push_back({of, {*number, {file.place(given.offset), name, Truth::running}}});
    }

    Estate& estate_;
    std::vector<Parameter> parameters_;
    azure::BuiltInPoolers poolers_;
};

}  // namespace

bool recognise_azure(std::string_view text) {
    if (!looks_like_json(text) || recognise_terraform(text)) return false;
    const std::string lowered = lower(text.substr(0, 1 << 20));
    return lowered.find("microsoft.dbforpostgresql/") != lowered.npos ||
           lowered.find("microsoft.dbformysql/") != lowered.npos;
}

void read_azure(std::span<const InFile> files, Mapped&, Estate& estate, Diagnostics& diagnostics) {
    Azure azure(estate);
    for (const InFile& file : files) {
        if (refuse_wrong_file(file, "azure", diagnostics)) continue;
        if (!looks_like_json(file.text()) && !file.text().starts_with("null")) {
            diagnostics.error(file.place(0), "this is not JSON", std::string(usage));
            continue;
        }
        const auto documents = read_json(file, diagnostics);
        if (!documents) continue;
        bool any = false;
        for (const NodePtr& document : *documents) any = azure.visit(file, *document) || any;
        if (!any)
            diagnostics.error(file.place(0), "no flexible servers: not an answer of az postgres or az mysql",
                              std::string(usage));
    }
    azure.finish();
}

}  // namespace poolfit::imports
