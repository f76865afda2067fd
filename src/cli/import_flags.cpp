// The flags of `import`.
#include "flags.hpp"

namespace poolfit::cli {
namespace {

constexpr std::array<FlagRow, 9> rows{{
    {Flag::map, 0, "--map", "THEIRS=OURS[:UNIT]", true,
     "which key a column is, and its unit; or which database a host is: HOST=DATABASE; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.maps.push_back(v); }},
    {Flag::fallback, 0, "--default", "KEY=VALUE", true,
     "what rows without a value have: region=us-east-1; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.defaults.push_back(v); }},
    {Flag::automatic, 0, "--auto", "", false, "the arguments are files alone: which kind each is, its content says",
     [](Options& o, const std::string&, Diagnostics&) { o.auto_kinds = true; }},
    {Flag::into, 0, "--into", "FILE", false,
     "merge into this inventory: prints what changes; your own values, comments and their order stay",
     [](Options& o, const std::string& v, Diagnostics&) { o.into = v; }},
    {Flag::overwrite, 0, "--overwrite", "", false,
     "with --into: also values that are yours, typed in or changed since they were imported",
     [](Options& o, const std::string&, Diagnostics&) { o.overwrite = true; }},
    {Flag::dry_run, 0, "--dry-run", "", false, "with --into: prints what would change, and writes nothing",
     [](Options& o, const std::string&, Diagnostics&) { o.dry_run = true; }},
    {Flag::service, 0, "--service", "NAME", false, "which service the configuration of an application is about",
     [](Options& o, const std::string& v, Diagnostics&) { o.service = v; }},
    {Flag::against, 0, "--against", "KIND FILE...", true,
     "compare with what is deployed, by files that `import KIND` reads; KIND may be auto; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.against.push_back(v); }},
    {Flag::series, 0, "--series", "DIR", true,
     "keep what was watched as DIR/DATABASE.csv, which the inventory names; DIR is relative to it",
     [](Options& o, const std::string& v, Diagnostics&) { o.series = v; }},
}};

static_assert(in_order(rows, Flag::map, Flag::database));

}  // namespace

std::span<const FlagRow> import_flag_rows() { return rows; }

}  // namespace poolfit::cli
