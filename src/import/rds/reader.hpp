// Answers of `aws rds describe-…`: instances, clusters, parameters, proxies and their targets. Which answer a file is,
// it says itself by the name of its list; keys are read in any case, since SDKs and AWS Config differ in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/import/estate.hpp>

#include "../facts/wanted.hpp"
#include "../mapped.hpp"
#include "../tree/node.hpp"

namespace poolfit::imports::rds {

inline constexpr std::string_view usage = "aws rds describe-db-instances --output json > rds.json";

/// "eu-west-1" of "arn:aws:rds:eu-west-1:000011112222:db:orders", which is part 3.
std::string_view part_of_arn(std::string_view arn, int part);

struct Cluster {
    std::string writer;
    std::vector<std::string> readers;
    std::optional<double> acu_min, acu_max;
    Place place;
};
struct Parameter {
    const InFile* file;
    Place place;
    std::string group;                  ///< by --map
    std::optional<std::int64_t> value;  ///< nothing: a formula
    std::string formula;                ///< empty where it is not shown
};
struct Proxy {
    std::string name, region, endpoint, engine;
    std::optional<std::int64_t> percent, borrow;
    Place place, percent_place;
};
struct Target {
    std::string resource, kind;
    Place place;
};

class Rds {
public:
    Rds(Mapped& mapped, Estate& estate, Diagnostics& diagnostics)
        : mapped_(mapped), estate_(estate), diagnostics_(diagnostics) {}

    void read(const InFile& file);
    /// What needs all files: whose parameters, which instance of a cluster writes, what a proxy stands in front of.
    void finish();

private:
    Place at(const Node& node) const { return file_->place(node.offset); }
    Wanted wanted(std::string subject) const {
        return {std::move(subject), [this](const Node& node) { return at(node); }, estate_};
    }
    template <class T>
    Fact<T> fact(T value, const Node& node, std::string how, Truth truth = Truth::running) const {
        return {std::move(value), {at(node), std::move(how), truth}};
    }
    static MaybeFact<std::string> some(Fact<std::string> found) {
        if (found.value.empty()) return std::nullopt;
        return found;
    }

    /// Lists wherever a wrapper puts them: {"data": {…}}, pages in a list, one element in place of the list.
    void visit(const Node& node, int level);
    void instance(const Node& node);
    void status(const Node& node, Server& server);
    void pending(const Node& node, Server& server);
    void replication(const Node& node, Server& server, const std::string& region);
    void groups(const Node& node, Server& server);
    void storage(const Node& node, Server& server);
    void cluster(const Node& node);
    void parameter(const Node& node);
    void proxy(const Node& node);
    void target_group(const Node& node);
    void target(const Node& node);

    /// Of which group a file of parameters is, only the user knows.
    void set_parameters();
    /// Of an Aurora cluster: its writer is the primary of its readers.
    void join_clusters();
    void join(Server& server, const std::string& name, const Cluster& cluster);
    void add_proxies();
    Address target_of(const Proxy& proxy);
    void name_replicas();

    struct Named {
        std::string id, primary;
        Place place;
    };
    Mapped& mapped_;
    Estate& estate_;
    Diagnostics& diagnostics_;
    const InFile* file_ = nullptr;
    bool known_ = false;
    std::map<std::size_t, std::string> cluster_of_;
    std::map<std::string, Cluster> clusters_;
    std::map<std::string, Proxy> proxies_;
    std::vector<Target> targets_;
    std::vector<Parameter> parameters_;
    std::vector<std::tuple<std::string, std::string, std::size_t>> groups_;  ///< group, server, its index
    std::vector<Named> replicas_;
};

}  // namespace poolfit::imports::rds
