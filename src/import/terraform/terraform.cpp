// `terraform show -json` of a plan or a state, and state files. What runs is a fact of kind `running`, what a plan
// makes of it `planned`.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>
#include <poolfit/platform/platform.hpp>

#include "../aws/engines.hpp"
#include "../facts/url.hpp"
#include "../rds/reader.hpp"
#include "../readers.hpp"
#include "readers.hpp"

namespace poolfit::imports {
namespace terraform {

std::string without_port(const Node& node) {
    const std::string text = node.name();
    return Sealed(text.substr(0, text.find(':'))).host();
}

MaybeFact<std::string> region_of(const Resource& resource) {
    MaybeFact<std::string> region;
    const auto take = [&](std::string found, const Node& node, std::string_view how) {
        if (!region && platform::usual().is_region(found))
            region = resource.fact(std::move(found), node, std::string(how));
    };
    take(resource["region"].name(), resource["region"], "region");
    take(std::string(rds::part_of_arn(resource["arn"].text.opened(), 3)), resource["arn"], "arn");
    take(aws::region_of_zone(resource["availability_zone"].name()), resource["availability_zone"], "availability_zone");
    for (const std::string_view key : {"address", "endpoint"})
        if (const auto host = read_rds_host(without_port(resource[key]))) take(host->region, resource[key], key);
    take(resource.provider_region, *resource.values, "the provider's configuration");
    return region;
}

std::string name_of(const Resource& resource, std::string_view attribute) {
    if (std::string name = load::as_name(resource[attribute].name()); !name.empty()) return name;
    // module.data.module.pg["berth"].aws_db_instance.this: data-pg-this, with the keys.
    std::string name;
    std::string_view rest = resource.address;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find_first_of(".[]\"/ :"), rest.size());
        const std::string_view word = rest.substr(0, end);
        if (!word.empty() && word != "module" && word != resource.type) {
            if (!name.empty()) name += '-';
            name += word;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    name = load::as_name(name);
    return name.empty() ? std::string("unnamed") : name;
}

void tell_actions(const Resource& resource, Server& server, Estate& estate) {
    if (resource.deleted) server.refused = fmt::format("the plan deletes {}", resource.address);
    if (resource.created) {
        constexpr std::string_view text = "it does not exist yet: the plan creates it";
        estate.told(server.name, std::string(text), resource.place());
        server.changes.push_back({{}, {}, std::string(text)});
    }
    if (resource.replaced) estate.told(server.name, "the plan replaces it", resource.place());
}

void tell_change(const Resource& resource, Server& server, std::string_view attribute, std::string_view key,
                 Estate& estate) {
    if (resource.today == nullptr) return;
    const Node& now = (*resource.today)[attribute];
    const std::string before = now.name(), after = resource[attribute].name();
    if (before.empty() || after.empty() || before == after) return;
    std::string text = fmt::format("{} is {} today, and {} in the plan", key, before, after);
    estate.told(server.name, text, resource.at(resource[attribute]),
                fmt::format("--set database.{}.{}={}", server.name, key, before));
    server.changes.push_back({std::string(key), after, std::move(text)});
}

void list_unknown(const Resource& resource, Server& server, std::string_view attribute, std::string_view key,
                  Estate& estate) {
    if (!resource.is_unknown(attribute)) return;
    std::string text = fmt::format("{} is not known until apply", attribute);
    estate.not_taken(server.name, text, resource.place(), fmt::format("--set database.{}.{}=VALUE", server.name, key));
    server.changes.push_back({std::string(key), {}, std::move(text)});
}

}  // namespace terraform

namespace {

constexpr std::string_view show = "terraform show -json PLAN > plan.json, or terraform show -json > state.json";

/// The right-looking wrong file: a plan in Terraform's own form, a run's log, what a person is shown.
bool refuse_other_form(const InFile& file, Diagnostics& diagnostics) {
    const std::string_view text = file.text();
    const auto refuse = [&](std::string_view message, std::string_view fix) {
        diagnostics.error(file.place(0), std::string(message), std::string(fix));
        return true;
    };
    if (text.find("\"@level\"") != text.npos && text.find("\"@message\"") != text.npos)
        return refuse("the log of terraform plan -json, which has no values", show);
    if (text.find("Terraform will perform the following actions") != text.npos &&
        text.find("\"planned_values\"") == text.npos)
        return refuse("this is the readable output of terraform plan", show);
    return false;
}

}  // namespace

bool recognise_terraform(std::string_view text) {
    if (text.find("\"terraform_version\"") == text.npos) return false;
    for (const std::string_view key : {"\"format_version\"", "\"planned_values\"", "\"lineage\"", "\"serial\""})
        if (text.find(key) != text.npos) return true;
    return false;
}

void read_terraform(std::span<const InFile> files, Mapped&, Estate& estate, Diagnostics& diagnostics) {
    terraform::Files all;
    const std::size_t before = diagnostics.error_count();
    for (const InFile& file : files) {
        if (refuse_other_form(file, diagnostics) || refuse_wrong_file(file, "terraform", diagnostics)) continue;
        const auto found = read_json_among_lines(file, diagnostics);
        if (!found) continue;
        bool any = false;
        const std::size_t resources = all.all().size();
        for (const NodePtr& document : found->documents) any = all.add(file, document) || any;
        if (!any) {
            diagnostics.error(file.place(0), "neither a plan nor a state of Terraform, as JSON", std::string(show));
            continue;
        }
        if (all.all().size() == resources)
            estate.told(file.name(), "it has no resources: nothing is applied, or it is of another workspace",
                        file.place(0), std::string(show));
        for (const std::size_t at : found->passed_over) {
            const Place place = file.place(at);
            estate.told(file.name(),
                        fmt::format("line {} is where text begins that is not JSON: skipped",
                                    place.source->position(place.span.begin).line),
                        place);
        }
    }
    if (diagnostics.error_count() > before) return;
    terraform::read_aws(all, estate);
    terraform::read_proxies(all, estate);
    terraform::read_ecs(all, estate);
    terraform::read_workloads(all, estate);
    terraform::read_clouds(all, estate);
}

}  // namespace poolfit::imports
