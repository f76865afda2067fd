// What the readers of a catalog file share.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include <poolfit/catalog/overlay.hpp>

#include "reader.hpp"
#include "words.hpp"

namespace poolfit::load {

/// The rows of a file, and where each was declared.
struct OverlayDraft {
    catalog::OverlayRows out;
    std::unordered_map<std::string, Place> classes, prices;
    std::vector<Located<std::string>> priced;  ///< classes of price rows, to be looked up when all are read
};

inline void report_twice(Context& c, Place again, Place first, std::string_view what) {
    auto& made = c.out.error(again, fmt::format("{} is given twice", what), "remove one of the two");
    made.label = "again";
    c.note(made, "first", first);
}

// Each reads the records of one key: those that come from a provider's lists.
void read_price_lists(Context& context, const Entry& entry, OverlayDraft& rows);
void read_capacity_prices(Context& context, const Entry& entry, OverlayDraft& rows);
void read_support_prices(Context& context, const Entry& entry, OverlayDraft& rows);
void read_orderable(Context& context, const Entry& entry, OverlayDraft& rows);
void read_plan_rates(Context& context, const Entry& entry, OverlayDraft& rows);
void read_size_prices(Context& context, const Entry& entry, OverlayDraft& rows);
void read_storage_prices(Context& context, const Entry& entry, OverlayDraft& rows);
void read_proxy_prices(Context& context, const Entry& entry, OverlayDraft& rows);
std::vector<KeyTable> overlay_list_keys();
std::vector<KeyTable> overlay_price_keys();

}  // namespace poolfit::load
