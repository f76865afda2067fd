#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include <poolfit/catalog/overlay.hpp>

namespace poolfit::catalog {
namespace {

/// The place of a platform in the order of all; one that is not known comes first.
std::size_t order(const Platform* platform) { return platform == nullptr ? 0 : platform::index_of(*platform) + 1; }

/// Counts, and says whether the new row stays.
bool takes(Merged& merged, std::string_view old_date, std::string_view date, bool same) {
    if (date < old_date) {
        ++merged.older;
        return false;
    }
    if (same && date == old_date) {
        ++merged.same;
        return false;
    }
    ++merged.replaced;
    return true;
}

/// Rows that are the only one for their key.
template <class Row, class Key, class Same>
void merge_rows(std::vector<Row>& into, std::vector<Row>& rows, Merged& merged, const Key& key, const Same& same) {
    std::map<decltype(key(into.front())), Row> all;
    for (Row& row : into) all.insert_or_assign(key(row), std::move(row));
    for (Row& row : rows) {
        const auto at = all.find(key(row));
        if (at == all.end()) {
            ++merged.added;
            all.emplace(key(row), std::move(row));
        } else if (takes(merged, at->second.as_of, row.as_of, same(at->second, row))) {
            at->second = std::move(row);
        }
    }
    into.clear();
    for (auto& [at, row] : all) into.push_back(std::move(row));
}

void merge_lists(OverlayRows& into, OverlayRows& rows, Merged& merged) {
    using Key = std::tuple<std::size_t, std::string, std::string, bool, PriceTerm>;
    struct Priced {
        const OverlayPriceList* list;
        std::int64_t nano;
    };
    std::map<Key, Priced> all;
    const auto key = [](const OverlayPriceList& list, const OverlayRate& rate) {
        return Key{order(list.platform), list.region, rate.cls, rate.multi_az, rate.term};
    };
    for (const OverlayPriceList& list : into.lists)
        for (const OverlayRate& rate : list.rates)
            all.insert_or_assign(key(list, rate), Priced{&list, rate.nano_usd_per_hour});
    for (const OverlayPriceList& list : rows.lists)
        for (const OverlayRate& rate : list.rates) {
            const auto [at, fresh] = all.try_emplace(key(list, rate), Priced{&list, rate.nano_usd_per_hour});
            if (fresh) {
                ++merged.added;
                continue;
            }
            const bool same = at->second.nano == rate.nano_usd_per_hour && at->second.list->source == list.source;
            if (takes(merged, at->second.list->as_of, list.as_of, same)) at->second = {&list, rate.nano_usd_per_hour};
        }
    using Group = std::tuple<std::size_t, std::string, std::string, std::string>;
    std::map<Group, OverlayPriceList> groups;
    for (const auto& [at, priced] : all) {
        const OverlayPriceList& from = *priced.list;
        OverlayPriceList& list = groups[{order(from.platform), from.region, from.as_of, from.source}];
        if (list.rates.empty()) {
            list.platform = from.platform;
            list.region = from.region;
            list.as_of = from.as_of;
            list.source = from.source;
        }
        list.rates.push_back({std::get<2>(at), std::get<3>(at), std::get<4>(at), priced.nano, {}});
    }
    std::vector<OverlayPriceList> lists;
    for (auto& [at, list] : groups) lists.push_back(std::move(list));
    into.lists = std::move(lists);
}

/// The newest series first, each version once.
std::vector<std::string> united(const Platform& platform, const std::vector<std::string>& a,
                                const std::vector<std::string>& b) {
    std::map<EngineVersion, std::string> all;
    for (const auto* texts : {&a, &b})
        for (const std::string& text : *texts) {
            const auto parsed = platform.versions.parse(text);
            if (const auto* version = std::get_if<EngineVersion>(&parsed)) all.try_emplace(*version, text);
        }
    std::vector<std::string> versions;
    for (auto at = all.rbegin(); at != all.rend(); ++at) versions.push_back(at->second);
    return versions;
}

/// A class has the versions of its newest day: what one source answers on one day, in however many files, is one
/// answer.
void merge_orderable(OverlayRows& into, OverlayRows& rows, Merged& merged) {
    using Key = std::pair<std::size_t, std::string>;
    struct Answered {
        const OverlayOrderable* row;
        std::vector<std::string> versions;
    };
    std::map<Key, Answered> all;
    for (const OverlayOrderable& row : into.orderable)
        for (const std::string& cls : row.classes)
            all.insert_or_assign(Key{order(row.platform), cls}, Answered{&row, row.versions});
    for (const OverlayOrderable& row : rows.orderable)
        for (const std::string& cls : row.classes) {
            const auto [at, fresh] = all.try_emplace(Key{order(row.platform), cls}, Answered{&row, row.versions});
            if (fresh) {
                ++merged.added;
                continue;
            }
            Answered& old = at->second;
            const bool one_answer = old.row->as_of == row.as_of && old.row->source == row.source;
            std::vector<std::string> versions = one_answer && row.platform != nullptr
                                                    ? united(*row.platform, old.versions, row.versions)
                                                    : row.versions;
            const bool same = one_answer && versions.size() == old.versions.size();
            if (takes(merged, old.row->as_of, row.as_of, same)) old = {&row, std::move(versions)};
        }
    using Group = std::tuple<std::size_t, std::string, std::string, std::vector<std::string>>;
    std::map<Group, OverlayOrderable> groups;
    for (const auto& [at, answered] : all) {
        const OverlayOrderable& from = *answered.row;
        OverlayOrderable& row = groups[{order(from.platform), from.as_of, from.source, answered.versions}];
        if (row.classes.empty()) {
            row.platform = from.platform;
            row.versions = answered.versions;
            row.as_of = from.as_of;
            row.source = from.source;
        }
        row.classes.push_back(at.second);
    }
    std::vector<OverlayOrderable> rest;
    for (auto& [at, row] : groups) rest.push_back(std::move(row));
    into.orderable = std::move(rest);
}

bool same_class(const OverlayClass& a, const OverlayClass& b) {
    return a.vcpus == b.vcpus && a.memory == b.memory && a.arch == b.arch && a.source == b.source && a.runs == b.runs &&
           a.sold_for == b.sold_for && a.cpu_model == b.cpu_model && a.category == b.category &&
           a.throughput.ebs_baseline == b.throughput.ebs_baseline && a.throughput.ebs_max == b.throughput.ebs_max &&
           a.throughput.ebs_baseline_iops == b.throughput.ebs_baseline_iops &&
           a.throughput.ebs_max_iops == b.throughput.ebs_max_iops &&
           a.throughput.network_baseline == b.throughput.network_baseline &&
           a.throughput.network_max == b.throughput.network_max && a.threads_per_core == b.threads_per_core;
}

bool has_throughput(const OverlayClass& row) {
    const Throughput& has = row.throughput;
    return has.ebs_baseline || has.ebs_max || has.ebs_baseline_iops || has.ebs_max_iops || has.network_baseline ||
           has.network_max;
}

/// Field by field the newer one's, where it has one. A row without throughput is a price list's, which has no more than
/// the size: what it says of architecture and threads is a guess, and the other row's stays, with its source.
OverlayClass combined(const OverlayClass& older, OverlayClass newer) {
    if (has_throughput(older) && !has_throughput(newer)) {
        newer.arch = older.arch;
        newer.threads_per_core = older.threads_per_core;
        newer.as_of = older.as_of;
        newer.source = older.source;
        newer.place = older.place;
    }
    const auto fill = [](auto& into, const auto& from) {
        if (!into) into = from;
    };
    Throughput& has = newer.throughput;
    const Throughput& had = older.throughput;
    fill(has.ebs_baseline, had.ebs_baseline);
    fill(has.ebs_max, had.ebs_max);
    fill(has.ebs_baseline_iops, had.ebs_baseline_iops);
    fill(has.ebs_max_iops, had.ebs_max_iops);
    fill(has.network_baseline, had.network_baseline);
    fill(has.network_max, had.network_max);
    fill(newer.os_visible, older.os_visible);
    fill(newer.burst, older.burst);
    fill(newer.coremark_per_vcpu, older.coremark_per_vcpu);
    if (newer.generation == 0) newer.generation = older.generation;
    if (newer.category.empty()) newer.category = older.category;
    if (newer.cpu_model.empty()) newer.cpu_model = older.cpu_model;
    if (newer.runs.empty()) newer.runs = older.runs;
    std::vector<const Platform*> sold;
    const auto in = [](const std::vector<const Platform*>& all, const Platform* each) {
        return std::ranges::find(all, each) != all.end();
    };
    for (const Platform* each : platform::all())
        if (!in(newer.runs, each) && (in(newer.sold_for, each) || in(older.sold_for, each))) sold.push_back(each);
    newer.sold_for = std::move(sold);
    return newer;
}

void merge_classes(OverlayRows& into, OverlayRows& rows, Merged& merged) {
    std::map<std::string, OverlayClass> all;
    for (OverlayClass& row : into.classes) all.insert_or_assign(row.name, std::move(row));
    for (OverlayClass& row : rows.classes) {
        const auto at = all.find(row.name);
        if (at == all.end()) {
            ++merged.added;
            all.emplace(row.name, std::move(row));
            continue;
        }
        OverlayClass& old = at->second;
        const bool older = row.as_of < old.as_of;
        OverlayClass made = older ? combined(row, old) : combined(old, std::move(row));
        if (!same_class(made, old) || made.as_of != old.as_of)
            ++merged.replaced;
        else
            ++(older ? merged.older : merged.same);
        old = std::move(made);
    }
    into.classes.clear();
    for (auto& [name, row] : all) into.classes.push_back(std::move(row));
}

}  // namespace

Merged merge(OverlayRows& into, OverlayRows rows) {
    Merged merged;
    merge_classes(into, rows, merged);
    const auto regional = [](const auto& row) { return std::pair(order(row.platform), row.region); };
    merge_rows(into.capacity, rows.capacity, merged, regional,
               [](const OverlayCapacityPrice& a, const OverlayCapacityPrice& b) {
                   return a.nano_usd_per_unit_hour == b.nano_usd_per_unit_hour && a.source == b.source;
               });
    merge_rows(into.support, rows.support, merged, regional,
               [](const OverlaySupportPrice& a, const OverlaySupportPrice& b) {
                   return a.nano_usd_per_hour == b.nano_usd_per_hour &&
                          a.nano_usd_per_hour_year_3 == b.nano_usd_per_hour_year_3 && a.source == b.source;
               });
    merge_lists(into, rows, merged);
    merge_orderable(into, rows, merged);
    return merged;
}

}  // namespace poolfit::catalog
