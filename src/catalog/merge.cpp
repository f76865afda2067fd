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

/// Rows that are one of many in a record of their platform, region, date and source.
template <class List, class Item, class Key, class Same>
void merge_lists(std::vector<List>& into, const std::vector<List>& lists, std::vector<Item> List::*items,
                 Merged& merged, const Key& key_of, const Same& same) {
    using Place = std::tuple<std::size_t, std::string, decltype(key_of(std::declval<Item>()))>;
    struct Priced {
        const List* list;
        const Item* item;
    };
    std::map<Place, Priced> all;
    const auto place = [&](const List& list, const Item& item) {
        return Place{order(list.platform), list.region, key_of(item)};
    };
    for (const List& list : into)
        for (const Item& item : list.*items) all.insert_or_assign(place(list, item), Priced{&list, &item});
    for (const List& list : lists)
        for (const Item& item : list.*items) {
            const auto [at, fresh] = all.try_emplace(place(list, item), Priced{&list, &item});
            if (fresh) {
                ++merged.added;
                continue;
            }
            const bool alike = same(*at->second.item, item) && at->second.list->source == list.source;
            if (takes(merged, at->second.list->as_of, list.as_of, alike)) at->second = {&list, &item};
        }
    using Group = std::tuple<std::size_t, std::string, std::string, std::string>;
    std::map<Group, List> groups;
    for (const auto& [at, priced] : all) {
        const List& from = *priced.list;
        List& list = groups[{order(from.platform), from.region, from.as_of, from.source}];
        if ((list.*items).empty()) {
            list.platform = from.platform;
            list.region = from.region;
            list.as_of = from.as_of;
            list.source = from.source;
        }
        (list.*items).push_back(*priced.item);
        (list.*items).back().place = {};
    }
    std::vector<List> made;
    for (auto& [at, list] : groups) made.push_back(std::move(list));
    into = std::move(made);
}

void merge_rates(std::vector<OverlayPriceList>& into, const std::vector<OverlayPriceList>& lists, Merged& merged) {
    merge_lists(
        into, lists, &OverlayPriceList::rates, merged,
        [](const OverlayRate& rate) { return std::tuple(rate.cls, rate.multi_az, rate.term); },
        [](const OverlayRate& a, const OverlayRate& b) { return a.nano_usd_per_hour == b.nano_usd_per_hour; });
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
    using Key = std::tuple<std::size_t, std::string, std::string>;
    struct Answered {
        const OverlayOrderable* row;
        std::vector<std::string> versions, single_az;
    };
    // Of two pages of an answer each may have other storage of a version: one that takes a standby is enough.
    const auto without_standby = [](const Answered& a, const OverlayOrderable& b) {
        const auto has = [](const std::vector<std::string>& texts, const std::string& text) {
            return std::ranges::find(texts, text) != texts.end();
        };
        std::vector<std::string> all;
        for (const std::string& text : a.single_az)
            if (!has(b.versions, text) || has(b.single_az, text)) all.push_back(text);
        for (const std::string& text : b.single_az)
            if (!has(a.versions, text)) all.push_back(text);
        return all;
    };
    std::map<Key, Answered> all;
    for (const OverlayOrderable& row : into.orderable)
        for (const std::string& cls : row.classes)
            all.insert_or_assign(Key{order(row.platform), row.region, cls},
                                 Answered{&row, row.versions, row.single_az});
    for (const OverlayOrderable& row : rows.orderable)
        for (const std::string& cls : row.classes) {
            const auto [at, fresh] =
                all.try_emplace(Key{order(row.platform), row.region, cls}, Answered{&row, row.versions, row.single_az});
            if (fresh) {
                ++merged.added;
                continue;
            }
            Answered& old = at->second;
            const bool one_answer = old.row->as_of == row.as_of && old.row->source == row.source;
            std::vector<std::string> versions = one_answer && row.platform != nullptr
                                                    ? united(*row.platform, old.versions, row.versions)
                                                    : row.versions;
            std::vector<std::string> single_az = one_answer ? without_standby(old, row) : row.single_az;
            const bool same =
                one_answer && versions.size() == old.versions.size() && single_az.size() == old.single_az.size();
            if (takes(merged, old.row->as_of, row.as_of, same)) old = {&row, std::move(versions), std::move(single_az)};
        }
    using Group = std::tuple<std::size_t, std::string, std::string, std::string, std::vector<std::string>,
                             std::vector<std::string>>;
    std::map<Group, OverlayOrderable> groups;
    for (const auto& [at, answered] : all) {
        const OverlayOrderable& from = *answered.row;
        OverlayOrderable& row =
            groups[{order(from.platform), from.region, from.as_of, from.source, answered.versions, answered.single_az}];
        if (row.classes.empty()) {
            row.platform = from.platform;
            row.region = from.region;
            row.versions = answered.versions;
            row.single_az = answered.single_az;
            row.as_of = from.as_of;
            row.source = from.source;
        }
        row.classes.push_back(std::get<2>(at));
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

/// A price that one of the two does not have stays: a list comes in pages, and a volume's prices on several.
void fill_volumes(OverlayRows& into, OverlayRows& rows) {
    using Place = std::tuple<std::size_t, std::string, std::string, bool>;
    std::map<Place, std::pair<const OverlayStorageList*, OverlayVolume*>> there;
    const auto place = [](const OverlayStorageList& list, const OverlayVolume& volume) {
        return Place{order(list.platform), list.region, volume.kind, volume.multi_az};
    };
    for (OverlayStorageList& list : into.storage)
        for (OverlayVolume& volume : list.volumes)
            there.insert_or_assign(place(list, volume), std::pair(&list, &volume));
    for (OverlayStorageList& list : rows.storage)
        for (OverlayVolume& volume : list.volumes) {
            const auto at = there.find(place(list, volume));
            if (at == there.end()) continue;
            if (at->second.first->as_of <= list.as_of)
                fill(volume, *at->second.second);
            else
                fill(*at->second.second, volume);
        }
}

}  // namespace

void fill(OverlayVolume& into, const OverlayVolume& from) {
    if (into.nano_usd_per_gib == 0) into.nano_usd_per_gib = from.nano_usd_per_gib;
    for (const auto part : {&OverlayVolume::nano_usd_per_iops, &OverlayVolume::nano_usd_per_mibps,
                            &OverlayVolume::nano_usd_per_million_requests})
        if (!(into.*part)) into.*part = from.*part;
}

std::vector<IncompleteVolume> take_incomplete(OverlayRows& rows) {
    std::vector<IncompleteVolume> taken;
    for (OverlayStorageList& list : rows.storage)
        std::erase_if(list.volumes, [&](const OverlayVolume& volume) {
            if (volume.nano_usd_per_gib != 0) return false;
            taken.push_back({list.platform, list.region, volume.kind});
            return true;
        });
    std::erase_if(rows.storage, [](const OverlayStorageList& list) { return list.volumes.empty(); });
    return taken;
}

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
    merge_rows(
        into.sizes, rows.sizes, merged,
        [](const OverlaySizePrice& row) { return std::tuple(order(row.platform), row.region, row.multi_az); },
        [](const OverlaySizePrice& a, const OverlaySizePrice& b) {
            return a.nano_usd_per_vcpu_hour == b.nano_usd_per_vcpu_hour &&
                   a.nano_usd_per_gib_hour == b.nano_usd_per_gib_hour && a.source == b.source;
        });
    // One rate that a file does not have stays.
    for (OverlayProxyPrice& row : rows.proxies)
        for (const OverlayProxyPrice& old : into.proxies)
            if (old.region == row.region && old.as_of <= row.as_of) {
                if (!row.nano_usd_per_vcpu_hour) row.nano_usd_per_vcpu_hour = old.nano_usd_per_vcpu_hour;
                if (!row.nano_usd_per_unit_hour) row.nano_usd_per_unit_hour = old.nano_usd_per_unit_hour;
            }
    merge_rows(
        into.proxies, rows.proxies, merged, [](const OverlayProxyPrice& row) { return row.region; },
        [](const OverlayProxyPrice& a, const OverlayProxyPrice& b) {
            return a.nano_usd_per_vcpu_hour == b.nano_usd_per_vcpu_hour &&
                   a.nano_usd_per_unit_hour == b.nano_usd_per_unit_hour && a.source == b.source;
        });
    merge_rates(into.lists, rows.lists, merged);
    merge_rates(into.plans, rows.plans, merged);
    fill_volumes(into, rows);
    merge_lists(
        into.storage, rows.storage, &OverlayStorageList::volumes, merged,
        [](const OverlayVolume& volume) { return std::tuple(volume.kind, volume.multi_az); },
        [](const OverlayVolume& a, const OverlayVolume& b) {
            return a.nano_usd_per_gib == b.nano_usd_per_gib && a.nano_usd_per_iops == b.nano_usd_per_iops &&
                   a.nano_usd_per_mibps == b.nano_usd_per_mibps &&
                   a.nano_usd_per_million_requests == b.nano_usd_per_million_requests;
        });
    merge_orderable(into, rows, merged);
    return merged;
}

}  // namespace poolfit::catalog
