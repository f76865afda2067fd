#include "diff_words.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"

namespace poolfit::render {
namespace {

using diff::Cost;
using diff::Count;
using diff::Presence;

constexpr std::string_view not_known = "not known";

std::string shown(std::int64_t count) { return unit::print(Connections(count)); }
std::string shown(const diff::Money& money) {
    const std::string low = unit::print(money.low), high = unit::print(money.high);
    return low == high ? low : fmt::format("{}–{}", low, high);
}
std::string shown(const Count& count) {
    return count.presence == Presence::known     ? shown(count.value)
           : count.presence == Presence::unknown ? std::string(not_known)
                                                 : "none";
}
std::string shown(const Cost& cost) {
    switch (cost.presence) {
        case Presence::known:
            return shown(cost.value);
        case Presence::unknown:
            return std::string(not_known);
        case Presence::open:
        case Presence::none:
            break;
    }
    return "none";
}

/// "+40", "−40", "±0".
std::string with_sign(std::int64_t value) {
    return value == 0 ? "±0" : fmt::format("{}{}", value > 0 ? "+" : "−", shown(value > 0 ? value : -value));
}
std::string with_sign(MicroUsdPerMonth amount) {
    const MicroUsdPerMonth size(amount.value < 0 ? -amount.value : amount.value);
    return fmt::format("{}{}", amount.value == 0 ? "±" : amount.value > 0 ? "+" : "−", unit::print(size));
}
std::string with_sign(const diff::Money& money) {
    const std::string low = with_sign(money.low), high = with_sign(money.high);
    return low == high ? low : fmt::format("{} to {}", low, high);
}
template <class T>
bool is_zero(const std::optional<T>& difference) {
    return difference && *difference == T{};
}

bool is_none(std::int64_t) { return false; }
bool is_none(const Count& count) { return count.presence == Presence::none; }
bool is_none(const Cost& cost) { return cost.presence == Presence::none || cost.presence == Presence::open; }

/// "160 → 200 (+40)", "160" where nothing changes, or "+160" where there was nothing before.
template <class Value, class T>
std::string change(const Value& base, const Value& head, const std::optional<T>& difference) {
    if (base == head && is_zero(difference)) return shown(head);
    if (difference && (is_none(base) || is_none(head))) return with_sign(*difference);
    if (is_none(base) || is_none(head)) return std::string(not_known);
    const std::string before = shown(base), after = shown(head);
    const bool told = before == not_known || after == not_known;
    return fmt::format("{} → {}{}", before, after,
                       difference ? fmt::format(" ({})", with_sign(*difference))
                       : told     ? std::string()
                                  : std::string(" (difference not known)"));
}
std::string change(const std::string& base, const std::string& head) {
    const auto word = [](const std::string& text) { return text.empty() ? std::string(not_known) : text; };
    return base == head ? word(head) : fmt::format("{} → {}", word(base), word(head));
}
std::string change(std::int64_t base, std::int64_t head) {
    return change<std::int64_t, std::int64_t>(base, head, head - base);
}

const diff::Database no_database{};
const diff::Pool no_pool{};

bool is_empty(const Count& a, const Count& b) { return a.presence == Presence::none && b.presence == Presence::none; }
bool is_empty(const Cost& a, const Cost& b) {
    return (a.presence == Presence::none || a.presence == Presence::open) &&
           (b.presence == Presence::none || b.presence == Presence::open);
}

void add_connections(std::vector<DiffLine>& lines, const diff::DatabaseChange& each, const diff::Database& base,
                     const diff::Database& head) {
    const bool same = base.steady == head.steady && base.deploy == head.deploy && base.usable == head.usable;
    if (same && each.kind == diff::Kind::changed && is_zero(each.steady)) return;
    if (is_empty(base.steady, head.steady) && base.usable == head.usable) return;
    std::string text = change(base.steady, head.steady, each.steady);
    if (!(base.steady == base.deploy && head.steady == head.deploy))
        text += fmt::format(", with deploys {}", change(base.deploy, head.deploy, each.deploy));
    if (each.kind == diff::Kind::changed && base.usable && head.usable)
        text += fmt::format(" of {} usable", change(*base.usable, *head.usable));
    else if (each.kind != diff::Kind::removed && head.usable)
        text += fmt::format(" of {} usable", shown(*head.usable));
    lines.emplace_back("connections", std::move(text));
}

std::string a_month(std::string cost) { return cost == not_known ? cost : std::move(cost) + " a month"; }

void add_plan(std::vector<DiffLine>& lines, const diff::DatabaseChange& each, const diff::Database& base,
              const diff::Database& head) {
    // What is the same as today's is not said again.
    const auto repeats = [](const auto& after, const auto& now, const auto& first, const auto& second) {
        return after == now && first.first == first.second && second.first == second.second;
    };
    std::vector<std::string> parts;
    if (base.cls_after != head.cls_after && each.kind == diff::Kind::changed &&
        !(base.cls == base.cls_after && head.cls == head.cls_after))
        parts.push_back(change(base.cls_after, head.cls_after));
    if (!is_zero(each.steady_after) && !is_empty(base.steady_after, head.steady_after) &&
        !repeats(each.steady_after, each.steady, std::pair(base.steady_after, base.steady),
                 std::pair(head.steady_after, head.steady)))
        parts.push_back(fmt::format("{} connections", change(base.steady_after, head.steady_after, each.steady_after)));
    const Cost before = diff::total_after(base), after = diff::total_after(head);
    if (!is_zero(each.cost_after) && !repeats(each.cost_after, each.cost, std::pair(before, diff::total_now(base)),
                                              std::pair(after, diff::total_now(head))))
        parts.push_back(fmt::format("{}{}", change(before, after, each.cost_after) == not_known ? "cost " : "",
                                    a_month(change(before, after, each.cost_after))));
    if (!parts.empty()) lines.emplace_back("after plan", joined(parts, ", "));
}

std::vector<DiffLine> lines_of(const diff::DatabaseChange& each) {
    std::vector<DiffLine> lines;
    const diff::Database& base = each.base != nullptr ? *each.base : no_database;
    const diff::Database& head = each.head != nullptr ? *each.head : no_database;
    add_connections(lines, each, base, head);
    if (each.kind != diff::Kind::changed) {
        const std::string& cls = each.kind == diff::Kind::added ? head.cls : base.cls;
        if (!cls.empty()) lines.emplace_back("class", cls);
    } else if (base.cls != head.cls) {
        lines.emplace_back("class", change(base.cls, head.cls));
    }
    if (!is_zero(each.cost) && !is_empty(diff::total_now(base), diff::total_now(head)))
        lines.emplace_back("cost", a_month(change(diff::total_now(base), diff::total_now(head), each.cost)));
    add_plan(lines, each, base, head);
    if (each.kind == diff::Kind::changed && base.verdict != head.verdict)
        lines.emplace_back("verdict", change(base.verdict, head.verdict));
    return lines;
}

std::string size(const std::optional<std::int64_t>& size) { return size ? shown(*size) : std::string("no limit"); }

DiffLine line_of(const diff::PoolChange& each) {
    const diff::Pool& base = each.base != nullptr ? *each.base : no_pool;
    const diff::Pool& head = each.head != nullptr ? *each.head : no_pool;
    const diff::Pool& there = each.head != nullptr ? head : base;
    std::vector<std::string> parts;
    if (each.kind != diff::Kind::changed) {
        parts.push_back(std::string(diff::name(each.kind)));
        parts.push_back(fmt::format("{} per process", size(there.size)));
    } else {
        if (base.size != head.size)
            parts.push_back(fmt::format("{} per process", change(size(base.size), size(head.size))));
        if (base.processes != head.processes)
            parts.push_back(fmt::format("{} processes", change(base.processes, head.processes)));
        if (base.least != head.least && base.least != base.most)
            parts.push_back(fmt::format("min instances {}", change(base.least, head.least)));
        if (base.most != head.most) parts.push_back(fmt::format("{} instances", change(base.most, head.most)));
        if (base.via != head.via)
            parts.push_back(head.via.empty()   ? fmt::format("no longer through {}", base.via)
                            : base.via.empty() ? fmt::format("through {}", head.via)
                                               : fmt::format("through {} → {}", base.via, head.via));
        if (base.size_after != head.size_after)
            parts.push_back(fmt::format("after plan {}", change(size(base.size_after), size(head.size_after))));
    }
    if (!is_zero(each.steady) || !is_zero(each.deploy)) {
        std::string text = fmt::format("{} {}", change(base.steady, head.steady, each.steady),
                                       there.via.empty() ? "connections" : "clients of its pooler");
        if (each.steady != each.deploy)
            text += fmt::format(", with deploys {}", change(base.deploy, head.deploy, each.deploy));
        parts.push_back(std::move(text));
    }
    return {fmt::format("{}.{}", there.service, there.name), joined(parts, ", ")};
}

/// "a, b, 3 more".
std::string some(const std::vector<std::string>& all) {
    constexpr std::size_t most = 5;
    std::vector<std::string> names(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size())));
    if (all.size() > most) names.push_back(fmt::format("{} more", all.size() - most));
    return joined(names, ", ");
}

/// "not known for moved; of the others …", where some are not known.
template <class Total>
std::string of_others(const Total& all, std::string sum) {
    if (all.unknown.empty()) return sum;
    const auto none = decltype(all.base){};
    std::string text = fmt::format("{} for {}", not_known, some(all.unknown));
    // Of no others, or of others that have none, no sum of nothing is said.
    if (all.base == none && all.head == none && all.difference == none && all.partly.empty()) return text;
    return fmt::format("{}; of the others {}", text, sum);
}

/// "$150.00 → $200.00", of what is known.
template <class Total>
std::string both(const Total& sum) {
    const auto none = decltype(sum.base){};
    if (!sum.partly.empty() && sum.base == none && sum.head == none) return std::string(not_known);
    const bool same = sum.base == sum.head && sum.difference == none;
    std::string text = same ? shown(sum.head) : fmt::format("{} → {}", shown(sum.base), shown(sum.head));
    if (!sum.partly.empty()) text += fmt::format(" without what is not known of {}", some(sum.partly));
    return text;
}

std::string total(const diff::CountTotal& sum) {
    return of_others(sum, fmt::format("{} ({})", with_sign(sum.difference), both(sum)));
}
std::string total(const diff::CostTotal& sum) {
    return of_others(sum, fmt::format("{} a month ({})", with_sign(sum.difference), both(sum)));
}

std::string first_of(const std::vector<std::string>& names) {
    return names.size() > 1 ? fmt::format("{} and {} more", names.front(), names.size() - 1) : names.front();
}

/// "prices differ: list of main, ri1 of plan.json".
std::vector<std::string> price_notes(const diff::Comparison& comparison) {
    const diff::Snapshot& base = *comparison.base;
    const diff::Snapshot& head = *comparison.head;
    std::vector<std::string> notes;
    const auto differ = [&](std::string_view what, const std::string& before, const std::string& after) {
        if (before != after)
            notes.push_back(fmt::format("{}: {} of {}, {} of {}", what, before, base.label, after, head.label));
    };
    differ("prices differ", base.term, head.term);
    differ("the catalogs differ", base.catalog, head.catalog);
    if (!diff::same_catalog_files(base, head)) {
        const bool none_before = base.catalog_files->empty(), none_after = head.catalog_files->empty();
        notes.push_back(none_before || none_after
                            ? fmt::format("only {} has a catalog file", (none_before ? head : base).label)
                            : fmt::format("the catalog files of {} and {} differ", base.label, head.label));
    }
    differ("the days differ", base.today, head.today);
    return notes;
}

std::string words_of_exceeded(const diff::Comparison& comparison, const diff::Exceeded& each) {
    using Of = diff::Allowance::Of;
    if (each.allowance->of == Of::connections) {
        const std::int64_t net = (each.in_deploy ? comparison.deploy : comparison.steady).difference;
        return fmt::format("{} connections {}{}", with_sign(each.difference),
                           each.in_deploy ? "in deploys" : "at the most instances",
                           net < each.difference ? ", not counting what other databases lose" : "");
    }
    if (each.allowance->of == Of::dollars)
        return fmt::format("{} a month", with_sign(MicroUsdPerMonth(each.difference)));
    if (comparison.cost.base.low.value <= 0)
        return fmt::format("{} a month, from nothing", with_sign(comparison.cost.difference.high));
    return fmt::format("+{} of {} a month", fmt::format("{:.1f} %", static_cast<double>(each.difference) / 1e4),
                       shown(comparison.cost.base));
}

std::string why_exceeded(const diff::Comparison& comparison, const diff::Exceeded& each) {
    using Why = diff::Exceeded::Why;
    switch (each.why) {
        case Why::unknown_increase:
            return fmt::format("cannot be judged: what {} adds is not known", first_of(each.unknown));
        case Why::unknown_cost:
            return fmt::format("cannot be judged: what {} costs is not known", first_of(each.unknown));
        case Why::prices:
            return fmt::format("cannot be judged: {}", joined(price_notes(comparison), ", "));
        case Why::over:
            break;
    }
    return words_of_exceeded(comparison, each);
}

void add_left_out(std::vector<std::string>& notes, const diff::Snapshot& side) {
    if (side.missing) return;
    if (!side.left_out)
        notes.push_back(
            fmt::format("{} does not say which databases it leaves out, and which rules did not look: "
                        "reports of this version do",
                        side.label));
    else if (!side.left_out->databases.empty())
        notes.push_back(
            fmt::format("{} leaves out databases of its inventory: {}", side.label, some(side.left_out->databases)));
}

/// Rules that looked at the other side alone.
void add_silent_rules(std::vector<std::string>& notes, const diff::Snapshot& side, const diff::Snapshot& other) {
    if (!side.left_out || !other.left_out) return;
    std::vector<std::string> rules;
    for (const std::string& rule : side.left_out->rules)
        if (std::ranges::find(other.left_out->rules, rule) == other.left_out->rules.end()) rules.push_back(rule);
    if (rules.empty()) return;
    notes.push_back(fmt::format("rules that looked at {}, and not at {}: {}", other.label, side.label, some(rules)));
}

}  // namespace

std::string_view diff_sign(diff::Kind kind) {
    return kind == diff::Kind::added ? "+" : kind == diff::Kind::removed ? "-" : "~";
}

std::vector<DiffRecord> diff_records(const diff::Comparison& comparison) {
    std::vector<DiffRecord> records;
    std::map<std::string_view, std::size_t> of;
    const auto record = [&](const std::string& name) -> DiffRecord& {
        const auto [found, is_new] = of.emplace(name, records.size());
        if (is_new) records.push_back({name, diff::Kind::changed, false, {}});
        return records[found->second];
    };
    for (const diff::DatabaseChange& each : comparison.databases) {
        DiffRecord& into = record((each.head != nullptr ? each.head : each.base)->name);
        into.kind = each.kind;
        into.worse = each.worse;
        into.lines = lines_of(each);
    }
    for (const diff::PoolChange& each : comparison.pools) {
        DiffRecord& into = record((each.head != nullptr ? each.head : each.base)->database);
        into.worse = into.worse || each.worse;
        into.lines.push_back(line_of(each));
    }
    std::ranges::stable_sort(records, std::ranges::greater(), &DiffRecord::worse);
    return records;
}

std::vector<DiffLine> diff_totals(const diff::Comparison& comparison) {
    std::vector<DiffLine> lines{{"connections", total(comparison.steady)}};
    lines.emplace_back("with deploys", total(comparison.deploy));
    lines.emplace_back("cost", total(comparison.cost));
    lines.emplace_back("after plan",
                       fmt::format("{} · {}", total(comparison.steady_after), total(comparison.cost_after)));
    return lines;
}

std::string diff_counts(const diff::Comparison& comparison) {
    std::vector<std::string> parts;
    const std::size_t differ = diff_records(comparison).size();
    const std::size_t all = comparison.same_databases + comparison.databases.size();
    parts.push_back(
        differ == 0 ? fmt::format("no difference in {}", counted(all, "database"))
                    : fmt::format("{} of {} {}", differ, counted(all, "database"), differ == 1 ? "differs" : "differ"));
    if (comparison.compares_findings) {
        std::string text = fmt::format("findings: {} new, {} gone", comparison.fresh.size(), comparison.gone.size());
        if (!comparison.silenced.empty()) text += fmt::format(", {} silenced", comparison.silenced.size());
        if (!comparison.grown.empty()) text += fmt::format(", {} worse", comparison.grown.size());
        parts.push_back(fmt::format("{}, {} as before", text, comparison.same_findings - comparison.grown.size()));
    }
    return joined(parts);
}

std::vector<std::string> diff_notes(const diff::Comparison& comparison) {
    const diff::Snapshot& base = *comparison.base;
    const diff::Snapshot& head = *comparison.head;
    std::vector<std::string> notes;
    const auto file = [](const diff::Snapshot& side) { return side.path.empty() ? "inventory" : side.path.c_str(); };
    if (base.missing) notes.push_back(fmt::format("{} has no {}: everything is new", base.label, file(base)));
    if (head.missing) notes.push_back(fmt::format("{} has no {}: everything is removed", head.label, file(head)));
    if (!base.elsewhere.empty() || !head.elsewhere.empty()) {
        const auto named = [](const diff::Snapshot& side) {
            const std::string& path = side.elsewhere.empty() ? side.path : side.elsewhere;
            return side.is_revision ? model::in_shell(fmt::format("{}:{}", side.label, path))
                                    : model::file_in_shell(path);
        };
        notes.push_back(fmt::format("did it move? poolfit diff {} {} compares the two", named(base), named(head)));
    }
    for (const diff::Snapshot* each : {&base, &head}) add_left_out(notes, *each);
    for (const diff::Snapshot* each : {&base, &head})
        if (!each->missing && !each->findings)
            notes.push_back(
                fmt::format("findings are not compared: those of {} have no fingerprints, which reports of "
                            "this version have",
                            each->label));
    if (base.missing || head.missing) return notes;
    add_silent_rules(notes, base, head);
    add_silent_rules(notes, head, base);
    if (const auto& names = comparison.storage_on_one_side; !names.empty())
        notes.push_back(
            fmt::format("only one side gives the volume of {}: what it costs is not known", first_of(names)));
    for (std::string& note : price_notes(comparison)) notes.push_back(std::move(note));
    return notes;
}

std::vector<std::string> diff_exceeded(const diff::Comparison& comparison, const diff::Judgement& judgement) {
    std::vector<std::string> texts;
    for (const diff::Exceeded& each : judgement.exceeded)
        texts.push_back(fmt::format("--max-increase {}: {}", each.allowance->text, why_exceeded(comparison, each)));
    return texts;
}

}  // namespace poolfit::render
