// Manifests, rendered charts and answers of kubectl to services, poolers and the hosts that they name.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/container.hpp"
#include "../facts/cpus.hpp"
#include "../facts/proxied.hpp"
#include "../facts/url.hpp"
#include "../pgbouncer/ini.hpp"
#include "../readers.hpp"
#include "lead.hpp"
#include "unrendered.hpp"
#include "workload.hpp"

namespace poolfit::imports {
namespace kubernetes {
namespace {

bool is_local(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "[::1]"; }

class ClusterReader {
public:
    ClusterReader(const Cluster& cluster, Mapped& mapped, Estate& estate)
        : cluster_(cluster), mapped_(mapped), estate_(estate) {}

    void read() {
        for (const Object& object : cluster_.objects()) {
            if (read_operator(cluster_, object, estate_)) continue;
            if (auto workload = read_workload(cluster_, object, estate_))
                workloads_.push_back(std::move(*workload));
            else if (!unrendered_.take(object))
                tell_other(cluster_, object, estate_);
        }
        unrendered_.tell(estate_);
        for (const Workload& workload : workloads_)
            each_container(workload, [&](const Node& container) {
                if (roles_.of(container) != "server") return;
                for (const std::string_view key : {"command", "args"})
                    for (const Node::Item& word : container[key].items)
                        for (std::string& name : limit_variables(word.value->text.opened()))
                            limits_.push_back(std::move(name));
            });
        // Poolers and servers first: services resolve to them.
        for (const Workload& workload : workloads_)
            each_container(workload, [&](const Node& container) {
                const std::string_view role = roles_.of(container);
                if (role == "pgbouncer") add_pooler(workload, container);
                if (role == "server") add_server(workload, container);
                std::vector<std::string> missing;
                if (role == "proxy")
                    proxied_[workload.object] = proxied_instances(program_of(workload, container, missing));
            });
        located_ = true;
        for (const Workload& workload : workloads_) add_service(workload);
        tell_all("workloads", Note::Kind::told, "no database address in ", std::move(idle_), idle_place_, estate_);
        tell_all("workloads", Note::Kind::told, "not a database client, by its image: ", std::move(strangers_),
                 strangers_place_, estate_);
        cpus_.tell("workloads", estate_);
    }

private:
    Program program_of(const Workload& workload, const Node& container, std::vector<std::string>& missing) {
        Program program = read_container(cluster_, workload, container, missing);
        program.limits = limits_;
        const Node& resources = container["resources"];
        cpus_.read(resources["limits"]["cpu"].text, resources["requests"]["cpu"].text, program);
        CpuShares::read_node(node_vcpus(cluster_, workload), program);
        if (located_)
            program.engine_at = [this, &workload](std::string_view host) { return engine_at(host, workload); };
        return program;
    }

    void add_pooler(const Workload& workload, const Node& container) {
        if (workload.none) return;
        PoolerFact pooler;
        pooler.name = load::as_name(workload.object->name);
        const bool alone = (*workload.pod)["containers"].items.size() == 1;
        if (!alone) {
            // Beside its only client, as a sidecar; else the others are its exporters.
            std::size_t others = 0;
            each_container(workload, [&](const Node& other) { others += roles_.of(other).empty() ? 1u : 0u; });
            if (others > 0) {
                pooler.name = load::as_name(fmt::format("{}-{}", workload.object->name, container["name"].name()));
                sidecars_[workload.object] = workload.id() + "/pooler";
                pooler.ids.push_back(workload.id() + "/pooler");
            }
        }
        if (pooler.ids.empty()) pooler.ids.push_back(workload.id());
        pooler.kind = "pgbouncer";
        pooler.from = {workload.object->place(), workload.object->kind, Truth::declared};
        pooler.min_instances = workload.least;
        pooler.max_instances = workload.most;
        bool found = false;
        for (const Entry& file : mounted(cluster_, *workload.object, *workload.pod, container)) {
            if (!file.key.ends_with(".ini") || file.value.opened().find("[databases]") == std::string_view::npos)
                continue;
            found = true;
            read_pgbouncer_ini({file.value.opened(), [&](std::size_t) { return file.place; }}, {}, pooler, estate_);
        }
        std::vector<std::string> missing;
        Program program = program_of(workload, container, missing);
        if (!found) found = read_pgbouncer_variables(program, pooler, estate_);
        if (!found) {
            pooler.refused = "its pgbouncer.ini is not in the files";
            pooler.completes = "name the file that has its ConfigMap";
        }
        for (PoolerAlias& alias : pooler.aliases) settle(alias.address, workload);
        estate_.poolers.push_back(std::move(pooler));
    }

    void add_server(const Workload& workload, const Node& container) {
        if (workload.none || workload.job || workload.object->kind == "Pod") return;
        std::vector<std::string> missing;
        const Program program = program_of(workload, container, missing);
        if (!is_server(workload, program)) return;  // psql, pg_dump
        Place image = workload.object->at(container["image"]);
        add_pod_server(workload, engine_of_image(program.image), image);
        Server& server = estate_.servers.back();
        read_server_program(program, image, server, estate_);
        const Node& limits = container["resources"]["limits"];
        const auto limit = [&](std::string_view key) {
            const Node& given = limits[key];
            if (given.kind != Node::Kind::scalar) return Limit{};
            return Limit{&given.text, workload.object->at(given), fmt::format("limits.{}", key)};
        };
        read_limits(limit("cpu"), limit("memory"), false, server);
        if (workload.object->kind == "StatefulSet" && workload.most && workload.most->value > 1)
            estate_.not_taken(
                server.name,
                fmt::format("{} of its {} pods: each is a server of its own, a replica if it replicates the first",
                            workload.most->value - 1, workload.most->value),
                workload.most->from.place,
                fmt::format("add [[database]] with replica_of = \"{}\" for each", server.name));
    }
    /// Does a container with the image of a server run it? What a shell's line does not say, its addresses do.
    bool is_server(const Workload& workload, const Program& program) const {
        const Runs runs = what_runs(program);
        if (runs != Runs::unknown) return runs == Runs::server;
        return std::ranges::all_of(find_addresses(program), [&](const FoundAddress& each) {
            if (each.address.hosts.size() != 1) return false;
            const std::string& host = each.address.hosts.front();
            return is_local(host) || lead_of(host, workload.object->space, cluster_, workloads_).workload == &workload;
        });
    }

    void add_service(const Workload& workload) {
        const Object& object = *workload.object;
        std::vector<std::string> missing;
        bool any = false, other_role = false, stranger = false, plain = false, uncertain = false;
        each_container(workload, [&](const Node& container) {
            const std::string_view role = roles_.of(container);
            Program program = program_of(workload, container, missing);
            const auto addresses = find_addresses(program);
            if (serves_itself(workload, addresses)) return void(other_role = true);
            if (role == "exporter" && !addresses.empty() && !workload.none)
                estate_.not_taken(
                    object.name,
                    fmt::format("the exporter beside it, {}, holds a connection of its own{}", container["name"].name(),
                                workload.most ? fmt::format(" in each of {} pods", workload.most->value) : ""),
                    object.at(container), "other_connections of its database");
            const bool tool = role == "server" && !addresses.empty() && !is_server(workload, program);
            if (role == "server" && !addresses.empty() && workload.none) return void(any = true);
            if (tool)
                estate_.not_taken(object.name,
                                  fmt::format("{} has the image of a server and connects to another: a tool",
                                              container["name"].name()),
                                  object.at(container), "other_connections of its database");
            if (role == "other") return void(stranger = true);
            if (role == "pooler" && !workload.none)
                estate_.not_taken(object.name, std::string(unread_pooler), object.at(container), std::string(by_hand));
            if (!role.empty()) return void(other_role = true);
            const std::string secret = addresses.empty() ? mapped_secret(container) : std::string();
            if (addresses.empty() && secret.empty()) {
                plain = true;
                uncertain = uncertain || !missing.empty();
                if (missing.empty() && !workload.none && add_sized(workload, container, program, any)) any = true;
                return;
            }
            if (workload.none) return void(any = true);
            add_container(workload, container, program, any);
            if (!secret.empty()) add_pool_of(secret, workload, container, program);
            any = true;
        });
        if (workload.none && any)
            return estate_.not_taken(
                object.name, workload.test ? "a test of Helm, which runs when asked" : "0 replicas", object.place(),
                fmt::format("{}add [[service]] {} by hand", workload.test ? "" : "scale it up, or ", object.name));
        if (any) {
            tell_of(workload);
        } else if (uncertain && !other_role) {
            estate_.not_taken(
                object.name, fmt::format("no address of a database; {} is not in the files", missing.front()),
                object.place(), fmt::format("name the file that has it, or --map secret:{}=DATABASE", missing.front()));
        } else if (!other_role) {
            const bool strange = stranger && !plain;
            if ((strange ? strangers_ : idle_).empty()) (strange ? strangers_place_ : idle_place_) = object.place();
            (strange ? strangers_ : idle_).push_back(object.name);
        }
    }

    /// A size without an address is said, so that the pool can be added.
    bool add_sized(const Workload& workload, const Node& container, const Program& program, bool more) {
        PoolFact pool = unaddressed(program, workload.object->name, workload.object->at(container), estate_);
        if (!pool.max) return false;
        add_container(workload, container, program, more);
        estate_.services.back().pools.push_back(std::move(pool));
        return true;
    }

    void add_container(const Workload& workload, const Node& container, const Program& program, bool more) {
        const Object& object = *workload.object;
        ServiceFact service;
        service.name = load::as_name(more ? fmt::format("{}-{}", object.name, container["name"].name()) : object.name);
        service.space = object.space;
        service.from = {object.place(), object.kind, Truth::declared};
        service.min_instances = workload.least;
        service.max_instances = workload.most;
        service.deploy = workload.deploy;
        service.surge_number = workload.surge_number;
        service.surge_share = workload.surge_share;
        service.job = workload.job;
        cpus_.add(program, service.name, object.at(container["resources"]));
        ProgramFacts facts = read_program(program, service.name, estate_);
        service.processes = std::move(facts.processes);
        service.pools = std::move(facts.pools);
        for (PoolFact& pool : service.pools) settle(pool.address, workload);
        for (const FileSetting& setting : program.settings)
            if (setting.key == "server.tomcat.threads.max" || setting.key == "server.tomcat.max-threads")
                if (const auto number = setting.value.number())
                    estate_.not_taken(service.name,
                                      fmt::format("{} {}: threads of a process share its pool", setting.key, *number),
                                      setting.place);
        estate_.services.push_back(std::move(service));
    }

    /// The Secret or ConfigMap of a container's envFrom that is not in the files, and that --map says the address is
    /// in.
    std::string mapped_secret(const Node& container) {
        for (const Node::Item& item : container["envFrom"].items)
            for (const std::string_view key : {"secretRef", "configMapRef"}) {
                const std::string name = (*item.value)[key]["name"].name();
                if (!name.empty() && mapped_.find("secret:" + name) != nullptr) return name;
            }
        return {};
    }
    void add_pool_of(const std::string& secret, const Workload& workload, const Node& container,
                     const Program& program) {
        ServiceFact& service = estate_.services.back();
        PoolFact& pool = service.pools.emplace_back();
        pool.address.secret = secret;
        pool.address.from = {workload.object->at(container["envFrom"]), fmt::format("envFrom {}", secret),
                             Truth::declared};
        find_size(program, {}, true, service.name, pool, estate_);
    }

    void tell_of(const Workload& workload) {
        const Object& object = *workload.object;
        if (workload.overlaps)
            estate_.told(object.name, "a run may overlap the one before it: its connections are then doubled",
                         object.place(), "concurrencyPolicy: Forbid");
        for (const Node::Item& item : (*workload.pod)["initContainers"].items) {
            if ((*item.value)["restartPolicy"].text.is("Always")) continue;
            std::vector<std::string> missing;
            if (find_addresses(program_of(workload, *item.value, missing)).empty()) continue;
            estate_.not_taken(
                object.name,
                fmt::format("init container {}: it connects while a pod starts", (*item.value)["name"].name()),
                object.at(*item.value), "other_connections of its database");
        }
    }

    bool is_known(const std::string& id) const {
        const auto has = [&](const auto& each) { return std::ranges::find(each.ids, id) != each.ids.end(); };
        const auto replicates = [&](const Server& each) {
            return std::ranges::find(each.replica_ids, id) != each.replica_ids.end();
        };
        return std::ranges::any_of(estate_.servers, has) || std::ranges::any_of(estate_.servers, replicates) ||
               std::ranges::any_of(estate_.poolers, has);
    }

    /// A server that only its clients tell of: its image is one of their own.
    void add_unnamed(const Workload& workload, const Address& client) {
        const std::string engine = client.engine.empty() ? "postgresql" : client.engine;
        add_pod_server(workload, engine, client.from.place);
    }
    void add_pod_server(const Workload& workload, const std::string& engine, Place place) {
        Server server;
        server.name = load::as_name(workload.object->name);
        server.provider = "self-managed";
        server.ids.push_back(workload.id());
        server.from = {workload.object->place(), workload.object->kind, Truth::declared};
        server.engine = Fact<std::string>{engine, {place, "image", Truth::declared}};
        server.known = fmt::format("a {} server in a pod", engine);
        estate_.servers.push_back(std::move(server));
    }

    /// Does a container have its own Service as its address? A server shares its clients' variables.
    bool serves_itself(const Workload& workload, const std::vector<FoundAddress>& addresses) {
        return std::ranges::any_of(addresses, [&](const FoundAddress& each) {
            Address address = each.address;
            settle(address, workload);
            return address.id == workload.id();
        });
    }

    /// What a host inside the cluster leads to.
    void settle(Address& address, const Workload& from) {
        if (address.hosts.size() != 1) return;
        if (is_local(lower(address.hosts.front()))) {
            if (const auto found = sidecars_.find(from.object); found != sidecars_.end()) address.id = found->second;
            if (const auto found = proxied_.find(from.object); found != proxied_.end() && address.id.empty())
                lead_through(found->second, address);
            return;
        }
        Lead lead = lead_of(address.hosts.front(), from.object->space, cluster_, workloads_);
        if (!lead.host.empty()) address.hosts.front() = std::move(lead.host);
        if (lead.workload != nullptr) {
            if (const auto found = proxied_.find(lead.workload->object); found != proxied_.end()) {
                address.port = lead.target_port(address.port);
                return lead_through(found->second, address);
            }
            if (const std::string_view role = stranger_of(*lead.workload); !role.empty())
                return void(address.unknown = through_stranger(lead.workload->object->name, role));
            address.id = lead.workload->id();
            if (!is_known(address.id)) add_unnamed(*lead.workload, address);
        } else if (is_known(lead.id)) {
            address.id = lead.id;
        }
    }
    /// The engine of a server or a pooler of the files; nothing of what is neither.
    std::optional<std::string> engine_at(std::string_view host, const Workload& from) const {
        if (is_local(host)) return std::nullopt;
        const Lead lead = lead_of(host, from.object->space, cluster_, workloads_);
        const std::string id = lead.workload == nullptr ? lead.id : lead.workload->id();
        const auto has = [&](const auto& each) { return std::ranges::find(each.ids, id) != each.ids.end(); };
        if (const auto server = std::ranges::find_if(estate_.servers, has); server != estate_.servers.end())
            return server->engine ? server->engine->value : std::string();
        if (std::ranges::any_of(estate_.poolers, has)) return "postgresql";
        return std::nullopt;
    }

    const Cluster& cluster_;
    Mapped& mapped_;
    Estate& estate_;
    std::deque<Workload> workloads_;
    std::map<const Object*, std::string> sidecars_;
    std::map<const Object*, std::vector<Proxied>> proxied_;  ///< by the Cloud SQL proxy in its pods
    Roles roles_;
    std::vector<std::string> limits_;  ///< variables that are max_connections of a server
    bool located_ = false;             ///< are servers and poolers known?
    CpuShares cpus_;
    Unrendered unrendered_;
    std::vector<std::string> idle_, strangers_;
    Place idle_place_{}, strangers_place_{};
};

}  // namespace
}  // namespace kubernetes

bool recognise_kubernetes(std::string_view text) {
    return text.find("apiVersion") != text.npos && text.find("kind") != text.npos && !recognise_terraform(text);
}

void read_kubernetes(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics) {
    kubernetes::Cluster cluster;
    bool failed = false;
    for (const InFile& file : files) {
        if (refuse_wrong_file(file, "kubernetes", diagnostics)) {
            failed = true;
            continue;
        }
        const auto documents =
            looks_like_json(file.text()) ? read_json(file, diagnostics) : read_yaml(file, diagnostics);
        if (!documents) {
            failed = true;
            continue;
        }
        bool any = false;
        for (const NodePtr& document : *documents) {
            any = cluster.add(file, document) || any;
            estate.trees.push_back(document);
        }
        const Node* first = documents->empty() ? nullptr : documents->front().get();
        if (any || kubernetes::tell_kustomization(first, file, estate)) continue;
        failed = true;
        diagnostics.error(file.place(first == nullptr ? 0 : first->offset), "no document has apiVersion and kind",
                          kubernetes::advice_on(first, file));
    }
    if (!failed) kubernetes::ClusterReader(cluster, mapped, estate).read();
}

}  // namespace poolfit::imports
