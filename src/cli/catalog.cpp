#include <algorithm>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>
#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace poolfit::cli {
namespace {

/// The region asked for; one that the catalog has no price of is an error.
std::variant<std::string, Failure> region_of(Context& context, const Catalog& catalog, const Platform& platform) {
    const std::string& region = context.options.query.region;
    if (region.empty()) return std::string(platform.catalog_region);
    const auto regions = catalog.regions(platform);
    if (std::find(regions.begin(), regions.end(), region) != regions.end()) return region;
    const std::string_view near = diag::nearest(region, regions);
    Failure failure{"usage", fmt::format("--region: no prices for {}", region)};
    context.diagnostics.error({}, failure.message, near.empty() ? std::string() : fmt::format("did you mean {}?", near))
        .notes.emplace_back("regions", fmt::format("{}", fmt::join(regions, ", ")));
    return failure;
}

/// What --provider and --engine name together.
std::variant<const Platform*, Failure> platform_of(Context& context) {
    const std::string_view engine = context.options.engine;
    const std::string_view provider = context.options.provider.value_or(platform::usual_provider);
    const Platform* found = platform::find(provider, engine);
    if (found != nullptr && found->has_classes) return found;
    Failure failure{"usage", fmt::format("--engine: no classes of {} on {}", engine, provider)};
    std::vector<std::string_view> engines;
    for (const std::string_view each : platform::engines_of(provider))
        if (platform::find(provider, each)->has_classes) engines.push_back(each);
    context.diagnostics.error({}, failure.message, fmt::format("--engine {}", engines.front()))
        .notes.emplace_back("engines", fmt::format("{}", fmt::join(engines, ", ")));
    return failure;
}

std::string with_prefix(const Platform& platform, const std::string& name) {
    return std::string(platform.class_prefix) + name;
}

const InstanceClass* find_class(const Catalog& catalog, const Platform& platform, const std::string& name) {
    const InstanceClass* cls = catalog.find_class(platform, name);
    return cls != nullptr ? cls : catalog.find_class(platform, with_prefix(platform, name));
}

/// The list that a name of this kind would be in.
std::string list_of(const std::string& name, const Platform& platform) {
    if (platform::is_elastic_class(name))
        return "it is no class, and follows the load: poolfit explain and plan price it, poolfit catalog platforms "
               "lists what it is offered with";
    const Platform* of = &platform;
    for (const Platform* each : platform::all())
        if (each->has_classes && each->engine == platform.engine && !each->class_prefix.empty() &&
            name.starts_with(each->class_prefix) && each->class_prefix.size() > 0 &&
            !name.starts_with(platform.class_prefix)) {
            of = each;
            break;
        }
    std::string command = "poolfit catalog list";
    if (of->provider != platform::usual_provider) command += fmt::format(" --provider {}", of->provider);
    if (of->engine != platform::usual().engine) command += fmt::format(" --engine {}", of->engine);
    return command + " shows them all";
}

}  // namespace

Answer catalog_list(Context& context) {
    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, usual_inventory())) return std::move(*failure);
    auto chosen = platform_of(context);
    if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
    const Platform& platform = *std::get<const Platform*>(chosen);
    auto region = region_of(context, catalog, platform);
    if (auto* failure = std::get_if<Failure>(&region)) return std::move(*failure);

    catalog::Query query = context.options.query;
    query.region = std::get<std::string>(region);
    render::CatalogList list{&platform, catalog::select(catalog, platform, query), query.region,
                             catalog.classes(platform).size(), 0};
    if (const auto top = context.options.top; top && *top < list.rows.size()) {
        list.cut = list.rows.size() - *top;
        list.rows.resize(*top);
    }
    return rendered(context, &list);
}

Answer catalog_show(Context& context) {
    if (context.options.arguments.empty()) {
        return fail(context.diagnostics, "usage", "show which class?", "poolfit catalog show db.t4g.large");
    }
    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, usual_inventory())) return std::move(*failure);
    auto chosen = platform_of(context);
    if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
    const std::string& name = context.options.arguments.front();
    const Platform* of = std::get<const Platform*>(chosen);
    // Without --provider a class says whose it is.
    if (!context.options.provider && find_class(catalog, *of, name) == nullptr)
        for (const Platform* each : platform::all())
            if (each->engine == of->engine && each->has_classes && find_class(catalog, *each, name) != nullptr) {
                of = each;
                break;
            }
    const Platform& platform = *of;
    auto region = region_of(context, catalog, platform);
    if (auto* failure = std::get_if<Failure>(&region)) return std::move(*failure);

    const InstanceClass* cls = find_class(catalog, platform, name);
    if (cls == nullptr) {
        std::vector<std::string_view> names;
        for (const InstanceClass* known : catalog.classes(platform)) names.push_back(known->name);
        std::string_view near = diag::nearest(name, names);
        const std::string full = with_prefix(platform, name);
        if (near.empty()) near = diag::nearest(full, names);
        return fail(context.diagnostics, "usage", fmt::format("no such class: {}", name),
                    near.empty() ? list_of(name, platform) : fmt::format("did you mean {}?", near));
    }
    const ShownClass shown = report::shown_class(catalog, platform, *cls, std::get<std::string>(region));
    return rendered(context, &shown);
}

Answer catalog_platforms(Context& context) {
    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, usual_inventory())) return std::move(*failure);
    const std::vector<KnownPlatform> platforms = report::known_platforms(catalog);
    return rendered(context, &platforms);
}

Answer catalog_check(Context& context) {
    if (context.options.arguments.empty()) {
        return fail(context.diagnostics, "usage", "check which file?", "poolfit catalog check prices.toml");
    }
    const std::string& path = context.options.arguments.front();
    auto source = open_source(context, path, "catalog", "");
    if (auto* failure = std::get_if<Failure>(&source)) return std::move(*failure);
    Catalog catalog;
    const SourceText& text = *std::get<const SourceText*>(source);
    if (!load::overlay(text, catalog, context.diagnostics)) return has_errors(context, "catalog", text.name());
    const std::size_t classes = catalog.overlay_size().classes;
    const std::size_t prices = catalog.overlay_size().prices;
    return rendered(context, render::CheckedCatalog{text.name(), classes, prices});
}

}  // namespace poolfit::cli
