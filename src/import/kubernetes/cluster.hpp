// The objects of Kubernetes manifests, and how they find each other: by kind, namespace and name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../facts/program.hpp"
#include "../tree/in_file.hpp"
#include "../tree/node.hpp"

namespace poolfit::imports::kubernetes {

struct Object {
    const InFile* file = nullptr;
    NodePtr node;
    std::string api, kind, name, space;  ///< api: "apps/v1"

    Place at(const Node& part) const { return file->place(part.offset); }
    Place place() const {
        return at((*node)["metadata"]["name"].kind == Node::Kind::none ? *node : (*node)["metadata"]["name"]);
    }
    const Node& spec() const { return (*node)["spec"]; }
};

/// A value of a ConfigMap or a Secret.
struct Entry {
    std::string key;
    Sealed value;
    Place place;
};

class Cluster {
public:
    /// All objects of a document, lists of them too. False where it is none.
    bool add(const InFile& file, const NodePtr& document, int level = 0);
    const std::vector<Object>& objects() const { return objects_; }
    /// Those that are machines, by their indices.
    const std::vector<std::size_t>& nodes() const { return nodes_; }
    /// Of each of them, where all have as many.
    std::optional<std::int64_t> vcpus() const { return vcpus_; }
    /// Of the kind and name in the namespace, or where one of the two names none. Null where there is none.
    const Object* find(std::string_view kind, std::string_view space, std::string_view name) const;

    /// The entries of "ConfigMap" or "Secret"; base64 is undone.
    std::vector<Entry> entries(const Object& holder) const;

    /// HorizontalPodAutoscalers and KEDA's ScaledObjects whose target has the name.
    std::span<const std::size_t> autoscalers_of(const std::string& name) const;
    /// The Rollout of Argo that runs the pods of a Deployment in its place. Null where none does.
    const Object* rollout_of(const Object& workload) const;

private:
    std::vector<Object> objects_;
    std::vector<std::size_t> nodes_;
    std::optional<std::int64_t> vcpus_;
    std::size_t seen_ = 0;
    std::unordered_map<std::string, std::vector<std::size_t>> autoscalers_;  ///< by their target's name
    std::unordered_map<std::string, std::vector<std::size_t>> by_name_;      ///< by kind and name
    std::unordered_map<std::string, std::vector<std::size_t>> rollouts_;     ///< by kind and name of what they run
};

/// Of a machine; nothing of one that only stands for pods.
std::optional<std::int64_t> vcpus_of(const Object& node);

/// Undoes base64; what is none stays as it is.
Sealed from_base64(const Sealed& text);

/// The environment of a container, as Kubernetes makes it. `missing`: Secrets and ConfigMaps that are in none of the
/// files.
Variables environment(const Cluster& cluster, const Object& owner, const Node& container,
                      std::vector<std::string>& missing);

/// Files that a container mounts from ConfigMaps and Secrets.
std::vector<Entry> mounted(const Cluster& cluster, const Object& owner, const Node& pod, const Node& container);

}  // namespace poolfit::imports::kubernetes
