// The flags of `import`.
#include "flags.hpp"

namespace poolfit::cli {
namespace {

constexpr std::array<FlagRow, 4> rows{{
    {Flag::map, 0, "--map", "THEIRS=OURS[:UNIT]", true, "which key a column is, and its unit; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.maps.push_back(v); }},
    {Flag::fallback, 0, "--default", "KEY=VALUE", true,
     "what rows without a value have: region=us-east-1; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.defaults.push_back(v); }},
    {Flag::automatic, 0, "--auto", "", false, "the arguments are files alone: which kind each is, its content says",
     [](Options& o, const std::string&, Diagnostics&) { o.auto_kinds = true; }},
    {Flag::series, 0, "--series", "DIR", true,
     "keep what was watched as DIR/DATABASE.csv, which the inventory names; DIR is relative to it",
     [](Options& o, const std::string& v, Diagnostics&) { o.series = v; }},
}};

}  // namespace

std::span<const FlagRow> import_flag_rows() { return rows; }

}  // namespace poolfit::cli
