// Of what a list said of each SKU the rows that it makes.
#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "price_book.hpp"

namespace poolfit::imports::aws {
namespace {

constexpr std::string_view source = "AWS price list, AmazonRDS";

}  // namespace

/// A file without units is taken at its word.
bool PriceBook::priced_by(const Product& product, PriceUnit unit) {
    if (unit == PriceUnit::unsaid) return true;
    switch (product.kind) {
        case Kind::server:
            return unit == PriceUnit::hour;
        case Kind::capacity:
            return unit == PriceUnit::acu_hour;
        case Kind::support:
        case Kind::support_year_3:
        case Kind::proxy:
            return unit == PriceUnit::vcpu_hour || unit == PriceUnit::acu_hour || unit == PriceUnit::hour;
        case Kind::storage:
            return unit == (product.part == Part::gib     ? PriceUnit::gib_month
                            : product.part == Part::iops  ? PriceUnit::iops_month
                            : product.part == Part::mibps ? PriceUnit::mibps_month
                                                          : PriceUnit::request);
    }
    return false;
}

/// What an hour costs, all in all.
std::optional<std::int64_t> PriceBook::hourly(const Product& product, const Prices& prices, Term term,
                                              std::uint32_t published, Imported& out) const {
    for (const Paid& paid : prices.of[static_cast<std::size_t>(term)]) {
        if (paid.fee < 0 && paid.hourly < 0) continue;
        if (published != 0 && paid.effective > published) {
            ++out[Left::not_yet];
            continue;
        }
        if (!priced_by(product, paid.unit)) {
            ++out[Left::other_unit];
            return std::nullopt;
        }
        if (term == Term::three_years) {
            constexpr std::int64_t hours = 3 * 8760, micro = 1000;
            if (paid.fee <= 0 || paid.hourly < 0 || paid.fee > highest_price || paid.hourly > highest_price / 2)
                return std::nullopt;
            return (paid.fee / hours + paid.hourly + micro / 2) / micro * micro;
        }
        if (paid.hourly <= 0) {
            ++out[Left::free];
            return std::nullopt;
        }
        return paid.fee > 0 || paid.hourly > highest_price ? std::nullopt : std::optional(paid.hourly);
    }
    return std::nullopt;
}

void PriceBook::add_rates(Imported& out, std::uint32_t published) const {
    using Key = std::tuple<std::size_t, std::string_view, std::string_view, bool, PriceTerm>;
    std::map<Key, std::int64_t> rates;
    std::map<std::pair<std::size_t, std::string_view>, std::int64_t> capacity, support, year_3, proxies;
    const auto keep = [&](auto& all, auto at, std::int64_t nano, std::string_view what) {
        const auto [there, fresh] = all.try_emplace(at, nano);
        if (fresh || there->second == nano) return;
        ++out[Left::two_prices];
        out.two_prices.insert(fmt::format("{} in {}", what, std::get<1>(at)));
        there->second = std::max(there->second, nano);
    };
    for (const auto& [sku, product] : products_) {
        const auto at = prices_.find(sku);
        if (at == prices_.end()) {
            ++out[without_usd_.contains(sku) ? Left::other_currency : Left::no_price];
            continue;
        }
        if (product.kind == Kind::storage) continue;
        const Prices& prices = at->second;
        const std::size_t platform = platform::index_of(*product.platform);
        const std::string_view region = names_[product.region];
        if (prices.others) ++out[Left::other_term];
        if (product.kind == Kind::server) {
            bool any = false;
            for (const auto& [term, as] : {std::pair(Term::list, PriceTerm::list),
                                           {Term::one_year, PriceTerm::one_year},
                                           {Term::three_years, PriceTerm::three_years}}) {
                const auto nano = hourly(product, prices, term, published, out);
                if (!nano) continue;
                any = true;
                keep(rates, Key{platform, region, names_[product.cls], product.multi_az, as}, *nano,
                     names_[product.cls]);
            }
            if (!any) ++out[Left::no_price];
            continue;
        }
        const auto nano = hourly(product, prices, Term::list, published, out);
        if (!nano) {
            ++out[Left::no_price];
            continue;
        }
        if (product.kind == Kind::proxy) {
            keep(proxies, std::pair(std::size_t{0}, region), *nano, "RDS Proxy");
            continue;
        }
        keep(product.kind == Kind::capacity  ? capacity
             : product.kind == Kind::support ? support
                                             : year_3,
             std::pair(platform, region), *nano, product.kind == Kind::capacity ? "capacity" : "Extended Support");
    }
    const auto all = platform::all();
    const std::string& as_of = out.as_of;
    for (const auto& [at, nano] : rates) {
        const auto& [platform, region, cls, multi_az, term] = at;
        auto& lists = out.rows.lists;
        if (lists.empty() || lists.back().platform != all[platform] || lists.back().region != region)
            lists.push_back({all[platform], std::string(region), as_of, std::string(source), {}, {}});
        lists.back().rates.push_back({std::string(cls), multi_az, term, nano, {}});
    }
    for (const auto& [at, nano] : capacity)
        out.rows.capacity.push_back({all[at.first], std::string(at.second), nano, as_of, std::string(source), {}});
    for (const auto& [at, nano] : proxies)
        out.rows.proxies.push_back({std::string(at.second), nano, std::nullopt, as_of, std::string(source), {}});
    for (const auto& [at, nano] : support) {
        const auto later = year_3.find(at);
        out.rows.support.push_back({all[at.first],
                                    std::string(at.second),
                                    nano,
                                    later != year_3.end() ? std::optional(later->second) : std::nullopt,
                                    as_of,
                                    std::string(source),
                                    {}});
    }
}

void PriceBook::add_storage(Imported& out, std::uint32_t published) const {
    using Key = std::tuple<std::size_t, std::string_view, std::string_view, bool>;
    std::map<Key, catalog::OverlayVolume> volumes, own;  // of all engines, and of one, which goes first
    for (const auto& [sku, product] : products_) {
        if (product.kind != Kind::storage) continue;
        const auto at = prices_.find(sku);
        if (at == prices_.end()) continue;  // counted already
        auto nano = hourly(product, at->second, Term::list, published, out);
        const std::int64_t times = product.part == Part::requests ? 1'000'000 : 1;  // of a request, for a million
        if (!nano || *nano > highest_price / times) {
            ++out[Left::no_price];
            continue;
        }
        *nano *= times;
        const std::string_view region = names_[product.region], kind = names_[product.cls];
        for (const Platform* each : platform::all()) {
            const bool mine = product.every_engine
                                  ? each->provider == product.platform->provider && each->has_classes &&
                                        platform::find_volume(*each, kind) != nullptr && selected_.engine(*each)
                                  : each == product.platform;
            if (!mine) continue;
            catalog::OverlayVolume& volume =
                (product.every_engine ? volumes : own)[{platform::index_of(*each), region, kind, product.multi_az}];
            if (product.part == Part::gib) {
                volume.nano_usd_per_gib = std::max(volume.nano_usd_per_gib, *nano);
                continue;
            }
            auto& amount = product.part == Part::iops    ? volume.nano_usd_per_iops
                           : product.part == Part::mibps ? volume.nano_usd_per_mibps
                                                         : volume.nano_usd_per_million_requests;
            amount = std::max(amount.value_or(0), *nano);
        }
    }
    for (auto& [at, volume] : own) {
        catalog::OverlayVolume& all = volumes[at];
        catalog::fill(volume, all);
        all = std::move(volume);
    }
    auto& lists = out.rows.storage;
    for (auto& [at, volume] : volumes) {
        const auto& [platform, region, kind, multi_az] = at;
        const Platform* const row = platform::all()[platform];
        if (lists.empty() || lists.back().platform != row || lists.back().region != region)
            lists.push_back({row, std::string(region), out.as_of, std::string(source), {}, {}});
        volume.kind = kind;
        volume.multi_az = multi_az;
        lists.back().volumes.push_back(std::move(volume));
    }
}

void PriceBook::add_plans(Imported& out) const {
    for (const auto& [at, nano] : plans_) {
        const auto& [platform, region, cls, multi_az] = at;
        const Platform* const row = platform::all()[platform];
        auto& lists = out.rows.plans;
        if (lists.empty() || lists.back().platform != row || lists.back().region != region)
            lists.push_back({row, region, out.as_of, "AWS Savings Plans, offering rates", {}, {}});
        lists.back().rates.push_back({cls, multi_az, PriceTerm::list, nano, {}});
    }
}

Imported PriceBook::take() {
    Imported out = std::move(seen_);
    out.own_date = !published_.empty();
    out.as_of = out.own_date ? published_ : options_.today;
    add_rates(out, day_number(out.as_of));
    add_storage(out, day_number(out.as_of));
    add_plans(out);
    std::set<std::string_view> priced;
    for (const auto& list : out.rows.lists)
        for (const auto& rate : list.rates) priced.insert(rate.cls);
    for (auto& [name, size] : sizes_) {
        if (!priced.contains(names_[name])) continue;
        catalog::OverlayClass row;
        row.name = names_[name];
        const std::size_t from = row.name.find('.') + 1;
        row.family = row.name.substr(from, row.name.rfind('.') - std::min(from, row.name.rfind('.')));
        row.vcpus = size.vcpus;
        row.memory = size.memory;
        row.cpu_model = std::move(size.processor);
        std::ranges::transform(size.category, size.category.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == ' ' ? '-' : c;
        });
        row.category = std::move(size.category);
        const bool arm = row.cpu_model.find("Graviton") != row.cpu_model.npos;
        row.arch = arm ? Arch::arm64 : Arch::x86_64;
        row.threads_per_core = arm ? 1 : 2;
        for (const Platform* each : platform::all())
            if (size.sold_for.contains(each)) row.sold_for.push_back(each);
        row.as_of = out.as_of;
        row.source = source;
        out.rows.classes.push_back(std::move(row));
    }
    return out;
}

}  // namespace poolfit::imports::aws
