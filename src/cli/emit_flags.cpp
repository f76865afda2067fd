// The flags of `emit`.
#include <array>

#include "flags.hpp"

namespace poolfit::cli {
namespace {

constexpr std::array<FlagRow, 2> rows{{
    {Flag::database, 0, "--database", "NAME", true, "only this database and its pools; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.databases.push_back(v); }},
    {Flag::strategy, 0, "--strategy", "NAME", false,
     "the sizes and classes of this strategy, in place of the recommended one",
     [](Options& o, const std::string& v, Diagnostics&) { o.strategy = v; }},
}};

static_assert(in_order(rows, Flag::database, Flag::end));

}  // namespace

std::span<const FlagRow> emit_flag_rows() { return rows; }

}  // namespace poolfit::cli
