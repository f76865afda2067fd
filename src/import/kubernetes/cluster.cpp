#include "cluster.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../facts/url.hpp"

namespace poolfit::imports::kubernetes {
namespace {

/// Lists of lists of aliases would be endless.
constexpr std::size_t most_documents = 1'000'000;

bool same_space(std::string_view a, std::string_view b) { return a == b || a.empty() || b.empty(); }

}  // namespace

bool Cluster::add(const InFile& file, const NodePtr& document, int level) {
    if (level > 8 || !document->is_map() || ++seen_ > most_documents) return false;
    const Node& node = *document;
    const std::string kind = node["kind"].name(), api = node["apiVersion"].name();
    if (node["items"].is_list() && (kind.ends_with("List") || kind.empty())) {
        bool any = kind.ends_with("List") && !api.empty();
        for (const Node::Item& item : node["items"].items) any = add(file, item.value, level + 1) || any;
        return any;
    }
    if (kind.empty() || api.empty()) return false;
    Object object;
    object.file = &file;
    object.node = document;
    object.api = api;
    object.kind = kind;
    object.name = node["metadata"]["name"].name();
    if (object.name.empty()) {
        object.name = node["metadata"]["generateName"].name();
        while (object.name.ends_with('-')) object.name.pop_back();
    }
    object.space = node["metadata"]["namespace"].name();
    by_name_[object.kind + '/' + object.name].push_back(objects_.size());
    if (object.kind == "HorizontalPodAutoscaler" || object.kind == "ScaledObject")
        autoscalers_[node["spec"]["scaleTargetRef"]["name"].name()].push_back(objects_.size());
    if (const Node& runs = node["spec"]["workloadRef"]; object.kind == "Rollout" && runs.is_map())
        rollouts_[runs["kind"].name() + '/' + runs["name"].name()].push_back(objects_.size());
    if (object.kind == "Node" && object.api == "v1") {
        const auto vcpus = vcpus_of(object);
        if (nodes_.empty() || vcpus != vcpus_) vcpus_ = nodes_.empty() ? vcpus : std::nullopt;
        nodes_.push_back(objects_.size());
    }
    objects_.push_back(std::move(object));
    return true;
}

std::span<const std::size_t> Cluster::autoscalers_of(const std::string& name) const {
    const auto found = autoscalers_.find(name);
    return found == autoscalers_.end() ? std::span<const std::size_t>() : std::span(found->second);
}

const Object* Cluster::rollout_of(const Object& workload) const {
    const auto found = rollouts_.find(workload.kind + '/' + workload.name);
    if (found == rollouts_.end()) return nullptr;
    for (const std::size_t index : found->second)
        if (same_space(objects_[index].space, workload.space)) return &objects_[index];
    return nullptr;
}

const Object* Cluster::find(std::string_view kind, std::string_view space, std::string_view name) const {
    const auto found = by_name_.find(fmt::format("{}/{}", kind, name));
    if (found == by_name_.end()) return nullptr;
    const Object* near = nullptr;
    for (const std::size_t index : found->second) {
        const Object& object = objects_[index];
        if (object.space == space) return &object;
        if (same_space(object.space, space)) near = &object;
    }
    return near;
}

Sealed from_base64(const Sealed& sealed) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : sealed.opened()) {
        unsigned digit = 0;
        if (c >= 'A' && c <= 'Z')
            digit = static_cast<unsigned>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            digit = static_cast<unsigned>(c - 'a') + 26;
        else if (c >= '0' && c <= '9')
            digit = static_cast<unsigned>(c - '0') + 52;
        else if (c == '+' || c == '-')
            digit = 62;
        else if (c == '/' || c == '_')
            digit = 63;
        else if (c == '=')
            break;
        else if (c == '\n' || c == '\r' || c == ' ')
            continue;
        else
            return Sealed();
        bits = (bits << 6 | digit) & 0xFFFFFFu;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xFFu);
        }
    }
    return Sealed(std::move(out));
}

std::vector<Entry> Cluster::entries(const Object& holder) const {
    std::vector<Entry> found;
    const auto add = [&](const Node& map, bool encoded) {
        if (!map.is_map()) return;
        for (const Node::Item& item : map.items) {
            if (item.value->kind != Node::Kind::scalar) continue;
            std::erase_if(found, [&](const Entry& entry) { return entry.key == item.key; });
            found.push_back(
                {item.key, encoded ? from_base64(item.value->text) : item.value->text, holder.at(*item.value)});
        }
    };
    if (holder.kind == "Secret") {
        add((*holder.node)["data"], true);
        add((*holder.node)["stringData"], false);
    } else {
        add((*holder.node)["data"], false);
    }
    return found;
}

Variables environment(const Cluster& cluster, const Object& owner, const Node& container,
                      std::vector<std::string>& missing) {
    Variables variables;
    const auto miss = [&](const std::string& name) {
        if (std::ranges::find(missing, name) == missing.end()) missing.push_back(name);
    };
    const Look look = [&](std::string_view name) -> const Sealed* {
        const Variable* found = variables.find(name);
        return found == nullptr || !found->known ? nullptr : &found->value;
    };
    for (const Node::Item& item : container["envFrom"].items) {
        const std::string prefix = (*item.value)["prefix"].name();
        for (const auto& [key, kind] : {std::pair("configMapRef", "ConfigMap"), std::pair("secretRef", "Secret")}) {
            const Node& reference = (*item.value)[key];
            const std::string name = reference["name"].name();
            if (name.empty()) continue;
            const Object* const holder = cluster.find(kind, owner.space, name);
            if (holder == nullptr) {
                miss(name);
                continue;
            }
            for (Entry& entry : cluster.entries(*holder))
                variables.add({prefix + entry.key, std::move(entry.value), entry.place, {}, true, true});
        }
    }
    for (const Node::Item& item : container["env"].items) {
        const Node& entry = *item.value;
        const std::string name = entry["name"].name();
        if (name.empty()) continue;
        const Node& from = entry["valueFrom"];
        Variable variable{name, {}, owner.at(entry["name"]), {}, true};
        if (!from.is_map()) {
            variable.value = with_variables(entry["value"].text, look);
            variable.known = !entry["value"].withheld;
            variables.add(std::move(variable));
            continue;
        }
        variable.known = false;
        for (const auto& [key, kind] :
             {std::pair("configMapKeyRef", "ConfigMap"), std::pair("secretKeyRef", "Secret")}) {
            const Node& reference = from[key];
            if (!reference.is_map()) continue;
            const std::string holder_name = reference["name"].name();
            variable.kept_in = kind;
            const Object* const holder = cluster.find(kind, owner.space, holder_name);
            if (holder == nullptr) {
                miss(holder_name);
                variable.holder = holder_name;
                continue;
            }
            for (Entry& found : cluster.entries(*holder))
                if (found.key == reference["key"].text.opened()) {
                    variable.value = std::move(found.value);
                    variable.known = true;
                }
            if (variable.known) continue;
            variable.holder = holder_name;
            variable.lacking = reference["key"].name();
        }
        variables.add(std::move(variable));
    }
    return variables;
}

std::vector<Entry> mounted(const Cluster& cluster, const Object& owner, const Node& pod, const Node& container) {
    std::vector<Entry> files;
    const auto add = [&](std::string_view kind, const std::string& name) {
        if (name.empty()) return;
        if (const Object* holder = cluster.find(kind, owner.space, name))
            for (Entry& entry : cluster.entries(*holder)) files.push_back(std::move(entry));
    };
    for (const Node::Item& mount : container["volumeMounts"].items) {
        const std::string wanted = (*mount.value)["name"].name();
        for (const Node::Item& item : pod["volumes"].items) {
            const Node& volume = *item.value;
            if (wanted.empty() || volume["name"].name() != wanted) continue;
            add("ConfigMap", volume["configMap"]["name"].name());
            add("Secret", volume["secret"]["secretName"].name());
            for (const Node::Item& source : volume["projected"]["sources"].items) {
                add("ConfigMap", (*source.value)["configMap"]["name"].name());
                add("Secret", (*source.value)["secret"]["name"].name());
            }
        }
    }
    return files;
}

}  // namespace poolfit::imports::kubernetes
