#include "price_book.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/parse.hpp>

#include "engines.hpp"

namespace poolfit::imports::aws {
namespace {

constexpr std::string_view source = "AWS price list, AmazonRDS";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::uint32_t number_of(std::string_view day) {
    std::uint32_t number = 0;
    for (const char c : day.substr(0, 10))
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return number;
}

bool is_class_name(std::string_view name) {
    return name.size() <= 40 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == name.npos &&
           name.ends_with('.') == false;
}

/// Without what no name of a processor or a family has.
std::string printable(std::string text) {
    std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
    return text.substr(0, 80);
}

}  // namespace

std::string* Attributes::at(std::string_view key) {
    struct Key {
        std::string_view json, csv;
        std::string Attributes::*value;
    };
    static constexpr std::array<Key, 13> keys{{{"databaseEngine", "databaseengine", &Attributes::engine},
                                               {"instanceType", "instancetype", &Attributes::instance_type},
                                               {"deploymentOption", "deploymentoption", &Attributes::deployment},
                                               {"regionCode", "regioncode", &Attributes::region},
                                               {"location", "location", &Attributes::location},
                                               {"locationType", "locationtype", &Attributes::location_type},
                                               {"storage", "storage", &Attributes::storage},
                                               {"usagetype", "usagetype", &Attributes::usage},
                                               {"productFamily", "productfamily", &Attributes::family},
                                               {"vcpu", "vcpu", &Attributes::vcpu},
                                               {"memory", "memory", &Attributes::memory},
                                               {"physicalProcessor", "physicalprocessor", &Attributes::processor},
                                               {"instanceFamily", "instancefamily", &Attributes::category}}};
    for (const Key& each : keys)
        if (key == each.json || key == each.csv) return &(this->*each.value);
    return nullptr;
}

void Attributes::clear() {
    for (std::string* text : {&engine, &instance_type, &deployment, &region, &location, &location_type, &storage,
                              &usage, &family, &vcpu, &memory, &processor, &category})
        text->clear();
}

Term reserved_term(std::string_view lease, std::string_view purchase, std::string_view offering) {
    if (!offering.empty() && offering != "standard") return Term::other;
    const auto years = [&](std::string_view count) {
        return lease == std::string(count) + "yr" || lease == std::string(count) + " yr";
    };
    if (years("1") && purchase == "No Upfront") return Term::one_year;
    return years("3") && purchase == "Partial Upfront" ? Term::three_years : Term::other;
}

std::optional<std::int64_t> nano_of(std::string_view text) {
    constexpr std::int64_t most = 1'000'000'000;  // dollars: a fee for three years of the largest class is a thousandth
    std::int64_t whole = 0, rest = 0, unit = 1'000'000'000;
    std::size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if ((whole = whole * 10 + (text[at] - '0')) > most) return std::nullopt;
    const std::size_t digits = at;
    if (at < text.size() && text[at] == '.')
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
            if (unit > 1) rest += (text[at] - '0') * (unit /= 10);
    if (at == text.size() && digits > 0) return whole * 1'000'000'000 + rest;
    double value = 0;  // 1.5E-4
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > static_cast<double>(most))
        return std::nullopt;
    return static_cast<std::int64_t>(value * 1e9 + 0.5);
}

std::uint64_t PriceBook::key(std::string_view sku) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : sku) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash;
}

std::uint32_t PriceBook::name(std::string_view text) {
    const auto [at, fresh] = name_at_.try_emplace(std::string(text), static_cast<std::uint32_t>(names_.size()));
    if (fresh) names_.emplace_back(text);
    return at->second;
}

std::optional<Left> PriceBook::classify_support(const Attributes& a, Product& product) {
    // "EUC1-ExtendedSupport:Yr1-Yr2:PostgreSQL11", of Serverless v2 with "ASv2" in one place or another.
    const std::string_view usage = a.usage;
    std::string_view engine = usage.substr(usage.rfind(':') + 1);
    engine = engine.substr(0, engine.find_first_of("0123456789"));
    product.platform = by_usage(engine);
    if (product.platform == nullptr) return Left::other_engine;
    if (contains(usage, "ASv2")) product.platform = platform::elastic_of(*product.platform);
    if (product.platform == nullptr) return Left::other_engine;
    if (contains(usage, ":Yr1-Yr2:"))
        product.kind = Kind::support;
    else if (contains(usage, ":Yr3:"))
        product.kind = Kind::support_year_3;
    else
        return Left::other_product;
    return std::nullopt;
}

/// Fills the product, or says why it is none.
std::optional<Left> PriceBook::classify(const Attributes& a, Product& product) {
    const std::string_view usage = a.usage;
    if (contains(usage, "IOOptimized") || contains(a.storage, "IO Optimiz")) {
        if (contains(usage, "InstanceUsage") || contains(usage, "ServerlessV2") || a.family == "Database Instance")
            return Left::io_optimized;
        return Left::other_product;
    }
    if (contains(usage, "ExtendedSupport:")) {
        if (const auto why = classify_support(a, product)) return why;
    } else if (contains(usage, "ServerlessV2Usage") || a.family == "ServerlessV2") {
        const Platform* const engine = by_name(a.engine);
        product.platform = engine == nullptr ? nullptr : platform::elastic_of(*engine);
        if (product.platform == nullptr) return Left::other_engine;
        product.kind = Kind::capacity;
    } else if (a.family == "Database Instance" || contains(usage, "InstanceUsage:") ||
               contains(usage, "Multi-AZUsage:")) {
        product.platform = by_name(a.engine);
        if (product.platform == nullptr) return Left::other_engine;
        if (!a.instance_type.starts_with(product.platform->class_prefix) || !is_class_name(a.instance_type))
            return Left::other_product;
        product.kind = Kind::server;
        product.multi_az = a.deployment == "Multi-AZ";
        if (!product.multi_az && a.deployment != "Single-AZ") return Left::other_deployment;
        if (product.multi_az && product.platform->deployments.size() == 1) return Left::other_deployment;
    } else {
        return Left::other_product;
    }
    if (!a.location_type.empty() && a.location_type != "AWS Region") return Left::not_in_region;
    const std::string_view region = a.region.empty() ? region_of(a.location) : std::string_view(a.region);
    if (!product.platform->is_region(region)) return Left::unknown_location;
    const auto wanted = [&](const Platform* each) { return each->engine == product.platform->engine; };
    if (!options_.platforms.empty() && std::ranges::none_of(options_.platforms, wanted)) return Left::filtered;
    const auto matches = [&](const std::string& glob) { return catalog::glob_matches(glob, region); };
    if (!options_.regions.empty() && std::ranges::none_of(options_.regions, matches)) return Left::filtered;
    const auto named = [&](const std::string& glob) {
        const std::string_view family = std::string_view(a.instance_type).substr(0, a.instance_type.rfind('.'));
        return catalog::matches(*product.platform, glob, a.instance_type) ||
               catalog::matches(*product.platform, glob, family);
    };
    if (product.kind == Kind::server && !options_.classes.empty() && std::ranges::none_of(options_.classes, named))
        return Left::filtered;
    product.region = name(region);
    product.cls = product.kind == Kind::server ? name(a.instance_type) : 0;
    return std::nullopt;
}

/// Of a class that the catalog does not have. What bursts has credits, which no price list has: its size alone would
/// make it a class that does not.
void PriceBook::note_size(const Attributes& a, const Product& product) {
    if (product.kind != Kind::server || catalog_.find_class(*product.platform, a.instance_type) != nullptr) return;
    if (a.instance_type.starts_with(std::string(product.platform->class_prefix) + "t")) return;
    int vcpus = 0;
    const auto [end, fault] = std::from_chars(a.vcpu.data(), a.vcpu.data() + a.vcpu.size(), vcpus);
    std::string memory = a.memory;
    std::erase(memory, ',');
    const auto parsed = unit::parse<Bytes>(memory);
    const auto* bytes = std::get_if<Bytes>(&parsed);
    if (fault != std::errc{} || end != a.vcpu.data() + a.vcpu.size() || vcpus < 1 || vcpus > 10'000 || !bytes ||
        bytes->value < bytes_per_mib || bytes->value > 1024 * 1024 * bytes_per_gib)
        return;
    Size& size = sizes_[product.cls];
    if (size.vcpus == 0) size = {vcpus, *bytes, printable(a.processor), printable(a.category), {}};
    size.sold_for.insert(product.platform);
}

void PriceBook::product(std::string_view sku, const Attributes& attributes) {
    ++seen_.products;
    Product product{};
    if (const auto why = classify(attributes, product)) {
        ++seen_[*why];
        return;
    }
    note_size(attributes, product);
    products_.insert_or_assign(key(sku), product);
}

void PriceBook::product_once(std::string_view sku, const Attributes& attributes) {
    if (has(sku)) return;
    product(sku, attributes);
    if (!kept(sku)) left_.insert(key(sku));
}

void PriceBook::price(std::string_view sku, Term term, std::uint32_t effective, bool is_fee, std::int64_t nano) {
    Prices& prices = prices_[key(sku)];
    if (term == Term::other) {
        prices.others = true;
        return;
    }
    auto& days = prices.of[static_cast<std::size_t>(term)];
    const auto used = [](const Paid& paid) { return paid.fee >= 0 || paid.hourly >= 0; };
    Paid* paid = nullptr;
    for (Paid& day : days)
        if (used(day) && day.effective == effective) paid = &day;
    if (paid == nullptr) {
        if (used(days[0]) && days[0].effective > effective) {
            if (used(days[1]) && days[1].effective > effective) return;
            paid = &days[1];
        } else {
            days[1] = std::exchange(days[0], Paid{});
            paid = &days[0];
        }
        *paid = Paid{effective, -1, -1};
    }
    std::int64_t& amount = is_fee ? paid->fee : paid->hourly;
    amount = std::max(amount, nano);
}

/// What an hour costs, all in all.
std::optional<std::int64_t> PriceBook::hourly(const Prices& prices, Term term, std::uint32_t published,
                                              Imported& out) const {
    for (const Paid& paid : prices.of[static_cast<std::size_t>(term)]) {
        if (paid.fee < 0 && paid.hourly < 0) continue;
        if (published != 0 && paid.effective > published) {
            ++out[Left::not_yet];
            continue;
        }
        if (term == Term::three_years) {
            constexpr std::int64_t hours = 3 * 8760, micro = 1000;
            if (paid.fee <= 0 || paid.hourly < 0) return std::nullopt;
            return (paid.fee / hours + paid.hourly + micro / 2) / micro * micro;
        }
        if (paid.hourly <= 0) {
            ++out[Left::free];
            return std::nullopt;
        }
        return paid.fee > 0 ? std::nullopt : std::optional(paid.hourly);
    }
    return std::nullopt;
}

void PriceBook::add_rates(Imported& out, std::uint32_t published) const {
    using Key = std::tuple<std::size_t, std::string_view, std::string_view, bool, PriceTerm>;
    std::map<Key, std::int64_t> rates;
    std::map<std::pair<std::size_t, std::string_view>, std::int64_t> capacity, support, year_3;
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
        const Prices& prices = at->second;
        const std::size_t platform = platform::index_of(*product.platform);
        const std::string_view region = names_[product.region];
        if (prices.others) ++out[Left::other_term];
        if (product.kind == Kind::server) {
            bool any = false;
            for (const auto& [term, as] : {std::pair(Term::list, PriceTerm::list),
                                           {Term::one_year, PriceTerm::one_year},
                                           {Term::three_years, PriceTerm::three_years}}) {
                const auto nano = hourly(prices, term, published, out);
                if (!nano) continue;
                any = true;
                keep(rates, Key{platform, region, names_[product.cls], product.multi_az, as}, *nano,
                     names_[product.cls]);
            }
            if (!any) ++out[Left::no_price];
            continue;
        }
        const auto nano = hourly(prices, Term::list, published, out);
        if (!nano) {
            ++out[Left::no_price];
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

Imported PriceBook::take() {
    Imported out = std::move(seen_);
    out.own_date = !published_.empty();
    out.as_of = out.own_date ? published_ : options_.today;
    add_rates(out, number_of(out.as_of));
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
        const bool arm = contains(row.cpu_model, "Graviton");
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
