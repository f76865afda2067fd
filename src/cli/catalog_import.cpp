// A provider's price lists and answers into the catalog file beside the inventory.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/prices.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "import_files.hpp"
#include "import_words.hpp"
#include "inputs.hpp"
#include "progress.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

using imports::Imported;
using imports::Left;

enum class FileKind : std::uint8_t { aws, azure, google, orderable, instance_types };
struct KindRow {
    std::string_view name;
    FileKind kind;
    std::string_view what, command;  ///< what the file is, and what fetches one
};
constexpr std::array<KindRow, 5> kinds{
    {{"aws-prices", FileKind::aws, "AmazonRDS prices",
      "aws pricing get-products --region us-east-1 --service-code AmazonRDS --filters "
      "Type=TERM_MATCH,Field=regionCode,Value=REGION > prices.json"},
     {"azure-prices", FileKind::azure, "Azure prices",
      "curl -G https://prices.azure.com/api/retail/prices --data-urlencode \"\\$filter=serviceName eq 'Azure Database "
      "for "
      "PostgreSQL' and armRegionName eq 'REGION'\" > prices.json"},
     {"google-prices", FileKind::google, "Cloud SQL prices",
      "curl 'https://cloudbilling.googleapis.com/v1/services/9662-B51E-5089/skus?pageSize=5000&key=KEY' > prices.json"},
     {"orderable", FileKind::orderable, "classes and versions",
      "aws rds describe-orderable-db-instance-options --engine postgres > orderable.json"},
     {"ec2-instances", FileKind::instance_types, "EC2 types", "aws ec2 describe-instance-types > ec2.json"}}};

std::string size_text(std::uint64_t bytes) { return unit::print(Bytes(static_cast<std::int64_t>(bytes))); }

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
            return unreadable(context_, path, *fault, "name the files in it", kind_.command);
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
        if (has_nothing(file->rows) && !file->parts) return nothing(feed.name, *file);
        if (file->own_date && !how_.today.empty() && file->as_of > how_.today && context_.options.today)
            return fail(context_.diagnostics, "import",
                        fmt::format("{} is dated {}, after --today {}", feed.name, file->as_of, how_.today),
                        "correct --today, or fetch the file again");
        tell(feed.name, *file);
        const catalog::Merged merged = catalog::merge(rows_, std::move(file->rows));
        merged_.added += merged.added;
        merged_.replaced += merged.replaced;
        merged_.same += merged.same;
        merged_.older += merged.older;
        return {};
    }

    /// What no file has the rest of is left out.
    std::optional<Failure> end() {
        std::vector<std::string> half;
        for (const catalog::IncompleteVolume& each : catalog::take_incomplete(rows_))
            half.push_back(fmt::format("{} of {} in {}", each.kind, each.platform->names.brief, each.region));
        merged_.added -= std::min(merged_.added, half.size());
        std::ranges::move(imports::half_known(parts_), std::back_inserter(half));
        if (half.empty()) return {};
        constexpr std::size_t listed = 6;
        const std::string names = first_few(half, listed);
        if (has_nothing(rows_) && rows_.prices.empty())
            return fail(context_.diagnostics, "import", fmt::format("only a part of each price is here: {}", names),
                        "import all pages of the answer together");
        if (!context_.options.quiet)
            context_.log.push_back(
                fmt::format("left out {}: only a part of the price is here; import all pages together", names));
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
            case FileKind::aws:
                return imports::aws_prices(feed, how_, built_in_, context_.sources, context_.diagnostics);
            case FileKind::azure:
                return imports::azure_prices(feed, how_, built_in_, context_.sources, context_.diagnostics);
            case FileKind::google:
                return imports::google_prices(feed, how_, built_in_, parts_, context_.sources, context_.diagnostics);
            case FileKind::orderable:
                return imports::aws_orderable(feed, how_, context_.sources, context_.diagnostics);
            case FileKind::instance_types:
                return imports::aws_instance_types(feed, how_, built_in_, rows_, context_.sources,
                                                   context_.diagnostics);
        }
        return std::nullopt;
    }

    Failure nothing(const std::string& name, const Imported& file) {
        Failure failure{"import", fmt::format("{} has nothing to keep", name)};
        const bool filtered = file.left[static_cast<std::size_t>(Left::filtered)] > 0;
        auto& error = context_.diagnostics.error(
            {}, failure.message,
            filtered ? "correct --region, --engine or --family: see what the file has" : std::string(kind_.command));
        for (std::string& part : left_out(file)) error.notes.emplace_back("left out", std::move(part));
        constexpr std::size_t listed = 6;
        if (filtered && !file.regions.empty())
            error.notes.emplace_back("regions", first_few({file.regions.begin(), file.regions.end()}, listed));
        if (filtered && !file.engines.empty())
            error.notes.emplace_back("engines", first_few({file.engines.begin(), file.engines.end()}, listed));
        return failure;
    }

    void tell(const std::string& name, const Imported& file) {
        if (context_.options.quiet) return;
        context_.log.push_back(fmt::format("{}: {} of {}{}, {}", name, kind_.what, file.as_of,
                                           file.own_date ? "" : " (the file has no date of its own)",
                                           size_text(file.bytes)));
        if (!has_nothing(file.rows)) context_.log.push_back("  kept      " + kept_text(file.rows));
        for (const std::string& part : left_out(file)) context_.log.push_back("  left out  " + part);
        const auto gone = without_price_now(rows_, file);
        constexpr std::size_t listed = 6;
        if (!gone.empty())
            context_.log.push_back(fmt::format("  no price  {}: the list has none any more, and the older one stays",
                                               first_few(gone, listed)));
        if (file.own_date && !how_.today.empty() && file.as_of > how_.today)
            context_.log.push_back(fmt::format("  date      {} is after the day on which the file was written, {}",
                                               file.as_of, how_.today));
        if (!file.goes_on.empty())
            context_.log.push_back("  goes on   the answer has another page, to be fetched and imported too: " +
                                   file.goes_on);
    }

    Context& context_;
    const KindRow& kind_;
    catalog::OverlayRows& rows_;
    imports::PriceOptions how_;
    Catalog built_in_;
    imports::PartsBySize parts_;
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
    if (auto failure = import.end()) return std::move(*failure);

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
