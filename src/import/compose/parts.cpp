#include "parts.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "../env/env.hpp"
#include "../facts/container.hpp"
#include "../facts/tables.hpp"
#include "../facts/url.hpp"

namespace poolfit::imports::compose {

bool is_local(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "[::1]"; }

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string path_from(std::string_view file, std::string_view path) {
    std::string all = path.starts_with('/') ? std::string(path)
                                            : std::string(file.substr(0, file.rfind('/') + 1)) + std::string(path);
    std::vector<std::string_view> steps;
    for (std::string_view rest = all; !rest.empty();) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const std::string_view step = rest.substr(0, slash);
        rest.remove_prefix(std::min(slash + 1, rest.size()));
        if (step == ".." && !steps.empty() && steps.back() != "..")
            steps.pop_back();
        else if (!step.empty() && step != ".")
            steps.push_back(step);
    }
    return fmt::format("{}{}", all.starts_with('/') ? "/" : "", fmt::join(steps, "/"));
}

bool Part::is_named(std::string_view host) const { return std::ranges::find(hosts, host) != hosts.end(); }

const Part* Parts::named(std::string_view host) const {
    const std::string wanted = lower(host);
    for (const Part& part : parts_)
        if (part.is_named(wanted)) return &part;
    return nullptr;
}

const Part* Parts::beside(const Part& part) const {
    constexpr std::string_view of = "service:";
    const Sealed mode = replaced((*part.node)["network_mode"]);
    const std::string_view name = mode.opened();
    if (!name.starts_with(of)) return nullptr;
    const auto found = std::ranges::find(parts_, name.substr(of.size()), &Part::name);
    return found == parts_.end() ? nullptr : &*found;
}

const InFile* Parts::other(std::string_view path, const InFile& from) const {
    const std::string wanted = path_from(from.name(), path);
    const InFile* near = nullptr;
    for (const InFile& file : files_) {
        if (path_from({}, file.name()) == wanted) return &file;
        if (near == nullptr && base_name(file.name()) == base_name(path)) near = &file;
    }
    return near;
}

Sealed Parts::replaced(const Node& node) const {
    return with_shell_variables(node.text, [&](std::string_view name) -> const Sealed* {
        const Variable* found = dotenv_.find(name);
        return found == nullptr || !found->known ? nullptr : &found->value;
    });
}

namespace {

bool is_own(const Part& part, std::string_view host) { return part.is_named(host) || is_local(host); }

}  // namespace

void Parts::read() {
    if (documents_.empty()) return;
    if (const InFile* file = other(".env", *documents_.front().file))
        dotenv_ = read_variables(file->text(), [&](std::size_t offset) { return file->place(offset); });
    for (const Document& document : documents_)
        if (document.file == documents_.front().file || !is_base(*document.file)) merge(document);
    for (Part& part : parts_) part.node = extended(part.name, part.node, *part.file, 0);
    std::vector<std::string> limits;
    for (Part& part : parts_) {
        read_program(part);
        read_replicas(part);
        read_profiles(part);
        tell_ends(part);
        if (part.role != "server") continue;
        for (const std::string_view key : {"entrypoint", "command"}) {
            const Node& words = (*part.node)[key];
            for (std::string& name : limit_variables(words.text.opened())) limits.push_back(std::move(name));
            for (const Node::Item& word : words.items)
                for (std::string& name : limit_variables(word.value->text.opened())) limits.push_back(std::move(name));
        }
    }
    read_links();
    const auto engine_at = [this](std::string_view host) -> std::optional<std::string> {
        const Part* part = named(host);
        if (part == nullptr || (part->role != "server" && part->role != "pgbouncer")) return std::nullopt;
        return part->role == "server" ? engine_of_image(part->program.image) : "postgresql";
    };
    for (Part& part : parts_) {
        part.ends = std::ranges::find(ended_, part.name) != ended_.end();
        read_env_files(part);
        read_environment(part);
        read_volumes(part);
        part.program.limits = limits;
        part.program.engine_at = engine_at;
        part.addresses = find_addresses(part.program);
        if (part.role != "server") continue;
        const Runs runs = what_runs(part.program);
        // What a shell's line does not say, the addresses do: a server's own is that of its clients.
        part.serves = runs == Runs::server ||
                      (runs == Runs::unknown && std::ranges::all_of(part.addresses, [&](const FoundAddress& each) {
                           return each.address.hosts.size() == 1 && is_own(part, lower(each.address.hosts.front()));
                       }));
    }
}

/// Files that a Compose file includes.
void Parts::tell_missing(const Document& document) {
    for (const Node::Item& item : (*document.node)["include"].items) {
        const Node& path = item.value->is_map() ? (*item.value)["path"] : *item.value;
        const Sealed named = replaced(path);
        if (named.empty() || other(named.opened(), *document.file) != nullptr) continue;
        const std::string name = Sealed(std::string(base_name(named.opened()))).name();
        estate_.told(name.empty() ? "include" : name, "it is included, but not in the files",
                     document.file->place(path.offset), "name that file too");
    }
}

void Parts::merge(const Document& document) {
    tell_missing(document);
    for (const Node::Item& item : (*document.node)["services"].items) {
        const InFile& file = *document.file;
        if (item.value->is_map() && Sealed(item.key).name().empty())
            estate_.not_taken("services",
                              "a service whose name has characters other than letters, digits, '.', '_' and '-'",
                              file.place(item.value->offset), "rename it: Compose does not accept this name");
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

/// A file that services of others extend: its own do not run.
bool Parts::is_base(const InFile& file) const {
    for (const Document& document : documents_)
        for (const Node::Item& item : (*document.node)["services"].items) {
            const Sealed named = replaced((*item.value)["extends"]["file"]);
            if (!named.empty() && document.file != &file && other(named.opened(), *document.file) == &file) return true;
        }
    return false;
}

NodePtr Parts::extended(const std::string& name, const NodePtr& node, const InFile& file, int level) {
    const Node& extends = (*node)["extends"];
    if (extends.kind == Node::Kind::none) return node;
    const InFile& own = *overlay_.file_of(extends, file);
    const std::string wanted = (extends.is_map() ? extends["service"] : extends).name();
    const Sealed path = extends.is_map() ? replaced(extends["file"]) : Sealed();
    const InFile* from = path.empty() ? &own : other(path.opened(), own);
    const Place place = own.place(extends.offset);
    if (from == nullptr) {
        estate_.told(name,
                     fmt::format("it extends {}, whose file {} is not in the files", wanted,
                                 Sealed(std::string(base_name(path.opened()))).name()),
                     place, "name that file too");
        return node;
    }
    NodePtr base;
    for (const Document& document : documents_)
        for (const Node::Item& item : (*document.node)["services"].items)
            if (document.file == from && item.key == wanted) base = item.value;
    if (base == nullptr || !base->is_map() || level == 8) {
        estate_.told(
            name, fmt::format("it extends {}, {}", wanted, level == 8 ? "which extends itself" : "which is not there"),
            place);
        return node;
    }
    return overlay_.extend(extended(name, base, *from, level + 1), *from, node, own);
}

/// Whose end a part waits for, before it starts.
void Parts::tell_ends(const Part& part) {
    for (const Node::Item& item : (*part.node)["depends_on"].items)
        if (item.value->is_map() && (*item.value)["condition"].text.is("service_completed_successfully"))
            ended_.push_back(item.key);
}

void Parts::read_program(Part& part) {
    const Node& node = *part.node;
    part.program.image = image_name(replaced(node["image"]));
    part.role = role_of_image(part.program.image);
    part.program.words_place = part.place;
    for (const std::string_view key : {"entrypoint", "command"}) {
        const Node& words = node[key];
        if (words.kind == Node::Kind::none) continue;
        part.program.words_place = part.at(words);
        if (words.kind == Node::Kind::scalar && !words.text.empty()) part.program.words.push_back(replaced(words));
        for (const Node::Item& word : words.items) part.program.words.push_back(replaced(*word.value));
    }
    part.hosts = {lower(part.name)};
    for (const std::string_view key : {"container_name", "hostname"})
        if (std::string host = replaced(node[key]).host(); !host.empty()) part.hosts.push_back(lower(host));
    for (const Node::Item& network : node["networks"].items)
        for (const Node::Item& alias : (*network.value)["aliases"].items)
            if (std::string host = replaced(*alias.value).host(); !host.empty()) part.hosts.push_back(lower(host));
}

/// links: ["db:database"]: another name of a service, for those that link it. One that leads them to different services
/// is none.
void Parts::read_links() {
    std::map<std::string, std::set<std::string>> targets;
    for (const Part& part : parts_)
        for (const Node::Item& item : (*part.node)["links"].items) {
            const Sealed text = replaced(*item.value);
            const std::string_view link = text.opened();
            const std::size_t colon = link.find(':');
            const std::string alias = colon == link.npos ? "" : Sealed(std::string(link.substr(colon + 1))).host();
            if (!alias.empty()) targets[lower(alias)].emplace(link.substr(0, colon));
        }
    for (const auto& [alias, services] : targets)
        for (Part& part : parts_)
            if (services.size() == 1 && services.contains(part.name) && named(alias) == nullptr)
                part.hosts.push_back(alias);
}

void Parts::read_replicas(Part& part) {
    part.everywhere = (*part.node)["deploy"]["mode"].text.is("global");
    const Node& replicas = (*part.node)["deploy"]["replicas"];
    const Node& given = replicas.kind == Node::Kind::none ? (*part.node)["scale"] : replicas;
    const auto number = given.kind == Node::Kind::none ? std::optional<std::int64_t>(1) : replaced(given).number();
    if (number && *number <= 1'000'000)
        part.replicas = *number;
    else
        estate_.not_taken(part.name, "replicas is not a whole number", part.at(given),
                          fmt::format("--set service.{}.instances=N", part.name));
}

/// Which of its profiles it waits for, if COMPOSE_PROFILES of .env has none of them. Without that, "" is one that is
/// on.
void Parts::read_profiles(Part& part) {
    const Node& profiles = (*part.node)["profiles"];
    const Variable* on = dotenv_.find("COMPOSE_PROFILES");
    const std::string list = on == nullptr || !on->known ? std::string() : std::string(on->value.opened());
    for (const Node::Item& item : profiles.items) {
        const std::string profile(replaced(*item.value).opened());
        for (std::string_view rest = list;;) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view one = trimmed_blanks(rest.substr(0, comma));
            if (one == profile || one == "*") {
                part.profile.clear();
                return;
            }
            if (comma == rest.size()) break;
            rest.remove_prefix(comma + 1);
        }
        if (part.profile.empty()) part.profile = Sealed(profile).name();
        if (part.profile.empty()) part.profile = "of its own";
    }
    part.left_out = !part.profile.empty() && on != nullptr && on->known;
}

void Parts::read_env_files(Part& part) {
    const Node& named = (*part.node)["env_file"];
    const auto take = [&](const Node& node) {
        const Node& path = node.is_map() ? node["path"] : node;
        const Sealed text = replaced(path);
        if (text.empty()) return;
        const InFile* file = other(text.opened(), *overlay_.file_of(path, *part.file));
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

void Parts::read_environment(Part& part) {
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

void Parts::read_volumes(Part& part) {
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
        const InFile* file = other(source, *overlay_.file_of(*item.value, *part.file));
        if (base_name(target) == "pgbouncer.ini") {
            part.mounts_ini = true;
            part.ini = file;
        } else if (file != nullptr) {
            for (FileSetting& setting : read_settings_file(target, Sealed(std::string(file->text())), file->place(0)))
                part.program.settings.push_back(std::move(setting));
        }
    }
}

}  // namespace poolfit::imports::compose
