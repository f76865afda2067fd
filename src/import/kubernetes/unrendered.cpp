#include "unrendered.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>

#include "../readers.hpp"

namespace poolfit::imports::kubernetes {
namespace {

constexpr std::string_view into = " > manifests.yaml";

/// What an object names, and the command that renders it.
struct Source {
    std::string names, renders;
};

/// "apps/shop" of "./apps/shop"; empty of what may not stand in a command.
std::string path_of(const Node& node) {
    std::string_view path = node.text.opened();
    while (path.starts_with("./")) path.remove_prefix(2);
    return Sealed(std::string(path)).name();
}

std::string folder_of(const InFile& file) {
    const std::string& name = file.name();
    const std::size_t slash = name.rfind('/');
    return slash == name.npos ? "." : model::file_in_shell(name.substr(0, slash));
}

std::string named(std::string_view what, const std::string& name) {
    return name.empty() ? fmt::format("a {}", what) : fmt::format("the {} {}", what, name);
}
std::string or_word(const std::string& name, std::string_view word) { return name.empty() ? std::string(word) : name; }

/// The source of an Application, of several the first that has a chart or a path.
const Node& source_of(const Node& spec) {
    for (const Node::Item& item : spec["sources"].items)
        if (item.value->has("chart") || item.value->has("path")) return *item.value;
    return spec["source"];
}

Source application(const Object& object) {
    const Node& source = source_of(object.spec());
    const std::string chart = source["chart"].name(), path = path_of(source["path"]);
    const std::string app = or_word(object.name, "NAME");
    const std::string first = fmt::format("argocd app manifests {}{}", app, into);
    if (source.has("chart"))
        return {named("chart", chart),
                fmt::format("{}, or helm template {} {} --repo URL{}", first, app, or_word(chart, "CHART"), into)};
    const std::string helm = fmt::format("helm template {} {}{}", app, or_word(path, "PATH"), into);
    const std::string kustomize = fmt::format("kubectl kustomize {}{}", or_word(path, "PATH"), into);
    if (source["helm"].is_map()) return {named("chart in the folder", path), fmt::format("{}, or {}", first, helm)};
    return {named("folder", path), source["kustomize"].is_map()
                                       ? fmt::format("{}, or {}", first, kustomize)
                                       : fmt::format("{}, or {}, or {}", first, kustomize, helm)};
}

Source application_set(const Object& object) {
    const Node& source = source_of(object.spec()["template"]["spec"]);
    return {source.has("chart") ? named("chart", source["chart"].name()) + " for each of its Applications"
                                : std::string("a folder or a chart for each of its Applications"),
            fmt::format("argocd app manifests NAME{}, for each of them", into)};
}

/// `space`: where the release is, if its object does not say it.
std::string release(const std::string& name, const std::string& space, const std::string& chart) {
    return fmt::format("helm get manifest {}{}{}, or helm template {} {} -f VALUES{}", or_word(name, "NAME"),
                       space.empty() ? space : " -n " + space, into, or_word(name, "NAME"), or_word(chart, "CHART"),
                       into);
}

Source helm_release(const Object& object) {
    const Node& spec = object.spec();
    const std::string chart = spec["chart"]["spec"]["chart"].name(), target = spec["targetNamespace"].name();
    std::string name = spec["releaseName"].name();
    if (name.empty()) name = target.empty() ? object.name : target + '-' + object.name;
    return {named("chart", chart) + " and its values", release(name, target.empty() ? object.space : target, chart)};
}

Source helm_chart(const Object& object) {
    const std::string chart = object.spec()["chart"].name(), target = object.spec()["targetNamespace"].name();
    return {named("chart", chart) + " and its values",
            release(object.name, target.empty() ? object.space : target, chart)};
}

Source flux_kustomization(const Object& object) {
    const std::string path = path_of(object.spec()["path"]);
    return {named("folder", path),
            fmt::format("flux build kustomization {} --path {}{}, or kubectl kustomize {}{}",
                        or_word(object.name, "NAME"), or_word(path, "PATH"), into, or_word(path, "PATH"), into)};
}

Source kustomization_in(const InFile& file) {
    return {"manifests and changes to them", fmt::format("kubectl kustomize {}{}", folder_of(file), into)};
}

Source kustomization(const Object& object) { return kustomization_in(*object.file); }

Source open_shift(const Object& object) {
    return {"objects with parameters in them",
            fmt::format("oc process --local -f {} -o yaml{}", model::file_in_shell(object.file->name()), into)};
}

struct Row {
    std::string_view api, kind, what, many, of_several;
    Source (*read)(const Object& object);
};
constexpr std::array<Row, 8> rows{{
    {"argoproj.io/", "Application", "an Application of Argo CD", "Applications of Argo CD", "argocd app manifests NAME",
     application},
    {"argoproj.io/", "ApplicationSet", "an ApplicationSet of Argo CD", "ApplicationSets of Argo CD",
     "argocd app manifests NAME", application_set},
    {"helm.toolkit.fluxcd.io/", "HelmRelease", "a HelmRelease of Flux", "HelmReleases of Flux",
     "helm get manifest NAME", helm_release},
    {"helm.cattle.io/", "HelmChart", "a HelmChart of K3s", "HelmCharts of K3s", "helm get manifest NAME", helm_chart},
    {"kustomize.toolkit.fluxcd.io/", "Kustomization", "a Kustomization of Flux", "Kustomizations of Flux",
     "flux build kustomization NAME --path PATH", flux_kustomization},
    {"kustomize.config.k8s.io/", "Kustomization", "a Kustomization", "Kustomizations", "kubectl kustomize FOLDER",
     kustomization},
    {"kustomize.config.k8s.io/", "Component", "a Component of Kustomize", "Components of Kustomize",
     "kubectl kustomize FOLDER", kustomization},
    {"template.openshift.io/", "Template", "a Template of OpenShift", "Templates of OpenShift",
     "oc process --local -f FILE -o yaml", open_shift},
}};

/// So many of a kind are listed one by one.
constexpr std::size_t most_single = 5;

void tell_one(std::string_view what, const std::string& name, const Source& source, const Place& place,
              Estate& estate) {
    estate.not_taken(name, fmt::format("{} names {}: what it runs is not in the file", what, source.names), place,
                     source.renders);
}

}  // namespace

bool Unrendered::take(const Object& object) {
    const auto row = std::ranges::find_if(
        rows, [&](const Row& each) { return object.kind == each.kind && object.api.starts_with(each.api); });
    if (row == rows.end()) return false;
    Source source = row->read(object);
    found_[static_cast<std::size_t>(row - rows.begin())].push_back(
        {or_word(object.name, "kustomization"), std::move(source.names), std::move(source.renders), object.place()});
    return true;
}

void Unrendered::tell(Estate& estate) const {
    for (const auto& [index, all] : found_) {
        const Row& row = rows[index];
        if (all.size() <= most_single) {
            for (const Found& each : all) tell_one(row.what, each.name, {each.names, each.renders}, each.place, estate);
            continue;
        }
        std::vector<std::string> names;
        for (const Found& each : all) names.push_back(each.name);
        const std::vector<std::string> shown(names.begin(), names.begin() + most_single);
        Note note{Note::Kind::not_taken, "workloads",
                  fmt::format("{} {} name what they run, which is not in the file: {} and {} more", names.size(),
                              row.many, fmt::join(shown, ", "), names.size() - most_single),
                  fmt::format("{}{}, for each of them", row.of_several, into), all.front().place};
        note.names = std::move(names);
        estate.notes.push_back(std::move(note));
    }
}

bool tell_kustomization(const Node* first, const InFile& file, Estate& estate) {
    const std::string_view base = std::string_view(file.name()).substr(file.name().rfind('/') + 1);
    if (first == nullptr || !first->is_map() || (base != "kustomization.yaml" && base != "kustomization.yml"))
        return false;
    tell_one("a Kustomization", "kustomization", kustomization_in(file), file.place(first->offset), estate);
    return true;
}

std::string advice_on(const Node* first, const InFile& file) {
    if (first == nullptr || !first->is_map()) return std::string(find_importer("kubernetes")->usage);
    const Node& node = *first;
    if (node["apiVersion"].text.is("v2") && node.has("name") && node.has("version"))
        return fmt::format("this describes a Helm chart: helm template {}{}", folder_of(file), into);
    if (node["releases"].is_list() && !node["releases"].items.empty() &&
        node["releases"].items.front().value->has("chart"))
        return fmt::format("this is a helmfile: helmfile template{}", into);
    if (node["services"].is_map()) return "this is a Compose file: poolfit import compose FILE";
    if (looks_like_json(file.text())) return std::string(find_importer("kubernetes")->usage);
    return "these look like values of a Helm chart: helm template CHART -f VALUES > manifests.yaml";
}

}  // namespace poolfit::imports::kubernetes
