#include "reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/fleet.hpp>

namespace poolfit::load {
namespace {

std::string_view bare(std::string_view header) {
    while (header.starts_with('[')) header.remove_prefix(1);
    while (header.ends_with(']')) header.remove_suffix(1);
    return header;
}

}  // namespace

std::string Context::header(std::string_view toml_header) const {
    return std::string(syntax == Syntax::json ? bare(toml_header) : toml_header);
}

namespace {

/// The kind of record that has such a key: one that stands inside this kind, before any other.
const KeyTable* home_of(const Context& context, const std::string& key, std::string_view header) {
    const auto inside = std::string(bare(header)) + '.';
    const KeyTable* home = nullptr;
    for (const auto& table : context.keys) {
        if (table.header == header || std::ranges::find(table.keys, key) == table.keys.end()) continue;
        if (bare(table.header).starts_with(inside)) return &table;
        // What an alias has is a pooler's: pool_size in a service is a mistake of another kind.
        if (home == nullptr && table.header != "[[pooler.database]]") home = &table;
    }
    return home;
}

/// What monitoring, drivers and poolers call a key. Of two keys the one that the table has is meant.
constexpr Synonym synonyms[] = {
    {"cpu_max", "cpu_peak"},
    {"cpu_maximum", "cpu_peak"},
    {"max_cpu", "cpu_peak"},
    {"peak_cpu", "cpu_peak"},
    {"cpu_avg", "cpu_mean"},
    {"cpu_average", "cpu_mean"},
    {"avg_cpu", "cpu_mean"},
    {"mean_cpu", "cpu_mean"},
    {"pool_mode", "mode"},
    {"mode", "pool_mode"},
    {"default_pool_size", "pool_size"},
    {"pool_size", "default_pool_size"},
    {"pool_size", "max"},
    {"max_pool_size", "max"},
    {"maximum_pool_size", "max"},
    {"max_size", "max"},
    {"pool_max", "max"},
    {"max_connections", "max"},
    {"max_clients", "max_client_conn"},
    {"max_client_connections", "max_client_conn"},
    {"percent", "max_connections_percent"},
    {"workers", "processes"},
    {"concurrency", "threads"},
    {"replicas", "instances"},
    {"pods", "instances"},
    {"count", "instances"},
    {"instance_class", "class"},
    {"instance_type", "class"},
    {"database_connections", "connections"},
    {"DatabaseConnections", "connections"},
    {"connection_count", "connections"},
    {"open_connections", "connections"},
    {"free_memory", "freeable_memory"},
    {"memory_free", "freeable_memory"},
    {"swap_used", "swap"},
    {"busy", "in_use"},
    {"active", "in_use"},
    {"timeout", "acquire_timeout"},
    {"connection_timeout", "acquire_timeout"},
};

std::string_view meant(std::string_view word, const std::vector<std::string_view>& keys) {
    for (const Synonym& synonym : synonyms)
        if (synonym.word == word && std::ranges::find(keys, synonym.meant) != keys.end()) return synonym.meant;
    return {};
}

}  // namespace

void report_unknown_key(Context& context, const Member& member, std::string_view header,
                        const std::vector<std::string_view>& keys) {
    auto near = meant(member.key, keys);
    if (near.empty()) near = context.suggester.nearest(member.key, keys);
    auto& made = context.out.error(member.key_place,
                                   fmt::format("unknown key {} in {}", quote(member.key), context.header(header)));
    if (!near.empty()) {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = fmt::format("write {}", near);
    } else {
        if (const auto* home = home_of(context, member.key, header)) {
            made.label = fmt::format("a key of {}", context.header(home->header));
            made.fix = fmt::format("move it to {}", context.header(home->header));
        } else {
            made.fix = "remove it, or write one of the keys below";
        }
    }
    made.notes.emplace_back("allowed", join(keys));
}

void report_missing_key(Context& context, const Table& table, Place where, std::string_view header,
                        std::string_view key, std::string_view example) {
    const auto* name = find(table, "name");
    const auto* text = name == nullptr ? nullptr : name->as<std::string>();
    auto what = context.header(header);
    if (text != nullptr) what += ' ' + quote(*text);
    const bool known = key == "database" && !context.some_database.empty();
    context.out.error(where, fmt::format("{} has no {}", what, key),
                      context.assign(key, known ? std::string_view(context.some_database) : example));
}

std::vector<Record> read_records(Context& context, const Entry& entry, std::string_view header) {
    std::vector<Record> records;
    const auto fix = context.syntax == Syntax::json ? fmt::format(R"("{0}": [ {{ … }} ])", entry.key())
                                                    : fmt::format("write {} for each of them", header);
    if (const auto* array = entry.value().as<Array>()) {
        for (const auto& item : array->items) {
            if (records.size() >= static_cast<std::size_t>(max_records)) {
                context.out.error(item.place,
                                  fmt::format("more than {} records {}", max_records, context.header(header)),
                                  "split the inventory");
                break;
            }
            if (context.exhausted()) break;
            if (const auto* table = item.as<Table>())
                records.push_back({table, item.place});
            else
                context.out.error(item.place,
                                  fmt::format("{}: expected a table, found {}", entry.key(), describe(item)), fix);
        }
    } else if (const auto* table = entry.value().as<Table>()) {
        context.out.error(entry.value().place,
                          fmt::format("{}: expected a list of tables, found one table", entry.key()), fix);
        records.push_back({table, entry.value().place});
    } else {
        context.out.error(entry.value().place,
                          fmt::format("{}: expected a list of tables, found {}", entry.key(), describe(entry.value())),
                          fix);
    }
    return records;
}

const Table* read_single(Context& context, const Entry& entry, std::string_view header) {
    if (const auto* table = entry.value().as<Table>()) return table;
    context.out.error(entry.value().place,
                      fmt::format("{}: expected one table, found {}", entry.key(), describe(entry.value())),
                      context.syntax == Syntax::json ? fmt::format(R"("{}": {{ … }})", entry.key())
                                                     : fmt::format("write {}", header));
    return nullptr;
}

}  // namespace poolfit::load
