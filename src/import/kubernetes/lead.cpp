#include "lead.hpp"

#include <algorithm>
#include <utility>

namespace poolfit::imports::kubernetes {
namespace {

/// "pgbouncer" of "pgbouncer.harbour.svc.cluster.local", whose namespace goes into `space`; empty of other hosts.
std::string service_of(std::string_view host, std::string& space) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::size_t dot = host.find('.');
    if (dot == host.npos) return std::string(host);
    const std::string_view rest = host.substr(dot + 1);
    const std::size_t second = rest.find('.');
    if (second != rest.npos && rest.substr(second + 1) != "svc" && !rest.substr(second + 1).starts_with("svc."))
        return {};
    space = rest.substr(0, second);
    return std::string(host.substr(0, dot));
}

/// The workload that a Service selects.
const Workload* behind(const Object& service, const std::deque<Workload>& workloads) {
    const Node& selector = service.spec()["selector"];
    if (!selector.is_map() || selector.items.empty()) return nullptr;
    for (const Workload& workload : workloads) {
        if (workload.object->space != service.space && !workload.object->space.empty() && !service.space.empty())
            continue;
        const bool selected = std::ranges::all_of(selector.items, [&](const Node::Item& item) {
            const Node& label = (*workload.labels)[item.key];
            return label.kind == Node::Kind::scalar && label.text.is(item.value->text.opened());
        });
        if (selected) return &workload;
    }
    return nullptr;
}

/// The StatefulSet whose first pod a host is: "mysql-0.mysql", "mysql-0.mysql.data.svc.cluster.local". Its other pods
/// are servers of their own.
const Workload* pod_of(std::string_view host, const std::string& own, const Cluster& cluster,
                       const std::deque<Workload>& workloads) {
    const std::size_t dot = host.find('.');
    if (dot == host.npos || !host.substr(0, dot).ends_with("-0")) return nullptr;
    std::string space = own;
    const std::string service = service_of(host.substr(dot + 1), space);
    const Object* const object = service.empty() ? nullptr : cluster.find("Service", space, service);
    const Workload* const found = object == nullptr ? nullptr : behind(*object, workloads);
    const bool is_pod = found != nullptr && found->object->kind == "StatefulSet" &&
                        host.substr(0, dot - 2) == lower(found->object->name);
    return is_pod ? found : nullptr;
}

}  // namespace

std::optional<std::int64_t> Lead::target_port(std::optional<std::int64_t> port) const {
    if (service == nullptr || !port) return port;
    for (const Node::Item& item : service->spec()["ports"].items)
        if ((*item.value)["port"].number() == port) return (*item.value)["targetPort"].number().value_or(*port);
    return port;
}

Lead lead_of(std::string_view given, std::string space, const Cluster& cluster, const std::deque<Workload>& workloads) {
    Lead lead;
    std::string host = lower(given);
    const std::string own = std::move(space);
    for (int steps = 0; steps < 5; ++steps) {
        std::string inside = own;
        const std::string service = service_of(host, inside);
        if (lead.workload = pod_of(host, own, cluster, workloads); lead.workload != nullptr) return lead;
        if (service.empty()) return lead;
        const Object* object = cluster.find("Service", inside, service);
        if (object == nullptr) {
            lead.id = id_of(inside, service);
            return lead;
        }
        std::string next = object->spec()["externalName"].text.host();
        if (next.empty()) {
            lead.workload = behind(*object, workloads);
            lead.service = object;
            return lead;
        }
        lead.host = host = lower(next);
    }
    return lead;
}

}  // namespace poolfit::imports::kubernetes
