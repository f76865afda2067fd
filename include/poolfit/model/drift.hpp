// Where an inventory and what is deployed part, as the files of other tools say it: `check --against` reports it,
// `import --into` mends it.
#pragma once

#include <cstdint>
#include <string>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit {

struct Drift {
    enum class Kind : std::uint8_t {
        value,       ///< the inventory says, or assumes, another value than the files
        unstated,    ///< the files have a value that the inventory leaves open
        undeclared,  ///< the files have a record that the inventory lacks
        gone,        ///< the inventory has it from a file that no longer has it
    } kind = Kind::value;
    std::string record{};    ///< "database", "pooler", "alias", "service", "pool"
    std::string target{};    ///< "api", "api.main", "bouncer/orders"
    std::string top{};       ///< the name of the database, pooler or service that it is in
    std::string key{};       ///< "instances"; empty where it is about the record
    std::string declared{};  ///< what the inventory says; empty: nothing
    std::string assumed{};   ///< what counts where it says nothing
    std::string deployed{};  ///< what the files say
    std::string written{};   ///< the same as TOML writes it
    std::string source{};    ///< "k8s.yaml:12, spec.replicas"
    std::string command{};   ///< that mends it; empty: none does
    Place place{};           ///< in the inventory
    bool own = false;        ///< the value has no binding, or was changed since: an import leaves it
    bool by_set = false;     ///< so it is the user's, but --set of an import wrote it
    bool stays = false;      ///< the files no longer say it, and no import removes it: nothing says what counts then
};

}  // namespace poolfit
