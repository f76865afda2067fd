#include <poolfit/report/report.hpp>

namespace poolfit::report {

namespace {

/// Is `tail` made of the last dot-separated parts of `name`?
bool is_tail(std::string_view name, std::string_view tail) {
    if (!name.ends_with(tail)) return false;
    return name.size() == tail.size() || name[name.size() - tail.size() - 1] == '.';
}

/// The text is the record's name, or that after its kind: "primary", "database.primary".
bool names_record(std::string_view text, std::string_view kind, std::string_view name) {
    return text == name || (text.size() == kind.size() + 1 + name.size() && text.starts_with(kind) &&
                            text[kind.size()] == '.' && text.ends_with(name));
}

}  // namespace

std::vector<Target> find(const Report& report, std::string_view text) {
    std::vector<Target> targets;
    const Fleet& fleet = *report.fleet;
    if (text.empty()) return targets;
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (names_record(text, "database", *fleet.databases[i].name))
            targets.push_back({Target::Kind::database, i, {}});
    for (Index i = 0; i < fleet.services.size(); ++i)
        if (names_record(text, "service", *fleet.services[i].name)) targets.push_back({Target::Kind::service, i, {}});
    if (!targets.empty()) return targets;

    const auto all = report.figures.all();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (all[i].inner) continue;
        const std::string name = assess::name(all[i].key, fleet);
        const Target target{Target::Kind::figure, 0, FigureId{i}};
        if (name == text) return {target};
        if (is_tail(name, text)) targets.push_back(target);
    }
    return targets;
}

std::vector<std::string> names(const Report& report) {
    std::vector<std::string> all;
    for (const Database& database : report.fleet->databases) all.push_back(*database.name);
    for (const Service& service : report.fleet->services) all.push_back(*service.name);
    for (const Node& node : report.figures.all())
        if (!node.inner) all.push_back(assess::name(node.key, *report.fleet));
    return all;
}

}  // namespace poolfit::report
