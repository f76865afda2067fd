// Files for other tools, made from the plan.
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <poolfit/emit/emit.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/threads/parallel.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

using emit::Emission;

std::variant<const emit::Kind*, Failure> kind_of(Context& context) {
    std::vector<std::string_view> names;
    for (const emit::Kind& kind : emit::kinds()) names.push_back(kind.name);
    const auto refused = [&](std::string message, std::string fix) -> Failure {
        Failure failure{"usage", std::move(message)};
        context.diagnostics.error({}, failure.message, std::move(fix))
            .notes.emplace_back("kinds", fmt::format("{}", fmt::join(names, ", ")));
        return failure;
    };
    const std::string& given = context.options.kind;
    if (given.empty()) return refused("no kind given", "poolfit emit KIND [FILE]");
    if (const emit::Kind* kind = emit::find_kind(given)) return kind;
    const std::string_view near = diag::nearest(given, names);
    return refused(fmt::format("unknown kind: {}", given),
                   near.empty() ? std::string() : fmt::format("did you mean poolfit emit {}?", near));
}

/// Marks the named records; all of them if none is named.
template <class Find>
std::variant<std::vector<char>, Failure> named(const std::vector<std::string>& names, std::size_t count,
                                               const Find& find) {
    std::vector<char> marks(count, names.empty() ? 1 : 0);
    for (const std::string& name : names) {
        const std::variant<Index, Failure> found = find(name);
        if (const auto* failure = std::get_if<Failure>(&found)) return *failure;
        marks[std::get<Index>(found)] = 1;
    }
    return marks;
}

std::variant<const Strategy*, Failure> strategy_of(Context& context, const Report& report) {
    const std::string& given = context.options.strategy;
    if (given.empty()) return static_cast<const Strategy*>(nullptr);
    std::vector<std::string_view> names;
    for (const Strategy& strategy : report.strategies) names.push_back(strategy.name);
    const auto found = std::ranges::find(report.strategies, given, &Strategy::name);
    if (found == report.strategies.end()) {
        const std::string_view near = diag::nearest(given, names);
        Failure failure{"usage", fmt::format("--strategy: no strategy {}", given)};
        context.diagnostics
            .error({}, failure.message, near.empty() ? std::string() : fmt::format("did you mean {}?", near))
            .notes.emplace_back("strategies", fmt::format("{}", fmt::join(names, ", ")));
        return failure;
    }
    if (!found->applicable)
        return fail(context.diagnostics, "usage", fmt::format("--strategy: {} does not apply to this inventory", given),
                    model::command(*report.fleet, "explain", given));
    return &*found;
}

/// What gives the same files again.
std::string command_of(const Options& options, const Fleet& fleet) {
    std::string rest;
    const auto add = [&](std::string_view flag, const std::string& value) {
        rest += fmt::format("{}{} {}", rest.empty() ? "" : " ", flag, model::in_shell(value));
    };
    for (const std::string& name : options.databases) add("--database", name);
    if (!options.service.empty()) add("--service", options.service);
    if (!options.strategy.empty()) add("--strategy", options.strategy);
    return model::command(fleet, "emit " + options.kind, rest);
}

/// To one file, or into a folder, which is made.
std::optional<Failure> add_files(Context& context, const std::string& path, const Emission& emission,
                                 std::vector<Document>& documents) {
    if (emission.files.size() == 1 && !path.ends_with('/') && !is_directory(path)) {
        documents.push_back({path, emission.files.front().text});
        return {};
    }
    if (is_file(path))
        return fail(context.diagnostics, "usage",
                    fmt::format("--output: {} is a file, and {} files are to be written", path, emission.files.size()),
                    "name a folder");
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error)
        return fail(context.diagnostics, "io", fmt::format("cannot make {}: {}", path, error.message()), {},
                    exit_code::fault);
    for (const emit::File& file : emission.files)
        documents.push_back({path + (path.ends_with('/') ? "" : "/") + file.path, file.text});
    return {};
}

Answer written(Context& context, const emit::Request& request, const emit::Kind& kind) {
    const Emission emission = kind.emit(request);
    for (const emit::Gap& gap : emission.gaps) context.diagnostics.warning({}, "missing: " + gap.what, gap.fix);
    if (!emission.refusal.empty())
        return fail(context.diagnostics, "usage", fmt::format("--strategy: {}", emission.refusal),
                    "leave out --strategy");
    if (emission.files.empty() && emission.gaps.empty())
        return fail(context.diagnostics, "usage", fmt::format("nothing to emit: {} needs {}", kind.name, kind.needs));
    std::vector<Document> documents;
    for (const Output& output : context.options.outputs) {
        if (output.format != "json" && emission.files.empty()) continue;  // standard error names what is missing
        if (output.format == "json")
            documents.push_back({output.path, emit::json(request, kind, emission)});
        else if (output.path.empty())
            documents.push_back({"", emit::text(emission)});
        else if (auto failure = add_files(context, output.path, emission, documents))
            return std::move(*failure);
    }
    if (!emission.gaps.empty()) context.exit_code = exit_code::findings;
    return documents;
}

}  // namespace

Answer emit_files(Context& context) {
    const auto kind = kind_of(context);
    if (const auto* failure = std::get_if<Failure>(&kind)) return *failure;
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    if (!inputs.names.empty())
        return fail(context.diagnostics, "usage", fmt::format("no such file: {}", inputs.names.front()),
                    fmt::format("for a database: --database {}", model::in_shell(inputs.names.front())));
    if (context.options.verbose) log_inputs(context, inputs);
    const Fleet& fleet = inputs.fleet;
    auto databases = named(context.options.databases, fleet.databases.size(), [&](const std::string& name) {
        return find_database(context, fleet, "--database: ", name);
    });
    if (auto* failure = std::get_if<Failure>(&databases)) return std::move(*failure);
    std::vector<std::string> service;
    if (!context.options.service.empty()) service.push_back(context.options.service);
    auto services = named(service, fleet.services.size(),
                          [&](const std::string& name) { return find_service(context, fleet, "--service: ", name); });
    if (auto* failure = std::get_if<Failure>(&services)) return std::move(*failure);

    report::Composing how;
    how.term = context.options.price;
    how.today = std::get<std::optional<Date>>(today);
    how.findings = false;
    how.vcpus = false;
    how.threads = threads::usable(8);
    const Report report = report::compose(fleet, inputs.catalog, std::move(how));
    const auto strategy = strategy_of(context, report);
    if (const auto* failure = std::get_if<Failure>(&strategy)) return *failure;
    const emit::Request request{&report, std::get<const Strategy*>(strategy),
                                std::get<std::vector<char>>(std::move(databases)),
                                std::get<std::vector<char>>(std::move(services)), command_of(context.options, fleet)};
    return written(context, request, *std::get<const emit::Kind*>(kind));
}

}  // namespace poolfit::cli
