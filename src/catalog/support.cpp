#include <algorithm>

#include <poolfit/catalog/catalog.hpp>

namespace poolfit::catalog {
namespace {

Supported whole_series(const Platform& platform, const InstanceClass& cls, Series series) {
    bool named = false;
    for (const VersionSupport& clause : cls.versions) {
        if (clause.series != series) continue;
        named = true;
        if (!clause.exactly && clause.release <= platform.versions.first_release) return Supported::yes;
    }
    return named ? Supported::unknown : Supported::no;
}

/// What the provider's own answer says; nothing where it has no such version.
std::optional<Supported> ordered(const Platform& platform, const Orderable& answer,
                                 std::optional<EngineVersion> version) {
    if (version && version->exact()) {
        if (!std::ranges::binary_search(answer.any, *version)) return std::nullopt;
        return std::ranges::binary_search(answer.own, *version) ? Supported::yes : Supported::no;
    }
    const auto of_series = [](std::span<const EngineVersion> versions, Series series) {
        return std::ranges::count(versions, series, &EngineVersion::series);
    };
    const auto whole = [&](Series series) -> std::optional<Supported> {
        const auto any = of_series(answer.any, series), own = of_series(answer.own, series);
        if (any == 0) return std::nullopt;
        return own == any ? Supported::yes : own == 0 ? Supported::no : Supported::unknown;
    };
    if (version) return whole(version->series);
    bool all = true;
    for (const Series series : platform.versions.mainstream) all = all && whole(series) == Supported::yes;
    return all ? Supported::yes : Supported::unknown;
}

}  // namespace

const Orderable* answer(const InstanceClass& cls, std::string_view region) {
    const Orderable* of_all = nullptr;
    for (const Orderable* each = cls.orderable; each != nullptr; each = each->next) {
        if (!each->region.empty() && each->region == region) return each;
        if (each->region.empty() && of_all == nullptr) of_all = each;
    }
    return of_all;
}

Supported supports(const Platform& platform, const InstanceClass& cls, std::optional<EngineVersion> version,
                   std::string_view region) {
    if (const Orderable* own = answer(cls, region))
        if (const auto known = ordered(platform, *own, version)) return *known;
    if (cls.support == InstanceClass::Support::not_stated) return Supported::unknown;
    if (cls.support == InstanceClass::Support::no) return Supported::no;
    if (cls.support == InstanceClass::Support::likely) return Supported::likely;
    if (cls.support == InstanceClass::Support::sold) return Supported::sold;
    if (cls.versions.empty()) return Supported::yes;  // all versions

    auto named = [&](Series series) { return std::ranges::find(cls.versions, series, &VersionSupport::series); };
    if (!version) {
        for (const Series series : platform.versions.mainstream)
            if (named(series) == cls.versions.end()) return Supported::unknown;
        return Supported::yes;
    }
    const Series newest = std::ranges::max(cls.versions, {}, &VersionSupport::series).series;
    if (version->series > newest) {
        // A list that had the newest series of its day ends there because of its day.
        const bool up_to_date = newest >= std::ranges::max(platform.versions.mainstream);
        return up_to_date ? Supported::newer : Supported::unknown;
    }
    if (!version->exact()) return whole_series(platform, cls, version->series);
    bool covered = std::ranges::any_of(cls.versions, [&](const VersionSupport& clause) {
        return clause.series == version->series &&
               (clause.exactly ? clause.release == version->release : clause.release <= version->release);
    });
    return covered ? Supported::yes : Supported::no;
}

bool not_orderable(const Platform& platform, const InstanceClass& cls, std::optional<EngineVersion> version,
                   std::string_view region) {
    const Orderable* own = answer(cls, region);
    return own != nullptr && ordered(platform, *own, version) == Supported::no;
}

bool takes_no_standby(const InstanceClass& cls, std::optional<EngineVersion> version, std::string_view region) {
    const Orderable* own = answer(cls, region);
    if (own == nullptr || own->single_az.empty()) return false;
    if (version && version->exact()) return std::ranges::binary_search(own->single_az, *version);
    const auto of = [&](std::span<const EngineVersion> versions) {
        return std::ranges::count_if(
            versions, [&](const EngineVersion& each) { return !version || each.series == version->series; });
    };
    return of(own->own) > 0 && of(own->single_az) == of(own->own);
}

}  // namespace poolfit::catalog
