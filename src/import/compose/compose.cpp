// Compose files. ${…} is replaced from .env, where that is among the files, never from an env_file; `environment` wins
// over `env_file`. What the shell of whoever runs it would add is not known.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../env/env.hpp"
#include "../facts/container.hpp"
#include "../facts/tables.hpp"
#include "../facts/url.hpp"
#include "../pgbouncer/ini.hpp"
#include "../readers.hpp"
#include "../tree/node.hpp"
#include "overlay.hpp"

namespace poolfit::imports {
namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

struct Part {
    std::string name;
    const InFile* file = nullptr;
    const Overlay* overlay = nullptr;
    NodePtr node;
    std::string role;
    Program program;
    std::vector<FoundAddress> addresses;
    const InFile* ini = nullptr;
    bool mounts_ini = false;
    std::int64_t replicas = 1;
    Place place;

    Place at(const Node& part) const { return overlay->file_of(part, *file)->place(part.offset); }
    std::string id() const { return "compose:" + lower(name); }
};

class Compose {
public:
    Compose(std::span<const InFile> files, Estate& estate) : files_(files), estate_(estate) {}

    void add(const InFile& file, const NodePtr& document) {
        documents_.push_back(document);
        for (const Node::Item& item : (*document)["services"].items) {
            if (!item.value->is_map() || Sealed(item.key).name().empty()) continue;
            const auto same = std::ranges::find(parts_, item.key, &Part::name);
            if (same != parts_.end()) {
                estate_.told(item.key, "it is in two files, which are merged in their order, as docker compose -f does",
                             file.place(item.value->offset));
                same->node = overlay_.merge(same->node, item.value, file);
                continue;
            }
            Part& part = parts_.emplace_back();
            part.name = item.key;
            part.file = &file;
            part.overlay = &overlay_;
            part.node = item.value;
            part.place = file.place(item.value->offset);
        }
    }

    void read() {
        if (const InFile* file = other(".env"))
            dotenv_ = read_variables(file->text(), [&](std::size_t offset) { return file->place(offset); });
        for (Part& part : parts_) prepare(part);
        for (const Part& part : parts_) {
            if (part.replicas == 0) continue;
            if (part.role == "server" && part.addresses.empty()) add_server(part);
            if (part.role == "pgbouncer") add_pooler(part);
        }
        for (const Part& part : parts_) add_service(part);
        tell_copies();
    }

private:
    /// A file that a service names, by its own name.
    const InFile* other(std::string_view path) const {
        for (const InFile& file : files_)
            if (base_name(file.name()) == base_name(path)) return &file;
        return nullptr;
    }

    Sealed replaced(const Node& node) const {
        return with_shell_variables(node.text, [&](std::string_view name) -> const Sealed* {
            const Variable* found = dotenv_.find(name);
            return found == nullptr || !found->known ? nullptr : &found->value;
        });
    }

    void prepare(Part& part) {
        const Node& node = *part.node;
        part.program.image = replaced(node["image"]).name();
        part.role = role_of_image(part.program.image);
        part.program.words_place = part.place;
        for (const std::string_view key : {"entrypoint", "command"}) {
            const Node& words = node[key];
            if (words.kind == Node::Kind::none) continue;
            part.program.words_place = part.at(words);
            if (words.kind == Node::Kind::scalar) part.program.words.push_back(replaced(words));
            for (const Node::Item& word : words.items) part.program.words.push_back(replaced(*word.value));
        }
        read_env_files(part);
        read_environment(part);
        read_volumes(part);
        part.addresses = find_addresses(part.program);
        const Node& replicas = node["deploy"]["replicas"];
        const Node& given = replicas.kind == Node::Kind::none ? node["scale"] : replicas;
        const auto number = given.kind == Node::Kind::none ? std::optional<std::int64_t>(1) : replaced(given).number();
        if (number && *number <= 1'000'000)
            part.replicas = *number;
        else
            estate_.not_taken(part.name, "replicas is not a whole number", part.at(given),
                              fmt::format("--set service.{}.instances=N", part.name));
    }

    void read_env_files(Part& part) {
        const Node& named = (*part.node)["env_file"];
        const auto take = [&](const Node& node) {
            const Node& path = node.is_map() ? node["path"] : node;
            const Sealed text = replaced(path);
            if (text.empty()) return;
            const InFile* file = other(text.opened());
            if (file == nullptr) {
                estate_.told(part.name, "its env_file is not in the files", part.at(path), "name that file too");
                return;
            }
            const Variables variables =
                read_variables(file->text(), [&](std::size_t offset) { return file->place(offset); });
            for (Variable variable : variables.all()) {
                variable.shared = true;
                part.program.variables.add(std::move(variable));
            }
        };
        if (named.kind == Node::Kind::scalar) take(named);
        for (const Node::Item& item : named.items) take(named.is_list() ? *item.value : named);
    }

    void read_environment(Part& part) {
        const Node& all = (*part.node)["environment"];
        for (const Node::Item& item : all.items) {
            Variable variable;
            variable.place = part.at(*item.value);
            if (all.is_map()) {
                variable.name = item.key;
                variable.known = item.value->kind == Node::Kind::scalar && !item.value->withheld;
                variable.value = replaced(*item.value);
            } else {
                const std::string_view text = item.value->text.opened();
                const std::size_t equals = text.find('=');
                variable.name = text.substr(0, equals);
                variable.known = equals != text.npos && !is_secret_key(variable.name);
                const Variable* outside = equals == text.npos ? dotenv_.find(variable.name) : nullptr;
                if (outside != nullptr && outside->known) {  // a name alone: what Compose itself has
                    variable.value = outside->value;
                    variable.known = true;
                } else if (variable.known) {
                    Node value;
                    value.text = Sealed(std::string(text.substr(equals + 1)));
                    variable.value = replaced(value);
                }
            }
            // ${DATABASE_URL} that nothing sets, or a name alone.
            if (variable.known && variable.value.is(std::string_view(&unknown_value, 1))) variable.known = false;
            if (!variable.known) {
                variable.holder = variable.name;
                variable.kept_in = "variable";
            }
            if (is_plain_key(variable.name)) part.program.variables.add(std::move(variable));
        }
    }

    void read_volumes(Part& part) {
        for (const Node::Item& item : (*part.node)["volumes"].items) {
            std::string source, target;
            if (item.value->is_map()) {
                source = replaced((*item.value)["source"]).opened();
                target = replaced((*item.value)["target"]).opened();
            } else {
                const Sealed text = replaced(*item.value);
                const std::size_t colon = text.opened().find(':');
                if (colon == std::string_view::npos) continue;
                source = text.opened().substr(0, colon);
                target = text.opened().substr(colon + 1);
                target = target.substr(0, target.find(':'));
            }
            const InFile* file = other(source);
            if (base_name(target) == "pgbouncer.ini") {
                part.mounts_ini = true;
                part.ini = file;
            } else if (file != nullptr) {
                for (FileSetting& setting :
                     read_settings_file(target, Sealed(std::string(file->text())), file->place(0)))
                    part.program.settings.push_back(std::move(setting));
            }
        }
    }

    void add_server(const Part& part) {
        Server server = server_of(part, engine_of_image(part.program.image));
        read_server_program(part.program, part.at((*part.node)["image"]), server);
        const Node& node = *part.node;
        const Node& limits = node["deploy"]["resources"]["limits"];
        const auto limit = [&](std::string_view own, std::string_view deployed, Sealed& value) {
            const bool has_own = node.has(own);
            const Node& given = has_own ? node[own] : limits[deployed];
            if (given.kind != Node::Kind::scalar) return Limit{};
            value = replaced(given);
            return Limit{&value, part.at(given), std::string(has_own ? own : deployed)};
        };
        Sealed cpus, memory;
        const Limit of_cpus = limit("cpus", "cpus", cpus), of_memory = limit("mem_limit", "memory", memory);
        read_limits(of_cpus, of_memory, true, server);
        estate_.servers.push_back(std::move(server));
    }

    static Server server_of(const Part& part, const std::string& engine) {
        Server server;
        server.name = load::as_name(part.name);
        server.provider = "self-managed";
        server.ids.push_back(part.id());
        server.from = {part.place, "service", Truth::declared};
        server.engine = Fact<std::string>{engine, {part.place, "image", Truth::declared}};
        server.known = fmt::format("a {} server in a container", engine);
        return server;
    }

    void add_pooler(const Part& part) {
        PoolerFact pooler;
        pooler.name = load::as_name(part.name);
        pooler.kind = "pgbouncer";
        pooler.ids.push_back(part.id());
        pooler.from = {part.place, "service", Truth::declared};
        pooler.min_instances = pooler.max_instances =
            Fact<std::int64_t>{part.replicas, {part.place, "replicas", Truth::declared}};
        if (part.ini != nullptr) {
            const auto text_of = [](const InFile& file) {
                return IniText{file.text(), [&file](std::size_t offset) { return file.place(offset); }};
            };
            const Included included = [&](std::string_view name) -> std::optional<IniText> {
                const InFile* file = other(name);
                return file == nullptr ? std::nullopt : std::optional(text_of(*file));
            };
            read_pgbouncer_ini(text_of(*part.ini), included, pooler, estate_);
            if (!part.program.variables.all().empty())
                estate_.told(pooler.name, "its pgbouncer.ini is mounted: its variables are without effect", part.place);
        } else if (part.mounts_ini) {
            pooler.refused = "its pgbouncer.ini is not in the files";
            pooler.completes = "name that file too";
        } else if (!read_pgbouncer_variables(part.program, pooler, estate_)) {
            pooler.refused = "no variable of it names a server";
        }
        for (PoolerAlias& alias : pooler.aliases) settle(alias.address);
        estate_.poolers.push_back(std::move(pooler));
    }

    /// A host that is a service of the project.
    void settle(Address& address) {
        if (address.hosts.size() != 1 || !address.id.empty()) return;
        const std::string host = lower(address.hosts.front());
        for (const Part& part : parts_) {
            const std::string alias = lower((*part.node)["container_name"].name());
            if (lower(part.name) != host && (alias.empty() || alias != host)) continue;
            address.id = part.id();
            const auto has = [&](const auto& each) {
                return std::ranges::find(each.ids, address.id) != each.ids.end();
            };
            if (!std::ranges::any_of(estate_.servers, has) && part.role != "pgbouncer")
                estate_.servers.push_back(server_of(part, address.engine.empty() ? "postgresql" : address.engine));
            return;
        }
    }

    void add_service(const Part& part) {
        if (part.role == "server" && !part.addresses.empty())
            return estate_.not_taken(part.name, "it has the image of a server and connects to another: a tool",
                                     part.place, "other_connections of its database");
        if (part.role == "exporter" && !part.addresses.empty())
            return estate_.not_taken(part.name, "an exporter holds a connection of its own", part.place,
                                     "other_connections of its database");
        if (!part.role.empty()) return;
        if (part.replicas == 0) return estate_.not_taken(part.name, "0 replicas", part.place);
        PoolFact sized;
        if (part.addresses.empty()) {
            find_size(part.program, {}, true, part.name, sized, estate_);
            if (!sized.max) return;
            estate_.not_taken(
                part.name + ".main",
                fmt::format("no variable has the address of a database; its size is known: {}", sized.max->value),
                part.place);
        }
        ServiceFact service;
        service.name = load::as_name(part.name);
        service.from = {part.place, "service", Truth::declared};
        const Node& deploy = (*part.node)["deploy"];
        service.min_instances = service.max_instances =
            Fact<std::int64_t>{part.replicas,
                               {deploy["replicas"].kind == Node::Kind::none ? part.place : part.at(deploy["replicas"]),
                                "replicas", Truth::declared}};
        const Node& order = deploy["update_config"]["order"];
        const bool overlap = order.text.is("start-first");
        service.deploy = Fact<std::string>{overlap ? "rolling" : "recreate",
                                           {overlap ? part.at(order) : part.place,
                                            overlap ? "start-first" : "containers are stopped first", Truth::declared}};
        ProgramFacts facts = read_program(part.program, service.name, estate_);
        service.processes = std::move(facts.processes);
        service.pools = std::move(facts.pools);
        for (PoolFact& pool : service.pools) settle(pool.address);
        const Node& profiles = (*part.node)["profiles"];
        for (const Node::Item& profile : profiles.items)
            if (const std::string name = profile.value->name(); !name.empty())
                estate_.told(service.name, fmt::format("it runs only with the profile {}", name), part.at(profiles));
        estate_.services.push_back(std::move(service));
    }

    /// "portal1" and "portal2" of one image.
    void tell_copies() {
        std::map<std::pair<std::string, std::string>, std::vector<const Part*>> copies;
        for (const Part& part : parts_) {
            const std::size_t digits = part.name.find_last_not_of("0123456789-_");
            if (digits == part.name.npos || digits + 1 == part.name.size() || part.addresses.empty()) continue;
            copies[{part.name.substr(0, digits + 1), part.program.image}].push_back(&part);
        }
        for (const auto& [key, all] : copies)
            if (all.size() > 1)
                estate_.told(all.front()->name, fmt::format("{} copies of one service, by their names", all.size()),
                             all.front()->place);
    }

    std::span<const InFile> files_;
    Estate& estate_;
    std::vector<NodePtr> documents_;  ///< keep the nodes
    Overlay overlay_;
    std::vector<Part> parts_;
    Variables dotenv_;
};

}  // namespace

bool recognise_compose(std::string_view text) {
    std::size_t at = text.starts_with("services:") ? 0 : text.find("\nservices:");
    if (at == text.npos || text.find("apiVersion:") != text.npos) return false;
    // Below it a map, not a list as in values of charts.
    for (at = text.find('\n', at + 1); at != text.npos; at = text.find('\n', at + 1)) {
        const std::string_view line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        const std::string_view inner = trimmed_blanks(line);
        if (inner.empty() || inner[0] == '#') continue;
        return line[0] == ' ' && inner[0] != '-' && inner.find(':') != inner.npos;
    }
    return false;
}

void read_compose(std::span<const InFile> files, Mapped&, Estate& estate, Diagnostics& diagnostics) {
    Compose compose(files, estate);
    bool any = false;
    const std::size_t before = diagnostics.error_count();
    for (const InFile& file : files) {
        const std::string_view name = base_name(file.name());
        const bool beside = recognise_env(file.text()) || name.ends_with(".ini") || name.ends_with(".properties") ||
                            name.find(".env") != name.npos || name.starts_with("application");
        if (beside && files.size() > 1 && !recognise_compose(file.text())) continue;
        if (refuse_wrong_file(file, "compose", diagnostics)) continue;
        const auto documents =
            looks_like_json(file.text()) ? read_json(file, diagnostics) : read_yaml(file, diagnostics);
        if (!documents) continue;
        bool found = false;
        for (const NodePtr& document : *documents) {
            if (!(*document)["services"].is_map()) continue;
            found = any = true;
            compose.add(file, document);
        }
        if (!found)
            diagnostics.error(file.place(0), "no services: this is no Compose file",
                              "poolfit import compose docker-compose.yml");
    }
    if (any && diagnostics.error_count() == before) compose.read();
}

}  // namespace poolfit::imports
