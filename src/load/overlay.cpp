// A user's catalog file: [[class]] and [[price]] rows, each with its date and source.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include <poolfit/catalog/overlay.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/unit/hash.hpp>

#include "drafts.hpp"
#include "editors_key.hpp"
#include "overlay_origin.hpp"
#include "parsers.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
using Rows = OverlayDraft;
using catalog::OverlayClass;
using catalog::OverlayPrice;
constexpr std::string_view schema = "poolfit-catalog/1";
constexpr std::string_view header = "the catalog file";
constexpr std::string_view class_header = "[[class]]";
constexpr std::string_view price_header = "[[price]]";

template <class T>
void set_plain(T& to, const Maybe<T>& from) {
    if (from) to = from->value;
}
template <class T>
std::optional<T> plain(const Maybe<T>& from) {
    return from ? std::optional(from->value) : std::nullopt;
}
void set_date(std::string& to, const Maybe<Date>& from) {
    if (from) to = unit::print(from->value);
}

struct ClassDraft {
    OverlayClass out;
    Located<std::string> name;
    std::vector<std::string_view> engines = platform::engines();  ///< that run on it
    std::vector<std::string_view> sold;
    Place engines_place, switch_place, sold_place;
    Maybe<Fraction> baseline;
    Maybe<double> earned, accrued;
};

constexpr Bounds<MegabitsPerSecond> throughputs{MegabitsPerSecond(0), MegabitsPerSecond(10'000'000), true};
constexpr Bounds<double> operations{0, 10'000'000, true};
constexpr Bounds<Bytes> memories{Bytes(0), Bytes(1024 * 1024 * bytes_per_gib), true};

std::vector<std::string_view> engines_of(C& c, const E& e) {
    std::vector<std::string_view> engines;
    const auto known = platform::engines();
    for (const auto& engine : texts(c, e)) {
        const auto at = std::ranges::find(known, *engine);
        if (at == known.end())
            report_unknown_engine(c, engine);
        else
            engines.push_back(*at);
    }
    return engines;
}

void read_engines(C& c, const E& e, ClassDraft& d) {
    d.engines_place = e.member.key_place;
    d.engines = engines_of(c, e);
}

void read_sold_for(C& c, const E& e, ClassDraft& d) {
    d.sold_place = e.member.key_place;
    d.sold = engines_of(c, e);
}

using Row = Field<ClassDraft>;
constexpr std::array class_fields{
    Row{"name", R"("db.m5.large")", true, [](C& c, const E& e, ClassDraft& d) { set(d.name, name(c, e)); }},
    Row{"vcpus", "2", true,
        [](C& c, const E& e, ClassDraft& d) {
            if (const auto found = whole(c, e, {1, 10'000})) d.out.vcpus = static_cast<int>(found->value);
        }},
    Row{"memory", R"("16 GiB")", true,
        [](C& c, const E& e, ClassDraft& d) { set_plain(d.out.memory, quantity(c, e, memories)); }},
    Row{"arch", R"("x86_64")", false,
        [](C& c, const E& e, ClassDraft& d) {
            if (const auto found = one_of(c, e, {"x86_64", "arm64"}))
                d.out.arch = found->value == 0 ? Arch::x86_64 : Arch::arm64;
        }},
    Row{"family", R"("m5")", false, [](C& c, const E& e, ClassDraft& d) { set_plain(d.out.family, name(c, e)); }},
    Row{"category", R"("general-purpose")", false,
        [](C& c, const E& e, ClassDraft& d) { set_plain(d.out.category, text(c, e)); }},
    Row{"generation", "5", false,
        [](C& c, const E& e, ClassDraft& d) {
            if (const auto found = whole(c, e, {1, 1000})) d.out.generation = static_cast<int>(found->value);
        }},
    Row{"cpu_model", R"("Intel Xeon Platinum 8175")", false,
        [](C& c, const E& e, ClassDraft& d) { set_plain(d.out.cpu_model, text(c, e)); }},
    Row{"threads_per_core", "2", false,
        [](C& c, const E& e, ClassDraft& d) {
            if (const auto found = whole(c, e, {1, 8})) d.out.threads_per_core = static_cast<int>(found->value);
        }},
    Row{"os_visible_memory", R"("15.5 GiB")", false,
        [](C& c, const E& e, ClassDraft& d) { d.out.os_visible = plain(quantity(c, e, memories)); }},
    Row{"burst_baseline", R"("30%")", false,
        [](C& c, const E& e, ClassDraft& d) { d.baseline = quantity(c, e, positive_shares); }},
    Row{"credits_per_hour", "36", false,
        [](C& c, const E& e, ClassDraft& d) {
            d.earned = number(c, e, {0, 1e6, true});
        }},
    Row{"max_credits", "864", false,
        [](C& c, const E& e, ClassDraft& d) {
            d.accrued = number(c, e, {0, 1e9, true});
        }},
    Row{"coremark_per_vcpu", "14500", false,
        [](C& c, const E& e, ClassDraft& d) {
            d.out.coremark_per_vcpu = plain(number(c, e, {0, 1e7, true}));
        }},
    Row{"ebs_baseline", R"("1150 Mbps")", false,
        [](C& c, const E& e, ClassDraft& d) { d.out.throughput.ebs_baseline = plain(quantity(c, e, throughputs)); }},
    Row{"ebs_max", R"("4750 Mbps")", false,
        [](C& c, const E& e, ClassDraft& d) { d.out.throughput.ebs_max = plain(quantity(c, e, throughputs)); }},
    Row{"ebs_baseline_iops", "6000", false,
        [](C& c, const E& e, ClassDraft& d) { d.out.throughput.ebs_baseline_iops = plain(number(c, e, operations)); }},
    Row{"ebs_max_iops", "18750", false,
        [](C& c, const E& e, ClassDraft& d) { d.out.throughput.ebs_max_iops = plain(number(c, e, operations)); }},
    Row{"network_baseline", R"("1.25 Gbps")", false,
        [](C& c, const E& e, ClassDraft& d) {
            d.out.throughput.network_baseline = plain(quantity(c, e, throughputs));
        }},
    Row{"network_max", R"("10 Gbps")", false,
        [](C& c, const E& e, ClassDraft& d) { d.out.throughput.network_max = plain(quantity(c, e, throughputs)); }},
    // The key of a time with one engine.
    Row{"postgresql", "true", false,
        [](C& c, const E& e, ClassDraft& d) {
            d.switch_place = e.member.key_place;
            const auto found = boolean(c, e);
            if (found && !found->value) std::erase(d.engines, e.key());
        }},
    Row{"engines", R"(["postgresql"])", false, read_engines},
    Row{"sold_for", R"(["postgresql"])", false, read_sold_for},
    Row{"as_of", R"("2026-08-01")", true, [](C& c, const E& e, ClassDraft& d) { set_date(d.out.as_of, date(c, e)); }},
    Row{"source", R"("the provider's price list")", true,
        [](C& c, const E& e, ClassDraft& d) { set_plain(d.out.source, text(c, e)); }},
};

struct PriceDraft {
    OverlayPrice out;
    Located<std::string> cls;
    Maybe<std::string> engine, region;
};
using PriceRow = Field<PriceDraft>;
constexpr std::array price_fields{
    PriceRow{"class", R"("db.m5.large")", true, [](C& c, const E& e, PriceDraft& d) { set(d.cls, text(c, e)); }},
    PriceRow{"engine", R"("postgresql")", false, [](C& c, const E& e, PriceDraft& d) { d.engine = text(c, e); }},
    PriceRow{"region", R"("eu-central-1")", true,
             [](C& c, const E& e, PriceDraft& d) {
                 const auto found = text(c, e);
                 if (!found) return;
                 d.out.region = found->value;
                 d.region = found;
                 check_region(c, found, nullptr, true);
             }},
    PriceRow{"usd_per_hour", "0.168", false,
             [](C& c, const E& e, PriceDraft& d) { set_plain(d.out.amount, dollars(c, e, hours_per_month)); }},
    PriceRow{"usd_per_month", "123", false,
             [](C& c, const E& e, PriceDraft& d) { set_plain(d.out.amount, dollars(c, e, 1)); }},
    PriceRow{"term", R"("list")", false,
             [](C& c, const E& e, PriceDraft& d) { set_plain(d.out.term, price_term(c, e)); }},
    PriceRow{"multi_az", "false", false,
             [](C& c, const E& e, PriceDraft& d) { set_plain(d.out.multi_az, boolean(c, e)); }},
    PriceRow{"as_of", R"("2026-08-01")", true,
             [](C& c, const E& e, PriceDraft& d) { set_date(d.out.as_of, date(c, e)); }},
    PriceRow{"source", R"("the provider's price list")", true,
             [](C& c, const E& e, PriceDraft& d) { set_plain(d.out.source, text(c, e)); }},
};

/// "db.m5.large" → "m5".
std::string family_of(std::string_view name) {
    const auto first = name.find('.');
    const auto second = name.find('.', first == name.npos ? first : first + 1);
    if (first == name.npos || second == name.npos) return std::string(name);
    return std::string(name.substr(first + 1, second - first - 1));
}

void read_classes(C& c, const E& e, Rows& rows) {
    for (const auto& record : read_records(c, e, class_header)) {
        ClassDraft draft;
        draft.out.place = record.place;
        read_table(c, *record.table, record.place, class_header, class_fields, draft);
        auto& out = draft.out;
        out.name = *draft.name;
        if (const auto prefix = platform::usual().class_prefix;
            !out.name.empty() && platform::class_prefix(out.name).empty())
            c.out.error(draft.name.place,
                        fmt::format("name: database classes start with {}, but {} does not", prefix, quote(out.name)),
                        c.assign("name", fmt::format("\"{}{}\"", prefix, clip(out.name))));
        if (draft.engines_place && draft.switch_place)
            c.out.error(draft.switch_place, "postgresql and engines are both set", "keep engines");
        if (draft.sold_place && (draft.engines_place || draft.switch_place))
            c.out.error(draft.sold_place, "sold_for and engines are both set", "keep one of the two");
        if (draft.sold_place) draft.engines.clear();
        for (const Platform* each : platform::all()) {
            if (std::ranges::find(draft.engines, each->engine) != draft.engines.end()) out.runs.push_back(each);
            if (std::ranges::find(draft.sold, each->engine) != draft.sold.end()) out.sold_for.push_back(each);
        }
        if (out.family.empty()) out.family = family_of(out.name);
        const auto* baseline = find(*record.table, "burst_baseline");
        const auto* earned = find(*record.table, "credits_per_hour");
        const auto* accrued = find(*record.table, "max_credits");
        if (draft.baseline && draft.earned && draft.accrued) {
            out.burst = Burst{draft.baseline->value, draft.earned->value, draft.accrued->value};
        } else if ((baseline || earned || accrued) && !(baseline && earned && accrued)) {
            c.out.error((baseline ? baseline
                         : earned ? earned
                                  : accrued)
                            ->place,
                        "a burstable class needs burst_baseline, credits_per_hour and max_credits",
                        !baseline ? c.assign("burst_baseline", "\"30%\"")
                        : !earned ? c.assign("credits_per_hour", "36")
                                  : c.assign("max_credits", "864"));
        }
        if (out.os_visible && *out.os_visible > out.memory && out.memory > Bytes(0))
            c.out.error(find(*record.table, "os_visible_memory")->place, "os_visible_memory is more than memory",
                        "swap the two, or correct one");
        if (!out.name.empty()) {
            const auto [at, fresh] = rows.classes.emplace(out.name, draft.name.place);
            if (!fresh) report_twice(c, draft.name.place, at->second, "class " + quote(out.name));
        }
        rows.out.classes.push_back(std::move(out));
    }
}

void read_prices(C& c, const E& e, Rows& rows) {
    for (const auto& record : read_records(c, e, price_header)) {
        PriceDraft draft;
        draft.out.place = record.place;
        read_table(c, *record.table, record.place, price_header, price_fields, draft);
        const auto* month = find(*record.table, "usd_per_month");
        const auto* hour = find(*record.table, "usd_per_hour");
        if (month && hour)
            c.out.error(hour->place, "usd_per_hour and usd_per_month are both set", "keep one of the two");
        else if (!month && !hour)
            c.out.error(record.place, "a price needs usd_per_hour or usd_per_month", c.assign("usd_per_hour", "0.168"));
        auto& out = draft.out;
        out.cls = *draft.cls;
        if (!out.cls.empty()) {
            rows.priced.push_back(draft.cls);
            out.platform = platform_of_price(c, draft.engine, out.cls);
            const std::string_view prefix = platform::class_prefix(out.cls);
            const auto of_class = std::ranges::find_if(platform::all(), [&](const Platform* each) {
                return each->has_classes && !prefix.empty() && each->class_prefix == prefix;
            });
            check_own_region(c, draft.region, of_class == platform::all().end() ? nullptr : *of_class);
            const auto key = fmt::format("{} {} {} {} {}", out.cls, out.region, static_cast<int>(out.term),
                                         out.multi_az, draft.engine ? draft.engine->value : "");
            const auto [at, fresh] = rows.prices.emplace(key, draft.cls.place);
            if (!fresh) report_twice(c, draft.cls.place, at->second, "the price of " + quote(out.cls));
        }
        rows.out.prices.push_back(std::move(out));
    }
}

void read_schema(C& c, const E& e, Rows&) {
    const auto found = text(c, e);
    if (!found || found->value == schema) return;
    c.out.error(found->place, fmt::format("schema: {} is not one this version reads", quote(found->value)),
                c.assign("schema", e.example));
}

using FileRow = Field<Rows>;
constexpr std::array fields{
    FileRow{"schema", R"("poolfit-catalog/1")", true, read_schema},
    FileRow{"class", "[]", false, read_classes},
    FileRow{"price", "[]", false, read_prices},
    FileRow{"price_list", "[]", false, read_price_lists},
    FileRow{"savings_plan_rate", "[]", false, read_plan_rates},
    FileRow{"size_price", "[]", false, read_size_prices},
    FileRow{"storage_price", "[]", false, read_storage_prices},
    FileRow{"proxy_price", "[]", false, read_proxy_prices},
    FileRow{"capacity_price", "[]", false, read_capacity_prices},
    FileRow{"extended_support_price", "[]", false, read_support_prices},
    FileRow{"orderable", "[]", false, read_orderable},
};

}  // namespace

const std::vector<KeyTable>& overlay_keys() {
    static const std::vector<KeyTable> tables = [] {
        std::vector<KeyTable> all{
            {header, keys_of(fields)}, {class_header, keys_of(class_fields)}, {price_header, keys_of(price_fields)}};
        for (KeyTable& table : overlay_list_keys()) all.push_back(std::move(table));
        return all;
    }();
    return tables;
}

std::optional<catalog::OverlayRows> overlay_rows(const SourceText& source, const Catalog& catalog,
                                                 Diagnostics& diagnostics) {
    if (syntax_of(source) == Syntax::json && source.text().find_first_not_of(" \t\r\n") == std::string_view::npos) {
        diagnostics.error(Place{&source, {0, 0}}, "the file is empty",
                          R"(a catalog begins with {"schema": "poolfit-catalog/1"})");
        return std::nullopt;
    }
    auto document = parse_values(source, syntax_of(source), diagnostics);
    if (!document) return std::nullopt;
    if (is_other_document(*document, "poolfit-catalog/", source.name(), diagnostics)) return std::nullopt;
    Context context(catalog, diagnostics, document->syntax, overlay_keys());
    drop_editors_key(context, *document);
    Rows rows;
    const auto first = document->root.members.empty() ? Place{&source, {0, 0}} : document->root.members[0].key_place;
    read_table(context, document->root, first, header, fields, rows);
    for (const auto& cls : rows.priced) {
        if (context.exhausted()) break;
        if (!rows.classes.contains(*cls) && find_class(catalog, nullptr, *cls) == nullptr)
            report_unknown_class(context, cls);
    }
    diagnostics.sort();
    if (context.failed()) return std::nullopt;
    rows.out.file = source.name();
    rows.out.digest = unit::hash(source.text());
    return std::move(rows.out);
}

bool overlay(const SourceText& source, Catalog& catalog, Diagnostics& diagnostics) {
    auto rows = overlay_rows(source, catalog, diagnostics);
    if (!rows) return false;
    catalog::add(catalog, std::move(*rows));
    return true;
}

}  // namespace poolfit::load
