#include "workload.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace poolfit::imports::kubernetes {
namespace {

struct Kind {
    std::string_view name, pod, labels, replicas, strategy;
};
constexpr std::string_view knative = "serving.knative.dev/";
constexpr std::array<Kind, 12> kinds{{
    {"Deployment", "spec.template.spec", "spec.template.metadata.labels", "spec.replicas", "spec.strategy"},
    {"StatefulSet", "spec.template.spec", "spec.template.metadata.labels", "spec.replicas", ""},
    {"DaemonSet", "spec.template.spec", "spec.template.metadata.labels", "", ""},
    {"ReplicaSet", "spec.template.spec", "spec.template.metadata.labels", "spec.replicas", ""},
    {"ReplicationController", "spec.template.spec", "spec.template.metadata.labels", "spec.replicas", ""},
    {"Rollout", "spec.template.spec", "spec.template.metadata.labels", "spec.replicas", "spec.strategy"},
    {"DeploymentConfig", "spec.template.spec", "spec.template.metadata.labels", "spec.replicas", "spec.strategy"},
    {"Pod", "spec", "metadata.labels", "", ""},
    {"Job", "spec.template.spec", "spec.template.metadata.labels", "spec.parallelism", ""},
    {"CronJob", "spec.jobTemplate.spec.template.spec", "spec.jobTemplate.spec.template.metadata.labels",
     "spec.jobTemplate.spec.parallelism", ""},
    {"ScaledJob", "spec.jobTargetRef.template.spec", "spec.jobTargetRef.template.metadata.labels", "", ""},
    {"Service of Knative", "spec.template.spec", "spec.template.metadata.labels", "", ""},
}};

template <class T>
Fact<T> fact(const Object& object, T value, const Node& node, std::string how) {
    return {std::move(value), {object.at(node), std::move(how), Truth::declared}};
}

/// Which autoscaler's minimum and maximum take the place of the replicas.
void autoscale(const Cluster& cluster, Workload& workload) {
    const Object& object = *workload.object;
    for (const std::size_t index : cluster.autoscalers_of(object.name)) {
        const Object& other = cluster.objects()[index];
        const bool hpa = other.kind == "HorizontalPodAutoscaler";
        if (other.space != object.space && !other.space.empty() && !object.space.empty()) continue;
        const Node& target = other.spec()["scaleTargetRef"];
        const std::string kind = target["kind"].name();
        if (!kind.empty() && kind != object.kind) continue;
        if (kind.empty() && object.kind != "Deployment") continue;
        const Node& least = other.spec()[hpa ? "minReplicas" : "minReplicaCount"];
        const Node& most = other.spec()[hpa ? "maxReplicas" : "maxReplicaCount"];
        const std::int64_t high = most.number().value_or(hpa ? 0 : 100);
        if (high < 1 || high > 1'000'000) continue;
        // KEDA's own default is 0, and an idle count may be below its minimum; an HPA's default is 1.
        std::int64_t low = std::min(least.number().value_or(hpa ? 1 : 0), high);
        if (!hpa) low = std::min(low, other.spec()["idleReplicaCount"].number().value_or(low));
        const Node& place = most.kind == Node::Kind::none ? target : most;
        workload.least = fact(other, low, place, hpa ? "minReplicas of the HPA" : "minReplicaCount of KEDA");
        workload.most = fact(other, high, place, fmt::format("{} {} to {}", hpa ? "HPA" : "KEDA", low, high));
        return;
    }
}

/// A DaemonSet's pods: what its status says, else a pod on each node that is in the files and that it selects.
void count_nodes(const Cluster& cluster, Workload& workload, Estate& estate) {
    const Object& object = *workload.object;
    const Node& scheduled = (*object.node)["status"]["desiredNumberScheduled"];
    if (const auto number = scheduled.number(); number && *number > 0 && *number <= 1'000'000) {
        workload.least = workload.most = fact(object, *number, scheduled, "desiredNumberScheduled");
        workload.least->from.truth = workload.most->from.truth = Truth::running;
        return;
    }
    std::int64_t nodes = 0;
    const Object* first = nullptr;
    for (const Object& each : cluster.objects()) {
        if (each.kind != "Node") continue;
        const Node& labels = (*each.node)["metadata"]["labels"];
        const bool selected = std::ranges::all_of((*workload.pod)["nodeSelector"].items, [&](const Node::Item& item) {
            const Node& label = labels[item.key];
            return label.kind == Node::Kind::scalar && label.text.is(item.value->text.opened());
        });
        if (!selected) continue;
        ++nodes;
        if (first == nullptr) first = &each;
    }
    if (nodes > 0) {
        workload.least = workload.most =
            Fact<std::int64_t>{nodes, {first->place(), "nodes that it runs on, taints apart", Truth::declared}};
        return;
    }
    estate.not_taken(object.name, "a DaemonSet runs on every node, and no node is in the files: 1 instance is assumed",
                     object.place(),
                     fmt::format("--set service.{}.instances=N, or add kubectl get nodes -o yaml", object.name));
}

/// KEDA starts so many jobs at most.
void count_jobs(Workload& workload) {
    const Object& object = *workload.object;
    constexpr std::int64_t usual = 100;  // KEDA documentation: maxReplicaCount of a ScaledJob
    const Node& given = object.spec()["maxReplicaCount"];
    const auto most = given.number();
    if (most && *most == 0) workload.none = true;
    const bool counts = most && *most > 0 && *most <= 1'000'000;
    const Node& place = counts ? given : *object.node;
    const std::string how = counts ? "maxReplicaCount of KEDA" : "KEDA's default";
    workload.least = fact<std::int64_t>(object, 1, place, how);
    workload.most = fact(object, counts ? *most : usual, place, how);
}

/// Knative's own annotations, which a Service of Cloud Run has too.
void count_revisions(Workload& workload, Estate& estate) {
    const Object& object = *workload.object;
    const Node& annotations = object.node->at("spec.template.metadata.annotations");
    const auto find = [&](std::string_view first, std::string_view second) -> const Node& {
        constexpr std::string_view prefix = "autoscaling.knative.dev/";
        const Node& found = annotations[std::string(prefix) + std::string(first)];
        return found.kind == Node::Kind::none ? annotations[std::string(prefix) + std::string(second)] : found;
    };
    const Node &least = find("min-scale", "minScale"), &most = find("max-scale", "maxScale");
    workload.deploy = fact(object, std::string("blue-green"), *object.node, "a new revision starts beside the old one");
    const auto high = most.number();
    if (!high || *high < 1 || *high > 1'000'000)
        return estate.not_taken(object.name, "max-scale is not in the file: 1 instance is assumed", object.place(),
                                fmt::format("--set service.{}.instances=N", object.name));
    workload.least = fact(object, std::clamp<std::int64_t>(least.number().value_or(0), 1, *high), most, "max-scale");
    workload.most = fact(object, *high, most, "max-scale");
}

void read_surge(const Object& object, const Node& surge, Workload& workload) {
    if (surge.kind != Node::Kind::scalar) return;
    if (const auto number = surge.number())
        workload.surge_number = fact(object, *number, surge, "maxSurge");
    else if (const auto percent = surge.text.percent(); percent && *percent <= 100)
        workload.surge_share = fact(object, fmt::format("{}%", *percent), surge, "maxSurge");
}

void read_strategy(const Object& object, const Kind& kind, Workload& workload) {
    const auto say = [&](std::string_view word, const Node& node, std::string how) {
        workload.deploy = fact(object, std::string(word), node, std::move(how));
    };
    if (workload.job) return say("recreate", *object.node, "a job's pods replace none");
    if (kind.name == "StatefulSet" || kind.name == "DaemonSet") {
        say("rolling", *object.node, fmt::format("a {}", kind.name));
        const Node& surge = object.spec()["updateStrategy"]["rollingUpdate"]["maxSurge"];
        if (kind.name == "DaemonSet" && surge.number().value_or(0) > 0) return read_surge(object, surge, workload);
        workload.surge_number =
            fact(object, std::int64_t{0}, *object.node, fmt::format("a {} replaces its pods one by one", kind.name));
        return;
    }
    if (kind.strategy.empty()) return say("recreate", *object.node, fmt::format("a {}", kind.name));
    const Node& strategy = object.node->at(kind.strategy);
    if (strategy["type"].text.is("Recreate")) return say("recreate", strategy["type"], "strategy.type");
    if (strategy["blueGreen"].is_map()) return say("blue-green", strategy["blueGreen"], "strategy.blueGreen");
    say("rolling", strategy.kind == Node::Kind::none ? *object.node : strategy, "strategy");
    for (const std::string_view key : {"rollingUpdate", "rollingParams", "canary"})
        read_surge(object, strategy[key]["maxSurge"], workload);
}

/// Made by another object, which counts if it is in the files; else the numbers of this one do, but for single pods and
/// for sets that a new one has replaced.
bool is_owned(const Cluster& cluster, const Object& object) {
    const bool of_a_set =
        object.kind == "Pod" || (object.kind == "ReplicaSet" && object.spec()["replicas"].text.is("0"));
    if (of_a_set && !(*object.node)["metadata"]["ownerReferences"].items.empty()) return true;
    for (const Node::Item& owner : (*object.node)["metadata"]["ownerReferences"].items)
        if (cluster.find((*owner.value)["kind"].name(), object.space, (*owner.value)["name"].name()) != nullptr)
            return true;
    return false;
}

}  // namespace

std::string id_of(std::string_view space, std::string_view name) {
    return fmt::format("kubernetes:{}/{}", space, name);
}

std::string Workload::id() const { return id_of(object->space, object->name); }

std::optional<Workload> read_workload(const Cluster& cluster, const Object& object, Estate& estate) {
    const bool of_knative = object.api.starts_with(knative) && object.kind == "Service";
    const std::string_view named = of_knative ? std::string_view("Service of Knative") : object.kind;
    const auto kind = std::ranges::find(kinds, named, &Kind::name);
    if (kind == kinds.end() || is_owned(cluster, object)) return std::nullopt;
    if (object.name.empty()) {
        estate.not_taken("workloads", fmt::format("a {} without a valid name", object.kind), object.place(),
                         "metadata.name: letters, digits, '-' and '.'");
        return std::nullopt;
    }
    Workload workload;
    workload.object = &object;
    workload.pod = &object.node->at(kind->pod);
    workload.labels = &object.node->at(kind->labels);
    if (!workload.pod->is_map()) return std::nullopt;
    workload.job = object.kind == "Job" || object.kind == "CronJob" || object.kind == "ScaledJob";
    if (kind->name == "DaemonSet") count_nodes(cluster, workload, estate);
    if (kind->name == "ScaledJob") count_jobs(workload);
    if (of_knative) {
        count_revisions(workload, estate);
        return workload;
    }
    if (!kind->replicas.empty()) {
        const Node& replicas = object.node->at(kind->replicas);
        const auto number = replicas.number();
        if (number && *number == 0) workload.none = true;
        if (number && *number > 0 && *number <= 1'000'000)
            workload.least = workload.most = fact(object, *number, replicas, std::string(kind->replicas));
        else if (replicas.kind != Node::Kind::none && !workload.none)
            estate.not_taken(object.name, "replicas is not a whole number", object.at(replicas),
                             fmt::format("--set service.{}.instances=N", object.name));
    }
    if (object.spec()["suspend"].text.boolean().value_or(false)) workload.none = true;
    if (!workload.none && !workload.job) autoscale(cluster, workload);
    read_strategy(object, *kind, workload);
    const Node& policy = object.spec()["concurrencyPolicy"];
    workload.overlaps = object.kind == "CronJob" && !policy.text.is("Forbid") && !policy.text.is("Replace");
    return workload;
}

}  // namespace poolfit::imports::kubernetes
