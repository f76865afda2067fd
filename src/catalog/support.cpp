#include <algorithm>

#include <poolfit/catalog/catalog.hpp>

namespace poolfit::catalog {
namespace {

// Major versions in standard support on RDS when the class table was written (2026-04).
constexpr int oldest_mainstream = 13, newest_mainstream = 17;

Supported whole_major(const InstanceClass& cls, int major) {
    bool named = false;
    for (const VersionSupport& clause : cls.versions) {
        if (clause.major != major) continue;
        named = true;
        if (!clause.exactly && clause.minor <= 1) return Supported::yes;  // RDS begins at .1: there is no .0 to miss
    }
    return named ? Supported::unknown : Supported::no;
}

}  // namespace

Supported supports(const InstanceClass& cls, std::optional<EngineVersion> version) {
    if (cls.support == InstanceClass::Support::not_stated) return Supported::unknown;
    if (cls.support == InstanceClass::Support::no) return Supported::no;
    if (cls.versions.empty()) return Supported::yes;  // an overlay's class: all versions

    auto named = [&](int major) { return std::ranges::find(cls.versions, major, &VersionSupport::major); };
    if (!version) {
        for (int major = oldest_mainstream; major <= newest_mainstream; ++major)
            if (named(major) == cls.versions.end()) return Supported::unknown;
        return Supported::yes;
    }
    if (version->major > std::ranges::max(cls.versions, {}, &VersionSupport::major).major) return Supported::unknown;
    if (version->minor < 0) return whole_major(cls, version->major);
    bool covered = std::ranges::any_of(cls.versions, [&](const VersionSupport& clause) {
        return clause.major == version->major &&
               (clause.exactly ? clause.minor == version->minor : clause.minor <= version->minor);
    });
    return covered ? Supported::yes : Supported::no;
}

}  // namespace poolfit::catalog
