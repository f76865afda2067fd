// What of an answer the user wants, and what it has, to be told where nothing of it is wanted: alike for every
// provider.
#pragma once

#include <algorithm>
#include <string_view>

#include <poolfit/import/prices.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::imports {

class Selection {
public:
    explicit Selection(const PriceOptions& options) : options_(options) {}

    bool engine(const Platform& platform) const {
        return options_.platforms.empty() || std::ranges::any_of(options_.platforms, [&](const Platform* each) {
                   return each->engine == platform.engine;
               });
    }
    bool region(std::string_view name) const {
        return options_.regions.empty() || std::ranges::any_of(options_.regions, [&](const std::string& glob) {
                   return catalog::glob_matches(glob, name);
               });
    }
    /// By its name or its family.
    bool cls(const Platform& platform, std::string_view name, std::string_view family) const {
        return options_.classes.empty() || std::ranges::any_of(options_.classes, [&](const std::string& glob) {
                   return catalog::matches(platform, glob, name) || catalog::glob_matches(glob, family);
               });
    }
    /// Of use where the options leave nothing of it.
    void note(const Platform& platform, std::string_view region, Imported& seen) const {
        if (options_.regions.empty() && options_.platforms.empty()) return;
        if (!region.empty() && !seen.regions.contains(region)) seen.regions.emplace(region);
        if (!seen.engines.contains(platform.engine)) seen.engines.emplace(platform.engine);
    }

private:
    const PriceOptions& options_;
};

}  // namespace poolfit::imports
