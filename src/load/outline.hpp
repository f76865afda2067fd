// A TOML document as the list of its headers and, below each, of its keys: what stands on lines, in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/load/document.hpp>

namespace poolfit::load {

/// A line `a.b = value`: the members that lead to the value, which is the last one's.
struct OutlineKey {
    std::vector<const Member*> path;
    const Value& value() const { return path.back()->value; }
    const Place& place() const { return path.back()->key_place; }
};

/// A header with its keys. The first of an outline is the root, which has none.
struct OutlineTable {
    const Value* value = nullptr;    ///< none of the root
    const Place* mention = nullptr;  ///< where its key stands first: [a.b] may precede [a]
    const Table* table = nullptr;
    std::vector<std::string_view> path;
    std::size_t parent = 0;
    std::size_t list = 0;  ///< of a record: a number for its list, from 1; else 0
    bool has_header = false;
    std::vector<OutlineKey> keys;

    bool is_record() const { return list != 0; }
};

/// A table before those inside it.
using Outline = std::vector<OutlineTable>;
Outline outline_of(const Document& document);

/// Where each table and key of an outline stood in the text; for what stood nowhere, behind what it is to follow.
class Original {
public:
    /// `outline` is of a document whose source is `source`, unchanged.
    Original(const Outline& outline, const SourceText& source);

    /// The table of the same place, path and kind; nothing for what is new.
    std::optional<std::size_t> table(const OutlineTable& table) const;
    const OutlineKey* key(const OutlineKey& key) const;
    const Outline& outline() const { return outline_; }

private:
    struct At {
        std::uint32_t begin;
        std::size_t depth, table, key;
    };
    const Outline& outline_;
    const SourceText& source_;
    std::vector<At> tables_, keys_;  // by begin, then depth
};

/// The order in which to write the tables: as in the text, the new ones behind those that they follow in the tree.
std::vector<std::size_t> order_of(const Outline& outline, const Original* original);
/// The same of a table's keys. `was`: the table of the original.
std::vector<std::size_t> order_of(const std::vector<OutlineKey>& keys, const Original* original,
                                  std::optional<std::size_t> was);

/// The values that begin a line or a header, from top to bottom.
std::vector<const Value*> values_in_order(const Document& document);

}  // namespace poolfit::load
