// The flags of `import`.
#include "flags.hpp"

namespace poolfit::cli {
namespace {

constexpr std::array<FlagRow, 9> rows{{
    {Flag::map, 0, "--map", "THEIRS=OURS[:UNIT]", true,
     "which key a column is, and its unit; or which database a host is: HOST=DATABASE; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.maps.push_back(v); }},
    {Flag::fallback, 0, "--default", "KEY=VALUE", true,
     "value for rows that have none: region=us-east-1; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.defaults.push_back(v); }},
    {Flag::automatic, 0, "--auto", "", false,
     "the arguments are only files; the kind of each is found from its content",
     [](Options& o, const std::string&, Diagnostics&) { o.auto_kinds = true; }},
    {Flag::into, 0, "--into", "FILE", false,
     "merge into this inventory and print what changes; your own values, comments and their order stay",
     [](Options& o, const std::string& v, Diagnostics&) { o.into = v; }},
    {Flag::overwrite, 0, "--overwrite", "", false,
     "with --into: also replace your own values, typed in or changed since they were imported",
     [](Options& o, const std::string&, Diagnostics&) { o.overwrite = true; }},
    {Flag::dry_run, 0, "--dry-run", "", false, "with --into: print what would change, and write nothing",
     [](Options& o, const std::string&, Diagnostics&) { o.dry_run = true; }},
    {Flag::service, 0, "--service", "NAME", false, "the service that an application's configuration belongs to",
     [](Options& o, const std::string& v, Diagnostics&) { o.service = v; }},
    {Flag::against, 0, "--against", "KIND FILE...", true,
     "compare with what is deployed, by files that `import KIND` reads; KIND may be auto; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.against.push_back(v); }},
    {Flag::series, 0, "--series", "DIR", true,
     "keep metrics as DIR/DATABASE.csv, which the inventory names; DIR is relative to it",
     [](Options& o, const std::string& v, Diagnostics&) { o.series = v; }},
}};

static_assert(in_order(rows, Flag::map, Flag::max_increase));

}  // namespace

std::span<const FlagRow> import_flag_rows() { return rows; }

}  // namespace poolfit::cli
