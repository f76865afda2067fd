// The machines of a cluster, as `kubectl get nodes -o yaml` prints them.
#include <algorithm>
#include <cmath>

#include "../facts/cpus.hpp"
#include "workload.hpp"

namespace poolfit::imports::kubernetes {

std::vector<const Object*> nodes_of(const Cluster& cluster, const Workload& workload) {
    std::vector<const Object*> found;
    for (const std::size_t index : cluster.nodes()) {
        const Object& node = cluster.objects()[index];
        const Node& labels = (*node.node)["metadata"]["labels"];
        const bool selected = std::ranges::all_of((*workload.pod)["nodeSelector"].items, [&](const Node::Item& item) {
            const Node& label = labels[item.key];
            return label.kind == Node::Kind::scalar && label.text.is(item.value->text.opened());
        });
        if (selected) found.push_back(&node);
    }
    return found;
}

std::optional<std::int64_t> vcpus_of(const Object& node) {
    // What a pod of Fargate sees is no machine of the cluster's.
    if ((*node.node)["metadata"]["labels"]["eks.amazonaws.com/compute-type"].text.is("fargate")) return std::nullopt;
    const auto cpus = read_cpus((*node.node)["status"]["capacity"]["cpu"].text);
    if (!cpus || std::floor(*cpus) != *cpus) return std::nullopt;
    return static_cast<std::int64_t>(*cpus);
}

std::optional<std::int64_t> node_vcpus(const Cluster& cluster, const Workload& workload) {
    if (cluster.nodes().empty()) return std::nullopt;
    if ((*workload.pod)["nodeSelector"].items.empty()) return cluster.vcpus();
    std::optional<std::int64_t> all;
    for (const Object* node : nodes_of(cluster, workload)) {
        const auto vcpus = vcpus_of(*node);
        if (!vcpus || (all && *all != *vcpus)) return std::nullopt;
        all = vcpus;
    }
    return all;
}

}  // namespace poolfit::imports::kubernetes
