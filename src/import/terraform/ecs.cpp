// ECS: a service's tasks are its instances, the containers of its task definition what runs in them.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/program.hpp"
#include "../facts/tables.hpp"
#include "../rds/reader.hpp"
#include "readers.hpp"

namespace poolfit::imports::terraform {
namespace {

/// "quay/database_url" of a parameter's or secret's ARN, or a name.
std::string holder_of(const Node& node) {
    const std::string text = node.name();
    if (!text.starts_with("arn:")) return text;
    std::string part(rds::part_of_arn(text, 5));
    if (part == "secret") return std::string(rds::part_of_arn(text, 6));
    if (part.starts_with("parameter/")) part.erase(0, 10);
    return part;
}

constexpr std::int64_t most_tasks = 1'000'000;

/// Of Secrets Manager; a name alone is a parameter of Systems Manager.
bool is_secret(const Node& node) { return rds::part_of_arn(node.name(), 2) == "secretsmanager"; }

class Ecs {
public:
    Ecs(const Files& files, Estate& estate) : files_(files), estate_(estate) {}

    void read() {
        for (const Resource& each : files_.all())
            if (!each.data && each.type == "aws_ecs_service") service(each);
    }

private:
    void service(const Resource& resource) {
        ServiceFact made;
        made.name = name_of(resource, "name");
        const std::string cluster = resource["cluster"].name();
        made.space = cluster.substr(cluster.rfind('/') + 1);
        made.from = {resource.place(), resource.address, resource.truth};
        if (resource.deleted)
            return estate_.not_taken(made.name, fmt::format("the plan deletes {}", resource.address), resource.place());
        if (!instances(resource, made)) return;
        deploy(resource, made);
        const Resource* const task = task_of(resource);
        if (task == nullptr) {
            const bool unknown = resource.is_unknown("task_definition");
            estate_.not_taken(
                made.name + ".main",
                unknown ? "its task definition is not known until apply" : "its task definition is not in the files",
                resource.place(), "add [[service.pool]] by hand");
            estate_.services.push_back(std::move(made));
            return;
        }
        containers(*task, made);
    }

    /// False of a service without tasks.
    bool instances(const Resource& resource, ServiceFact& made) {
        if (const Resource* target = autoscaling(resource, made.name)) {
            const Node &low = (*target)["min_capacity"], &high = (*target)["max_capacity"];
            const std::string flag = set_flag("service", made.name, "instances", "N");
            const Wanted wanted = target->wanted(made.name, estate_);
            const auto least = wanted.number(low, "min_capacity of its autoscaling", 0, most_tasks, flag),
                       most = wanted.number(high, "max_capacity of its autoscaling", 1, most_tasks, flag);
            if (most) {
                const std::int64_t from = std::clamp<std::int64_t>(least.value_or(1), 1, *most);
                if (low.kind == Node::Kind::none)
                    estate_.not_taken(
                        made.name,
                        fmt::format("min_capacity of its autoscaling is not {}: 1 is assumed",
                                    target->is_unknown("min_capacity") ? "known until apply" : "in the file"),
                        target->place(), flag);
                made.min_instances =
                    target->fact(from, least ? low : high, least ? "min_capacity" : "min_capacity, assumed");
                made.max_instances = target->fact(
                    *most, high,
                    fmt::format("autoscaling {}{} to {}", least ? *least : from, least ? "" : " (assumed)", *most));
                tell_tasks(resource, made);
                return true;
            }
            if (high.kind == Node::Kind::none)
                estate_.not_taken(made.name,
                                  fmt::format("max_capacity of its autoscaling is not {}",
                                              target->is_unknown("max_capacity") ? "known until apply" : "in the file"),
                                  target->place(), flag);
        }
        if (resource["scheduling_strategy"].text.is("DAEMON")) {
            estate_.not_taken(made.name, "a daemon runs on every container instance: 1 is assumed", resource.place(),
                              fmt::format("--set service.{}.instances=N", made.name));
            return true;
        }
        const Node& desired = resource["desired_count"];
        const auto count = desired.number();
        if (!count || *count > most_tasks) {
            const bool given = desired.kind != Node::Kind::none;
            estate_.not_taken(made.name,
                              fmt::format("desired_count is not {}: 1 instance is assumed",
                                          given                                  ? "a number of tasks"
                                          : resource.is_unknown("desired_count") ? "known until apply"
                                                                                 : "in the file"),
                              given ? resource.at(desired) : resource.place(),
                              set_flag("service", made.name, "instances", "N"));
            return true;
        }
        if (*count == 0) {
            estate_.not_taken(made.name, "0 tasks", resource.at(resource["desired_count"]),
                              fmt::format("scale it up, or add [[service]] {} by hand", made.name));
            return false;
        }
        made.min_instances = made.max_instances = resource.fact(*count, resource["desired_count"], "desired_count");
        tell_tasks(resource, made);
        return true;
    }

    void tell_tasks(const Resource& resource, const ServiceFact& made) {
        if (resource.today == nullptr) return;
        const auto now = (*resource.today)["desired_count"].number(), then = resource["desired_count"].number();
        if (!now || !then || *now == *then) return;
        estate_.told(made.name, fmt::format("{} tasks run today, and the plan says {}", *now, *then),
                     resource.at(resource["desired_count"]));
    }

    const Resource* autoscaling(const Resource& service, const std::string& name) const {
        for (const Resource& each : files_.all()) {
            if (each.data || each.deleted || each.type != "aws_appautoscaling_target") continue;
            if (!each["scalable_dimension"].text.is("ecs:service:DesiredCount")) continue;
            const std::string id = each["resource_id"].name();
            if (id.empty() ? files_.referred(each, "resource_id", "aws_ecs_service") == &service
                           : fits(id, service, name))
                return &each;
        }
        return nullptr;
    }
    /// "service/harbour/pilot-api", of which the cluster may not be known of the service.
    static bool fits(const std::string& id, const Resource& service, const std::string& name) {
        const std::size_t last = id.rfind('/'), first = id.find('/');
        if (last == id.npos || load::as_name(id.substr(last + 1)) != name) return false;
        const std::string cluster = service["cluster"].name();
        return cluster.empty() || first == last ||
               cluster.substr(cluster.rfind('/') + 1) == id.substr(first + 1, last - first - 1);
    }

    void deploy(const Resource& resource, ServiceFact& made) {
        const auto first = [&](std::string_view list, std::string_view key) -> const Node& {
            static const Node none;
            const Node& found = resource[list];
            return found.is_list() && !found.items.empty() ? (*found.items.front().value)[key] : none;
        };
        const Node &controller = first("deployment_controller", "type"),
                   &strategy = first("deployment_configuration", "strategy");
        if (controller.text.is("EXTERNAL")) return;
        const auto say = [&](std::string_view word, const Node& node, std::string how) {
            made.deploy = resource.fact(std::string(word), node, std::move(how));
        };
        if (controller.text.is("CODE_DEPLOY")) return say("blue-green", controller, "CODE_DEPLOY");
        for (const std::string_view word : {"BLUE_GREEN", "LINEAR", "CANARY"})
            if (strategy.text.is(word)) return say("blue-green", strategy, std::string(word));
        const Node& given = resource["deployment_maximum_percent"];
        const bool daemon = resource["scheduling_strategy"].text.is("DAEMON");
        const auto percent = resource.wanted(made.name, estate_)
                                 .number(given, "deployment_maximum_percent", 0, 100'000,
                                         set_flag("service", made.name, "max_surge", "N%"));
        if (!percent && given.kind != Node::Kind::none) return;
        const std::int64_t most = percent.value_or(daemon ? 100 : 200);
        const Node& place = percent ? given : *resource.values;
        const std::string how = percent ? "deployment_maximum_percent" : "ECS's default";
        if (most <= 100) return say("recreate", place, how);
        say("rolling", place, how);
        if (most <= 200) made.surge_share = resource.fact(fmt::format("{}%", most - 100), place, how);
    }

    const Resource* task_of(const Resource& service) const {
        std::string family = service["task_definition"].name();
        if (family.empty()) return files_.referred(service, "task_definition", "aws_ecs_task_definition");
        family = family.substr(family.rfind('/') + 1);
        family = family.substr(0, family.find(':'));
        const Resource* found = nullptr;
        for (const Resource& each : files_.all())
            if (each.type == "aws_ecs_task_definition" && !each.deleted && each["family"].name() == family)
                found = &each;
        return found;
    }

    void containers(const Resource& task, const ServiceFact& service) {
        const Node& text = task["container_definitions"];
        if (text.kind == Node::Kind::none) {
            estate_.not_taken(service.name + ".main",
                              task.is_unknown("container_definitions")
                                  ? "container_definitions are not known until apply"
                                  : "its task definition has no container_definitions",
                              task.place(), "add [[service.pool]] by hand");
            estate_.services.push_back(service);
            return;
        }
        bool any = false;
        for (const NodePtr& document : read_inner_json(text.text))
            for (const Node::Item& item : document->items)
                if (item.value->is_map()) any = container(task, text, *item.value, service, any) || any;
        if (!any) estate_.told(service.name, "no container has a database address: left out", task.at(text));
    }

    static Program program_of(const Resource& task, const Node& text, const Node& container) {
        Program program;
        program.image = container["image"].name();
        program.words_place = task.at(text);
        for (const std::string_view key : {"entryPoint", "command"})
            for (const Node::Item& word : container[key].items) program.words.push_back(word.value->text);
        for (const Node::Item& item : container["environment"].items) {
            const Node& entry = *item.value;
            if (const std::string name = entry["name"].name(); !name.empty())
                program.variables.add({name, entry["value"].text, task.at(text), {}, true, false});
        }
        for (const Node::Item& item : container["secrets"].items) {
            const Node& entry = *item.value;
            if (const std::string name = entry["name"].name(); !name.empty())
                program.variables.add({name,
                                       {},
                                       task.at(text),
                                       holder_of(entry["valueFrom"]),
                                       false,
                                       false,
                                       is_secret(entry["valueFrom"]) ? "Secret" : "parameter"});
        }
        return program;
    }

    /// True of a container that connects to a database.
    bool container(const Resource& task, const Node& text, const Node& container, const ServiceFact& service,
                   bool more) {
        Program program = program_of(task, text, container);
        const std::string own = container["name"].name();
        for (const Variable& variable : program.variables.all())
            if (of_another_thing(variable.name) && has_part(variable.name, "POOL"))
                estate_.told(service.name, fmt::format("{} is not the size of a database pool", variable.name),
                             task.at(text));
        if (!container["environmentFiles"].items.empty())
            estate_.told(service.name,
                         fmt::format("container {} has environmentFiles, which are not in the files", own),
                         task.at(text));
        const bool connects = !find_addresses(program).empty();
        if (const std::string_view role = role_of_image(program.image); !role.empty()) {
            if (connects && role != "other")
                estate_.not_taken(service.name, fmt::format("container {} beside it holds connections of its own", own),
                                  task.at(text), "other_connections of its database");
            return false;
        }
        if (!connects) return sized_only(task, text, program, service);
        ServiceFact made = service;
        if (more) made.name = load::as_name(fmt::format("{}-{}", service.name, own));
        add_cpus(task, container, made.name, program);
        ProgramFacts facts = read_program(program, made.name, estate_);
        made.processes = std::move(facts.processes);
        made.pools = std::move(facts.pools);
        estate_.services.push_back(std::move(made));
        return true;
    }

    /// 1024 units are a vCPU. A task on Fargate has a machine of its own, with as many vCPUs; on an instance they are a
    /// share of its time.
    void add_cpus(const Resource& task, const Node& container, const std::string& service, Program& program) {
        const Node& given = task["cpu"].kind == Node::Kind::scalar ? task["cpu"] : container["cpu"];
        std::string text = lower(trimmed_blanks(given.text.opened()));
        const bool whole = text.ends_with("vcpu");  // "1 vCPU" for "1024"
        if (whole) text.resize(text.size() - 4);
        const auto units = Sealed(std::string(trimmed_blanks(text))).decimal();
        if (!units || *units <= 0) return;
        const double vcpus = whole ? *units : *units / 1024;
        const auto& compatible = task["requires_compatibilities"].items;
        const bool fargate =
            std::ranges::any_of(compatible, [](const Node::Item& item) { return item.value->text.is("FARGATE"); });
        const Place place = &given == &task["cpu"] ? task.at(given) : task.at(task["container_definitions"]);
        const std::string has = fmt::format("its task has {:g} vCPU{}", vcpus, vcpus > 1 ? "s" : "");
        const auto number = static_cast<std::int64_t>(vcpus);
        if (!fargate || vcpus != static_cast<double>(number)) {
            program.cpus = has + ", a share of those that it sees";
            estate_.not_taken(service, has + ": a share of a machine's time, not vCPUs of a host", place);
            return;
        }
        program.cpus = has;
        program.vcpus = number;
        estate_.not_taken(service, has + ": in an inventory only a host has vCPUs", place,
                          fmt::format("where its driver's default needs them: [[host]] with name = \"{0}\" and "
                                      "vcpus = {1}, and host = \"{0}\" in the service",
                                      service, number));
    }

    /// A size without an address is said, so that the pool can be added.
    bool sized_only(const Resource& task, const Node& text, const Program& program, const ServiceFact& service) {
        PoolFact sized;
        find_size(program, {}, true, service.name, sized, estate_);
        if (!sized.max) return false;
        estate_.not_taken(service.name + ".main",
                          fmt::format("no variable has a database address; its size is known: {}", sized.max->value),
                          task.at(text));
        estate_.services.push_back(service);
        return true;
    }

    const Files& files_;
    Estate& estate_;
};

}  // namespace

void read_ecs(const Files& files, Estate& estate) { Ecs(files, estate).read(); }

}  // namespace poolfit::imports::terraform
