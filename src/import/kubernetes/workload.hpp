// What runs pods: how many, and how they are replaced.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cluster.hpp"

namespace poolfit::imports::kubernetes {

struct Workload {
    const Object* object = nullptr;
    const Node* pod = nullptr;     ///< the pod's spec
    const Node* labels = nullptr;  ///< of its pods
    MaybeFact<std::int64_t> least, most, surge_number;
    MaybeFact<std::string> deploy, surge_share;
    bool job = false, none = false;  ///< none: 0 replicas
    bool test = false;               ///< of a Helm chart, so that none runs by itself
    bool overlaps = false;           ///< a run of it may begin before the last ends

    /// Of poolers and servers among the workloads: "kubernetes:harbour/pgbouncer".
    std::string id() const;
};

/// Nothing of an object that runs no pods, or that another one of the files makes.
std::optional<Workload> read_workload(const Cluster& cluster, const Object& object, Estate& estate);

/// Those that run all the time, sidecars among the init containers too.
void each_container(const Workload& workload, const std::function<void(const Node& container)>& each);
std::string_view role_of(const Node& container);
/// The same, looked up once for each container.
class Roles {
public:
    std::string_view of(const Node& container);

private:
    std::unordered_map<const Node*, std::string_view> known_;
};
/// "pooler" or "other" of pods whose images are none of a server; empty where one may be.
std::string_view stranger_of(const Workload& workload);

/// `missing`: Secrets and ConfigMaps that have variables of it and are not in the files.
Program read_container(const Cluster& cluster, const Workload& workload, const Node& container,
                       std::vector<std::string>& missing);

/// Servers and poolers that operators run: CloudNativePG, EDB's, Zalando's and Crunchy's. True where the object is one.
bool read_operator(const Cluster& cluster, const Object& object, Estate& estate);

/// Names an object of a kind that is not read, if a container in it connects to a database.
void tell_other(const Cluster& cluster, const Object& object, Estate& estate);

/// The machines of the files that a workload's nodeSelector leaves.
std::vector<const Object*> nodes_of(const Cluster& cluster, const Workload& workload);
/// The vCPUs of a machine that it may run on, where all those of the files have as many.
std::optional<std::int64_t> node_vcpus(const Cluster& cluster, const Workload& workload);

std::string id_of(std::string_view space, std::string_view name);

}  // namespace poolfit::imports::kubernetes
