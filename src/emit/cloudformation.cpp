// CloudFormation: the properties that the plan changes, as resources of a template.
#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/emit/identifiers.hpp>
#include <poolfit/platform/platform.hpp>

#include "kinds.hpp"
#include "server_changes.hpp"
#include "settings.hpp"

namespace poolfit::emit {
namespace {

std::string literal(std::string_view text) { return quoted(Language::yaml, text); }

class TemplateMaker {
public:
    explicit TemplateMaker(const Request& request) : request_(request), changes_(server_changes(request)) {}

    Emission make() {
        if (refuses_strategy(request_, emission_)) return std::move(emission_);
        std::vector<std::string> names;
        for (const ServerChange& change : changes_) names.push_back(*database(change).name);
        for (const ServerChange& change : changes_) add(change);
        if (resources_.empty() && changes_.empty()) missing_ += note(Language::yaml, "", "The plan changes no server.");
        std::string text =
            header(request_, Language::yaml, "What the plan changes, as a CloudFormation template", names);
        text +=
            comment(Language::yaml,
                    "Put each property into the resource of your template, next to what is already there: a stack of "
                    "this file alone would make new servers.\n"
                    "The names of resources are made of the inventory's names.");
        for (const std::string& line : left_out(request_)) text += comment(Language::yaml, line);
        if (!changes_.empty())
            for (const std::string& line :
                 order(request_, "One update of a stack makes all changes of servers in it together"))
                text += comment(Language::yaml, line);
        text += missing_;
        text += "AWSTemplateFormatVersion: \"2010-09-09\"\n";
        if (!parameters_.empty()) text += "Parameters:\n" + parameters_;
        text += resources_.empty() ? "Resources: {}\n" : "Resources:\n" + resources_;
        emission_.files.push_back({"poolfit-template.yaml", Language::yaml, std::move(text)});
        return std::move(emission_);
    }

private:
    const Database& database(const ServerChange& change) const { return request_.fleet().databases[change.database]; }

    void open(std::string_view id, std::string_view type) {
        resources_ += fmt::format("  {}:\n    Type: {}\n    Properties:\n", id, type);
    }
    void property(std::string_view name, std::string_view value) {
        resources_ += fmt::format("      {}: {}\n", name, value);
    }

    void add(const ServerChange& change) {
        const Database& its = database(change);
        const CloudFormation* rows = cloudformation_of(its);
        if (rows == nullptr) {
            missing_ +=
                missing(emission_, Language::yaml,
                        fmt::format("{}: CloudFormation has no resource for {}", *its.name, its.platform->names.full),
                        its.platform->tools != nullptr && its.platform->tools->terraform != nullptr
                            ? "poolfit emit terraform has it"
                            : "");
            return;
        }
        const std::string id = distinct_(logical_id(*its.name));
        server(change, *rows, id);
        if (change.max_connections) parameter(change, *rows, id);
        for (const auto& [pooler, percent] : change.shares) share(*rows, pooler, percent);
    }

    void server(const ServerChange& change, const CloudFormation& rows, const std::string& id) {
        const bool apart = !rows.storage_resource.empty();
        if (change.cls != nullptr || (change.volume && !apart)) {
            open(id, rows.resource);
            if (change.cls != nullptr) {
                resources_ += note(Language::yaml, "      ", today_text(database(change)));
                property(rows.cls, literal(change.cls->name));
            }
            if (!apart && change.volume) volume(change, rows);
        }
        if (apart && change.volume) {
            open(distinct_(id + "Cluster"), rows.storage_resource);
            volume(change, rows);
        }
    }

    void volume(const ServerChange& change, const CloudFormation& rows) {
        const VolumeChange& volume = *change.volume;
        const auto add = [&](std::string_view name, const std::string& value) {
            if (name.empty())
                missing_ += missing(emission_, Language::yaml,
                                    fmt::format("{}: {} has no property for a part of the volume: {}",
                                                *database(change).name, rows.resource, value),
                                    "poolfit emit runbook has the step");
            else
                property(name, value);
        };
        if (!volume.kind.empty()) add(rows.storage_type, literal(volume.kind));
        if (volume.gib) add(rows.size, literal(*volume.gib));
        if (volume.iops) add(rows.iops, *volume.iops);
        if (volume.mibps) add(rows.throughput, *volume.mibps);
        // What the template has would be refused, or charged.
        if (volume.drops_iops) add(rows.iops, "!Ref AWS::NoValue");
        if (volume.drops_mibps) add(rows.throughput, "!Ref AWS::NoValue");
    }

    /// Its family is not in the inventory: the template asks for it.
    void parameter(const ServerChange& change, const CloudFormation& rows, const std::string& id) {
        const std::string own = distinct_(id + "Parameters");
        parameters_ += fmt::format("  {}Family:\n    Type: String\n    Description: {}\n", own,
                                   literal("The family of the parameter group of " + *database(change).name));
        open(own, rows.parameters);
        property("Description", literal("Parameters of " + *database(change).name));
        property("Family", fmt::format("!Ref {}Family", own));
        resources_ += fmt::format("      Parameters:\n        max_connections: {}\n",
                                  literal(std::to_string(change.max_connections->value)));
    }

    void share(const CloudFormation& rows, Index pooler, std::int64_t percent) {
        const std::string& name = *request_.fleet().poolers[pooler].name;
        open(distinct_(logical_id(name) + "Targets"), rows.proxy);
        property("DBProxyName", literal(name));
        property("TargetGroupName", "default");
        resources_ +=
            fmt::format("      ConnectionPoolConfigurationInfo:\n        MaxConnectionsPercent: {}\n", percent);
    }

    const Request& request_;
    std::vector<ServerChange> changes_;
    Emission emission_;
    std::string missing_, parameters_, resources_;
    Distinct distinct_{""};
};

Emission emitted(const Request& request) { return TemplateMaker(request).make(); }

}  // namespace

const Kind rows::cloudformation{"cloudformation", "what the plan changes on servers, as resources of a template",
                                "a database", emitted};

}  // namespace poolfit::emit
