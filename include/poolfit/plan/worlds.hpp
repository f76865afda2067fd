// What is uncertain, drawn many times: in how many worlds a class stays inside the policy, and which class is least
// regretted. A world has one value in each range of the inventory and of the models, the same for all classes; it is
// judged as the ranges are (assess::project, load_reasons), so only the inputs differ.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit {

/// Of so many worlds, and where the probability lies: Wilson's interval at 95 %.
struct Chance {
    std::int64_t worlds = 0, of = 0;
    double low = 0, high = 0;
    double share() const { return static_cast<double>(worlds) / static_cast<double>(of); }
};

struct Worlds {
    /// Months that load grows for in `grown`: what a plan saves is given for a year.
    static constexpr int months = 12;
    /// What may be outside has trouble at a price; what mostly is, is too small, and what that costs is not known. So a
    /// class that is inside in fewer worlds than this is no choice, unless there is no other.
    static constexpr double fewest_inside = 0.5;
    /// Of fewer worlds, chances are too rough for a choice to be made of them.
    static constexpr std::int64_t fewest_for_regret = 100;
    /// Why no class has a regret.
    enum class NoRegret : std::uint8_t { none, few_worlds, commitments };

    enum class Law : std::uint8_t {
        uniform,
        in_band,    ///< lognormal, cut off at the ends of the band: assess::cpu_band_share
        lognormal,  ///< its median is what is given: plan::growth_factor
    };
    /// Something that is drawn.
    struct Draw {
        Key key;
        Law law{};
        Measured range;
        Place place;                      ///< of the inventory's line
        std::string_view source;          ///< where it is not the inventory's
        Grounds grounds = Grounds::none;  ///< instead of `source`
    };
    struct OfDimension {
        Dimension dimension{};
        std::optional<Chance> inside;  ///< nothing where it cannot be judged
    };
    struct Moment {
        std::optional<Chance> inside;  ///< every limit; nothing where one cannot be judged
        std::vector<OfDimension> dimensions;
        std::optional<MicroUsdPerMonth> cost;  ///< the mean of what the class is ranked by
        bool surplus = false;                  ///< with surplus credits in some world: a price, and not outside
        /// The mean of cost and trouble, less that of the best choice in each world; nothing without cost_of_trouble,
        /// and of a class that is no choice.
        std::optional<MicroUsdPerMonth> regret;
    };
    struct OfClass {
        const InstanceClass* cls = nullptr;
        bool fits = false;  ///< at the pessimistic ends of all ranges, as Candidate::fits
        Moment today;
        std::optional<Moment> grown;  ///< after growth; nothing without [growth] load
    };
    /// While trouble costs at least `from` a month, and less than `to`, this class is the one of least regret.
    struct Stretch {
        const InstanceClass* cls = nullptr;
        MicroUsdPerMonth from{};
        std::optional<MicroUsdPerMonth> to;  ///< nothing: any more
    };
    struct Choice {
        const InstanceClass* least_regret = nullptr;  ///< null without cost_of_trouble, or if no class can be ranked
        std::vector<Stretch> by_trouble;
    };

    Index database = 0;
    std::int64_t count = 0;
    std::uint64_t seed = 0;
    std::optional<MicroUsdPerMonth> cost_of_trouble;
    NoRegret no_regret = NoRegret::none;
    /// In order of DatabasePlan::candidates: today's, the recommended one, and all that only load rules out and that
    /// are inside the policy in some world.
    std::vector<OfClass> classes;
    Choice today;
    std::optional<Choice> grown;
    std::vector<Draw> draws;
};

namespace plan {

inline constexpr std::int64_t most_worlds = 1'000'000;

struct WorldsRequest {
    std::int64_t count = 1000;  ///< 1 to most_worlds
    std::uint64_t seed = 1;
    std::span<const Index> databases;
    int threads = 1;             ///< the result is the same for any number
    Figures* figures = nullptr;  ///< records where the chances come from
};

/// One for each of `databases`.
std::vector<Worlds> worlds(const Fleet& fleet, const Plan& plan, const WorldsRequest& request);

/// What load is multiplied by after Worlds::months of growth at this rate a month, in a world where growth has this
/// position between 0 and 1. Lognormal: its median is the rate's own; its logarithm has half of the median's as its
/// standard deviation, so that in 19 worlds of 20 growth is between none at all and twice the stated one.
double growth_factor(double per_month, double position);

Chance chance(std::int64_t worlds, std::int64_t of);

std::string_view name(Worlds::Law law);

}  // namespace plan
}  // namespace poolfit
