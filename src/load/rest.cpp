// [[price]], [growth] and [[ignore]].
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/parse.hpp>

#include "drafts.hpp"
#include "suppressions.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view price_header = "[[price]]";
constexpr std::string_view growth_header = "[growth]";
constexpr std::string_view ignore_header = "[[ignore]]";

struct PriceDraft {
    PriceOverride out;
    Maybe<std::string> engine;
    Maybe<MicroUsdPerMonth> per_month, per_hour;
};
using PriceRow = Field<PriceDraft>;
constexpr std::array price_fields{
    PriceRow{"class", R"("db.t3.large")", true, [](C& c, const E& e, PriceDraft& p) { set(p.out.cls, text(c, e)); }},
    PriceRow{"engine", R"("postgresql")", false, [](C& c, const E& e, PriceDraft& p) { p.engine = text(c, e); }},
    PriceRow{"usd_per_month", "123", false, [](C& c, const E& e, PriceDraft& p) { p.per_month = dollars(c, e, 1); }},
    PriceRow{"usd_per_hour", "0.168", false,
             [](C& c, const E& e, PriceDraft& p) { p.per_hour = dollars(c, e, hours_per_month); }},
    PriceRow{"term", R"("list")", false,
             [](C& c, const E& e, PriceDraft& p) {
                 if (const auto found = price_term(c, e)) p.out.term = found->value;
             }},
    PriceRow{"multi_az", "false", false,
             [](C& c, const E& e, PriceDraft& p) {
                 if (const auto found = boolean(c, e)) p.out.multi_az = found->value;
             }},
};

/// "10% / month".
void read_load(C& c, const E& e, Growth& g) {
    const auto* text = e.value().as<std::string>();
    if (text == nullptr) {
        expected(c, e, e.value(), "a share per month");
        return;
    }
    const auto slash = text->find('/');
    const auto trimmed = [](std::string_view word) {
        while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
        while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
        return word;
    };
    if (slash == text->npos) {
        c.out.error(e.value().place, fmt::format("load: {} has no period", quote(*text)),
                    c.assign("load", fmt::format("\"{} / month\"", clip(trimmed(*text)))));
        return;
    }
    const auto period = trimmed(std::string_view(*text).substr(slash + 1));
    if (period != "month") {
        c.out.error(e.value().inside(slash + 1, text->size()), fmt::format("load: unknown period {}", quote(period)),
                    c.assign("load", fmt::format("\"{} / month\"", clip(trimmed(text->substr(0, slash))))));
        return;
    }
    const auto share = unit::parse<Fraction>(std::string_view(*text).substr(0, slash));
    if (const auto* error = std::get_if<unit::ParseError>(&share)) {
        c.out.error(e.value().inside(error->offset, std::max<std::size_t>(error->length, 1)),
                    fmt::format("load: {}", error->message),
                    error->fix.empty() ? c.assign("load", e.example) : error->fix);
        return;
    }
    const auto found = std::get<Fraction>(share);
    if (found < Fraction(0) || found > Fraction(1)) {
        c.out.error(e.value().place, "load: growth must be 0 % to 100 % per month", c.assign("load", e.example));
        return;
    }
    g.load_per_month = Located<Fraction>{found, e.value().place};
}

using GrowthRow = Field<Growth>;
constexpr std::array growth_fields{
    GrowthRow{"services_per_year", "3", false,
              [](C& c, const E& e, Growth& g) {
                  g.services_per_year = number(c, e, {0, 10'000});
              }},
    GrowthRow{"load", R"("10% / month")", false, read_load},
};

/// `lint` checks whether there is such a rule.
void read_rule(C& c, const E& e, Ignore& i) {
    const auto found = text(c, e);
    if (!found) return;
    if (!is_rule_reference(found->value)) {
        c.out.error(found->place, fmt::format("rule: {} is not the id or name of a rule", quote(found->value)),
                    c.assign("rule", e.example));
        return;
    }
    i.rule = *found;
}

using IgnoreRow = Field<Ignore>;
constexpr std::array ignore_fields{
    IgnoreRow{"rule", R"("PF101")", true, read_rule},
    IgnoreRow{"target", R"("primary")", false, [](C& c, const E& e, Ignore& i) { i.target = text(c, e); }},
    IgnoreRow{"until", R"("2026-12-31")", false, [](C& c, const E& e, Ignore& i) { i.until = date(c, e); }},
    IgnoreRow{"owner", R"("dana")", false, [](C& c, const E& e, Ignore& i) { i.owner = text(c, e); }},
    IgnoreRow{"reason", R"("measure after the freeze")", false,
              [](C& c, const E& e, Ignore& i) { i.reason = text(c, e); }},
};

}  // namespace

KeyTable price_keys() { return {price_header, keys_of(price_fields), read_alone<price_fields>}; }
KeyTable growth_keys() { return {growth_header, keys_of(growth_fields), read_alone<growth_fields>}; }
KeyTable ignore_keys() { return {ignore_header, keys_of(ignore_fields), read_alone<ignore_fields>}; }

void read_prices(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, price_header)) {
        PriceDraft draft;
        draft.out.place = record.place;
        read_table(context, *record.table, record.place, price_header, price_fields, draft);
        const bool month = find(*record.table, "usd_per_month") != nullptr;
        const bool hour = find(*record.table, "usd_per_hour") != nullptr;
        if (month && hour)
            context.out.error(find(*record.table, "usd_per_hour")->place, "usd_per_hour and usd_per_month are both set",
                              "keep one of the two");
        else if (!month && !hour)
            context.out.error(record.place, "a price needs usd_per_month or usd_per_hour",
                              context.assign("usd_per_month", "123"));
        draft.out.platform = platform_of_price(context, draft.engine, *draft.out.cls);
        if (draft.per_month) draft.out.amount = *draft.per_month;
        if (draft.per_hour) draft.out.amount = *draft.per_hour;
        out.prices.push_back(std::move(draft.out));
    }
}

void read_growth(Context& context, const Entry& entry, Draft& out) {
    const auto* table = read_single(context, entry, growth_header);
    if (table == nullptr) return;
    auto& growth = out.growth.emplace();
    growth.place = entry.value().place;
    read_table(context, *table, growth.place, growth_header, growth_fields, growth);
}

void read_ignores(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, ignore_header)) {
        auto& ignore = out.ignores.emplace_back();
        ignore.place = record.place;
        read_table(context, *record.table, record.place, ignore_header, ignore_fields, ignore);
    }
}

}  // namespace poolfit::load
