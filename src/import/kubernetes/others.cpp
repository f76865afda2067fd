// Objects of kinds that are not read, such as workflows: if they connect to a database, that is said.
#include <cstddef>

#include <fmt/format.h>

#include "workload.hpp"

namespace poolfit::imports::kubernetes {
namespace {

/// Does a container connect to a database, wherever in the object it stands?
bool connects(const Cluster& cluster, const Workload& workload, const Node& node, int level, std::size_t& seen) {
    if (++seen > 10'000 || level > 20) return false;
    const bool is_container =
        node.is_map() && node["image"].kind == Node::Kind::scalar && (node.has("env") || node.has("envFrom"));
    if (is_container && role_of(node).empty()) {
        std::vector<std::string> missing;
        if (!find_addresses(read_container(cluster, workload, node, missing)).empty()) return true;
    }
    for (const Node::Item& item : node.items)
        if (item.value->kind != Node::Kind::scalar && connects(cluster, workload, *item.value, level + 1, seen))
            return true;
    return false;
}

}  // namespace

void tell_other(const Cluster& cluster, const Object& object, Estate& estate) {
    for (const std::string_view read :
         {"ConfigMap", "Secret", "Service", "Node", "HorizontalPodAutoscaler", "ScaledObject", "Deployment",
          "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig", "Pod",
          "Job", "CronJob", "ScaledJob"})
        if (object.kind == read) return;
    // Made by another object, as a Revision is by its Service.
    if (!(*object.node)["metadata"]["ownerReferences"].items.empty()) return;
    Workload workload;
    workload.object = &object;
    workload.pod = workload.labels = object.node.get();
    std::size_t seen = 0;
    if (connects(cluster, workload, object.spec(), 0, seen))
        estate.not_taken(object.name, fmt::format("a {} connects to a database, and is not read", object.kind),
                         object.place(), "add its [[service]] by hand");
}

}  // namespace poolfit::imports::kubernetes
