#include "against.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/model/command.hpp>

#include "import_files.hpp"

namespace poolfit::cli {

std::variant<std::vector<Drift>, Failure> drifts_of(Context& context, const Inputs& inputs) {
    const Options& options = context.options;
    auto files = files_of(context, options.against, false, "check --against");
    if (auto* failure = std::get_if<Failure>(&files)) return std::move(*failure);
    std::vector<const SourceText*> sources{inputs.files.first};
    sources.insert(sources.end(), inputs.files.more.begin(), inputs.files.more.end());
    const imports::Inventory inventory = documents_of(sources);

    for (const std::string& setting : options.settings)
        if (!options.quiet &&
            (setting.starts_with("service.") || setting.starts_with("database.") || setting.starts_with("pooler.")))
            context.log.push_back(fmt::format("--against: what the file says is compared, not --set {}", setting));

    std::string command = "poolfit import";
    for (const std::string& word : options.against)
        command += fmt::format(" {}", word == "auto" ? "--auto" : model::in_shell(word));
    if (!options.service.empty()) command += fmt::format(" --service {}", model::in_shell(options.service));
    for (const std::string& map : options.maps) command += fmt::format(" --map {}", model::in_shell(map));
    // What the files say is compared whole: the inventory's own values beside a part of it may not fit.
    const imports::ImportOptions how{options.maps, {}, {}, {}, &inventory, options.service, true};
    const auto read =
        read_kinds(context, std::move(std::get<std::vector<imports::FilesOfKind>>(files)), how, inputs.catalog);
    if (const auto* failure = std::get_if<Failure>(&read)) return *failure;
    const auto& imported = std::get<imports::ImportedInventory>(read);
    const auto left = std::ranges::count(imported.notes, imports::Note::Kind::not_taken, &imports::Note::kind);
    if (left > 0 && !options.quiet)
        context.log.push_back(fmt::format("--against: {} not taken from the files; {} names {}",
                                          counted_records(static_cast<std::size_t>(left), "thing"), command,
                                          left == 1 ? "it" : "them"));
    std::vector<Drift> drifts = imports::compare(inventory, imported, inputs.files.environment);
    // Where values of the user's own stay, some of the files' may not fit beside them.
    const bool own = std::ranges::any_of(drifts, &Drift::own);
    const std::vector<std::string> unfit =
        own ? imports::unfit(inventory, imported, inputs.catalog, context.sources) : std::vector<std::string>();
    const auto needs_overwrite = [&](const Drift& drift) {
        const std::string kind = drift.record == "pool" ? "service" : drift.record == "alias" ? "pooler" : drift.record;
        const std::string record = fmt::format("{}.{}", kind, drift.top);
        const bool volume = drift.key.starts_with("storage.");
        return std::ranges::find(unfit, record) != unfit.end() ||
               (volume && std::ranges::find(unfit, record + ".storage") != unfit.end());
    };
    for (Drift& drift : drifts) {
        const bool in_file = drift.place && drift.place.source != nullptr && !drift.place.source->name().empty();
        // What an environment changes is not in the record that an import writes.
        if (drift.kind == Drift::Kind::gone || drift.stays || !in_file || !inputs.files.environment.empty()) continue;
        // The first file heals those that it includes.
        std::string file = drift.place.source->name();
        if (std::ranges::any_of(inputs.more,
                                [&](const Inventory& each) { return each.path == file && each.named_by == "include"; }))
            file = inputs.inventory.path == "-" ? "<stdin>" : inputs.inventory.path;
        if (file != "<stdin>")
            drift.command = fmt::format("{} --into {}{}", command, model::file_in_shell(file),
                                        needs_overwrite(drift) ? " --overwrite" : "");
    }
    return drifts;
}

}  // namespace poolfit::cli
