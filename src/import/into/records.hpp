// The records of an inventory by their names: those that an import may also have.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <poolfit/load/document.hpp>

namespace poolfit::imports {

/// Of the three kinds that have a list at the top.
inline constexpr std::string_view kinds[] = {"database", "pooler", "service"};

/// A table with keys of its own, such as [database.storage], and not one value: { min = 2, max = 10 }.
bool is_table_of_keys(const load::Value& value);
/// The list of records of a key: of a service "pool", of a pooler "database". Null where it is none.
const load::Array* records(const load::Table& table, std::string_view key);
load::Array* records(load::Table& table, std::string_view key);
/// The key of the records inside a record of this kind: "pool", "database"; empty of a database.
std::string_view inner_key(std::string_view kind);

std::string name_of(const load::Table& record);
/// The name that an import gave the record, which the user may have changed since.
std::string identity_of(const load::Table& record);
/// The record of this identity. Null where there is none.
const load::Table* find_record(const load::Table& table, std::string_view key, std::string_view identity);
load::Table* find_record(load::Table& table, std::string_view key, std::string_view identity);

/// Each value of a record that may be bound, with its path: "service.api.pool.main.max". Records, and what is in them.
/// `in_braces`: it stands in a table or a list in brackets, where TOML has no comments.
void each_value(load::Document& document,
                const std::function<void(const std::string& path, load::Value& value, bool in_braces)>& visit);

}  // namespace poolfit::imports
