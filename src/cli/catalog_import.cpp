// A provider's price lists and answers into the catalog file beside the inventory.
#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/prices.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "inputs.hpp"
#include "progress.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

using imports::Imported;
using imports::Left;

enum class Kind : std::uint8_t { prices, orderable, instance_types };
struct KindRow {
    std::string_view name;
    Kind kind;
    std::string_view what, command;  ///< what the file is, and what fetches one
};
constexpr std::array<KindRow, 3> kinds{
    {{"aws-prices", Kind::prices, "AmazonRDS prices",
      "aws pricing get-products --region us-east-1 --service-code AmazonRDS --filters "
      "Type=TERM_MATCH,Field=regionCode,Value=REGION > prices.json"},
     {"orderable", Kind::orderable, "classes and versions",
      "aws rds describe-orderable-db-instance-options --engine postgres > orderable.json"},
     {"ec2-instances", Kind::instance_types, "EC2 types", "aws ec2 describe-instance-types > ec2.json"}}};

std::string counted(std::size_t count, std::string_view noun) {
    const std::string_view plural = noun.ends_with("ss") ? "es" : "s";
    return fmt::format("{} {}{}", unit::print(Connections(static_cast<std::int64_t>(count))), noun,
                       count == 1 ? "" : plural);
}

/// "3 of other engines".
std::string left_text(Left why, std::size_t count) {
    const std::string number = unit::print(Connections(static_cast<std::int64_t>(count)));
    const auto with = [&](std::string_view words) { return fmt::format("{} {}", number, words); };
    switch (why) {
        case Left::other_product:
            return with("of storage, backups and the like");
        case Left::other_engine:
            return with("of other engines");
        case Left::other_deployment:
            return with("of other deployments, such as clusters with two readable standbys");
        case Left::io_optimized:
            return with("of Aurora I/O-Optimized");
        case Left::not_in_region:
            return with("in Local Zones or Outposts");
        case Left::unknown_location:
            return with("in a place without a region code");
        case Left::filtered:
            return with("that --region, --engine or --family leaves out");
        case Left::other_term:
            return with(
                "also with reserved terms that poolfit has no price for (only 1 year no upfront, 3 years partial)");
        case Left::other_currency:
            return with("not in US dollars");
        case Left::free:
            return with(count == 1 ? "price of 0" : "prices of 0");
        case Left::not_yet:
            return with(count == 1 ? "price that is not in effect yet" : "prices that are not in effect yet");
        case Left::no_price:
            return with("without a price");
        case Left::two_prices:
            return with("with two prices: the higher one is kept");
        case Left::unreadable_version:
            return with("with a version that poolfit does not know");
        case Left::known_class:
            return with("that the built-in catalog has");
        case Left::no_database:
            return with("without a price or an answer for the database class of that name");
        case Left::burstable:
            return with("burstable, whose credits the answer does not have");
    }
    return {};
}

std::string size_text(std::uint64_t bytes) { return unit::print(Bytes(static_cast<std::int64_t>(bytes))); }

/// What was kept, by kind of row.
std::string kept_text(const catalog::OverlayRows& rows) {
    std::vector<std::string> parts;
    std::set<std::string_view> classes, regions, engines;
    std::size_t prices = 0;
    for (const auto& list : rows.lists) {
        prices += list.rates.size();
        regions.insert(list.region);
        engines.insert(list.platform->names.engine);
        for (const auto& rate : list.rates) classes.insert(rate.cls);
    }
    if (prices > 0)
        parts.push_back(fmt::format("{} of {} in {} ({})", counted(prices, "price"), counted(classes.size(), "class"),
                                    counted(regions.size(), "region"), fmt::join(engines, ", ")));
    if (!rows.capacity.empty()) parts.push_back(counted(rows.capacity.size(), "price") + " of capacity");
    if (!rows.support.empty()) parts.push_back(counted(rows.support.size(), "price") + " of Extended Support");
    if (!rows.classes.empty()) {
        constexpr std::size_t listed = 6;
        std::vector<std::string> names;
        for (const auto& cls : rows.classes) names.push_back(cls.name);
        const std::size_t more = names.size() > listed ? names.size() - listed : 0;
        names.resize(names.size() - more);
        parts.push_back(fmt::format("the size of {} that the catalog does not have ({}{})",
                                    counted(rows.classes.size(), "class"), fmt::join(names, ", "),
                                    more > 0 ? fmt::format(" and {} more", more) : std::string()));
    }
    std::size_t answered = 0;
    for (const auto& row : rows.orderable) {
        answered += row.classes.size();
        engines.insert(row.platform->names.engine);
    }
    if (answered > 0)
        parts.push_back(fmt::format("versions of {} ({})", counted(answered, "class"), fmt::join(engines, ", ")));
    return fmt::format("{}", fmt::join(parts, "; "));
}

bool empty(const catalog::OverlayRows& rows) {
    return rows.lists.empty() && rows.capacity.empty() && rows.support.empty() && rows.classes.empty() &&
           rows.orderable.empty();
}

std::vector<std::string> left_out(const Imported& file) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < imports::all_left; ++i) {
        if (file.left[i] == 0) continue;
        parts.push_back(left_text(static_cast<Left>(i), file.left[i]));
        if (static_cast<Left>(i) != Left::two_prices || file.two_prices.empty()) continue;
        constexpr std::size_t listed = 3;
        const std::size_t names = std::min(listed, file.two_prices.size());
        const std::vector<std::string> some(file.two_prices.begin(),
                                            std::next(file.two_prices.begin(), static_cast<std::ptrdiff_t>(names)));
        parts.back() += fmt::format(" ({}{})", fmt::join(some, ", "), file.two_prices.size() > names ? ", ..." : "");
    }
    return parts;
}

/// The day of an answer without one: as the user says, else when the file was written.
std::variant<std::string, Failure> day_of(Context& context, const std::string& path) {
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    if (const auto& day = std::get<std::optional<Date>>(today)) return unit::print(*day);
    return day_written(path).value_or("");
}

/// What the file of that name has already; nothing where there is none.
std::variant<catalog::OverlayRows, Failure> rows_of(Context& context, const std::string& path) {
    if (path.empty() || !is_file(path)) return catalog::OverlayRows{};
    auto source = open_source(context, path, "catalog", "the rows are added to it");
    if (auto* failure = std::get_if<Failure>(&source)) return std::move(*failure);
    const std::string_view text = std::get<const SourceText*>(source)->text();
    if (text.find_first_not_of(" \t\r\n") == text.npos) return catalog::OverlayRows{};
    auto rows = load::overlay_rows(*std::get<const SourceText*>(source), Catalog(), context.diagnostics);
    if (!rows) return has_errors(context, "catalog", path);
    return std::move(*rows);
}

class Import {
public:
    Import(Context& context, const KindRow& kind, catalog::OverlayRows& rows)
        : context_(context), kind_(kind), rows_(rows) {
        const Options& options = context.options;
        how_.regions = options.regions;
        for (const Platform* row : platform::all())
            if (row->has_classes && std::ranges::find(options.engines, row->engine) != options.engines.end())
                how_.platforms.push_back(row);
        how_.classes = options.query.families;
    }

    std::optional<Failure> read(const std::string& path) {
        auto opened = open_stream(path, !context_.options.quiet);
        if (const auto* fault = std::get_if<FileFault>(&opened))
            return fault->wrong_use ? fail(context_.diagnostics, "import", fault->message,
                                           is_directory(path) ? "name the files in it" : std::string(kind_.command))
                                    : fail(context_.diagnostics, "io", fault->message, {}, exit_code::fault);
        auto day = day_of(context_, path);
        if (auto* failure = std::get_if<Failure>(&day)) return std::move(*failure);
        how_.today = std::get<std::string>(day);
        const auto& feed = std::get<imports::Feed>(opened);
        std::optional<Imported> file;
        try {
            file = imported(feed);
        } catch (const imports::FeedFault& fault) {
            return fail(context_.diagnostics, "io", fault.message, {}, exit_code::fault);
        }
        if (!file) return has_errors(context_, "import", feed.name);
        if (file->as_of.empty())
            return fail(context_.diagnostics, "import", fmt::format("{} has no date", feed.name),
                        "--today 2026-11-30: the day on which it was fetched");
        if (empty(file->rows)) {
            Failure failure{"import", fmt::format("{} has nothing to keep", feed.name)};
            auto& error = context_.diagnostics.error({}, failure.message, std::string(kind_.command));
            for (std::string& part : left_out(*file)) error.notes.emplace_back("left out", std::move(part));
            return failure;
        }
        tell(feed.name, *file);
        const catalog::Merged merged = catalog::merge(rows_, std::move(file->rows));
        merged_.added += merged.added;
        merged_.replaced += merged.replaced;
        merged_.same += merged.same;
        merged_.older += merged.older;
        return {};
    }

    std::string summary() const {
        std::vector<std::string> parts{fmt::format("{} added", counted(merged_.added, "row"))};
        if (merged_.replaced > 0) parts.push_back(fmt::format("{} replaced", merged_.replaced));
        if (merged_.same > 0) parts.push_back(fmt::format("{} already there", merged_.same));
        if (merged_.older > 0) parts.push_back(fmt::format("{} older than those that are there", merged_.older));
        return fmt::format("{}", fmt::join(parts, ", "));
    }

private:
    std::optional<Imported> imported(const imports::Feed& feed) {
        switch (kind_.kind) {
            case Kind::prices:
                return imports::aws_prices(feed, how_, built_in_, context_.sources, context_.diagnostics);
            case Kind::orderable:
                return imports::aws_orderable(feed, how_, context_.sources, context_.diagnostics);
            case Kind::instance_types:
                return imports::aws_instance_types(feed, how_, built_in_, rows_, context_.sources,
                                                   context_.diagnostics);
        }
        return std::nullopt;
    }

    void tell(const std::string& name, const Imported& file) {
        if (context_.options.quiet) return;
        context_.log.push_back(fmt::format("{}: {} of {}{}, {}", name, kind_.what, file.as_of,
                                           file.own_date ? "" : " (the file has no date of its own)",
                                           size_text(file.bytes)));
        context_.log.push_back("  kept      " + kept_text(file.rows));
        for (const std::string& part : left_out(file)) context_.log.push_back("  left out  " + part);
    }

    Context& context_;
    const KindRow& kind_;
    catalog::OverlayRows& rows_;
    imports::PriceOptions how_;
    Catalog built_in_;
    catalog::Merged merged_;
};

}  // namespace

Answer catalog_import(Context& context) {
    const std::vector<std::string>& words = context.options.arguments;
    const auto usage = [&](std::string message, std::string fix) {
        return fail(context.diagnostics, "usage", std::move(message), std::move(fix));
    };
    if (words.empty()) return usage("import what?", "poolfit catalog import aws-prices FILE...");
    const auto kind = std::ranges::find(kinds, words.front(), &KindRow::name);
    if (kind == kinds.end()) {
        std::vector<std::string_view> names;
        for (const KindRow& each : kinds) names.push_back(each.name);
        const std::string_view near = diag::nearest(words.front(), names);
        Failure failure{"usage", fmt::format("no such kind of import: {}", words.front())};
        context.diagnostics
            .error({}, failure.message, near.empty() ? std::string() : fmt::format("did you mean {}?", near))
            .notes.emplace_back("kinds", fmt::format("{}", fmt::join(names, ", ")));
        return failure;
    }
    if (words.size() == 1) return usage(fmt::format("import {} of what?", kind->name), std::string(kind->command));

    const Options& options = context.options;
    const bool to_stdout = options.output_path && options.outputs.front().path.empty();
    const std::string path = to_stdout             ? std::string()
                             : options.output_path ? options.outputs.front().path
                                                   : model::own_catalog(usual_inventory());
    if (!path.empty() && !path.ends_with(".json"))
        return usage(fmt::format("{}: the catalog is written as JSON, so its name ends in .json", path),
                     fmt::format("-o {}", model::own_catalog({})));
    for (std::size_t i = 1; i < words.size(); ++i)
        if (!path.empty() && words[i] != "-" && is_same_file(path, words[i]))
            return usage(fmt::format("{} is an input: it would be overwritten", path),
                         "name another file for the output");
    auto there = rows_of(context, path);
    if (auto* failure = std::get_if<Failure>(&there)) return std::move(*failure);
    auto& rows = std::get<catalog::OverlayRows>(there);
    Import import(context, *kind, rows);
    for (std::size_t i = 1; i < words.size(); ++i)
        if (auto failure = import.read(words[i])) return std::move(*failure);

    std::string text = load::print(rows);
    if (path.empty()) return std::vector<Document>{{"", std::move(text)}};
    std::string said = fmt::format("wrote {} ({}): {}\n", path, size_text(text.size()), import.summary());
    if (text.size() > load::max_file_size)
        return usage(fmt::format("{} would have {}", path, size_text(text.size())),
                     "keep less: --region eu-central-1 --engine postgresql");
    std::vector<Document> documents{{path, std::move(text)}, {"", std::move(said)}};
    documents.front().merged = true;
    return documents;
}

}  // namespace poolfit::cli
