#include "resources.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace poolfit::imports::terraform {
namespace {

constexpr int most_modules = 40;

/// "data.pg" of "module.data.module.pg": the modules alone, as the configuration nests them.
std::string path_of(std::string_view module) {
    std::string bare = without_keys(module), path;
    std::string_view rest = bare;
    while (rest.starts_with("module.")) {
        rest.remove_prefix(7);
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        path += fmt::format("{}{}", path.empty() ? "" : ".", rest.substr(0, dot));
        rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    return path;
}

/// The module's part of a resource's address.
std::string module_of(std::string_view address) {
    std::size_t end = 0;
    for (std::size_t at = 0; address.substr(at).starts_with("module.");) {
        std::size_t next = at + 7;
        for (char quote = '\0'; next < address.size(); ++next) {
            const char c = address[next];
            if (quote != '\0' && c == '\\')
                ++next;
            else if (c == '"')
                quote = quote == '\0' ? '"' : '\0';
            else if (c == '.' && quote == '\0')
                break;
        }
        end = std::min(next, address.size());
        at = std::min(next + 1, address.size());
    }
    return std::string(address.substr(0, end));
}

std::string target_of(std::string_view path, std::string_view type, std::string_view name) {
    return fmt::format("{}|{}.{}", path, type, name);
}

std::string key_of(const Node& index) {
    return index.kind == Node::Kind::scalar ? std::string(index.text.opened()) : std::string();
}

bool has_action(const Node& change, std::string_view word) {
    return std::ranges::any_of(change["actions"].items,
                               [&](const Node::Item& item) { return item.value->text.is(word); });
}

Resource named(const InFile& file, const Node& node, std::string_view module) {
    Resource made;
    made.file = &file;
    made.address = shown(node["address"].text);
    made.module = module;
    made.type = node["type"].name();
    made.name = node["name"].name();
    made.key = key_of(node["index"]);
    made.data = node["mode"].text.is("data");
    if (made.address.empty()) made.address = fmt::format("{}.{}", made.type, made.name);
    made.target = target_of(path_of(made.module), made.type, made.name);
    return made;
}

void read_change(const Node& change, Resource& made) {
    made.unknown = &change["after_unknown"];
    made.created = has_action(change, "create") && change["actions"].items.size() == 1;
    made.replaced = has_action(change, "create") && has_action(change, "delete");
    if (change["before"].is_map()) made.today = &change["before"];
}

}  // namespace

std::string without_keys(std::string_view address) {
    std::string out;
    int open = 0;
    char quote = '\0';
    for (std::size_t i = 0; i < address.size(); ++i) {
        const char c = address[i];
        if (quote != '\0') {
            if (c == '\\')
                ++i;
            else if (c == quote)
                quote = '\0';
        } else if (open > 0 && c == '"') {
            quote = c;
        } else if (c == '[') {
            ++open;
        } else if (c == ']') {
            --open;
        } else if (open <= 0) {
            out += c;
        }
    }
    return out;
}

std::string shown(const Sealed& text) {
    const std::string_view given = text.opened();
    constexpr std::string_view signs = "._-/:[]\" ";
    const bool harmless = !given.empty() && given.size() <= 253 && std::ranges::all_of(given, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               signs.find(c) != signs.npos;
    });
    return harmless ? std::string(given) : std::string();
}

bool Resource::is_unknown(std::string_view attribute) const {
    return unknown != nullptr && (*unknown)[attribute].text.is("true");
}

MaybeFact<std::string> Resource::word(std::string_view attribute) const {
    const Node& node = (*values)[attribute];
    std::string text = node.name();
    if (text.empty()) return std::nullopt;
    return fact(std::move(text), node, std::string(attribute));
}

bool Files::add(const InFile& file, const NodePtr& document) {
    const Node& node = *document;
    if (!node.is_map()) return false;
    if (node["planned_values"].is_map() || node["resource_changes"].is_list()) {
        documents_.push_back(document);
        plan(file, node);
        return true;
    }
    if (node["values"]["root_module"].is_map()) {
        documents_.push_back(document);
        values(file, node["values"]["root_module"], "", false, 0);
        return true;
    }
    if (node["version"].number() == 4 && node["resources"].is_list()) {
        documents_.push_back(document);
        state_file(file, node);
        return true;
    }
    // A state of nothing.
    return node.has("terraform_version") && (node.has("format_version") || node.has("lineage"));
}

void Files::plan(const InFile& file, const Node& document) {
    Root& root = roots_[&file];
    root.document = &document;
    for (const auto& [key, drift] : {std::pair("resource_changes", false), std::pair("resource_drift", true)})
        for (const Node::Item& item : document[key].items) {
            const std::string address(item.value->operator[]("address").text.opened());
            Change& change = changes_[{&file, address}];
            (drift ? change.drifted : change.node) = &(*item.value)["change"];
        }
    configuration(root, document["configuration"]["root_module"], nullptr, "", 0);
    values(file, document["planned_values"]["root_module"], "", true, 0);
    for (const Node::Item& item : document["resource_changes"].items) {
        const Node& change = (*item.value)["change"];
        const bool deleted = has_action(change, "delete") && change["actions"].items.size() == 1;
        // Without the planned values, of which people keep the changes alone, these have them.
        if (deleted || !document["planned_values"].is_map()) add_change(file, *item.value, deleted);
    }
    // Data sources, and what a plan of some targets alone leaves out.
    std::vector<std::pair<const Node*, int>> open{{&document["prior_state"]["values"]["root_module"], 0}};
    while (!open.empty()) {
        const auto [module, level] = open.back();
        open.pop_back();
        for (const Node::Item& item : (*module)["resources"].items)
            if ((*item.value)["mode"].text.is("data"))
                add_resource(file, *item.value, module_of((*item.value)["address"].text.opened()), false);
        if (level < most_modules)
            for (const Node::Item& child : (*module)["child_modules"].items)
                open.emplace_back(child.value.get(), level + 1);
    }
}

void Files::configuration(Root& root, const Node& module, const Node* call, const std::string& path, int level) {
    if (level > most_modules) return;
    root.modules[path] = {&module, call};
    for (const Node::Item& item : module["resources"].items) {
        const Node& resource = *item.value;
        root.resources[target_of(path, resource["type"].text.opened(), resource["name"].text.opened())] = &resource;
    }
    for (const Node::Item& item : module["module_calls"].items)
        configuration(root, (*item.value)["module"], item.value.get(),
                      path.empty() ? item.key : fmt::format("{}.{}", path, item.key), level + 1);
}

void Files::values(const InFile& file, const Node& module, std::string_view address, bool planned, int level) {
    if (level > most_modules) return;
    for (const Node::Item& item : module["resources"].items) add_resource(file, *item.value, address, planned);
    for (const Node::Item& child : module["child_modules"].items)
        values(file, *child.value, (*child.value)["address"].text.opened(), planned, level + 1);
}

void Files::add_resource(const InFile& file, const Node& resource, std::string_view module, bool planned) {
    if (!resource.is_map() || !resource["values"].is_map()) return;
    Resource made = named(file, resource, module);
    made.values = &resource["values"];
    made.truth = planned ? Truth::planned : Truth::running;
    const auto change = changes_.find({&file, std::string(resource["address"].text.opened())});
    if (planned && change != changes_.end()) {
        if (change->second.node != nullptr) read_change(*change->second.node, made);
        if (const Node* drift = change->second.drifted; drift != nullptr && (*drift)["after"].is_map())
            made.today = &(*drift)["after"];
    }
    made.provider_region = region_of(made);
    all_.push_back(std::move(made));
}

void Files::add_change(const InFile& file, const Node& resource, bool deleted) {
    const Node& values = resource["change"][deleted ? "before" : "after"];
    if (!values.is_map()) return;
    Resource made = named(file, resource, module_of(resource["address"].text.opened()));
    made.values = &values;
    made.truth = Truth::planned;
    made.deleted = deleted;
    if (!deleted) read_change(resource["change"], made);
    made.provider_region = region_of(made);
    all_.push_back(std::move(made));
}

void Files::state_file(const InFile& file, const Node& document) {
    for (const Node::Item& item : document["resources"].items) {
        const Node& resource = *item.value;
        const std::string module(resource["module"].text.opened());
        for (const Node::Item& instance : resource["instances"].items) {
            const Node& attributes = (*instance.value)["attributes"];
            if (!attributes.is_map()) continue;
            Resource made;
            made.file = &file;
            made.module = module;
            made.type = resource["type"].name();
            made.name = resource["name"].name();
            made.key = key_of((*instance.value)["index_key"]);
            std::string address = module.empty() ? std::string() : module + '.';
            made.data = resource["mode"].text.is("data");
            address += fmt::format("{}{}.{}", made.data ? "data." : "", made.type, made.name);
            if (!made.key.empty())
                address += (*instance.value)["index_key"].number() ? fmt::format("[{}]", made.key)
                                                                   : fmt::format("[\"{}\"]", made.key);
            made.address = shown(Sealed(std::move(address)));
            if (made.address.empty()) made.address = fmt::format("{}.{}", made.type, made.name);
            made.values = &attributes;
            all_.push_back(std::move(made));
        }
    }
}

std::string Files::region_of(const Resource& resource) const {
    const auto root = roots_.find(resource.file);
    if (root == roots_.end()) return {};
    const auto found = root->second.resources.find(resource.target);
    return region_of_provider(root->second, found == root->second.resources.end()
                                                ? resource.type.substr(0, resource.type.find('_'))
                                                : std::string((*found->second)["provider_config_key"].text.opened()));
}

/// A module without a provider of its own has that of the module above.
std::string Files::region_of_provider(const Root& root, std::string key) {
    const Node& document = *root.document;
    const Node& providers = document["configuration"]["provider_config"];
    while (!providers.has(key)) {
        const std::size_t colon = key.rfind(':');
        if (colon == key.npos) return {};
        const std::size_t dot = key.rfind(".module.", colon);
        key = dot == key.npos ? key.substr(colon + 1) : key.substr(0, dot) + key.substr(colon);
    }
    const Node& region = providers[key]["expressions"]["region"];
    if (std::string constant = region["constant_value"].name(); !constant.empty()) return constant;
    for (const Node::Item& item : region["references"].items) {
        const std::string_view reference = item.value->text.opened();
        if (!reference.starts_with("var.") || providers[key].has("module_address")) continue;
        const std::string name(reference.substr(4));
        if (std::string value = document["variables"][name]["value"].name(); !value.empty()) return value;
        if (std::string value = document["configuration"]["root_module"]["variables"][name]["default"].name();
            !value.empty())
            return value;
    }
    return {};
}

/// References go up through a module's variables and down through its outputs.
void Files::find_targets(const Root& root, const std::string& path, const Node& references, std::string_view type,
                         int& steps, std::vector<std::string>& found) {
    const auto module = root.modules.find(path);
    if (module == root.modules.end()) return;
    for (const Node::Item& item : references.items) {
        if (--steps < 0) return;
        const std::string text = without_keys(item.value->text.opened());
        const std::string_view reference = text;
        const std::size_t dot = reference.find('.');
        if (dot == reference.npos) continue;
        const std::string_view head = reference.substr(0, dot), rest = reference.substr(dot + 1);
        const std::string_view next = rest.substr(0, rest.find('.'));
        if (head == type) {
            std::string target = target_of(path, head, next);
            if (std::ranges::find(found, target) == found.end()) found.push_back(std::move(target));
        } else if (head == "var" && module->second.call != nullptr) {
            const std::size_t above = path.rfind('.');
            find_targets(root, above == path.npos ? std::string() : path.substr(0, above),
                         (*module->second.call)["expressions"][next]["references"], type, steps, found);
        } else if (head == "module" && next.size() < rest.size()) {
            const std::string below = path.empty() ? std::string(next) : fmt::format("{}.{}", path, next);
            const auto called = root.modules.find(below);
            if (called == root.modules.end()) continue;
            std::string_view output = rest.substr(next.size() + 1);
            output = output.substr(0, output.find('.'));
            find_targets(root, below, (*called->second.node)["outputs"][output]["expression"]["references"], type,
                         steps, found);
        }
    }
}

const Resource* Files::referred(const Resource& from, std::string_view attribute, std::string_view type) const {
    const auto root = roots_.find(from.file);
    if (root == roots_.end()) return nullptr;
    const auto configured = root->second.resources.find(from.target);
    if (configured == root->second.resources.end()) return nullptr;
    std::vector<std::string> targets;
    int steps = 1000;
    find_targets(root->second, from.target.substr(0, from.target.find('|')),
                 (*configured->second)["expressions"][attribute]["references"], type, steps, targets);
    std::vector<const Resource*> candidates;
    for (const Resource& each : all_)
        if (each.file == from.file && !each.data && each.type == type &&
            std::ranges::find(targets, each.target) != targets.end())
            candidates.push_back(&each);
    // Of several that which is as near: of the same module, of a module of one of the same keys, of the same key.
    const auto narrow = [&](const auto& fits) {
        if (candidates.size() < 2) return;
        std::vector<const Resource*> some;
        std::ranges::copy_if(candidates, std::back_inserter(some), fits);
        if (!some.empty()) candidates = std::move(some);
    };
    narrow([&](const Resource* each) { return each->module == from.module; });
    narrow([&](const Resource* each) {
        return each->module.starts_with(from.module) || from.module.starts_with(each->module);
    });
    narrow([&](const Resource* each) { return each->key == from.key; });
    return candidates.size() == 1 ? candidates.front() : nullptr;
}

}  // namespace poolfit::imports::terraform
