// CPU that manifests give to clients of databases: what becomes of it, since an inventory has vCPUs of hosts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/estate.hpp>

#include "../tree/sealed.hpp"
#include "program.hpp"

namespace poolfit::imports {

/// CPUs of "2", "0.5" and "500m".
std::optional<double> read_cpus(const Sealed& value);

/// Shares of a node's vCPUs, which are no host's, by the services that have them: each is listed, none is taken.
class CpuShares {
public:
    /// A limit or a request of a container; a program that counts vCPUs sees those of its node.
    void read(const Sealed& limit, const Sealed& request, Program& program) const;
    /// The vCPUs of its node, where they are known.
    static void read_node(std::optional<std::int64_t> vcpus, Program& program);
    void add(const Program& program, const std::string& service, const Place& place);
    void tell(const std::string& subject, Estate& estate);

private:
    std::vector<std::string> services_;
    Place place_{};
};

}  // namespace poolfit::imports
