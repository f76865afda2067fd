#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

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

/// A class has the versions of its newest answer.
void merge_orderable(OverlayRows& into, OverlayRows& rows, Merged& merged) {
    using Key = std::pair<std::size_t, std::string>;
    struct Answered {
        const OverlayOrderable* row;
    };
    std::map<Key, Answered> all;
    for (const OverlayOrderable& row : into.orderable)
        for (const std::string& cls : row.classes) all.insert_or_assign(Key{order(row.platform), cls}, Answered{&row});
    for (const OverlayOrderable& row : rows.orderable)
        for (const std::string& cls : row.classes) {
            const auto [at, fresh] = all.try_emplace(Key{order(row.platform), cls}, Answered{&row});
            if (fresh) {
                ++merged.added;
                continue;
            }
            const OverlayOrderable& old = *at->second.row;
            const bool same = old.versions == row.versions && old.source == row.source;
            if (takes(merged, old.as_of, row.as_of, same)) at->second = {&row};
        }
    using Group = std::tuple<std::size_t, std::string, std::string, std::vector<std::string>>;
    std::map<Group, OverlayOrderable> groups;
    for (const auto& [at, answered] : all) {
        const OverlayOrderable& from = *answered.row;
        OverlayOrderable& row = groups[{order(from.platform), from.as_of, from.source, from.versions}];
        if (row.classes.empty()) {
            row.platform = from.platform;
            row.versions = from.versions;
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
           a.sold_for == b.sold_for && a.cpu_model == b.cpu_model &&
           a.throughput.ebs_baseline == b.throughput.ebs_baseline && a.throughput.ebs_max == b.throughput.ebs_max &&
           a.throughput.ebs_baseline_iops == b.throughput.ebs_baseline_iops &&
           a.throughput.ebs_max_iops == b.throughput.ebs_max_iops &&
           a.throughput.network_baseline == b.throughput.network_baseline &&
           a.throughput.network_max == b.throughput.network_max && a.threads_per_core == b.threads_per_core;
}

}  // namespace

Merged merge(OverlayRows& into, OverlayRows rows) {
    Merged merged;
    merge_rows(
        into.classes, rows.classes, merged, [](const OverlayClass& row) { return row.name; }, same_class);
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
