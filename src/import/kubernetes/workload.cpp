#include "workload.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "../facts/wanted.hpp"

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

constexpr std::int64_t most_pods = 1'000'000;

/// Values of an object by their keys; what cannot be taken is listed.
Wanted wanted_of(const Object& object, const Object& subject, Estate& estate) {
    return {subject.name, [&object](const Node& node) { return object.at(node); }, estate};
}

/// Does an autoscaler whose target has the object's name scale it?
bool scales(const Object& autoscaler, const Object& object) {
    if (autoscaler.space != object.space && !autoscaler.space.empty() && !object.space.empty()) return false;
    const std::string kind = autoscaler.spec()["scaleTargetRef"]["kind"].name();
    return kind.empty() ? object.kind == "Deployment" : kind == object.kind;
}

/// Which autoscaler's minimum and maximum take the place of the replicas.
void autoscale(const Cluster& cluster, const Object& object, Workload& workload, Estate& estate) {
    for (const std::size_t index : cluster.autoscalers_of(object.name)) {
        const Object& other = cluster.objects()[index];
        if (!scales(other, object)) continue;
        const bool hpa = other.kind == "HorizontalPodAutoscaler";
        const Node& target = other.spec()["scaleTargetRef"];
        const std::string_view least_key = hpa ? "minReplicas" : "minReplicaCount";
        const std::string_view most_key = hpa ? "maxReplicas" : "maxReplicaCount";
        const Node &least = other.spec()[least_key], &most = other.spec()[most_key];
        const Wanted wanted = wanted_of(other, *workload.object, estate);
        const std::string flag = set_flag("service", workload.object->name, "instances", "N");
        // All are read before one decides, so that each that cannot be taken is listed.
        const auto given = wanted.number(most, most_key, 1, most_pods, flag);
        const auto fewest = wanted.number(least, least_key, 0, most_pods, flag);
        const auto idle = hpa ? std::nullopt
                              : wanted.number(other.spec()["idleReplicaCount"], "idleReplicaCount", 0, most_pods, flag);
        if (!given && (hpa || most.kind != Node::Kind::none)) continue;
        constexpr std::int64_t usual = 100;  // of KEDA
        const std::int64_t high = given.value_or(usual);
        // KEDA's own default is 0, and an idle count may be below its minimum; an HPA's default is 1.
        std::int64_t low = std::min(fewest.value_or(hpa ? 1 : 0), high);
        low = std::min(low, idle.value_or(low));
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
    if (const auto number = scheduled.number(); number && *number > 0 && *number <= most_pods) {
        workload.least = workload.most = fact(object, *number, scheduled, "desiredNumberScheduled");
        workload.least->from.truth = workload.most->from.truth = Truth::running;
        return;
    }
    if (const auto nodes = nodes_of(cluster, workload); !nodes.empty()) {
        const auto count = static_cast<std::int64_t>(nodes.size());
        workload.least = workload.most =
            Fact<std::int64_t>{count, {nodes.front()->place(), "nodes that it runs on, taints apart", Truth::declared}};
        return;
    }
    estate.not_taken(object.name, "a DaemonSet runs on every node, and no node is in the files: 1 instance is assumed",
                     object.place(),
                     fmt::format("--set service.{}.instances=N, or add kubectl get nodes -o yaml", object.name));
}

/// KEDA starts so many jobs at most.
void count_jobs(Workload& workload, Estate& estate) {
    const Object& object = *workload.object;
    constexpr std::int64_t usual = 100;  // KEDA documentation: maxReplicaCount of a ScaledJob
    const Node& given = object.spec()["maxReplicaCount"];
    const auto most =
        wanted_of(object, object, estate)
            .number(given, "maxReplicaCount", 0, most_pods, set_flag("service", object.name, "instances", "N"));
    if (most && *most == 0) workload.none = true;
    if (!most && given.kind != Node::Kind::none) return;
    const bool counts = most && *most > 0;
    const Node& place = counts ? given : *object.node;
    const Node& pods = object.spec()["jobTargetRef"]["parallelism"];
    const std::int64_t each =
        wanted_of(object, object, estate)
            .number(pods, "parallelism", 1, most_pods, set_flag("service", object.name, "instances", "N"))
            .value_or(1);
    const std::int64_t all = std::min((counts ? *most : usual) * each, most_pods);
    std::string how = counts ? "maxReplicaCount of KEDA" : "KEDA's default";
    if (each > 1) how += fmt::format(", {} pods each", each);
    workload.least = fact(object, std::min(each, all), place, how);
    workload.most = fact(object, all, place, how);
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
    if (!high || *high < 1 || *high > most_pods)
        return estate.not_taken(
            object.name,
            fmt::format("max-scale is {}: 1 instance is assumed", most.kind == Node::Kind::none ? "not in the file"
                                                                  : high && *high == 0          ? "0, no limit"
                                                                                       : "not a number of instances"),
            most.kind == Node::Kind::none ? object.place() : object.at(most),
            set_flag("service", object.name, "instances", "N"));
    const auto few = wanted_of(object, object, estate).number(least, "min-scale", 0, most_pods);
    workload.least = fact(object, std::clamp<std::int64_t>(few.value_or(0), 1, *high), most, "max-scale");
    workload.most = fact(object, *high, most, "max-scale");
}

void read_surge(const Object& object, const Node& surge, Workload& workload, Estate& estate) {
    if (surge.kind == Node::Kind::none) return;
    const auto percent = surge.text.percent();
    if (const auto number = surge.number())
        workload.surge_number = fact(object, *number, surge, "maxSurge");
    else if (percent && *percent <= 100)
        workload.surge_share = fact(object, fmt::format("{}%", *percent), surge, "maxSurge");
    else
        wanted_of(object, *workload.object, estate)
            .refuse(surge, "maxSurge",
                    percent ? fmt::format("is {}%, and an inventory takes up to 100%", *percent)
                            : std::string("is neither a number of pods nor a share such as 25%"),
                    set_flag("service", workload.object->name, "max_surge", "N"));
}

void read_strategy(const Object& object, const Kind& kind, Workload& workload, Estate& estate) {
    const auto say = [&](std::string_view word, const Node& node, std::string how) {
        workload.deploy = fact(object, std::string(word), node, std::move(how));
    };
    if (workload.job) return say("recreate", *object.node, "a job's pods replace none");
    if (kind.name == "StatefulSet" || kind.name == "DaemonSet") {
        say("rolling", *object.node, fmt::format("a {}", kind.name));
        const Node& surge = object.spec()["updateStrategy"]["rollingUpdate"]["maxSurge"];
        if (kind.name == "DaemonSet" && surge.kind != Node::Kind::none && !surge.text.is("0"))
            return read_surge(object, surge, workload, estate);
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
        read_surge(object, strategy[key]["maxSurge"], workload, estate);
}

/// Does the object run the pods of another, which is read with its numbers? Where that is missing, it is listed.
bool runs_another(const Cluster& cluster, const Object& object, Estate& estate) {
    const Node& runs = object.spec()["workloadRef"];
    if (object.kind != "Rollout" || !runs.is_map()) return false;
    const std::string kind = runs["kind"].name(), name = runs["name"].name();
    if (cluster.find(kind, object.space, name) == nullptr)
        estate.not_taken(object.name.empty() ? "workloads" : object.name,
                         fmt::format("it runs the pods of the {} {}, which is not in the files", kind, name),
                         object.at(runs), "name the file that has it");
    return true;
}

/// Pods that a Deployment keeps beside those of its Rollout.
void tell_beside(const Object& object, const Object& rollout, Estate& estate) {
    const Node& down = rollout.spec()["workloadRef"]["scaleDown"];
    const Node& replicas = object.spec()["replicas"];
    const auto number = replicas.kind == Node::Kind::none ? std::optional<std::int64_t>(1) : replicas.number();
    if (number == 0 || down.text.is("onsuccess") || down.text.is("progressively")) return;
    estate.not_taken(
        object.name,
        fmt::format("{} of its own beside those of the Rollout {}, which does not scale it down",
                    number ? fmt::format("{} pod{}", *number, *number == 1 ? "" : "s") : "pods", rollout.name),
        replicas.kind == Node::Kind::none ? object.place() : object.at(replicas),
        "scaleDown: onsuccess in its workloadRef, or other_connections of its database");
}

/// Autoscalers of a Deployment whose pods a Rollout runs: their bounds are not those of the Rollout's pods.
void tell_autoscalers_beside(const Cluster& cluster, const Object& object, const Object& rollout, Estate& estate) {
    for (const std::size_t index : cluster.autoscalers_of(object.name)) {
        const Object& other = cluster.objects()[index];
        if (!scales(other, object)) continue;
        estate.not_taken(object.name,
                         fmt::format("an autoscaler scales the Deployment and not its Rollout {}", rollout.name),
                         other.place(),
                         fmt::format("in its scaleTargetRef name the Rollout, or {}",
                                     set_flag("service", object.name, "instances", "N")));
    }
}

/// Helm's hooks stand in one text with commas. What also runs at another moment is no test.
bool is_test(const Node& hooks) {
    std::string_view rest = trimmed_blanks(hooks.text.opened());
    if (rest.empty()) return false;
    for (bool more = true; more;) {
        const std::size_t comma = rest.find(',');
        const std::string hook = lower(trimmed_blanks(rest.substr(0, comma)));
        if (hook != "test" && hook != "test-success" && hook != "test-failure") return false;
        more = comma != rest.npos;
        if (more) rest.remove_prefix(comma + 1);
    }
    return true;
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
    if (runs_another(cluster, object, estate)) return std::nullopt;
    const Object* const rollout = cluster.rollout_of(object);
    const Object& counts = rollout == nullptr ? object : *rollout;
    if (rollout != nullptr) {
        tell_beside(object, *rollout, estate);
        tell_autoscalers_beside(cluster, object, *rollout, estate);
    }
    Workload workload;
    workload.object = &object;
    workload.test = is_test((*object.node)["metadata"]["annotations"]["helm.sh/hook"]);
    workload.none = workload.test;
    workload.pod = &object.node->at(kind->pod);
    workload.labels = &object.node->at(kind->labels);
    if (!workload.pod->is_map()) return std::nullopt;
    workload.job = object.kind == "Job" || object.kind == "CronJob" || object.kind == "ScaledJob";
    if (kind->name == "DaemonSet") count_nodes(cluster, workload, estate);
    if (kind->name == "ScaledJob") count_jobs(workload, estate);
    if (of_knative) {
        count_revisions(workload, estate);
        return workload;
    }
    if (!kind->replicas.empty()) {
        const Node& replicas = counts.node->at(kind->replicas);
        const auto number = replicas.number();
        if (number && *number == 0) workload.none = true;
        if (number && *number > 0 && *number <= most_pods)
            workload.least = workload.most = fact(counts, *number, replicas, std::string(kind->replicas));
        else if (replicas.kind != Node::Kind::none && !workload.none)
            estate.not_taken(object.name, "replicas is not a whole number", counts.at(replicas),
                             fmt::format("--set service.{}.instances=N", object.name));
    }
    if (wanted_of(object, object, estate).boolean(object.spec()["suspend"], "suspend").value_or(false))
        workload.none = true;
    if (!workload.none && !workload.job) autoscale(cluster, counts, workload, estate);
    read_strategy(counts, *kind, workload, estate);
    const Node& policy = object.spec()["concurrencyPolicy"];
    workload.overlaps = object.kind == "CronJob" && !policy.text.is("Forbid") && !policy.text.is("Replace");
    return workload;
}

}  // namespace poolfit::imports::kubernetes
