#include "price_book.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/parse.hpp>

namespace poolfit::imports::aws {
namespace {

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

PriceUnit price_unit(std::string_view text) {
    if (text.empty()) return PriceUnit::unsaid;
    std::string plain;
    for (const char c : text)
        if (c != '-' && c != ' ' && c != '/') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    static constexpr std::array<std::pair<std::string_view, PriceUnit>, 22> units{
        {{"quantity", PriceUnit::fee},       {"hrs", PriceUnit::hour},           {"hr", PriceUnit::hour},
         {"hour", PriceUnit::hour},          {"hours", PriceUnit::hour},         {"vcpuhr", PriceUnit::vcpu_hour},
         {"vcpuhrs", PriceUnit::vcpu_hour},  {"vcpuhour", PriceUnit::vcpu_hour}, {"vcpuhours", PriceUnit::vcpu_hour},
         {"acuhr", PriceUnit::acu_hour},     {"acuhrs", PriceUnit::acu_hour},    {"acuhour", PriceUnit::acu_hour},
         {"acuhours", PriceUnit::acu_hour},  {"gbmo", PriceUnit::gib_month},     {"gbmonth", PriceUnit::gib_month},
         {"gibmo", PriceUnit::gib_month},    {"iopsmo", PriceUnit::iops_month},  {"mibpsmo", PriceUnit::mibps_month},
         {"mbpsmo", PriceUnit::mibps_month}, {"ios", PriceUnit::request},        {"io", PriceUnit::request},
         {"requests", PriceUnit::request}}};
    const auto at = std::ranges::find(units, plain, &std::pair<std::string_view, PriceUnit>::first);
    return at == units.end() ? PriceUnit::other : at->second;
}

Term reserved_term(std::string_view lease, std::string_view purchase, std::string_view offering) {
    if (!offering.empty() && offering != "standard") return Term::other;
    const auto years = [&](std::string_view count) {
        return lease == std::string(count) + "yr" || lease == std::string(count) + " yr";
    };
    if (years("1") && purchase == "No Upfront") return Term::one_year;
    return years("3") && purchase == "Partial Upfront" ? Term::three_years : Term::other;
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

void PriceBook::price(std::string_view sku, Term term, std::uint32_t effective, PriceUnit unit, std::int64_t nano) {
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
        *paid = Paid{effective, -1, -1, PriceUnit::unsaid};
    }
    if (unit != PriceUnit::fee) paid->unit = unit;
    std::int64_t& amount = unit == PriceUnit::fee ? paid->fee : paid->hourly;
    amount = std::max(amount, nano);
}

}  // namespace poolfit::imports::aws
