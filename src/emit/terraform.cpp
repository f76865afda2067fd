// Terraform: an override file with the arguments that the plan changes, and fragments of nested blocks. Terraform
// merges an override's arguments into the resource of the same name, which must be there, so it can neither make nor
// replace a server; a nested block of an override would replace the whole block, so those are fragments to put in by
// hand.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/emit/identifiers.hpp>
#include <poolfit/platform/platform.hpp>

#include "kinds.hpp"
#include "server_changes.hpp"
#include "settings.hpp"

namespace poolfit::emit {
namespace {

/// The arguments of one block, with '=' below each other as `terraform fmt` has them.
class Arguments {
public:
    void add(std::string_view name, std::string value) {
        if (!name.empty()) all_.emplace_back(name, std::move(value));
    }
    bool empty() const { return all_.empty(); }
    std::string text(std::string_view indent) const {
        std::size_t widest = 0;
        for (const auto& [name, value] : all_) widest = std::max(widest, name.size());
        std::string out;
        for (const auto& [name, value] : all_) out += fmt::format("{}{:<{}} = {}\n", indent, name, widest, value);
        return out;
    }

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

std::string literal(std::string_view text) { return quoted(Language::terraform, text); }

std::string resource(std::string_view type, std::string_view name, std::string_view body) {
    return fmt::format("\nresource {} {} {{\n{}}}\n", literal(type), literal(name), body);
}
std::string block(std::string_view name, std::string_view body) { return fmt::format("  {} {{\n{}  }}\n", name, body); }

class TerraformMaker {
public:
    explicit TerraformMaker(const Request& request) : request_(request), changes_(server_changes(request)) {}

    Emission make() {
        if (refuses_strategy(request_, emission_)) return std::move(emission_);
        std::vector<std::string> names;
        for (const ServerChange& change : changes_) names.push_back(*database(change).name);
        for (const ServerChange& change : changes_) add(change);
        std::string about =
            "The names of resources are the inventory's: replace them with those of your configuration.";
        for (const std::string& line : applied_) about += "\n" + line;
        for (const std::string& line : left_out(request_)) about += "\n" + line;
        if (!changes_.empty())
            for (const std::string& line :
                 order(request_, "One apply makes all changes of servers together; -target=TYPE.NAME makes one"))
                about += "\n" + line;
        if (!overrides_.empty() || fragments_.empty()) {
            std::string text =
                header(request_, Language::terraform, "What the plan changes, as a Terraform override", names);
            text += comment(Language::terraform,
                            "Terraform merges these arguments into the resources that are there, and creates none.");
            text += comment(Language::terraform, about);
            if (changes_.empty()) text += comment(Language::terraform, "The plan changes no server.");
            emission_.files.push_back({"poolfit_override.tf", Language::terraform, text + overrides_});
        }
        if (!fragments_.empty()) {
            std::string text =
                header(request_, Language::terraform, "What the plan changes in blocks of Terraform resources", names);
            text += comment(Language::terraform,
                            "Put each argument into the block that the resource has, next to what is already there: an "
                            "override would replace the block.");
            text += comment(Language::terraform, about);
            emission_.files.push_back({"poolfit_fragments.tf.txt", Language::terraform, text + fragments_});
        }
        return std::move(emission_);
    }

private:
    const Database& database(const ServerChange& change) const { return request_.fleet().databases[change.database]; }

    void add(const ServerChange& change) {
        const Database& its = database(change);
        const Terraform* rows = terraform_of(its);
        const std::string name = distinct_(terraform_name(*its.name));
        if (rows == nullptr) {
            overrides_ += '\n';
            overrides_ += missing(
                emission_, Language::terraform,
                fmt::format("{}: no Terraform resource of {} is known", *its.name, its.platform->names.full), {});
            return;
        }
        if (std::string line = fmt::format("{}: {}.", rows->resource, rows->applied);
            std::ranges::find(applied_, line) == applied_.end())
            applied_.push_back(std::move(line));
        server(change, *rows, name);
        volume(change, *rows, name);
        parameter(change, *rows, name);
        for (const auto& [pooler, percent] : change.shares) share(*rows, pooler, percent);
    }

    void put(const Terraform& rows, std::string_view type, std::string_view name, std::string_view notes,
             const Arguments& arguments) {
        if (rows.block.empty())
            overrides_ += resource(type, name, std::string(notes) + arguments.text("  "));
        else
            fragments_ += resource(type, name, block(rows.block, std::string(notes) + arguments.text("    ")));
    }

    void server(const ServerChange& change, const Terraform& rows, const std::string& name) {
        const bool apart = !rows.storage_resource.empty();
        Arguments arguments;
        std::string notes;
        const std::string_view indent = rows.block.empty() ? "  " : "    ";
        if (change.cls != nullptr) {
            notes += note(Language::terraform, indent, today_text(database(change)));
            arguments.add(rows.cls, literal(rows.class_value != nullptr ? rows.class_value(*change.cls)
                                                                        : std::string(change.cls->name)));
        }
        if (!apart && change.volume) notes += add_volume(change, rows, indent, arguments);
        if (!arguments.empty()) put(rows, rows.resource, name, notes, arguments);
    }

    void volume(const ServerChange& change, const Terraform& rows, const std::string& name) {
        if (!change.volume || rows.storage_resource.empty()) return;
        Arguments arguments;
        const std::string notes = add_volume(change, rows, "  ", arguments);
        if (!arguments.empty()) put(rows, rows.storage_resource, name, notes, arguments);
    }

    /// A value whose argument the provider lacks is missing. Gives what stands before the arguments.
    std::string add_volume(const ServerChange& change, const Terraform& rows, std::string_view indent,
                           Arguments& arguments) {
        const VolumeChange& volume = *change.volume;
        std::string notes;
        const auto add = [&](std::string_view argument, std::string value, std::string_view what) {
            if (argument.empty())
                overrides_ += '\n' + missing(emission_, Language::terraform,
                                             fmt::format("{}: no argument of {} is known for {}: {}",
                                                         *database(change).name, rows.resource, what, value),
                                             "poolfit emit runbook has the step");
            arguments.add(argument, std::move(value));
        };
        if (!volume.kind.empty()) add(rows.storage_type, literal(volume.kind), "the kind of volume");
        if (volume.gib) {
            const std::int64_t gib = std::stoll(*volume.gib);
            add(rows.size, std::to_string(gib * rows.size_per_gib), "the size of a volume");
            // The tier may be set, and is not in the inventory: an argument here would bring a higher one down.
            if (rows.tier_of_size != nullptr)
                notes +=
                    note(Language::terraform, indent,
                         fmt::format(
                             "If {0} is set, it must be {1} or higher; this size comes with {1}. A disk can only grow.",
                             rows.tier, rows.tier_of_size(gib)));
        }
        if (volume.iops) add(rows.iops, *volume.iops, "IOPS");
        if (volume.mibps) add(rows.throughput, *volume.mibps, "throughput");
        // What the configuration has would be refused, or charged.
        if (volume.drops_iops) arguments.add(rows.iops, "null");
        if (volume.drops_mibps) arguments.add(rows.throughput, "null");
        return notes;
    }

    void parameter(const ServerChange& change, const Terraform& rows, const std::string& name) {
        if (!change.max_connections) return;
        const std::string value = std::to_string(change.max_connections->value);
        Arguments arguments;
        arguments.add("name", literal("max_connections"));
        if (rows.parameters.empty()) {  // a block of the server's own block
            arguments.add("value", literal(value));
            const std::string inner =
                fmt::format("    {} {{\n{}    }}\n", rows.parameter_block, arguments.text("      "));
            fragments_ += resource(rows.resource, name, block(rows.block, inner));
            return;
        }
        if (rows.parameter_block.empty()) {  // a resource of its own
            arguments.add("server_id", fmt::format("{}.{}.id", rows.resource, name));
            arguments.add("value", literal(value));
            fragments_ += resource(rows.parameters, name + "_max_connections", arguments.text("  "));
            return;
        }
        arguments.add("value", literal(value));
        if (database(change).platform->limit_needs_restart) arguments.add("apply_method", literal("pending-reboot"));
        fragments_ += resource(rows.parameters, name, block(rows.parameter_block, arguments.text("    ")));
    }

    void share(const Terraform& rows, Index pooler, std::int64_t percent) {
        const std::string& name = *request_.fleet().poolers[pooler].name;
        Arguments arguments;
        arguments.add(rows.proxy_share, std::to_string(percent));
        fragments_ +=
            resource(rows.proxy, poolers_(terraform_name(name)), block(rows.proxy_block, arguments.text("    ")));
    }

    const Request& request_;
    std::vector<ServerChange> changes_;
    Emission emission_;
    std::string overrides_, fragments_;
    std::vector<std::string> applied_;  ///< lines, one a resource
    Distinct distinct_{"_"}, poolers_{"_"};
};

Emission emitted(const Request& request) { return TerraformMaker(request).make(); }

}  // namespace

const Kind rows::terraform{"terraform", "what the plan changes on servers, as a Terraform override", "a database",
                           emitted};

}  // namespace poolfit::emit
