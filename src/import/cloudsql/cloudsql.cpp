// `gcloud sql instances list` and `describe`, as the Cloud SQL Admin API's reference has the resource "instances".
#include <fmt/format.h>

#include "../readers.hpp"
#include "instance.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view usage = "gcloud sql instances list --format=json > cloudsql.json";

class CloudSql {
public:
    CloudSql(const InFile& file, Estate& estate) : file_(file), estate_(estate) {}

    /// True where the node is an instance, or a list of them, whatever a wrapper puts around it.
    bool visit(const Node& node, int level = 0) {
        if (level > 5) return false;
        bool any = false;
        if (node.is_list()) {
            for (const Node::Item& item : node.items) any = visit(*item.value, level + 1) || any;
            return any || node.items.empty();
        }
        if (!node.is_map()) return false;
        if (node["databaseVersion"].kind == Node::Kind::scalar && node.has("name")) {
            instance(node);
            return true;
        }
        for (const std::string_view key : {"items", "data"})
            if (node.has(key)) any = visit(node[key], level + 1) || any;
        return any;
    }

private:
    void instance(const Node& node) {
        const Node& settings = node["settings"];
        cloudsql::Instance found;
        const auto value = [](const Node& from, std::string_view key) { return cloudsql::Value{&from[key], key}; };
        found.name = value(node, "name");
        found.project = value(node, "project");
        found.connection = value(node, "connectionName");
        found.version = value(node, "databaseVersion");
        found.installed = value(node, "databaseInstalledVersion");
        found.region = value(node, "region");
        found.tier = value(settings, "tier");
        found.availability = value(settings, "availabilityType");
        found.primary = value(node, "masterInstanceName");
        found.replicas = value(node, "replicaNames");
        found.flags = value(settings, "databaseFlags");
        found.pooling = value(settings["connectionPoolConfig"], "connectionPoolingEnabled");
        found.disk_type = value(settings, "dataDiskType");
        found.disk_size = value(settings, "dataDiskSizeGb");
        found.disk_most = value(settings, "storageAutoResizeLimit");
        found.iops = value(settings, "dataDiskProvisionedIops");
        found.throughput = value(settings, "dataDiskProvisionedThroughput");
        found.addresses = value(node, "ipAddresses");
        found.at = [this](const Node& each) { return file_.place(each.offset); };
        found.place = file_.place(node["name"].offset);
        Server server = cloudsql::server_of(found, estate_);
        state(node, settings, server);
        estate_.servers.push_back(std::move(server));
    }

    void state(const Node& node, const Node& settings, Server& server) {
        const Node& state = node["state"];
        const Place place = file_.place(state.offset);
        if (node["backendType"].text.is("EXTERNAL") || node["instanceType"].text.is("ON_PREMISES_INSTANCE"))
            server.refused = "a server outside Cloud SQL, which replicates from or to it";
        if (node["instanceType"].text.is("READ_POOL_INSTANCE")) {
            const auto nodes = node["nodeCount"].number();
            server.refused =
                nodes ? fmt::format("a read pool of {} nodes, each of which is a server", *nodes) : "a read pool";
            server.completes = fmt::format("add [[database]] with replica_of and class {} for each node",
                                           server.cls ? server.cls->value : "TIER");
        }
        if (state.text.is("PENDING_DELETE")) server.refused = "it is being deleted";
        if (state.text.is("PENDING_CREATE")) estate_.told(server.name, "it is being created", place);
        if (state.text.is("FAILED")) estate_.told(server.name, "it failed", place);
        if (state.text.is("SUSPENDED") || settings["activationPolicy"].text.is("NEVER"))
            estate_.told(server.name, "it is stopped", place);
    }

    const InFile& file_;
    Estate& estate_;
};

}  // namespace

bool recognise_cloudsql(std::string_view text) {
    if (text.find("apiVersion") != text.npos) return false;
    if (looks_like_json(text))
        return text.find("\"databaseVersion\"") != text.npos &&
               (text.find("\"settings\"") != text.npos || text.find("sql#instance") != text.npos);
    return (text.starts_with("databaseVersion:") || text.find("\ndatabaseVersion:") != text.npos) &&
           text.find("sql#instance") != text.npos;
}

void read_cloudsql(std::span<const InFile> files, Mapped&, Estate& estate, Diagnostics& diagnostics) {
    for (const InFile& file : files) {
        if (refuse_wrong_file(file, "cloudsql", diagnostics)) continue;
        // `describe` prints YAML where no format is asked for.
        const auto documents =
            looks_like_json(file.text()) ? read_json(file, diagnostics) : read_yaml(file, diagnostics);
        if (!documents) continue;
        bool any = false;
        for (const NodePtr& document : *documents) any = CloudSql(file, estate).visit(*document) || any;
        if (!any)
            diagnostics.error(file.place(0), "not an answer of gcloud sql instances list or describe",
                              std::string(usage));
    }
    cloudsql::find_primaries(estate);
}

}  // namespace poolfit::imports
