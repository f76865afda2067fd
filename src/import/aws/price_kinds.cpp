// What a product of a list is: which row it makes, or why it makes none.
#include <algorithm>

#include <fmt/format.h>

#include "engines.hpp"
#include "price_book.hpp"

namespace poolfit::imports::aws {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool is_class_name(std::string_view name) {
    return name.size() <= 40 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == name.npos &&
           name.ends_with('.') == false;
}

}  // namespace

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

/// "EUC1-RDS:Multi-AZ-GP3-Storage", "USE2-Aurora:StorageIOUsage"; not of RDS Custom or SQL Server's mirrors.
std::optional<Left> PriceBook::classify_storage(const Attributes& a, Product& product) {
    struct Row {
        std::string_view usage, kind;
        Part part;
    };
    static constexpr std::array<Row, 17> rows{{{"RDS:GP2-Storage", "gp2", Part::gib},
                                               {"RDS:GP3-Storage", "gp3", Part::gib},
                                               {"RDS:GP3-PIOPS", "gp3", Part::iops},
                                               {"RDS:GP3-Throughput", "gp3", Part::mibps},
                                               {"RDS:PIOPS-Storage", "io1", Part::gib},
                                               {"RDS:PIOPS", "io1", Part::iops},
                                               {"RDS:PIOPS-Storage-IO2", "io2", Part::gib},
                                               {"RDS:IO2-PIOPS-Storage", "io2", Part::gib},
                                               {"RDS:IO2-Storage", "io2", Part::gib},
                                               {"RDS:PIOPS-IO2", "io2", Part::iops},
                                               {"RDS:IO2-PIOPS", "io2", Part::iops},
                                               {"RDS:StorageUsage", "magnetic", Part::gib},
                                               {"RDS:StorageIOUsage", "magnetic", Part::requests},
                                               {"Aurora:StorageUsage", "standard", Part::gib},
                                               {"Aurora:StorageIOUsage", "standard", Part::requests},
                                               {"Aurora:IO-OptimizedStorageUsage", "io-optimized", Part::gib},
                                               {"Aurora:StorageIOOptimizedUsage", "io-optimized", Part::gib}}};
    std::string usage = a.usage;
    const std::size_t at = std::min(usage.find("RDS:"), usage.find("Aurora:"));
    if (at == usage.npos) return Left::other_product;
    usage.erase(0, at);
    constexpr std::string_view both = "RDS:Multi-AZ-";
    product.multi_az = usage.starts_with(both);
    if (product.multi_az) usage.replace(0, both.size(), "RDS:");
    const auto row = std::ranges::find(rows, usage, &Row::usage);
    if (row == rows.end()) return Left::other_product;
    if (a.deployment.starts_with("Multi-AZ (")) return Left::other_deployment;
    product.every_engine = a.engine == "Any";
    for (const Platform* each : platform::all()) {
        if (each->provider != platform::usual_provider || !each->has_classes || !selected_.engine(*each)) continue;
        if (platform::find_volume(*each, row->kind) == nullptr) continue;
        if (product.every_engine || each->names.engine == a.engine) product.platform = each;
    }
    if (product.platform == nullptr) {
        if (product.every_engine || by_name(a.engine) == nullptr) return Left::other_engine;
        return selected_.engine(*by_name(a.engine)) ? Left::other_product : Left::filtered;
    }
    product.kind = Kind::storage;
    product.part = row->part;
    product.cls = name(row->kind);
    return std::nullopt;
}

/// A rate of a Database Savings Plan: 1 year without upfront, the only one that there is.
std::optional<Left> PriceBook::classify_plan(const PlanOffer& offer, Product& product) const {
    if (offer.plan != "Database" || offer.product != "RDS") return Left::other_product;
    if (offer.seconds != "31536000" || offer.payment != "No Upfront") return Left::committed;
    if (offer.currency != "USD") return Left::other_currency;
    const std::string_view usage = offer.usage;
    const Platform* const engine = by_name(offer.engine);
    if (engine == nullptr) return Left::other_engine;
    if (contains(usage, "IOOptimized")) return Left::io_optimized;
    product.kind = Kind::server;
    if (contains(usage, "ServerlessV2Usage")) {
        product.platform = platform::elastic_of(*engine);
        product.kind = Kind::capacity;
        return product.platform == nullptr ? std::optional(Left::other_engine) : std::nullopt;
    }
    product.platform = engine;
    product.multi_az = contains(usage, "Multi-AZUsage:");
    if (!product.multi_az && !contains(usage, "InstanceUsage:"))
        return contains(usage, "Multi-AZClusterUsage:") ? Left::other_deployment : Left::other_product;
    if (product.multi_az && engine->deployments.size() == 1) return Left::other_deployment;
    if (!offer.instance_type.starts_with(engine->class_prefix) || !is_class_name(offer.instance_type))
        return Left::other_product;
    if (const InstanceClass* cls = catalog_.find_class(*engine, offer.instance_type))
        if (!platform::plan_covers(*engine, *cls)) return Left::not_covered;
    return std::nullopt;
}

void PriceBook::plan_rate(const PlanOffer& offer, std::int64_t nano) {
    ++seen_.products;
    Product product{};
    auto why = classify_plan(offer, product);
    const Platform* const engine = why ? nullptr : product.platform;
    if (!why && !engine->is_region(offer.region)) why = Left::unknown_location;
    if (!why) {
        selected_.note(*engine, offer.region, seen_);
        const auto named = [&](const std::string& glob) {
            const std::string_view cls = offer.instance_type;
            return catalog::matches(*engine, glob, cls) ||
                   catalog::matches(*engine, glob, cls.substr(0, cls.rfind('.')));
        };
        if (!selected_.engine(*engine) || !selected_.region(offer.region) ||
            (product.kind == Kind::server && !options_.classes.empty() &&
             std::ranges::none_of(options_.classes, named)))
            why = Left::filtered;
        else if (nano == 0)
            why = Left::free;
        else if (nano < 0 || nano > highest_price)
            why = Left::no_price;
    }
    if (why) {
        ++seen_[*why];
        return;
    }
    const std::string cls(product.kind == Kind::capacity ? engine->elastic->class_name
                                                         : std::string_view(offer.instance_type));
    // The record is of the row with classes, which serverless capacity shares its engine with.
    const Platform* const row = platform::with_classes(*engine) != nullptr && product.kind == Kind::capacity
                                    ? platform::with_classes(*engine)
                                    : engine;
    const auto [at, fresh] = plans_.try_emplace({platform::index_of(*row), offer.region, cls, product.multi_az}, nano);
    if (fresh || at->second == nano) return;
    ++seen_[Left::two_prices];
    seen_.two_prices.insert(fmt::format("{} in {}", cls, offer.region));
    at->second = std::max(at->second, nano);
}

/// Fills the product, or says why it is none.
std::optional<Left> PriceBook::classify(const Attributes& a, Product& product) {
    const std::string_view usage = a.usage;
    if (contains(usage, "StorageIOOptimized")) {
        if (const auto why = classify_storage(a, product)) return why;
    } else if (contains(usage, "IOOptimized") || contains(a.storage, "IO Optimiz")) {
        if (contains(usage, "InstanceUsage") || contains(usage, "ServerlessV2") || a.family == "Database Instance")
            return Left::io_optimized;
        return Left::other_product;
    } else if (contains(usage, "ExtendedSupport:")) {
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
    } else if (usage.ends_with("RDS:ProxyUsage")) {
        product.platform = a.engine == "Any" ? nullptr : by_name(a.engine);
        for (const Platform* each : platform::all())  // of any engine: one that is wanted stands for all
            if (a.engine == "Any" && each->provider == platform::usual_provider && each->has_classes &&
                platform::takes(*each, Pooler::Kind::proxy) && (product.platform == nullptr || selected_.engine(*each)))
                product.platform = each;
        if (product.platform == nullptr) return Left::other_engine;
        product.kind = Kind::proxy;
    } else if (const auto why = classify_storage(a, product)) {
        return why;
    }
    if (!a.location_type.empty() && a.location_type != "AWS Region") return Left::not_in_region;
    const std::string_view region = a.region.empty() ? region_of(a.location) : std::string_view(a.region);
    if (!product.platform->is_region(region)) return Left::unknown_location;
    selected_.note(*product.platform, region, seen_);
    if (!selected_.engine(*product.platform) || !selected_.region(region)) return Left::filtered;
    const auto named = [&](const std::string& glob) {
        const std::string_view family = std::string_view(a.instance_type).substr(0, a.instance_type.rfind('.'));
        return catalog::matches(*product.platform, glob, a.instance_type) ||
               catalog::matches(*product.platform, glob, family);
    };
    if (product.kind == Kind::server && !options_.classes.empty() && std::ranges::none_of(options_.classes, named))
        return Left::filtered;
    product.region = name(region);
    if (product.kind == Kind::server) product.cls = name(a.instance_type);
    return std::nullopt;
}

}  // namespace poolfit::imports::aws
