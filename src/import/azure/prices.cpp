// Answers of the Azure Retail Prices API: classes of flexible servers, by their name or by the vCore of their series.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/prices.hpp>

#include "../stream/answer.hpp"
#include "../stream/fields.hpp"
#include "../stream/json_reader.hpp"
#include "../stream/selection.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view source = "Azure Retail Prices API";
constexpr std::int64_t most_cores = 1000;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// "Ddsv5" of "Standard_D4ds_v5", and "D" of "Standard_D2"; empty where the name has no such form.
std::string series_of(std::string_view cls) {
    const std::size_t from = cls.find('_') + 1, digit = cls.find_first_of("0123456789", from);
    if (from == 0 || digit == cls.npos) return {};
    const std::size_t after = cls.find_first_not_of("0123456789", digit);
    std::string series(cls.substr(from, digit - from));
    if (after != cls.npos) series += cls.substr(after);
    std::erase(series, '_');
    return series;
}

/// "Ddsv5" of "… Flexible Server General Purpose - Ddsv5 Series Compute".
std::string_view series_in(std::string_view product) {
    const std::size_t end = product.find(" Series");
    if (end == product.npos) return {};
    const std::size_t begin = product.rfind(' ', end == 0 ? 0 : end - 1);
    return begin == product.npos ? std::string_view() : product.substr(begin + 1, end - begin - 1);
}

/// "Standard_B1ms" of "B1MS".
std::string class_of_meter(std::string_view meter) {
    std::string name = "Standard_";
    for (std::size_t i = 0; i < meter.size(); ++i)
        name += i > 0 && meter[i] >= 'A' && meter[i] <= 'Z' ? static_cast<char>(meter[i] - 'A' + 'a') : meter[i];
    return name;
}

/// 8 of "8 vCore", 1 of "vCore"; 0 where it is neither.
std::int64_t cores_in(std::string_view sku) {
    if (sku == "vCore") return 1;
    std::int64_t cores = 0;
    const auto [end, fault] = std::from_chars(sku.data(), sku.data() + sku.size(), cores);
    const std::string_view rest(end, static_cast<std::size_t>(sku.data() + sku.size() - end));
    return fault == std::errc{} && rest == " vCore" && cores >= 1 && cores <= most_cores ? cores : 0;
}

struct Item {
    std::string currency, tier, price, region, effective, meter, product, sku, arm_sku, service, unit, type;

    std::string* at(std::string_view key) {
        static constexpr std::array<std::pair<std::string_view, std::string Item::*>, 12> keys{
            {{"currencyCode", &Item::currency},
             {"tierMinimumUnits", &Item::tier},
             {"retailPrice", &Item::price},
             {"armRegionName", &Item::region},
             {"effectiveStartDate", &Item::effective},
             {"meterName", &Item::meter},
             {"productName", &Item::product},
             {"skuName", &Item::sku},
             {"armSkuName", &Item::arm_sku},
             {"serviceName", &Item::service},
             {"unitOfMeasure", &Item::unit},
             {"type", &Item::type}}};
        for (const auto& [name, value] : keys)
            if (name == key) return &(this->*value);
        return nullptr;
    }
};

class Answers {
public:
    Answers(const PriceOptions& options, const Catalog& catalog, Imported& out)
        : options_(options), selected_(options), catalog_(catalog), out_(out), today_(day_number(options.today)) {}

    void add(const Item& item, std::int64_t nano) {
        ++out_.products;
        if (const auto why = left(item, nano)) ++out_[*why];
    }

    void rows() {
        out_.as_of = options_.today;
        for (const auto& [at, paid] : all_) {
            const auto& [region, cls] = at;
            auto& lists = out_.rows.lists;
            if (lists.empty() || lists.back().region != region)
                lists.push_back({platform_, region, out_.as_of, std::string(source), {}, {}});
            lists.back().rates.push_back({cls, false, PriceTerm::list, paid.nano, {}});
        }
    }

private:
    struct Paid {
        std::uint32_t effective = 0;
        std::int64_t nano = 0;
    };

    std::optional<Left> left(const Item& item, std::int64_t nano) {
        const std::string_view product = item.product;
        if (item.service != "Azure Database for PostgreSQL")
            return item.service.starts_with("Azure Database for") ? Left::other_engine : Left::other_product;
        if (!contains(product, "Flexible Server") || !contains(product, "Compute") || item.unit != "1 Hour")
            return Left::other_product;
        if (item.type == "Reservation") return Left::committed;
        const bool first = item.tier.find_first_not_of("0.") == item.tier.npos;
        if (item.type != "Consumption" || !first || contains(item.sku, "Spot") || contains(item.sku, "Low Priority"))
            return Left::not_usual;
        if (item.currency != "USD") return Left::other_currency;
        if (!platform_->is_region(item.region)) return Left::unknown_location;
        if (nano == 0) return Left::free;
        if (nano < 0 || nano > highest_price / most_cores) return Left::no_price;
        const auto day = day_of(item.effective);
        const std::uint32_t effective = day ? day_number(*day) : 0;
        if (today_ != 0 && effective > today_) return Left::not_yet;
        selected_.note(*platform_, item.region, out_);
        if (!selected_.engine(*platform_) || !selected_.region(item.region)) return Left::filtered;
        return keep(item, {effective, nano});
    }

    std::optional<Left> keep(const Item& item, const Paid& paid) {
        std::string_view name = item.sku;
        const bool by_core = name.ends_with(" vCore");
        if (by_core) name.remove_suffix(std::string_view(" vCore").size());
        const std::int64_t cores = cores_in(item.sku);
        const InstanceClass* one = catalog_.find_class(*platform_, item.arm_sku);
        if (one == nullptr && !name.empty() && name.front() >= 'A' && name.front() <= 'Z')
            one = catalog_.find_class(*platform_, class_of_meter(name));
        if (one != nullptr) {
            // The price is of so many cores, or of the whole class.
            const std::int64_t of = cores > 0 ? cores : by_core ? 1 : std::max(one->vcpus, 1);
            return keep(item.region, *one, {paid.effective, paid.nano * std::max(one->vcpus, 1) / of});
        }
        const std::string_view series = series_in(item.product);
        if (cores == 0 || series.empty()) return Left::unknown_size;
        bool any = false, kept = false;
        for (const InstanceClass* cls : catalog_.classes(*platform_)) {
            if (series_of(cls->name) != series) continue;
            any = true;
            kept = !keep(item.region, *cls, {paid.effective, paid.nano * cls->vcpus / cores}) || kept;
        }
        if (!any) return Left::unknown_size;
        return kept ? std::nullopt : std::optional(Left::filtered);
    }

    std::optional<Left> keep(const std::string& region, const InstanceClass& cls, const Paid& paid) {
        if (!selected_.cls(*platform_, cls.name, cls.family)) return Left::filtered;
        const auto [at, fresh] = all_.try_emplace({region, std::string(cls.name)}, paid);
        if (fresh || paid.effective < at->second.effective) return std::nullopt;
        if (paid.effective == at->second.effective && paid.nano != at->second.nano) {
            ++out_[Left::two_prices];
            out_.two_prices.insert(fmt::format("{} in {}", cls.name, region));
            at->second.nano = std::max(at->second.nano, paid.nano);
        } else {
            at->second = paid;
        }
        return std::nullopt;
    }

    const PriceOptions& options_;
    Selection selected_;
    const Catalog& catalog_;
    Imported& out_;
    std::uint32_t today_;
    const Platform* platform_ = platform::find("azure", "postgresql");
    std::map<std::pair<std::string, std::string>, Paid> all_;  ///< by region and class
};

}  // namespace

std::optional<Imported> azure_prices(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                     Sources& sources, Diagnostics& diagnostics) {
    Input bytes(file, sources, diagnostics);
    JsonReader json(bytes);
    Answer answer(json, "Items", {"NextPageLink"});
    Imported out;
    Answers answers(options, catalog, out);
    Item item;
    const bool good = answer.each([&] {
        item = {};
        std::int64_t price = 0;
        if (!answer.object([&] {
                std::string* const into = item.at(json.text());
                if (into == nullptr) return json.skip();
                if (!answer.text(*into)) return false;
                if (into != &item.price) return true;
                price = -1;
                if (item.price.empty()) return true;  // a null
                const auto nano = nano_of(item.price);
                if (!nano)
                    return json.refuse(fmt::format("'{}' is not a price", item.price.substr(0, 40)),
                                       "the file is damaged: fetch it again");
                price = *nano;
                return true;
            }))
            return false;
        answers.add(item, price);
        return true;
    });
    if (!good) return std::nullopt;
    out.bytes = bytes.offset();
    out.goes_on = answer.next();
    answers.rows();
    return out;
}

}  // namespace poolfit::imports
