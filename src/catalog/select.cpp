#include <algorithm>
#include <tuple>

#include <poolfit/catalog/catalog.hpp>

namespace poolfit::catalog {
namespace {

bool passes(const Platform& platform, const InstanceClass& cls, const Query& query) {
    auto within = [](auto value, const auto& low, const auto& high) {
        return (!low || value >= *low) && (!high || value <= *high);
    };
    return within(std::int64_t{cls.vcpus}, query.vcpu_min, query.vcpu_max) &&
           within(cls.memory, query.memory_min, query.memory_max) && (!query.arch || cls.arch == *query.arch) &&
           (query.families.empty() || std::ranges::any_of(query.families, [&](const std::string& glob) {
                return glob_matches(glob, cls.family) || matches(platform, glob, cls.name);
            }));
}

bool before(const Row& a, const Row& b, Query::Sort sort) {
    if (a.price.has_value() != b.price.has_value()) return a.price.has_value();
    auto key = [sort](const Row& row) -> std::int64_t {
        switch (sort) {
            case Query::Sort::price:
                return row.price ? row.price->amount.value : 0;
            case Query::Sort::vcpu:
                return row.cls->vcpus;
            case Query::Sort::memory:
                return row.cls->memory.value;
            case Query::Sort::connections:
                return row.max_connections_expected.low.value;
            case Query::Sort::name:
                break;
        }
        return 0;
    };
    return std::tuple(key(a), a.cls->name) < std::tuple(key(b), b.cls->name);
}

}  // namespace

/// Only the last star gives back what it took, up to where what follows it begins.
bool glob_matches(std::string_view glob, std::string_view text) {
    std::size_t g = 0, t = 0;
    std::size_t star = std::string_view::npos, resume = 0;
    const auto skip = [&](std::size_t from) {
        g = star + 1;
        const bool literal = g < glob.size() && glob[g] != '*' && glob[g] != '?';
        t = resume = literal ? text.find(glob[g], from) : from;
        return t != text.npos;
    };
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g;
            if (!skip(t)) return false;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            if (!skip(resume + 1)) return false;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

bool matches(const Platform& platform, std::string_view glob, std::string_view class_name) {
    if (glob_matches(glob, class_name)) return true;
    const std::string_view prefix = platform.class_prefix;
    return !prefix.empty() && class_name.starts_with(prefix) && glob_matches(glob, class_name.substr(prefix.size()));
}

std::vector<Row> select(const Catalog& catalog, const Platform& platform, const Query& query) {
    std::vector<Row> rows;
    for (const InstanceClass* cls : catalog.classes(platform)) {
        if (!passes(platform, *cls, query)) continue;
        Row row{cls, catalog.price(platform, *cls, query.region, false, PriceTerm::list), 0, {}};
        if (query.max_price && (!row.price || row.price->amount > *query.max_price)) continue;
        row.max_connections_nominal = max_connections_nominal(catalog, platform, *cls);
        row.max_connections_expected = max_connections_expected(catalog, platform, *cls);
        rows.push_back(row);
    }
    std::ranges::sort(rows, [&](const Row& a, const Row& b) { return before(a, b, query.sort); });
    return rows;
}

}  // namespace poolfit::catalog
