// Tables of keys: a record is read by one row a key, so that unknown and missing keys are found by the rows.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/located.hpp>

#include "parsers.hpp"
#include "words.hpp"

namespace poolfit::load {

struct Context;
/// The keys of one kind of record, for "this key belongs elsewhere".
struct KeyTable {
    std::string_view header;
    std::vector<std::string_view> keys;
    /// Reads one of the keys by itself and says what is wrong with it; null for a catalog's.
    void (*read)(Context&, const Member&) = nullptr;
};
/// Of every kind of record of an inventory, in the order of the documentation; and of a catalog file.
const std::vector<KeyTable>& inventory_keys();
const std::vector<KeyTable>& overlay_keys();

/// What reading a file needs everywhere.
struct Context {
    const Catalog& catalog;
    Diagnostics& out;
    Syntax syntax = Syntax::toml;
    const std::vector<KeyTable>& keys;
    Suggester suggester{};
    std::size_t errors_before = 0;
    std::string some_database{};  ///< TOML text of the name of one that the file has; empty: it has none

    Context(const Catalog& c, Diagnostics& d, Syntax s, const std::vector<KeyTable>& k)
        : catalog(c), out(d), syntax(s), keys(k), errors_before(d.error_count()) {}
    bool failed() const { return out.error_count() != errors_before; }
    /// Diagnostics are still kept, so that suggestions and notes are of use.
    bool kept() const { return out.dropped() == 0; }
    void note(Diagnostic& made, std::string label, const Place& place) const {
        if (kept()) made.notes.emplace_back(std::move(label), diag::print(place));
    }
    /// Far more errors than are ever shown: no point in going on.
    bool exhausted() const { return out.error_count() - errors_before > 10 * Diagnostics::limit; }
    std::string assign(std::string_view key, std::string_view value) const { return assignment(syntax, key, value); }
    /// The header of a kind of record in this syntax: "[[service.pool]]", or "service.pool" in JSON.
    std::string header(std::string_view toml_header) const;
};

/// A key with its value, and a good value for it to show in a fix.
struct Entry {
    const Member& member;
    std::string_view example;
    const std::string& key() const { return member.key; }
    const Value& value() const { return member.value; }
};

template <class T>
struct Field {
    using Record = T;
    std::string_view key;
    std::string_view example;  ///< TOML text
    bool required;
    void (*read)(Context&, const Entry&, T&);
};

template <class T, std::size_t n>
std::vector<std::string_view> keys_of(const std::array<Field<T>, n>& fields) {
    std::vector<std::string_view> keys;
    for (const auto& field : fields) keys.push_back(field.key);
    return keys;
}

void report_unknown_key(Context& context, const Member& member, std::string_view header,
                        const std::vector<std::string_view>& keys);
void report_missing_key(Context& context, const Table& table, Place where, std::string_view header,
                        std::string_view key, std::string_view example);

template <class T, std::size_t n>
void read_table(Context& context, const Table& table, Place where, std::string_view header,
                const std::array<Field<T>, n>& fields, T& out) {
    std::array<bool, n> seen{};
    for (const auto& member : table.members) {
        if (context.exhausted()) return;
        std::size_t i = 0;
        while (i < n && fields[i].key != member.key) ++i;
        if (i == n) {
            report_unknown_key(context, member, header, keys_of(fields));
            continue;
        }
        seen[i] = true;
        fields[i].read(context, {member, fields[i].example}, out);
    }
    for (std::size_t i = 0; i < n; ++i)
        if (fields[i].required && !seen[i])
            report_missing_key(context, table, where, header, fields[i].key, fields[i].example);
}

/// One key, which has to be one of the fields.
template <class T, std::size_t n>
void read_key(Context& context, const Member& member, const std::array<Field<T>, n>& fields, T& out) {
    for (const auto& field : fields)
        if (field.key == member.key) field.read(context, {member, field.example}, out);
}
/// The same for a record that no one needs: KeyTable::read.
template <const auto& fields>
void read_alone(Context& context, const Member& member) {
    typename std::remove_cvref_t<decltype(fields)>::value_type::Record scratch;
    read_key(context, member, fields, scratch);
}

struct Record {
    const Table* table;
    Place place;
};
/// The tables of [[header]]; other shapes are errors. A single table is read as a list of one, so that what
/// is wrong inside is said as well.
std::vector<Record> read_records(Context& context, const Entry& entry, std::string_view header);
/// The table of [header], or nothing.
const Table* read_single(Context& context, const Entry& entry, std::string_view header);

}  // namespace poolfit::load
