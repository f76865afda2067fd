#include "flags.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include <poolfit/plan/worlds.hpp>
#include <poolfit/unit/parse.hpp>

#include "commands.hpp"

namespace poolfit::cli {

void no_such_choice(std::string_view flag, const std::string& given, const std::vector<std::string_view>& names,
                    Diagnostics& diagnostics) {
    std::string_view near = diag::nearest(given, names);
    const auto begins = [&](std::string_view name) { return given.size() > 1 && name.starts_with(given); };
    if (near.empty() && std::ranges::count_if(names, begins) == 1) near = *std::ranges::find_if(names, begins);
    diagnostics
        .error({}, fmt::format("{}: no such choice: {}", flag, given),
               near.empty() ? std::string() : fmt::format("did you mean {} {}?", flag, near))
        .notes.emplace_back("choices", fmt::format("{}", fmt::join(names, ", ")));
}

void refuse(std::string_view flag, const unit::ParseError& error, Diagnostics& diagnostics) {
    diagnostics.error({}, fmt::format("{}: {}", flag, error.message), error.fix);
}

namespace {

/// A whole number from `least` to `most`.
std::optional<long> whole(std::string_view flag, const std::string& given, long least, long most,
                          Diagnostics& diagnostics) {
    const auto parsed = unit::parse_number(given);
    const double* number = std::get_if<double>(&parsed);
    if (number != nullptr && std::trunc(*number) == *number && *number >= static_cast<double>(least) &&
        *number <= static_cast<double>(most)) {
        return static_cast<long>(*number);
    }
    diagnostics.error({}, fmt::format("{}: {} is not a whole number between {} and {}", flag, given, least, most));
    return {};
}

std::optional<MicroUsdPerMonth> dollars(std::string_view flag, std::string_view given, Diagnostics& diagnostics) {
    if (!given.empty() && given.front() == '$') given.remove_prefix(1);
    const auto parsed = unit::parse_number(given);
    const double* number = std::get_if<double>(&parsed);
    if (number != nullptr && *number >= 0 && *number <= 1e9) return MicroUsdPerMonth(std::llround(*number * 1e6));
    diagnostics.error({}, fmt::format("{}: {} is not an amount of dollars per month", flag, given),
                      flag == "--min-savings" ? "write a share, 10%, or dollars per month, $10"
                                              : "write a number of dollars, 10 or $10");
    return {};
}

void take_format(Options& options, const std::string& given, Diagnostics&) {
    const std::size_t equals = given.find('=');
    Output output{given.substr(0, equals), equals == std::string::npos ? "" : given.substr(equals + 1)};
    output.empty_path = equals != std::string::npos && output.path.empty();
    if (output.format == "json" && equals == std::string::npos) options.json = true;
    options.outputs.push_back(std::move(output));
}

void take_json(Options& options, const std::string&, Diagnostics&) {
    options.json = true;
    options.outputs.push_back({"json", ""});
}

void take_price(Options& options, const std::string& given, Diagnostics& diagnostics) {
    std::vector<Choice<PriceTerm>> terms;
    for (const PriceTermRow& row : platform::terms()) terms.push_back({row.word, row.term});
    choose<PriceTerm>("--price", terms, given, options.price, diagnostics);
}

/// What the rows with classes have in a field, each once.
std::vector<Choice<std::string_view>> with_classes(std::string_view Platform::*field) {
    std::vector<Choice<std::string_view>> choices;
    for (const Platform* row : platform::all())
        if (row->has_classes &&
            std::ranges::find(choices, row->*field, &Choice<std::string_view>::name) == choices.end())
            choices.push_back({row->*field, row->*field});
    return choices;
}

void take_engine(Options& options, const std::string& given, Diagnostics& diagnostics) {
    choose<std::string_view>("--engine", with_classes(&Platform::engine), given, options.engine, diagnostics);
    options.engines.push_back(options.engine);
}

void take_provider(Options& options, const std::string& given, Diagnostics& diagnostics) {
    std::string_view provider;
    choose<std::string_view>("--provider", with_classes(&Platform::provider), given, provider, diagnostics);
    if (!provider.empty()) options.provider = provider;
}

/// "10%" and "$10" are keys of the policy, so they are read as a `--set`.
void take_min_savings(Options& options, const std::string& given, Diagnostics& diagnostics) {
    if (given.ends_with('%')) {
        const auto parsed = unit::parse<Fraction>(given);
        if (const auto* error = std::get_if<unit::ParseError>(&parsed)) {
            refuse("--min-savings", *error, diagnostics);
        } else if (std::get<Fraction>(parsed) > Fraction(1)) {
            diagnostics.error({}, fmt::format("--min-savings: {} is more than 100%", given));
        } else {
            options.settings.push_back("policy.min_savings=" + given);
        }
    } else if (dollars("--min-savings", given, diagnostics)) {
        options.settings.push_back("policy.min_savings_per_month=" + given.substr(given.front() == '$' ? 1 : 0));
    }
}

void take_today(Options& options, const std::string& given, Diagnostics& diagnostics) {
    options.today = unit::parse_date(given);
    if (!options.today) {
        diagnostics.error({}, fmt::format("--today: {} is not a date", given), "write it as 2026-11-24");
    }
}

void take_fail_on(Options& options, const std::string& given, Diagnostics& diagnostics) {
    std::vector<Choice<std::optional<Severity>>> levels{
        {"error", Severity::error}, {"warning", Severity::warning}, {"info", Severity::info}, {"none", std::nullopt}};
    // All that `diff` judges is new.
    if (options.command != nullptr && options.command->name == "diff") levels.push_back({"new", Severity::info});
    choose<std::optional<Severity>>("--fail-on", levels, given, options.fail_on, diagnostics);
}

void take_env(Options& options, const std::string& given, Diagnostics& diagnostics) {
    if (given.empty()) diagnostics.error({}, "--env: empty name");
    options.environment = given;
}

void take_vcpu(Options& options, const std::string& given, Diagnostics& diagnostics) {
    const auto parsed = unit::parse_number_range(given);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed)) return refuse("--vcpu", *error, diagnostics);
    const auto& range = std::get<Interval<double>>(parsed);
    if (range.low < 0 || range.high > 1e6) {
        diagnostics.error({}, fmt::format("--vcpu: {} is not a number of vCPUs", given));
        return;
    }
    options.query.vcpu_min = std::llround(std::ceil(range.low));
    options.query.vcpu_max = std::llround(std::floor(range.high));
}

void take_memory(Options& options, const std::string& given, Diagnostics& diagnostics) {
    const auto parsed = unit::parse_range<Bytes>(given);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed)) return refuse("--memory", *error, diagnostics);
    const auto& range = std::get<Interval<Bytes>>(parsed);
    options.query.memory_min = range.low;
    options.query.memory_max = range.high;
}

void take_arch(Options& options, const std::string& given, Diagnostics& diagnostics) {
    constexpr std::array<Choice<std::optional<Arch>>, 2> archs{{{"x86_64", Arch::x86_64}, {"arm64", Arch::arm64}}};
    choose("--arch", archs, given, options.query.arch, diagnostics);
}

void take_max_price(Options& options, const std::string& given, Diagnostics& diagnostics) {
    options.query.max_price = dollars("--max-price", given, diagnostics);
}

void take_sort(Options& options, const std::string& given, Diagnostics& diagnostics) {
    using Sort = catalog::Query::Sort;
    if (options.command != nullptr && options.command->name == "plan") {
        constexpr std::array<Choice<std::optional<Order>>, 5> orders{{{"action", Order::action},
                                                                      {"saving", Order::saving},
                                                                      {"risk", Order::risk},
                                                                      {"connections", Order::connections},
                                                                      {"name", Order::name}}};
        return choose("--sort", orders, given, options.order, diagnostics);
    }
    constexpr std::array<Choice<Sort>, 5> orders{{{"price", Sort::price},
                                                  {"name", Sort::name},
                                                  {"vcpu", Sort::vcpu},
                                                  {"memory", Sort::memory},
                                                  {"connections", Sort::connections}}};
    choose("--sort", orders, given, options.query.sort, diagnostics);
}

void take_top(Options& options, const std::string& given, Diagnostics& diagnostics) {
    if (const auto rows = whole("--top", given, 1, 1'000'000, diagnostics)) {
        options.top = static_cast<std::size_t>(*rows);
    }
}

void take_worlds(Options& options, const std::string& given, Diagnostics& diagnostics) {
    if (const auto count = whole("--worlds", given, 1, plan::most_worlds, diagnostics)) options.worlds = *count;
}

void take_color(Options& options, const std::string& given, Diagnostics& diagnostics) {
    constexpr std::array<Choice<Colour>, 3> whens{
        {{"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}}};
    choose("--color", whens, given, options.colour, diagnostics);
}

void take_width(Options& options, const std::string& given, Diagnostics& diagnostics) {
    if (const auto columns = whole("--width", given, 40, 400, diagnostics)) options.width = static_cast<int>(*columns);
}

using O = Options;
using S = const std::string;
using D = Diagnostics;

constexpr std::array<FlagRow, 36> rows{{
    {Flag::config, 'c', "--config", "FILE", true,
     "the inventory, TOML or JSON; - is standard input; may be repeated: one inventory of several files",
     [](O& o, S& v, D&) { o.configs.push_back(v); }},
    {Flag::env, 0, "--env", "NAME", false, "with what [env.NAME] of the inventory changes", take_env},
    {Flag::catalog, 0, "--catalog", "FILE", true, "your own rows on top of the catalog; may be repeated",
     [](O& o, S& v, D&) { o.catalogs.push_back(v); }},
    {Flag::format, 0, "--format", "FMT[=PATH]", true, "", take_format},
    {Flag::json, 0, "--json", "", false, "same as --format json; errors are JSON too", take_json},
    {Flag::output, 'o', "--output", "PATH", false, "write the text to a file",
     [](O& o, S& v, D&) { o.output_path = v; }},
    {Flag::set, 0, "--set", "KEY=VALUE", true, "change a key of the inventory: service.api.instances=4",
     [](O& o, S& v, D&) { o.settings.push_back(v); }},
    {Flag::only, 0, "--only", "GLOB", true, "only databases with this name (simulate: services); may be repeated",
     [](O& o, S& v, D&) { o.only.push_back(v); }},
    {Flag::exclude, 0, "--exclude", "GLOB", true, "skip databases with this name (simulate: services); may be repeated",
     [](O& o, S& v, D&) { o.exclude.push_back(v); }},
    {Flag::price, 0, "--price", "TERM", false, "list (on demand), ri1 or ri3 (reserved 1 or 3 years)", take_price},
    {Flag::min_savings, 0, "--min-savings", "AMOUNT", false, "smallest saving worth a change: 10% or $10 per month",
     take_min_savings},
    {Flag::today, 0, "--today", "DATE", false, "date of the plan; default SOURCE_DATE_EPOCH", take_today},
    {Flag::derivations, 0, "--derivations", "", false,
     "JSON with each figure's derivation, even for more than 20 databases", [](O& o, S&, D&) { o.derivations = true; }},
    {Flag::all_candidates, 0, "--all-candidates", "", false,
     "JSON with every class on offer, including more expensive ones", [](O& o, S&, D&) { o.all_candidates = true; }},
    {Flag::summary, 0, "--summary", "", false, "only a line for each database, and the totals",
     [](O& o, S&, D&) { o.summary = true; }},
    {Flag::worlds, 0, "--worlds", "N", false,
     "draw what is uncertain N times: chances of each class, and least regret; 1000 is usual", take_worlds},
    {Flag::fail_on, 0, "--fail-on", "LEVEL", false, "error (default), warning, info or none", take_fail_on},
    {Flag::baseline, 0, "--baseline", "FILE", false, "fail only for findings that this file of poolfit baseline lacks",
     [](Options& o, const std::string& v, Diagnostics&) { o.baseline = v; }},
    {Flag::rule, 0, "--rule", "ID", true, "only this rule: id, name or id prefix; may be repeated",
     [](O& o, S& v, D&) { o.rules.push_back(v); }},
    {Flag::no_rule, 0, "--no-rule", "ID", true, "not this rule; may be repeated",
     [](O& o, S& v, D&) { o.without_rules.push_back(v); }},
    {Flag::engine, 0, "--engine", "ENGINE", true, "classes for this engine; default postgresql", take_engine},
    {Flag::provider, 0, "--provider", "PROVIDER", false, "classes of this provider: aws (default), gcp or azure",
     take_provider},
    {Flag::vcpu, 0, "--vcpu", "N[-M]", false, "vCPUs: 2, or a range 2-8", take_vcpu},
    {Flag::memory, 0, "--memory", "SIZE", false, "memory: \"8 GiB\", or a range \"8-32 GiB\"", take_memory},
    {Flag::arch, 0, "--arch", "ARCH", false, "x86_64 or arm64", take_arch},
    {Flag::family, 0, "--family", "GLOB", true, "family or class: t4g, db.r*.large; may be repeated",
     [](O& o, S& v, D&) { o.query.families.push_back(v); }},
    {Flag::region, 0, "--region", "REGION", true, "prices in this region; default us-east-1, us-central1 or westeurope",
     [](O& o, S& v, D&) {
         o.query.region = v;
         o.regions.push_back(v);
     }},
    {Flag::max_price, 0, "--max-price", "USD", false, "at most this many dollars per month", take_max_price},
    {Flag::sort, 0, "--sort", "KEY", false, "price, name, vcpu, memory or connections", take_sort},
    {Flag::top, 0, "--top", "N", false, "the first N rows, and how many more there are", take_top},
    {Flag::color, 0, "--color", "WHEN", false, "auto, always or never", take_color},
    {Flag::width, 0, "--width", "N", false, "text width in columns, 40 to 400", take_width},
    {Flag::quiet, 'q', "--quiet", "", false, "no warnings, no progress", [](O& o, S&, D&) { o.quiet = true; }},
    {Flag::verbose, 'v', "--verbose", "", false, "plan: more of each database; and where inputs and settings come from",
     [](O& o, S&, D&) { o.verbose = true; }},
    {Flag::help, 'h', "--help", "", false, "this text", [](O& o, S&, D&) { o.help = true; }},
    {Flag::version, 0, "--version", "", false, "the version", [](O& o, S&, D&) { o.version = true; }},
}};

static_assert(in_order(rows, Flag::config, Flag::rate));

/// In the order of `Flag`.
std::array<std::span<const FlagRow>, 6> tables() {
    return {std::span<const FlagRow>(rows),
            pool_flag_rows(),
            simulate_flag_rows(),
            import_flag_rows(),
            diff_flag_rows(),
            emit_flag_rows()};
}

}  // namespace

const FlagRow& row_of(Flag flag) {
    auto index = static_cast<std::size_t>(flag);
    for (const std::span<const FlagRow> table : tables()) {
        if (index < table.size()) return table[index];
        index -= table.size();
    }
    return rows.front();  // no flag is without a row
}

const FlagRow* find_flag(std::string_view word) {
    const std::string_view name = word.substr(0, word.find('='));
    const auto matches = [&](const FlagRow& row) {
        if (word.starts_with("--")) return row.name == name || (!row.alias.empty() && row.alias == name);
        return row.letter != 0 && word.size() > 1 && word[0] == '-' && word[1] == row.letter;
    };
    for (const std::span<const FlagRow> table : tables()) {
        const auto found = std::find_if(table.begin(), table.end(), matches);
        if (found != table.end()) return &*found;
    }
    return nullptr;
}

}  // namespace poolfit::cli
