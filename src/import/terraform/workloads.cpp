// What else runs programs: functions of Lambda, services of Cloud Run and Container Apps. Of kinds that are not read, a
// program that connects to a database is named.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../env/env.hpp"
#include "../facts/program.hpp"
#include "../facts/tables.hpp"
#include "../kubernetes/cluster.hpp"
#include "readers.hpp"

namespace poolfit::imports::terraform {
namespace {

/// Types that run programs and are not read.
struct Other {
    std::string_view type, name, advice;
};
constexpr std::string_view by_kubectl = "kubectl get deploy,sts,cronjob,hpa,svc,cm -A -o yaml > k8s.yaml";
constexpr std::string_view by_hand = "add its [[service]] by hand";
constexpr std::array<Other, 22> others{{
    {"aws_apprunner_service", "service_name", by_hand},
    {"aws_batch_job_definition", "name", by_hand},
    {"aws_elastic_beanstalk_environment", "name", by_hand},
    {"azurerm_container_group", "name", by_hand},
    {"azurerm_linux_function_app", "name", by_hand},
    {"azurerm_linux_web_app", "name", by_hand},
    {"azurerm_windows_web_app", "name", by_hand},
    {"digitalocean_app", "name", by_hand},
    {"google_cloud_run_service", "name", by_hand},
    {"google_cloud_run_v2_job", "name", by_hand},
    {"google_cloudfunctions_function", "name", by_hand},
    {"google_cloudfunctions2_function", "name", by_hand},
    {"heroku_app", "name", by_hand},
    {"heroku_config", "id", by_hand},
    {"kubernetes_cron_job", "name", by_kubectl},
    {"kubernetes_cron_job_v1", "name", by_kubectl},
    {"kubernetes_deployment", "name", by_kubectl},
    {"kubernetes_deployment_v1", "name", by_kubectl},
    {"kubernetes_stateful_set", "name", by_kubectl},
    {"kubernetes_stateful_set_v1", "name", by_kubectl},
    {"helm_release", "name", "helm get manifest NAME > manifests.yaml"},
    {"nomad_job", "name", by_hand},
}};

/// Types that are machines, where they say how large one is, and what runs as it starts.
struct Machine {
    std::string_view type, size;
    std::array<std::string_view, 2> scripts;
};
constexpr std::array<Machine, 6> machines{{
    {"aws_instance", "instance_type", {"user_data", "user_data_base64"}},
    {"aws_launch_template", "instance_type", {"user_data", "user_data"}},
    {"google_compute_instance", "machine_type", {"metadata_startup_script", "startup-script"}},
    {"google_compute_instance_template", "machine_type", {"metadata_startup_script", "startup-script"}},
    {"azurerm_linux_virtual_machine", "size", {"custom_data", "user_data"}},
    {"azurerm_linux_virtual_machine_scale_set", "sku", {"custom_data", "user_data"}},
}};

constexpr std::int64_t most_instances = 1'000'000;

const Node& first(const Node& list) {
    static const Node none;
    if (!list.is_list()) return list;
    return list.items.empty() ? none : *list.items.front().value;
}

/// Every variable below a node, as a member of a map or as a pair of name and value.
void collect(const Resource& resource, const Node& node, int level, std::size_t& seen, Variables& into) {
    if (++seen > 10'000 || level > 12) return;
    if (node.is_map() && node["name"].kind == Node::Kind::scalar && node.has("value")) {
        if (const std::string name = node["name"].name(); !name.empty() && !node["value"].withheld)
            into.add({.name = name, .value = node["value"].text, .place = resource.at(node["value"])});
        return;
    }
    for (const Node::Item& item : node.items) {
        if (item.value->kind != Node::Kind::scalar)
            collect(resource, *item.value, level + 1, seen, into);
        else if (node.is_map() && is_plain_key(item.key) && !item.value->withheld)
            into.add({.name = item.key, .value = item.value->text, .place = resource.at(*item.value)});
    }
}

class Workloads {
public:
    Workloads(const Files& files, Estate& estate) : files_(files), estate_(estate) {}

    void read() {
        for (const Resource& each : files_.all()) {
            if (each.data || each.deleted) continue;
            if (each.type == "aws_lambda_function") function(each);
            machine(each);
            if (each.type == "google_cloud_run_v2_service") cloud_run(each);
            if (each.type == "azurerm_container_app") container_app(each);
            const auto other = std::ranges::find(others, each.type, &Other::type);
            if (other != others.end()) tell(each, *other);
        }
    }

private:
    void tell(const Resource& resource, const Other& other) {
        Program program;
        std::size_t seen = 0;
        collect(resource, *resource.values, 0, seen, program.variables);
        if (find_addresses(program).empty()) return;
        const Node& metadata = first(resource["metadata"]);
        std::string name = load::as_name(metadata[other.name].name());
        if (name.empty()) name = name_of(resource, other.name);
        estate_.not_taken(name, fmt::format("{} connects to a database, and is not read", resource.address),
                          resource.place(), std::string(other.advice));
    }

    /// A machine whose start sets variables that have a database's address. What runs on it, and how often, its
    /// resource does not say; only its type says what it has.
    void machine(const Resource& resource) {
        const auto row = std::ranges::find(machines, resource.type, &Machine::type);
        if (row == machines.end()) return;
        for (const std::string_view key : row->scripts) {
            const Node& script = key.starts_with("startup") ? first(resource["metadata"])[key] : resource[key];
            if (script.kind != Node::Kind::scalar || script.withheld) continue;
            for (const Sealed& text : {script.text, kubernetes::from_base64(script.text)}) {
                Program program;
                program.variables = read_variables(text.opened(), [&](std::size_t) { return resource.at(script); });
                if (find_addresses(program).empty()) continue;
                std::string name = load::as_name(resource["name"].name());
                if (name.empty()) name = load::as_name(resource.name);
                const std::string size = resource[row->size].name();
                return estate_.not_taken(
                    name,
                    fmt::format("{} sets a database's address as it starts: which services run on it is not in the "
                                "file",
                                resource.address),
                    resource.at(script),
                    size.empty() ? std::string(by_hand)
                                 : fmt::format("{}, with [[host]] of {} {}", by_hand,
                                               resource.type.starts_with("aws_") ? "class" : "the vCPUs of", size));
            }
        }
    }

    /// A service of what runs the program, if it connects to a database.
    std::optional<ServiceFact> service(const Resource& resource, std::string_view name, const Program& program) {
        if (!role_of_image(program.image).empty() || find_addresses(program).empty()) return std::nullopt;
        ServiceFact made;
        made.name = name_of(resource, name);
        made.space = resource["location"].name();
        made.from = {resource.place(), resource.address, resource.truth};
        ProgramFacts facts = read_program(program, made.name, estate_);
        made.processes = std::move(facts.processes);
        made.pools = std::move(facts.pools);
        return made;
    }

    /// A function's instance serves one request at a time; as many run as its concurrency allows.
    void function(const Resource& resource) {
        Program program;
        const Node& variables = first(resource["environment"])["variables"];
        program.words_place = resource.at(variables);
        for (const Node::Item& item : variables.items)
            if (is_plain_key(item.key) && !item.value->withheld)
                program.variables.add({.name = item.key, .value = item.value->text, .place = resource.at(*item.value)});
        auto made = service(resource, "function_name", program);
        if (!made) return;
        made->runtime = resource.fact(std::string("serverless"), *resource.values, "a function of Lambda");
        const Node& most = resource["reserved_concurrent_executions"];
        const bool unlimited = most.text.is("-1");
        const auto number = unlimited ? std::nullopt
                                      : resource.wanted(made->name, estate_)
                                            .number(most, "reserved_concurrent_executions", 0, most_instances,
                                                    set_flag("service", made->name, "instances", "N"));
        if (number && *number == 0)
            return estate_.not_taken(made->name, "reserved_concurrent_executions is 0: it does not run",
                                     resource.at(most),
                                     fmt::format("raise it, or add [[service]] {} by hand", made->name));
        if (number) {
            made->min_instances = resource.fact<std::int64_t>(1, most, "reserved_concurrent_executions");
            made->max_instances = resource.fact(*number, most, "reserved_concurrent_executions");
        } else if (unlimited || most.kind == Node::Kind::none) {
            estate_.not_taken(made->name, "its concurrency is not limited: 1 instance is assumed", resource.place(),
                              fmt::format("--set service.{}.instances=N", made->name));
        }
        estate_.services.push_back(std::move(*made));
    }

    /// A list of containers, whose variables have a value or the name of what holds it. True if any connects.
    template <class Holder, class Complete>
    void containers(const Resource& resource, const Node& list, const Holder& holder, const Complete& complete) {
        bool any = false;
        for (const Node::Item& item : list.items) {
            const Node& container = *item.value;
            Program program;
            program.image = container["image"].name();
            program.words_place = resource.at(container);
            for (const std::string_view key : {"command", "args"})
                for (const Node::Item& word : container[key].items) program.words.push_back(word.value->text);
            for (const Node::Item& each : container["env"].items) {
                const Node& entry = *each.value;
                Variable variable{
                    .name = entry["name"].name(), .value = entry["value"].text, .place = resource.at(entry)};
                variable.holder = holder(entry);
                variable.known = variable.holder.empty();
                if (!variable.name.empty() && !entry["value"].withheld) program.variables.add(std::move(variable));
            }
            auto made = service(resource, "name", program);
            if (!made) continue;
            if (any) made->name = load::as_name(fmt::format("{}-{}", made->name, container["name"].name()));
            any = true;
            complete(*made);
            estate_.services.push_back(std::move(*made));
        }
    }

    void scale(const Resource& resource, const Node& of, std::string_view least_key, std::string_view most_key,
               std::int64_t usual, ServiceFact& made) {
        const Node &least = of[least_key], &most = of[most_key];
        const Wanted wanted = resource.wanted(made.name, estate_);
        const std::string flag = set_flag("service", made.name, "instances", "N");
        const auto high = wanted.amount(most, most_key, flag), few = wanted.number(least, least_key, 0, most_instances);
        const bool given = high && *high <= most_instances;
        if (given || most.kind == Node::Kind::none || most.text.is("0")) {
            const std::int64_t top = given ? *high : usual;
            const std::int64_t low = std::clamp<std::int64_t>(few.value_or(0), 1, top);
            const Node& place = given ? most : *resource.values;
            const std::string how = given ? std::string(most_key) : fmt::format("the default of {}", most_key);
            made.min_instances = resource.fact(low, place, how);
            made.max_instances = resource.fact(top, place, how);
        }
        made.deploy =
            resource.fact(std::string("blue-green"), *resource.values, "a new revision starts beside the old one");
    }

    void cloud_run(const Resource& resource) {
        const Node& revision = first(resource["template"]);
        const auto holder = [](const Node& entry) {
            return first(first(entry["value_source"])["secret_key_ref"])["secret"].name();
        };
        containers(resource, revision["containers"], holder, [&](ServiceFact& made) {
            constexpr std::int64_t usual = 100;  // Cloud Run documentation: maximum instances
            scale(resource, first(revision["scaling"]), "min_instance_count", "max_instance_count", usual, made);
        });
    }

    void container_app(const Resource& resource) {
        const Node& revision = first(resource["template"]);
        const auto holder = [](const Node& entry) { return entry["secret_name"].name(); };
        containers(resource, revision["container"], holder, [&](ServiceFact& made) {
            constexpr std::int64_t usual = 10;  // Azure Container Apps documentation: scale limits
            scale(resource, revision, "min_replicas", "max_replicas", usual, made);
        });
    }

    const Files& files_;
    Estate& estate_;
};

}  // namespace

void read_workloads(const Files& files, Estate& estate) { Workloads(files, estate).read(); }

}  // namespace poolfit::imports::terraform
