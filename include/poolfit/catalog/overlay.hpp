// Rows of a user's catalog file, as `load` hands them over. They own their text; the Catalog keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/model/catalog.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit {

class Catalog;

namespace catalog {

struct OverlayClass {
    std::string name;  ///< "db.x9.large"; replaces a built-in class of that name
    std::string family, category, cpu_model;
    int generation = 0;
    Arch arch = Arch::x86_64;
    int vcpus = 0;
    Bytes memory;
    std::optional<Bytes> os_visible;
    std::optional<Burst> burst;
    Throughput throughput;
    int threads_per_core = 2;
    std::vector<const Platform*> runs;  ///< all versions; the other platforms that have its name's prefix: none
    std::optional<double> coremark_per_vcpu;
    std::string as_of, source;
    Place place;
};

struct OverlayPrice {
    const Platform* platform = nullptr;  ///< null: of every engine
    std::string cls, region;
    bool multi_az = false;
    PriceTerm term = PriceTerm::list;
    MicroUsdPerMonth amount;
    std::string as_of, source;
    Place place;
};

struct OverlayRows {
    std::vector<OverlayClass> classes;
    std::vector<OverlayPrice> prices;
};

/// Puts the rows on top; a later overlay wins over an earlier one.
void add(Catalog& catalog, OverlayRows rows);

}  // namespace catalog
}  // namespace poolfit
