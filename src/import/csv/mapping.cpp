#include "mapping.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

constexpr std::size_t listed = 12;

struct Column {
    std::string heading;  ///< "Class", or "#3" without a heading
    Heading said;
    Place place;
    const Target* target = nullptr;
    std::string_view unit;
    bool given = false, ignored = false;  ///< by --map
};

std::string join(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), listed);
    return fmt::format("{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                       names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : std::string());
}

class Mapper {
public:
    Mapper(const Sheet& sheet, Sources& sources, Diagnostics& diagnostics) : sources_(sources), out_(diagnostics) {
        for (std::size_t i = 0; i < sheet.width(); ++i) {
            std::string text = sheet.text(sheet.header[i]);
            std::ranges::replace_if(
                text, [](char c) { return c >= 0 && c < ' '; }, ' ');  // a heading of two lines
            columns_.push_back({text.empty() ? fmt::format("#{}", i + 1) : text,
                                heading_of(text),
                                sheet.place(sheet.header[i]),
                                nullptr,
                                {},
                                false,
                                false});
        }
    }

    std::optional<Mapping> map(const CsvOptions& options) {
        const std::size_t before = out_.error_count();
        if (is_series()) return std::nullopt;
        for (const std::string& text : options.maps) take_map(text);
        guess();
        settle();
        Mapping mapping;
        for (const Target& target : targets()) add_origin(target, mapping);
        for (const std::string& text : options.defaults) take_default(text, mapping);
        ask_for_cpu(mapping);
        for (const Column& column : columns_)
            if (column.target == nullptr) mapping.ignored.push_back(shown(column.heading));
        if (out_.error_count() == before) require(mapping);
        if (out_.error_count() != before) return std::nullopt;
        return mapping;
    }

private:
    std::vector<std::string> headings() const {
        std::vector<std::string> names;
        for (const Column& column : columns_) names.push_back(shown(column.heading));
        return names;
    }

    Column* column_of(const Target& target) {
        const auto found = std::ranges::find(columns_, &target, &Column::target);
        return found == columns_.end() ? nullptr : &*found;
    }

    /// A row for each point in time of a metric is another file.
    bool is_series() {
        bool metric = false, time = false;
        for (const Column& column : columns_) {
            const std::string& whole = column.said.whole;
            metric = metric || whole == "metricname" || whole == "metric";
            time = time || whole == "timestamp" || whole == "time" || whole == "datetime";
        }
        if (metric && time)
            out_.error(columns_.front().place, "a row for each metric and time, not for each instance",
                       "make a sheet with a row for each instance, and columns for its class, its CPU's mean and "
                       "maximum, and its least freeable memory");
        return metric && time;
    }

    void bad_map(const std::string& text, const std::string& message, std::string fix) {
        out_.error({}, fmt::format("--map {}: {}", text, message), std::move(fix));
    }

    /// Columns that a text names: by number, by their very heading, else by its letters and digits.
    std::vector<Column*> named(std::string_view theirs) {
        std::vector<Column*> found;
        std::size_t number = 0;
        if (theirs.starts_with('#') &&
            std::from_chars(theirs.data() + 1, theirs.data() + theirs.size(), number).ptr ==
                theirs.data() + theirs.size() &&
            number >= 1 && number <= columns_.size())
            return {&columns_[number - 1]};
        for (Column& column : columns_)
            if (column.heading == theirs) found.push_back(&column);
        if (!found.empty()) return found;
        for (Column& column : columns_)
            if (!plain(theirs).empty() && plain(column.heading) == plain(theirs)) found.push_back(&column);
        return found;
    }

    void take_map(const std::string& text) {
        const std::size_t equals = text.rfind('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
            return bad_map(text, "not THEIRS=OURS", "write --map 'Their heading=class'");
        const std::string_view theirs = trimmed(std::string_view(text).substr(0, equals));
        const auto found = named(theirs);
        if (found.empty()) {
            const auto names = headings();
            const auto near = diag::nearest(theirs, {names.begin(), names.end()});
            out_.error({}, fmt::format("--map {}: no column is called {}", text, theirs),
                       near.empty() ? std::string() : fmt::format("did you mean {}?", near))
                .notes.emplace_back("columns", join(names));
            return;
        }
        std::string_view ours = trimmed(std::string_view(text).substr(equals + 1));
        if (ours == "-") {
            for (Column* column : found) column->ignored = true;
            return;
        }
        if (found.size() > 1) {
            std::vector<std::string> numbers;
            for (const Column* column : found) numbers.push_back(fmt::format("#{}", column - columns_.data() + 1));
            return bad_map(text, fmt::format("{} columns are called {}", found.size(), theirs),
                           fmt::format("name it by its number: {}", fmt::join(numbers, " or ")));
        }
        std::string_view unit;
        bool has_unit = false;
        if (const std::size_t colon = ours.find(':'); colon != std::string_view::npos) {
            unit = ours.substr(colon + 1);
            ours = ours.substr(0, colon);
            has_unit = true;
        }
        const Target* target = known_target("--map", text, ours);
        if (target == nullptr) return;
        if (has_unit) {
            const auto allowed = units_of(target->reads);
            const std::string_view known = unit_of(unit);
            if (std::ranges::find(allowed, known) == allowed.end())
                return bad_map(text, fmt::format("{} is not a unit of {}", unit, target->key),
                               allowed.empty() ? fmt::format("write --map '{}={}'", theirs, target->key)
                                               : fmt::format("units: {}", fmt::join(allowed, ", ")));
            unit = known;
        }
        Column& column = *found.front();
        if (Column* other = column_of(*target); other != nullptr && other != &column)
            return bad_map(text, fmt::format("{} is already {}", target->key, shown(other->heading)),
                           "map one column to it");
        column.target = target;
        column.unit = has_unit ? unit : column.said.unit;
        column.given = true;
    }

    const Target* known_target(std::string_view flag, const std::string& text, std::string_view key) {
        if (const Target* target = find_target(key)) return target;
        const auto keys = csv_keys();
        const auto near = diag::nearest(key, keys);
        out_.error({}, fmt::format("{} {}: unknown key {}", flag, text, key),
                   near.empty() ? std::string() : fmt::format("did you mean {}?", near))
            .notes.emplace_back("keys", fmt::format("{}", fmt::join(keys, ", ")));
        return nullptr;
    }

    /// Each column that no --map names becomes what it fits best.
    void guess() {
        for (Column& column : columns_) {
            if (column.given || column.ignored) continue;
            std::size_t best = std::numeric_limits<std::size_t>::max();
            for (const Target& target : targets()) {
                const auto rank = fit(column.said, target);
                if (!rank || *rank >= best) continue;
                best = *rank;
                column.target = &target;
            }
            column.unit = column.said.unit;
        }
    }

    /// Of several columns for a target, the one that fits best.
    void settle() {
        for (const Target& target : targets()) {
            std::vector<Column*> those;
            for (Column& column : columns_)
                if (column.target == &target) those.push_back(&column);
            if (those.size() < 2) continue;
            const auto rank = [&](const Column* column) {
                return column->given ? 0 : 1 + fit(column->said, target).value_or(0);
            };
            std::ranges::stable_sort(those, {}, rank);
            if (rank(those[0]) == rank(those[1])) {
                out_.error(those[1]->place,
                           fmt::format("{}: two columns fit, {} and {}", target.key, shown(those[0]->heading),
                                       shown(those[1]->heading)),
                           fmt::format("leave one out: --map '#{}=-'", those[1] - columns_.data() + 1));
            }
            for (std::size_t i = 1; i < those.size(); ++i) those[i]->target = nullptr;
        }
    }

    void add_origin(const Target& target, Mapping& mapping) {
        const Column* column = column_of(target);
        if (column == nullptr) return;
        Origin origin;
        origin.target = &target;
        origin.column = static_cast<std::size_t>(column - columns_.data());
        origin.heading = column->heading;
        origin.unit = column->unit;
        mapping.origins.push_back(std::move(origin));
    }

    void take_default(const std::string& text, Mapping& mapping) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
            out_.error({}, fmt::format("--default {}: not KEY=VALUE", text), "write --default region=us-east-1");
            return;
        }
        const Target* target = known_target("--default", text, std::string_view(text).substr(0, equals));
        if (target == nullptr) return;
        if (target->reads == Reads::name || target->reads == Reads::reference) {
            out_.error({}, fmt::format("--default {}: {} differs from row to row", text, target->key),
                       "add a column for it");
            return;
        }
        auto at = std::ranges::find(mapping.origins, target, &Origin::target);
        if (at == mapping.origins.end()) {
            at = std::ranges::find_if(mapping.origins, [&](const Origin& other) { return other.target > target; });
            at = mapping.origins.insert(at, Origin{target, {}, {}, {}, nullptr, {}, {}});
        }
        at->source = &sources_.add(fmt::format("--default {}", text), text);
        at->value = text.substr(equals + 1);
        at->place = {at->source, {static_cast<std::uint32_t>(equals + 1), static_cast<std::uint32_t>(text.size())}};
    }

    /// A CPU column without "mean" or "maximum" is not guessed, unless only the mean is left.
    void ask_for_cpu(Mapping& mapping) {
        const Target* mean = find_target("cpu_mean");
        for (Column& column : columns_) {
            if (column.target != nullptr || column.ignored || !is_some_cpu(column.said)) continue;
            const bool has_peak = mapping.find("cpu_peak") != nullptr, has_mean = mapping.find("cpu_mean") != nullptr;
            if (has_peak && has_mean) continue;
            if (has_peak) {
                column.target = mean;
                Origin origin{mean,
                              static_cast<std::size_t>(&column - columns_.data()),
                              column.heading,
                              column.said.unit,
                              nullptr,
                              {},
                              {}};
                const auto at =
                    std::ranges::find_if(mapping.origins, [&](const Origin& other) { return other.target > mean; });
                mapping.origins.insert(at, std::move(origin));
                continue;
            }
            out_.error(column.place, fmt::format("{}: the mean, or the maximum?", shown(column.heading)),
                       fmt::format("--map '{0}=cpu_mean', or --map '{0}=cpu_peak'", shown(column.heading)));
        }
    }

    void require(const Mapping& mapping) {
        const auto has = [&](std::string_view key) { return mapping.find(key) != nullptr; };
        if (!has("name")) missing("name", "names the instances", {});
        const bool own_servers = has("vcpus") && has("memory") && has("max_connections");
        const bool serverless = has("cu_min") && has("cu_max");  // a class of its own
        if (!has("class") && !own_servers && !serverless) missing("class", "has the instance class", {});
        if (!has("engine")) missing("engine", "has the engine", "--default engine=postgresql");
        if (!has("region") && has("class")) missing("region", "has the region", "--default region=us-east-1");
    }

    void missing(std::string_view key, std::string_view what, std::string_view value) {
        std::string fix;
        const std::string near = nearest_heading(key);
        fix = fmt::format("--map '{}={}'", near.empty() ? "THEIRS" : near, key);
        if (!value.empty()) fix += fmt::format(", or for all rows {}", value);
        Diagnostic& made = out_.error(columns_.front().place, fmt::format("no column {}", what), fix);
        std::vector<std::string> names;
        for (const Column& column : columns_)
            if (column.target == nullptr) names.push_back(shown(column.heading));
        if (!names.empty() && !std::exchange(listed_, true)) made.notes.emplace_back("unread", join(names));
    }

    /// An unread column whose heading may be a slip of one that is known.
    std::string nearest_heading(std::string_view key) const {
        const Target& target = *find_target(key);
        std::vector<std::string_view> known{key};
        for (std::string_view list : {target.wholes, target.subjects})
            while (!list.empty()) {
                known.push_back(list.substr(0, list.find(' ')));
                list.remove_prefix(std::min(known.back().size() + 1, list.size()));
            }
        for (const Column& column : columns_)
            if (column.target == nullptr && !column.ignored && !diag::nearest(column.said.subject, known).empty())
                return column.heading;
        return {};
    }

    Sources& sources_;
    Diagnostics& out_;
    std::vector<Column> columns_;
    bool listed_ = false;  ///< the columns that are not read, in a message
};

}  // namespace

const Origin* Mapping::find(std::string_view key) const {
    const auto found = std::ranges::find_if(origins, [&](const Origin& origin) { return origin.target->key == key; });
    return found == origins.end() ? nullptr : &*found;
}

std::optional<Mapping> map_columns(const Sheet& sheet, const CsvOptions& options, Sources& sources,
                                   Diagnostics& diagnostics) {
    return Mapper(sheet, sources, diagnostics).map(options);
}

std::vector<std::string_view> csv_keys() {
    std::vector<std::string_view> keys;
    for (const Target& target : targets()) keys.push_back(target.key);
    return keys;
}

}  // namespace poolfit::imports
