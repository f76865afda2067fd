// A value of a YAML or JSON file as a tree. Values are sealed; a value under a key that names a secret is not kept.
// Parts that a file uses twice (anchors) are shared, not copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>

#include "in_file.hpp"
#include "sealed.hpp"

namespace poolfit::imports {

class Node;
using NodePtr = std::shared_ptr<const Node>;

class Node {
public:
    enum class Kind : std::uint8_t { none, scalar, list, map };
    struct Item {
        std::string key;  ///< of a map
        NodePtr value;
    };

    Kind kind = Kind::none;
    std::uint32_t offset = 0;  ///< in the file's text
    std::uint32_t depth = 1;   ///< levels, itself included
    bool withheld = false;     ///< a scalar under a secret's key, which was not kept
    Sealed text;
    std::vector<Item> items;

    bool is_map() const { return kind == Kind::map; }
    bool is_list() const { return kind == Kind::list; }

    /// The member of a map; a node of kind `none` where there is none. Of two with one key the last.
    const Node& operator[](std::string_view key) const;
    /// The same, whatever the case of the key.
    const Node& like(std::string_view key) const;
    bool has(std::string_view key) const { return (*this)[key].kind != Kind::none; }
    /// Members one below the other: "spec.template.spec".
    const Node& at(std::string_view path) const;

    std::string name() const { return kind == Kind::scalar ? text.name() : std::string(); }
    std::optional<std::int64_t> number() const {
        return kind == Kind::scalar ? text.number() : std::optional<std::int64_t>();
    }
};

inline constexpr std::uint32_t most_levels = 60;
inline constexpr std::size_t most_nodes = 5'000'000;

/// The documents of a YAML text; empty ones are left out. Nothing after an error, which is reported. A text of more
/// than `part` bytes is read on several threads.
std::optional<std::vector<NodePtr>> read_yaml(const InFile& file, Diagnostics& diagnostics,
                                              std::size_t part = std::size_t{1} << 18);
/// The same of JSON, one value after the other.
std::optional<std::vector<NodePtr>> read_json(const InFile& file, Diagnostics& diagnostics);
/// JSON that has other lines before, between or after it, as CI jobs print it.
struct JsonAmongLines {
    std::vector<NodePtr> documents;
    std::vector<std::size_t> passed_over;  ///< where what is no JSON begins
};
std::optional<JsonAmongLines> read_json_among_lines(const InFile& file, Diagnostics& diagnostics);
/// A JSON text inside a file, whose offsets are within the text. Nothing if it is none.
std::vector<NodePtr> read_inner_json(const Sealed& text);
/// A YAML text inside a file, which has no place of its own. Nothing if it is none.
std::vector<NodePtr> read_inner_yaml(const Sealed& text);

/// JSON by its first characters?
bool looks_like_json(std::string_view text);

}  // namespace poolfit::imports
