// Answers of the Google Cloud Billing Catalog API: what a vCPU, a GiB of memory and a shared-core machine of Cloud SQL
// cost.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/import/prices.hpp>

#include "../stream/answer.hpp"
#include "../stream/fields.hpp"
#include "../stream/json_reader.hpp"
#include "../stream/selection.hpp"

namespace poolfit::imports {
namespace {

constexpr std::int64_t most_of_one = 10'000;  // vCPUs and GiB of a machine are fewer
constexpr std::string_view source = "Google Cloud Billing Catalog API, Cloud SQL";

struct Rate {
    std::uint32_t effective = 0;
    std::string unit, currency;
    std::int64_t nano = 0;
    bool tiered = false;  ///< not from the first unit on
};
struct Sku {
    std::string description, service, usage;
    std::vector<std::string> regions;
    std::vector<Rate> rates;  ///< of each day that a price begins
};

/// "Cloud SQL for PostgreSQL: Zonal - vCPU in London".
struct Described {
    std::string_view engine, deployment, what;
};
std::optional<Described> described(std::string_view text) {
    constexpr std::string_view prefix = "Cloud SQL for ", dash = " - ", in = " in ";
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    const std::size_t colon = text.find(": "), middle = text.find(dash), end = text.rfind(in);
    if (colon == text.npos || middle == text.npos || end == text.npos || middle < colon + 2 ||
        end < middle + dash.size())
        return std::nullopt;
    return Described{text.substr(0, colon), text.substr(colon + 2, middle - colon - 2),
                     text.substr(middle + dash.size(), end - middle - dash.size())};
}

/// What the SKU is of: a part of machines of a family, or machines of one name.
struct Part {
    std::string_view what;
    std::string_view classes;  ///< what their names begin with; empty: any size of the Enterprise edition
    bool memory = false, whole = false;
};
constexpr std::array<Part, 10> parts{{{"vCPU", "", false, false},
                                      {"RAM", "", true, false},
                                      {"Micro instance", "db-f1-micro", false, true},
                                      {"Small instance", "db-g1-small", false, true},
                                      {"Enterprise Plus N vCPU", "db-perf-optimized-N-", false, false},
                                      {"Enterprise Plus N RAM", "db-perf-optimized-N-", true, false},
                                      {"Enterprise Plus C4A vCPU", "db-c4a-", false, false},
                                      {"Enterprise Plus C4A RAM", "db-c4a-", true, false},
                                      {"Enterprise Plus Performance Optimized C4A vCPU", "db-c4a-", false, false},
                                      {"Enterprise Plus Performance Optimized C4A RAM", "db-c4a-", true, false}}};

class Answers {
public:
    Answers(const PriceOptions& options, const Catalog& catalog, PartsBySize& parts, Imported& out)
        : options_(options),
          selected_(options),
          catalog_(catalog),
          out_(out),
          today_(day_number(options.today)),
          all_(parts) {}

    void add(const Sku& sku) {
        ++out_.products;
        if (const auto why = left(sku)) ++out_[*why];
    }

    void rows() {
        out_.as_of = options_.today;
        std::map<std::tuple<std::size_t, std::string, std::string, bool>, std::int64_t> classes;
        for (const auto& at : touched_) {
            const auto& [index, region, prefix, multi_az] = at;
            const Platform* const platform = platform::all()[index];
            const SizeParts& paid = all_.at(at);
            if (paid.whole.nano == 0 && (paid.vcpu.nano == 0 || paid.gib.nano == 0)) {
                out_.parts = true;
                continue;
            }
            if (prefix.empty()) {
                out_.rows.sizes.push_back(
                    {platform, region, multi_az, paid.vcpu.nano, paid.gib.nano, out_.as_of, std::string(source), {}});
                continue;
            }
            for (const InstanceClass* cls : catalog_.classes(*platform)) {
                if (!cls->name.starts_with(prefix) || !named(*platform, *cls)) continue;
                const std::int64_t quarters = cls->memory.value / (bytes_per_gib / 4);
                classes[{index, region, std::string(cls->name), multi_az}] =
                    paid.whole.nano > 0 ? paid.whole.nano : paid.vcpu.nano * cls->vcpus + paid.gib.nano * quarters / 4;
            }
        }
        for (const auto& [at, nano] : classes) {
            const auto& [index, region, cls, multi_az] = at;
            const Platform* const platform = platform::all()[index];
            auto& lists = out_.rows.lists;
            if (lists.empty() || lists.back().platform != platform || lists.back().region != region)
                lists.push_back({platform, region, out_.as_of, std::string(source), {}, {}});
            lists.back().rates.push_back({cls, multi_az, PriceTerm::list, nano, {}});
        }
    }

private:
    bool named(const Platform& platform, const InstanceClass& cls) const {
        return options_.classes.empty() || std::ranges::any_of(options_.classes, [&](const std::string& glob) {
                   return catalog::matches(platform, glob, cls.name) || catalog::glob_matches(glob, cls.family);
               });
    }

    /// Has the filter by class any of those whose names begin so?
    bool named(const Platform& platform, std::string_view prefix) const {
        if (options_.classes.empty()) return true;
        if (!prefix.empty())
            return std::ranges::any_of(catalog_.classes(platform), [&](const InstanceClass* cls) {
                return cls->name.starts_with(prefix) && named(platform, *cls);
            });
        const std::string_view any = platform.class_example;  // of those that have any size
        const InstanceClass* const cls = catalog_.find_class(platform, any);
        const std::string_view kind = any.substr(0, any.find_first_of("0123456789"));
        return std::ranges::any_of(options_.classes, [&](const std::string& glob) { return glob.starts_with(kind); }) ||
               (cls != nullptr && named(platform, *cls));
    }

    const Rate* in_effect(const Sku& sku) {
        const Rate* latest = nullptr;
        for (const Rate& rate : sku.rates) {
            if (today_ != 0 && rate.effective > today_) {
                ++out_[Left::not_yet];
                continue;
            }
            if (latest == nullptr || rate.effective >= latest->effective) latest = &rate;
        }
        return latest;
    }

    std::optional<Left> left(const Sku& sku) {
        if (sku.service != "Cloud SQL") return Left::other_product;
        const auto text = described(sku.description);
        if (!text) return Left::other_product;
        const std::string_view word = text->engine == "PostgreSQL" || text->engine == "Postgres" ? "postgresql"
                                      : text->engine == "MySQL"                                  ? "mysql"
                                                                                                 : "";
        const Platform* const platform = word.empty() ? nullptr : platform::find("gcp", word);
        if (platform == nullptr) return Left::other_engine;
        const auto part = std::ranges::find(parts, text->what, &Part::what);
        if (part == parts.end()) return Left::other_product;
        if (sku.usage != "OnDemand") return Left::committed;
        const bool multi_az = text->deployment == "Regional";
        if (!multi_az && text->deployment != "Zonal") return Left::other_deployment;
        const Rate* const rate = in_effect(sku);
        if (rate == nullptr) return Left::no_price;
        if (rate->currency != "USD") return Left::other_currency;
        if (rate->tiered) return Left::not_usual;
        if (rate->unit != (part->memory ? "GiBy.h" : "h")) return Left::other_unit;
        if (rate->nano <= 0) return Left::free;
        if (rate->nano > highest_price / most_of_one) return Left::no_price;
        bool any = false, placed = false;
        for (const std::string& region : sku.regions) {
            if (!platform->is_region(region)) continue;
            placed = true;
            selected_.note(*platform, region, out_);
            if (!selected_.engine(*platform) || !selected_.region(region) || !named(*platform, part->classes)) continue;
            any = true;
            const auto at = std::tuple(platform::index_of(*platform), region, std::string(part->classes), multi_az);
            touched_.insert(at);
            SizeParts& paid = all_[at];
            SizeParts::Amount& amount = part->whole ? paid.whole : part->memory ? paid.gib : paid.vcpu;
            if (amount.nano != 0 && amount.day > today_) continue;  // an older file
            if (amount.nano != 0 && amount.day == today_ && amount.nano != rate->nano) {
                ++out_[Left::two_prices];
                out_.two_prices.insert(fmt::format("{} in {}", text->what, region));
                amount.nano = std::max(amount.nano, rate->nano);
                continue;
            }
            amount = {rate->nano, today_};
        }
        if (!placed) return Left::unknown_location;
        return any ? std::nullopt : std::optional(Left::filtered);
    }

    const PriceOptions& options_;
    Selection selected_;
    const Catalog& catalog_;
    Imported& out_;
    std::uint32_t today_;
    PartsBySize& all_;
    std::set<PartsBySize::key_type> touched_;  ///< by this file
};

/// The members of a SKU, from the inside out.
class SkuReader {
public:
    SkuReader(JsonReader& json, Answer& answer) : json_(json), answer_(answer) {}

    bool sku(Sku& out) {
        return answer_.object([&] {
            if (key_is("description")) return answer_.text(out.description);
            if (key_is("category"))
                return answer_.object([&] {
                    if (key_is("serviceDisplayName")) return answer_.text(out.service);
                    if (key_is("usageType")) return answer_.text(out.usage);
                    return json_.skip();
                });
            if (key_is("serviceRegions")) return answer_.list([&] { return answer_.text(out.regions.emplace_back()); });
            if (key_is("pricingInfo")) return answer_.list([&] { return info(out.rates.emplace_back()); });
            return json_.skip();
        });
    }

private:
    bool key_is(std::string_view name) const { return json_.text() == name; }

    bool info(Rate& out) {
        return answer_.object([&] {
            if (key_is("effectiveTime")) {
                std::string time;
                if (!answer_.text(time)) return false;
                const auto day = day_of(time);
                out.effective = day ? day_number(*day) : 0;
                return true;
            }
            if (!key_is("pricingExpression")) return json_.skip();
            return answer_.object([&] {
                if (key_is("usageUnit")) return answer_.text(out.unit);
                if (!key_is("tieredRates")) return json_.skip();
                bool first = true;
                return answer_.list([&] {
                    Rate tier;
                    if (!tiered(tier)) return false;
                    if (first) {
                        out.currency = tier.currency;
                        out.nano = tier.nano;
                    }
                    out.tiered = out.tiered || !first || tier.tiered;
                    first = false;
                    return true;
                });
            });
        });
    }

    bool tiered(Rate& out) {
        return answer_.object([&] {
            if (key_is("startUsageAmount")) {
                std::string from;
                if (!answer_.text(from)) return false;
                out.tiered = from.find_first_not_of("0.") != from.npos;
                return true;
            }
            if (!key_is("unitPrice")) return json_.skip();
            return answer_.object([&] {
                if (key_is("currencyCode")) return answer_.text(out.currency);
                if (key_is("units")) return whole(out.nano, 1'000'000'000, 1'000'000);
                if (key_is("nanos")) return whole(out.nano, 1, 999'999'999);
                return json_.skip();
            });
        });
    }

    /// Adds a whole number of so many nano-USD.
    bool whole(std::int64_t& into, std::int64_t of, std::int64_t most) {
        std::string text;
        if (!answer_.text(text)) return false;
        std::int64_t number = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (fault != std::errc{} || end != text.data() + text.size() || number < 0 || number > most)
            return json_.refuse(fmt::format("'{}' is not a price", text.substr(0, 40)),
                                "the file is damaged: fetch it again");
        into = std::min(into + number * of, std::int64_t{2'000'000} * 1'000'000'000);
        return true;
    }

    JsonReader& json_;
    Answer& answer_;
};

}  // namespace

std::vector<std::string> half_known(const PartsBySize& parts) {
    std::vector<std::string> names;
    for (const auto& [at, paid] : parts) {
        if (paid.whole.nano > 0 || (paid.vcpu.nano > 0 && paid.gib.nano > 0)) continue;
        const auto& [index, region, prefix, multi_az] = at;
        names.push_back(fmt::format("{} of {}{}{} in {}", paid.vcpu.nano > 0 ? "vCPUs" : "memory",
                                    platform::all()[index]->names.brief, prefix.empty() ? "" : ", ", prefix, region));
    }
    return names;
}

std::optional<Imported> google_prices(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                      PartsBySize& parts_so_far, Sources& sources, Diagnostics& diagnostics) {
    Input bytes(file, sources, diagnostics);
    JsonReader json(bytes);
    Answer answer(json, "skus", {"nextPageToken"});
    Imported out;
    Answers answers(options, catalog, parts_so_far, out);
    SkuReader reader(json, answer);
    const bool good = answer.each([&] {
        Sku sku;
        if (!reader.sku(sku)) return false;
        answers.add(sku);
        return true;
    });
    if (!good) return std::nullopt;
    out.bytes = bytes.offset();
    if (!answer.next().empty()) out.goes_on = "&pageToken=" + answer.next();
    answers.rows();
    return out;
}

}  // namespace poolfit::imports
