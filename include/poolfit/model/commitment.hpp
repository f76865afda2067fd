// What is paid for in advance, whatever runs: reserved instances and savings plans.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <poolfit/model/catalog.hpp>
#include <poolfit/model/located.hpp>
#include <poolfit/unit/date.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit {

struct Platform;

/// What a class costs under a savings plan; of serverless capacity, a unit of it.
struct PlanRate {
    Located<std::string> cls;
    Maybe<std::string> engine;           ///< as written; absent: of every engine
    const Platform* platform = nullptr;  ///< null: of every engine
    Located<std::string> region;
    bool multi_az = false;
    Located<MicroUsdPerMonth> amount;
    Place place;
};

struct Commitment {
    enum class Kind : std::uint8_t { reserved, savings_plan };
    Located<std::string> name;  ///< empty where it has none
    Kind kind = Kind::reserved;
    Place kind_place;
    Located<Date> ends;  ///< the last day of the term
    /// For all of it: of reserved instances where it is known; of a savings plan what it commits to.
    Maybe<MicroUsdPerMonth> paid;
    // Reserved instances: of one engine, family of classes and region.
    Maybe<std::string> engine;
    const Platform* platform = nullptr;  ///< never null in a checked model
    Maybe<std::string> cls;
    const InstanceClass* type = nullptr;  ///< where they are given by class and count
    Located<std::string> family;          ///< "m5"
    Located<std::string> region;
    Maybe<std::int64_t> count;
    Located<bool> multi_az;
    Maybe<double> units;  ///< as given: normalized units of all of them
    // A savings plan.
    std::vector<PlanRate> rates;
    Place place;
};

}  // namespace poolfit
