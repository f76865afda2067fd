// Keys of figures: what a figure is about, on which class, in which phase, and which quantity. Names are printed from
// keys; nothing is looked up by a name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <poolfit/assess/figure_name.hpp>
#include <poolfit/model/catalog.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// What a figure is about.
struct Subject {
    enum class Kind : std::uint8_t {
        constant,  ///< of ours: the figure's name says all
        policy,
        growth,
        fleet,
        totals,
        database,
        service,
        pool,
        pooler,
        host,
        cls,            ///< Key::cls; where it depends on the engine, `index` is the first database of the platform
        engine,         ///< of the database `index`; Key::detail is the parameter
        driver,         ///< Key::detail is its id
        host_type,      ///< Key::detail is its name
        price,          ///< Key::cls in the region and deployment of the database `index`
        credit_price,   ///< of the platform and region of the database `index`; Key::detail is the family
        support_price,  ///< of the platform and region of the database `index`; Key::detail is the stage
        strategy,
        threshold,  ///< Key::detail is its name
        runway,     ///< of the database `index`
        commitment,
    };
    Kind kind = Kind::constant;
    Index index = 0;  ///< into the Fleet's vector of that kind
    constexpr bool operator==(const Subject&) const = default;
};

/// Today, after the plan, or under one of the strategies; `right_sized` where the plan's figure differs from the one of
/// right-sized pools, and both have a name.
enum class Phase : std::uint8_t { now, after, conservative, aggressive, monitor, pooler, right_sized };

/// A figure's key: what it is about, on which class, in which phase, and which quantity.
struct Key {
    Subject subject;
    Name name{};
    Phase phase = Phase::now;
    const InstanceClass* cls = nullptr;  ///< where it is not the database's own; of a class's figure, that class
    std::string_view detail{};           ///< tells figures of one name apart; outlives the figures
    /// Classes are told apart by their names: two platforms have the same hardware.
    bool operator==(const Key& other) const;
};

namespace assess {

/// `brief` leaves out what most inventories do not need: the platform of a class, and quotation marks. Two figures may
/// have one brief name.
enum class Spelling : std::uint8_t { full, brief };
/// "database.primary.on.db.t3.large.cpu.peak": the key as users write it. In full, no two keys have one name.
std::string name(const Key& key, const Fleet& fleet, Spelling spelling = Spelling::full);
/// A record's name as a part of a figure's: "shop.eu" in quotation marks, since it has a dot.
std::string quoted(std::string_view record);
/// Is the figure named after its strategy first, and then its subject?
bool is_of_strategy(Name name);
/// "cpu.peak": a name without its subject.
std::string_view text(Name name);
/// The variable of a size or parameter formula that the figure stands for: "TOTAL_VCPUS", "DBInstanceClassMemory", a
/// var of the service; empty for others.
std::string_view variable(const Key& key);
/// "now", "after", "conservative" …
std::string_view name(Phase phase);

}  // namespace assess
}  // namespace poolfit
