// What a Catalog keeps of the user's overlay files. Deques: text and classes stay where they are.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>

namespace poolfit {

struct Catalog::Overlay {
    struct PriceEntry {
        std::string_view cls, region;
        bool multi_az;
        PriceTerm term;
        Price price;
    };
    std::deque<std::string> text;
    std::deque<InstanceClass> classes;
    std::vector<PriceEntry> prices;         ///< later rows win
    std::vector<std::string_view> regions;  ///< all, when a file added one; else empty

    std::string_view keep(std::string owned) { return text.emplace_back(std::move(owned)); }
};

namespace catalog {
std::string_view term_text(PriceTerm term);
}  // namespace catalog
}  // namespace poolfit
