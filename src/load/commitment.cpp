// [[commitment]] and its [[commitment.rate]]: what is paid for in advance.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>

#include "drafts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view header = "[[commitment]]";
constexpr std::string_view rate_header = "[[commitment.rate]]";
constexpr std::int64_t most_instances = 100'000;
constexpr double most_units = 1e8;

using RateRow = Field<PlanRate>;
constexpr std::array rate_fields{
    RateRow{"class", R"("db.m7g.large")", true, [](C& c, const E& e, PlanRate& r) { set(r.cls, text(c, e)); }},
    RateRow{"engine", R"("postgresql")", false, [](C& c, const E& e, PlanRate& r) { r.engine = text(c, e); }},
    RateRow{"region", R"("eu-central-1")", false, [](C& c, const E& e, PlanRate& r) { set(r.region, text(c, e)); }},
    RateRow{"multi_az", "false", false,
            [](C& c, const E& e, PlanRate& r) {
                if (const auto found = boolean(c, e)) r.multi_az = found->value;
            }},
    RateRow{"usd_per_hour", "0.142", true,
            [](C& c, const E& e, PlanRate& r) { set(r.amount, dollars(c, e, hours_per_month)); }},
};

void read_rates(C& c, const E& e, Commitment& out) {
    for (const auto& record : read_records(c, e, rate_header)) {
        PlanRate& rate = out.rates.emplace_back();
        rate.place = record.place;
        read_table(c, *record.table, record.place, rate_header, rate_fields, rate);
    }
}

using Row = Field<Commitment>;
constexpr std::array fields{
    Row{"name", R"("m5-2027")", false, [](C& c, const E& e, Commitment& m) { set(m.name, name(c, e)); }},
    Row{"kind", R"("reserved")", true,
        [](C& c, const E& e, Commitment& m) {
            const auto found = one_of(c, e, {"reserved", "savings-plan"});
            if (!found) return;
            m.kind = found->value == 0 ? Commitment::Kind::reserved : Commitment::Kind::savings_plan;
            m.kind_place = found->place;
        }},
    Row{"engine", R"("postgresql")", false, [](C& c, const E& e, Commitment& m) { m.engine = text(c, e); }},
    Row{"class", R"("db.m5.xlarge")", false, [](C& c, const E& e, Commitment& m) { m.cls = text(c, e); }},
    Row{"family", R"("m5")", false, [](C& c, const E& e, Commitment& m) { set(m.family, text(c, e)); }},
    Row{"region", R"("eu-central-1")", false, [](C& c, const E& e, Commitment& m) { set(m.region, text(c, e)); }},
    Row{"count", "2", false,
        [](C& c, const E& e, Commitment& m) {
            m.count = whole(c, e, {1, most_instances});
        }},
    Row{"multi_az", "false", false, [](C& c, const E& e, Commitment& m) { set(m.multi_az, boolean(c, e)); }},
    Row{"units", "16", false,
        [](C& c, const E& e, Commitment& m) {
            m.units = number(c, e, {0, most_units, true});
        }},
    Row{"ends", R"("2027-06-30")", true, [](C& c, const E& e, Commitment& m) { set(m.ends, date(c, e)); }},
    Row{"usd_per_hour", "0.25", false,
        [](C& c, const E& e, Commitment& m) { m.paid = dollars(c, e, hours_per_month); }},
    Row{"usd_per_month", "182.50", false, [](C& c, const E& e, Commitment& m) { m.paid = dollars(c, e, 1); }},
    Row{"rate", "[]", false, read_rates},
};

constexpr std::string_view of_reserved[] = {"engine", "class", "family", "region", "count", "multi_az", "units"};

/// Keys of the other kind are not errors, but have no effect.
void warn_of_idle_keys(Context& context, const Table& table, Commitment::Kind kind) {
    const bool plan = kind == Commitment::Kind::savings_plan;
    for (const auto& member : table.members) {
        const bool reserved = std::ranges::find(of_reserved, member.key) != std::end(of_reserved);
        if (plan ? reserved : member.key == "rate")
            context.out.warning(
                member.key_place,
                fmt::format("{} has no effect for {}", member.key, plan ? "a savings plan" : "reserved instances"),
                "remove it");
    }
}

/// Of two keys where one is enough.
void report_both(Context& context, const Table& table, std::string_view one, std::string_view other,
                 std::string_view fix) {
    if (find(table, one) == nullptr || find(table, other) == nullptr) return;
    context.out.error(find(table, other)->place, fmt::format("{} and {} are both set", one, other), std::string(fix));
}

void check_keys(Context& context, const Record& record, const Commitment& commitment) {
    const Table& table = *record.table;
    const auto has = [&](std::string_view key) { return find(table, key) != nullptr; };
    const auto lacks = [&](std::string message, std::string_view key, std::string_view example) {
        context.out.error(record.place, std::move(message), context.assign(key, example));
    };
    report_both(context, table, "usd_per_month", "usd_per_hour", "keep one of the two");
    if (!commitment.kind_place) return;
    warn_of_idle_keys(context, table, commitment.kind);
    if (commitment.kind == Commitment::Kind::savings_plan) {
        if (!has("usd_per_hour") && !has("usd_per_month"))
            lacks("a savings plan needs usd_per_hour, what it commits to", "usd_per_hour", "0.25");
        if (commitment.paid && (*commitment.paid)->value == 0)
            context.out.error(commitment.paid->place, "a savings plan commits to more than $0 an hour",
                              has("usd_per_hour") ? context.assign("usd_per_hour", "0.25")
                                                  : context.assign("usd_per_month", "182.50"));
        return;
    }
    if (!has("engine")) lacks("reserved instances are of one engine", "engine", R"("postgresql")");
    if (!has("class") && !has("family"))
        lacks("reserved instances need class, or family", "class", R"("db.m5.xlarge")");
    report_both(context, table, "class", "family", "remove family: the class defines it");
    report_both(context, table, "count", "units", "keep one of the two");
    if (!has("count") && !has("units")) {
        has("family") ? lacks("reserved instances of a family need units", "units", "16")
                      : lacks("reserved instances need count, or units", "count", "1");
    } else if (has("count") && has("family") && !has("class")) {
        context.out.error(find(table, "count")->place, "count: instances of which class?",
                          "write class instead of family, or units instead of count");
    }
    if (has("multi_az") && has("units") && !has("count"))
        context.out.warning(find(table, "multi_az")->place, "multi_az has no effect with units",
                            "remove it: a Multi-AZ instance takes twice the units");
}

/// The row of the engine that has commitments.
const Platform* platform_of(Context& context, const Located<std::string>& engine) {
    if (!platform::is_engine(*engine)) {
        report_unknown_engine(context, engine);
        return nullptr;
    }
    for (const Platform* each : platform::all())
        if (each->engine == *engine && each->has_classes && each->commitment != nullptr) return each;
    context.out.error(engine.place, fmt::format("engine: no reserved instances are planned for {}", *engine),
                      fmt::format("remove the {}", context.header(header)));
    return nullptr;
}

bool has_commitments(const Platform& platform) { return platform.commitment != nullptr && platform.has_classes; }

/// "RDS and Aurora": what commitments are planned for.
std::string committed_to() {
    std::vector<std::string_view> names;
    for (const Platform* each : platform::all())
        if (has_commitments(*each) && std::ranges::find(names, each->names.keeper) == names.end())
            names.push_back(each->names.keeper);
    return fmt::format("{}", fmt::join(names, " and "));
}

/// A class that only providers without commitments have.
bool reported_elsewhere(Context& context, const Located<std::string>& cls) {
    bool elsewhere = false;
    for (const Platform* each : platform::all()) {
        if (context.catalog.find_class(*each, *cls) == nullptr) continue;
        if (has_commitments(*each)) return false;
        elsewhere = true;
    }
    if (elsewhere)
        context.out.error(cls.place,
                          fmt::format("class: {}: commitments are planned for {} only", *cls, committed_to()),
                          fmt::format("remove it, or write an {} class such as \"{}\"", platform::usual().names.keeper,
                                      platform::usual().class_example));
    return elsewhere;
}

void resolve_family(Context& context, Commitment& out) {
    std::vector<std::string_view> families;
    for (const InstanceClass* cls : context.catalog.classes(*out.platform))
        if (std::ranges::find(families, cls->family) == families.end()) families.push_back(cls->family);
    if (std::ranges::find(families, *out.family) != families.end()) return;
    std::string_view written = *out.family;
    if (written.starts_with(out.platform->class_prefix)) written.remove_prefix(out.platform->class_prefix.size());
    written = written.substr(0, written.find('.'));
    const bool known = std::ranges::find(families, written) != families.end();
    const std::string_view near = known ? written : context.suggester.nearest(written, families);
    auto& made = context.out.error(
        out.family.place, fmt::format("family: {} is not a family of classes in the catalog", quote(*out.family)));
    if (near.empty()) {
        made.fix = context.assign("family", R"("m5")");
    } else {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign("family", fmt::format("\"{}\"", near));
    }
    made.notes.emplace_back("all", "poolfit catalog list");
}

void resolve_class(Context& context, Commitment& out) {
    out.type = context.catalog.find_class(*out.platform, **out.cls);
    if (out.type == nullptr) {
        if (!reported_elsewhere(context, *out.cls)) report_unknown_class(context, *out.cls, out.platform);
        return;
    }
    out.family = {std::string(out.type->family), out.cls->place};
    if (!platform::normalized_units(*out.platform, *out.type))
        context.out.error(out.cls->place, fmt::format("class: {} has no normalized units", **out.cls),
                          "write family and units");
}

/// The inventory's, where it has none of its own.
void resolve_region(Context& context, const Draft& draft, Located<std::string>& region, const Place& record,
                    std::string_view what) {
    if (region.place) return check_region(context, region);
    if (draft.region) {
        region = *draft.region;
        const auto of_provider = [&](const Platform* each) {
            return has_commitments(*each) && each->is_region != nullptr && each->is_region(*region);
        };
        if (std::ranges::any_of(platform::all(), of_provider)) return;
        const auto elsewhere = [&](const Platform* each) {
            return each->is_region != nullptr && each->is_region(*region);
        };
        if (!std::ranges::any_of(platform::all(), elsewhere)) return;  // an error of its own
        auto& made =
            context.out.error(record,
                              fmt::format("{} needs a region: {}, the inventory's, is not one of {}", what,
                                          quote(*region), platform::usual().provider),
                              context.assign("region", fmt::format("\"{}\"", platform::usual().region_example)));
        context.note(made, "region", draft.region->place);
    }
    if (!draft.has_region)
        context.out.error(record, fmt::format("{} has no region", what), context.assign("region", R"("eu-central-1")"));
}

void resolve_rate(Context& context, const Draft& draft, PlanRate& rate, std::unordered_map<std::string, Place>& seen) {
    if (!rate.cls.place || rate.cls->empty()) return;
    resolve_region(context, draft, rate.region, rate.place, "the rate");
    const bool elastic = platform::is_elastic_class(*rate.cls);
    if (rate.engine) {
        rate.platform = platform_of(context, *rate.engine);
        if (rate.platform == nullptr) return;
        if (elastic) {
            const Platform* serverless = platform::elastic_of(*rate.platform);
            if (serverless == nullptr) {
                context.out.error(rate.cls.place, fmt::format("class: {} has no {}", **rate.engine, *rate.cls),
                                  "write a class of the engine, or another engine");
                return;
            }
            rate.platform = serverless;
        }
    }
    if (!elastic) {
        if (reported_elsewhere(context, rate.cls)) return;
        const InstanceClass* cls = find_class(context.catalog, rate.platform, *rate.cls);
        if (cls == nullptr) return report_unknown_class(context, rate.cls, rate.platform);
        const Platform& of = rate.platform != nullptr ? *rate.platform : platform::usual();
        if (!platform::plan_covers(of, *cls)) {
            context.out.error(rate.cls.place,
                              fmt::format("class: a {} does not cover {}, of generation {}", of.commitment->plan,
                                          *rate.cls, cls->generation),
                              fmt::format("remove the rate: it covers generation {} and newer, and serverless capacity",
                                          of.commitment->plan_generation));
            return;
        }
    }
    const auto key = fmt::format("{} {} {} {}", *rate.cls, rate.platform != nullptr ? rate.platform->id : "",
                                 *rate.region, rate.multi_az);
    const auto [at, fresh] = seen.emplace(key, rate.cls.place);
    if (fresh) return;
    auto& made = context.out.error(rate.cls.place, fmt::format("the rate of {} is given twice", quote(*rate.cls)),
                                   "remove one of the two");
    context.note(made, "first", at->second);
}

}  // namespace

KeyTable commitment_keys() { return {header, keys_of(fields), read_alone<fields>}; }
KeyTable rate_keys() { return {rate_header, keys_of(rate_fields), read_alone<rate_fields>}; }

void read_commitments(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, header)) {
        Commitment& commitment = out.commitments.emplace_back();
        commitment.place = record.place;
        read_table(context, *record.table, record.place, header, fields, commitment);
        check_keys(context, record, commitment);
    }
}

void resolve_commitments(Context& context, Draft& draft, Fleet& fleet) {
    std::unordered_map<std::string, Place> names, rates;
    for (Commitment& commitment : draft.commitments) {
        if (context.exhausted()) break;
        if (!commitment.name->empty()) {
            const auto [at, fresh] = names.emplace(*commitment.name, commitment.name.place);
            if (!fresh) {
                auto& made = context.out.error(commitment.name.place,
                                               fmt::format("commitment {} is declared twice", quote(*commitment.name)),
                                               "rename one of the two");
                context.note(made, "first", at->second);
            }
        }
        if (!commitment.kind_place) continue;
        if (commitment.kind == Commitment::Kind::savings_plan) {
            for (PlanRate& rate : commitment.rates) resolve_rate(context, draft, rate, rates);
            continue;
        }
        resolve_region(context, draft, commitment.region, commitment.place, "the commitment");
        if (!commitment.engine) continue;
        commitment.platform = platform_of(context, *commitment.engine);
        if (commitment.platform == nullptr) continue;
        if (commitment.cls)
            resolve_class(context, commitment);
        else if (commitment.family.place)
            resolve_family(context, commitment);
    }
    fleet.commitments = std::move(draft.commitments);
}

}  // namespace poolfit::load
