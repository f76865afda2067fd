#include "import_words.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::cli {

using imports::Imported;
using imports::Left;

std::string counted(std::size_t count, std::string_view noun) {
    const std::string_view plural = noun.ends_with("ss") ? "es" : "s";
    return fmt::format("{} {}{}", unit::print(Connections(static_cast<std::int64_t>(count))), noun,
                       count == 1 ? "" : plural);
}

namespace {

/// "3 of other engines".
std::string left_text(Left why, std::size_t count) {
    const std::string number = unit::print(Connections(static_cast<std::int64_t>(count)));
    const auto with = [&](std::string_view words) { return fmt::format("{} {}", number, words); };
    switch (why) {
        case Left::other_product:
            return with("of other products, such as backups");
        case Left::other_engine:
            return with("of other engines");
        case Left::other_deployment:
            return with("of other deployments than one server, or one with a standby");
        case Left::io_optimized:
            return with("of Aurora I/O-Optimized");
        case Left::not_in_region:
            return with("in Local Zones or Outposts");
        case Left::unknown_location:
            return with("in a place whose region is not known");
        case Left::filtered:
            return with("that --region, --engine or --family leaves out");
        case Left::other_term:
            return with(
                "also with reserved terms that poolfit has no price for (only 1 year no upfront, 3 years partial)");
        case Left::other_currency:
            return with("not in US dollars");
        case Left::free:
            return with(count == 1 ? "price of 0" : "prices of 0");
        case Left::not_yet:
            return with(count == 1 ? "price that is not in effect yet" : "prices that are not in effect yet");
        case Left::no_price:
            return with("without a price");
        case Left::two_prices:
            return with("with two prices: the higher one is kept");
        case Left::unreadable_version:
            return with("with a version that poolfit does not know");
        case Left::known_class:
            return with("that the built-in catalog has");
        case Left::no_database:
            return with("without a price or an answer for the database class of that name");
        case Left::burstable:
            return with("burstable, whose credits the answer does not have");
        case Left::not_covered:
            return with("of classes that savings plans do not cover");
        case Left::not_usual:
            return with("of spot, development and test, or a later tier of use");
        case Left::unknown_size:
            return with("of sizes that the catalog does not have");
        case Left::committed:
            return with("reserved or under a commitment, of a kind that poolfit has no price for");
        case Left::other_unit:
            return with("in another unit than such a price has");
    }
    return {};
}

}  // namespace

std::string kept_text(const catalog::OverlayRows& rows) {
    std::vector<std::string> parts;
    std::set<std::string_view> classes, regions, engines;
    std::size_t prices = 0;
    for (const auto& list : rows.lists) {
        prices += list.rates.size();
        regions.insert(list.region);
        engines.insert(list.platform->names.engine);
        for (const auto& rate : list.rates) classes.insert(rate.cls);
    }
    if (prices > 0)
        parts.push_back(fmt::format("{} of {} in {} ({})", counted(prices, "price"), counted(classes.size(), "class"),
                                    counted(regions.size(), "region"), fmt::join(engines, ", ")));
    std::size_t rates = 0, volumes = 0;
    std::set<std::string_view> covered;
    for (const auto& list : rows.plans) {
        rates += list.rates.size();
        for (const auto& rate : list.rates) covered.insert(rate.cls);
    }
    if (rates > 0)
        parts.push_back(fmt::format("{} of {} under a Database Savings Plan", counted(rates, "rate"),
                                    counted(covered.size(), "class")));
    for (const auto& list : rows.storage) volumes += list.volumes.size();
    if (volumes > 0) parts.push_back(counted(volumes, "price") + " of storage");
    if (!rows.sizes.empty()) parts.push_back(counted(rows.sizes.size(), "price") + " of vCPUs and memory");
    if (!rows.proxies.empty())
        parts.push_back(fmt::format("{} of {}", counted(rows.proxies.size(), "price"),
                                    platform::pooler_kind(Pooler::Kind::proxy).name));
    if (!rows.capacity.empty()) parts.push_back(counted(rows.capacity.size(), "price") + " of capacity");
    if (!rows.support.empty()) parts.push_back(counted(rows.support.size(), "price") + " of Extended Support");
    if (!rows.classes.empty()) {
        constexpr std::size_t listed = 6;
        std::vector<std::string> names;
        for (const auto& cls : rows.classes) names.push_back(cls.name);
        const std::size_t more = names.size() > listed ? names.size() - listed : 0;
        names.resize(names.size() - more);
        parts.push_back(fmt::format("the size of {} that the catalog does not have ({}{})",
                                    counted(rows.classes.size(), "class"), fmt::join(names, ", "),
                                    more > 0 ? fmt::format(" and {} more", more) : std::string()));
    }
    std::size_t answered = 0;
    for (const auto& row : rows.orderable) {
        answered += row.classes.size();
        engines.insert(row.platform->names.engine);
    }
    if (answered > 0)
        parts.push_back(fmt::format("versions of {} ({})", counted(answered, "class"), fmt::join(engines, ", ")));
    return fmt::format("{}", fmt::join(parts, "; "));
}

bool has_nothing(const catalog::OverlayRows& rows) {
    return rows.lists.empty() && rows.plans.empty() && rows.sizes.empty() && rows.storage.empty() &&
           rows.proxies.empty() && rows.capacity.empty() && rows.support.empty() && rows.classes.empty() &&
           rows.orderable.empty();
}

std::vector<std::string> left_out(const Imported& file) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < imports::all_left; ++i) {
        if (file.left[i] == 0) continue;
        parts.push_back(left_text(static_cast<Left>(i), file.left[i]));
        if (static_cast<Left>(i) != Left::two_prices || file.two_prices.empty()) continue;
        constexpr std::size_t listed = 3;
        const std::size_t names = std::min(listed, file.two_prices.size());
        const std::vector<std::string> some(file.two_prices.begin(),
                                            std::next(file.two_prices.begin(), static_cast<std::ptrdiff_t>(names)));
        parts.back() += fmt::format(" ({}{})", fmt::join(some, ", "), file.two_prices.size() > names ? ", ..." : "");
    }
    return parts;
}

std::string first_few(const std::vector<std::string>& names, std::size_t most) {
    const std::vector<std::string> some(names.begin(),
                                        names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size())));
    return fmt::format("{}{}", fmt::join(some, ", "),
                       names.size() > most ? fmt::format(" and {} more", names.size() - most) : std::string());
}

std::vector<std::string> without_price_now(const catalog::OverlayRows& rows, const Imported& file) {
    if (!file.whole) return {};
    std::map<std::pair<const Platform*, std::string_view>, std::set<std::string_view>> now;
    for (const auto& list : file.rows.lists)
        for (const auto& rate : list.rates) now[{list.platform, list.region}].insert(rate.cls);
    std::set<std::string> gone;
    for (const auto& list : rows.lists) {
        const auto at = now.find({list.platform, list.region});
        if (at == now.end() || list.as_of > file.as_of) continue;
        for (const auto& rate : list.rates)
            if (!at->second.contains(rate.cls)) gone.insert(fmt::format("{} in {}", rate.cls, list.region));
    }
    return {gone.begin(), gone.end()};
}

}  // namespace poolfit::cli
