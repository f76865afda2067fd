// The size of a pool, from its URL, its environment and its files, by the rows of data/import/sizes.csv.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "program.hpp"
#include "tables.hpp"
#include "url.hpp"

namespace poolfit::imports {
namespace {

struct Found {
    const NameRow* row = nullptr;
    std::string name, prefix;
    std::optional<std::int64_t> value;
    Place place{};
    int order = 0;           ///< of where it stands: a URL, an option of the process, the environment, a file
    bool unlimited = false;  ///< -1 of an overflow
    bool unknown = false;    ///< its value is not in the files
};

const NameRow* size_row(std::string_view where, std::string_view name) {
    for (const NameRow& row : tables().sizes)
        if (row.where == where && row.fits(name)) return &row;
    return nullptr;
}

bool is_limit(const Program& program, const std::string& name) {
    return std::ranges::find(program.limits, name) != program.limits.end();
}

/// All that says a size, the part of it that counts first.
std::vector<Found> all_of(const Program& program, const FoundAddress& of, bool alone) {
    std::vector<Found> found;
    for (const auto& [name, value] : of.parameters)
        if (const NameRow* row = size_row("url", name))
            found.push_back({row, name, {}, value.number(), of.address.from.place, 0, false});
    for (const Variable& variable : program.variables.all()) {
        if (!is_plain_key(variable.name) || of_another_thing(variable.name)) continue;
        const NameRow* const row = size_row("env", variable.name);
        if (row == nullptr || is_limit(program, variable.name)) continue;
        const std::string prefix(row->before(variable.name));
        if (!alone && prefix != of.prefix) continue;
        if (variable.known && trimmed_blanks(variable.value.opened()).empty()) continue;  // as if it were not set
        found.push_back({row, variable.name, prefix, variable.known ? variable.value.number() : std::nullopt,
                         variable.place, 2,
                         variable.known && row->part == "overflow" && trimmed_blanks(variable.value.opened()) == "-1",
                         !variable.known || variable.value.opened().find(unknown_value) != std::string_view::npos});
    }
    std::vector<FileSetting> settings = read_options(program);
    settings.insert(settings.end(), program.settings.begin(), program.settings.end());
    for (const FileSetting& setting : settings)
        if (const NameRow* row = size_row("file", setting.key))
            found.push_back(
                {row, setting.key, {}, setting.value.number(), setting.place, setting.option ? 1 : 3, false});
    std::ranges::stable_sort(found, [](const Found& a, const Found& b) {
        return std::pair(a.order, a.row->rank) < std::pair(b.order, b.row->rank);
    });
    return found;
}

}  // namespace

void find_size(const Program& program, const FoundAddress& of, bool alone, const std::string& subject, PoolFact& pool,
               Estate& estate) {
    const std::vector<Found> found = all_of(program, of, alone);
    for (const Found& each : found)
        if (pool.driver.empty() && !each.row->driver.empty()) pool.driver = each.row->driver;
    const Found* size = nullptr;
    std::vector<const Found*> beaten;
    for (const Found& each : found) {
        if (each.row->part != "size") continue;
        if (!each.value || *each.value == 0 || *each.value > 1'000'000) {
            std::string why = each.unknown ? fmt::format("the value of {} is not in the files", each.name)
                                           : fmt::format("{} is not a number of connections", each.name);
            estate.not_taken(fmt::format("{}.{}", subject, pool.name), why, each.place,
                             fmt::format("--set service.{}.pool.{}.max=N", subject, pool.name));
            // What it would win over, or the driver's default, is not the size.
            if (size == nullptr && pool.unsized.empty()) {
                pool.unsized = std::move(why);
                pool.unsized_at = each.place;
            }
            continue;
        }
        if (!pool.unsized.empty()) continue;
        if (size == nullptr) {
            size = &each;
        } else if (each.order == size->order && each.row->rank == size->row->rank && each.value != size->value) {
            pool.unsized = fmt::format("{} says {}, {} says {}", size->name, *size->value, each.name, *each.value);
            return;
        } else {
            beaten.push_back(&each);
        }
    }
    const auto overflow = std::ranges::find_if(found, [&](const Found& each) {
        return each.row->part == "overflow" && each.value && size != nullptr && each.order == size->order;
    });
    if (size == nullptr) {
        for (const Variable& variable : program.variables.all())
            if (is_limit(program, variable.name) && size_row("env", variable.name) != nullptr)
                estate.told(subject,
                            fmt::format("{} is max_connections of a server, and no pool's size", variable.name),
                            variable.place);
        return;
    }
    // Without it the pool would be too small.
    if (const auto unread = std::ranges::find_if(found,
                                                 [&](const Found& each) {
                                                     return each.row->part == "overflow" && !each.value &&
                                                            !each.unlimited && each.order == size->order;
                                                 });
        overflow == found.end() && unread != found.end()) {
        pool.unsized = fmt::format("{} {} and {}, {}", size->name, *size->value, unread->name,
                                   unread->unknown ? "whose value is not in the files" : "which is not a number");
        pool.unsized_at = unread->place;
        return;
    }
    if (const auto endless = std::ranges::find(found, true, &Found::unlimited);
        endless != found.end() && endless->order == size->order) {
        pool.unsized =
            fmt::format("{} {} and {} -1: its connections have no limit", size->name, *size->value, endless->name);
        pool.unsized_at = endless->place;
        return;
    }
    std::int64_t value = *size->value;
    std::string how = fmt::format("{} {}", size->name, value);
    if (overflow != found.end()) {
        value += *overflow->value;
        how += fmt::format(" + {} {}", overflow->name, *overflow->value);
    } else if (pool.driver == "sqlalchemy" && size->order == 2) {
        estate.told(
            subject,
            fmt::format("{} {}: SQLAlchemy opens max_overflow more, 10 unless the code sets it", size->name, value),
            size->place, fmt::format("--set service.{}.pool.{}.max={}", subject, pool.name, value + 10));
    }
    for (const Found* each : beaten)
        if (each->value != size->value) how += fmt::format(", over {} {}", each->name, *each->value);
    constexpr std::string_view places[] = {"url", "env", "env", "code"};
    pool.set_in = places[size->order];
    pool.max = Fact<std::int64_t>{value, {size->place, std::move(how), Truth::declared}};
}

}  // namespace poolfit::imports
