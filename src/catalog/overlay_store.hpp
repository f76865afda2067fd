// What a Catalog keeps of the user's overlay files. Deques: text and classes stay where they are.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <poolfit/catalog/catalog.hpp>

namespace poolfit {

struct Catalog::Overlay {
    struct PriceEntry {
        const Platform* platform;  ///< null: of every engine
        std::string_view cls, region;
        bool multi_az;
        PriceTerm term;
        Price price;
        std::size_t layer;  ///< of the file, and what is by hand above lists: the highest wins
    };
    struct Regional {
        const Platform* platform;
        std::string_view region;
        Price price;
    };
    struct Volume {
        const Platform* platform;
        std::string_view region, kind;
        bool multi_az;
        StoragePrice price;
    };
    struct Size {
        const Platform* platform;
        std::string_view region;
        bool multi_az;
        std::int64_t nano_usd_per_vcpu_hour, nano_usd_per_gib_hour;
        Provenance row;
    };
    struct Proxy {
        std::string_view region;
        std::optional<std::int64_t> nano_usd_per_vcpu_hour, nano_usd_per_unit_hour;
        Provenance row;
    };
    struct Support {
        const Platform* platform;
        std::string_view region;
        SupportPrice price;
    };
    std::deque<std::string> text;
    std::deque<InstanceClass> classes;
    std::size_t class_rows = 0;  ///< one may be a class of several platforms
    /// All classes of each platform that a file has one of, built-in ones too; sorted by name.
    std::map<const Platform*, std::vector<const InstanceClass*>> of;
    /// By region and class; later rows win.
    std::map<std::string_view, std::unordered_map<std::string_view, std::vector<PriceEntry>>> prices;
    std::size_t price_rows = 0;
    std::vector<Regional> capacity;  ///< later rows win
    std::vector<Support> support;    ///< later rows win
    std::vector<Volume> volumes;     ///< later rows win
    std::vector<Size> sizes;         ///< later rows win
    std::vector<Proxy> proxies;      ///< later rows win
    std::vector<PlanPrice> plans;    ///< each once
    std::map<std::tuple<const Platform*, std::string_view, std::string_view, bool>, std::size_t> plan_at;
    /// By platform and region, "" too: the classes that can be ordered, and those of each version.
    struct Answered {
        std::set<std::string_view> classes;
        std::map<EngineVersion, std::set<std::string_view>> by_version;
    };
    std::map<std::pair<const Platform*, std::string_view>, Answered> answered;
    std::deque<std::vector<EngineVersion>> versions;
    std::deque<Orderable> orderable;
    std::vector<std::string_view> files;
    std::uint64_t digest = 0;               ///< of the texts of all files
    std::string_view newest;                ///< date of any row
    std::vector<std::string_view> regions;  ///< all, when a file added one; else empty

    std::string_view keep(std::string owned) { return text.emplace_back(std::move(owned)); }
};

}  // namespace poolfit
