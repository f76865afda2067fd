#include "records.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>

#include "names.hpp"
#include "values.hpp"

namespace poolfit::imports {
namespace {

/// What a row says, before it is a record.
struct Row {
    std::map<std::string_view, load::Value> values;  ///< by the inventory's key; observed ones too
    std::map<std::string_view, Interval<double>> ranges;
    std::string version;
    bool failed = false;
};

/// Cells of one column that can be read in two ways.
struct Unclear {
    Place place;
    Trouble trouble;
    std::string text;
    std::size_t cells = 0;
    bool over_one = false;  ///< is one of them more than 1, and so no share?
};

std::string text_of(const load::Value* value) {
    const auto* text = value == nullptr ? nullptr : value->as<std::string>();
    return text == nullptr ? std::string() : *text;
}

class RecordReader {
public:
    RecordReader(const Sheet& sheet, const Mapping& mapping, const Catalog& catalog, Diagnostics& diagnostics)
        : sheet_(sheet),
          mapping_(mapping),
          catalog_(catalog),
          out_(diagnostics),
          decimal_comma_(has_decimal_commas(sheet, mapping)),
          unclear_(mapping.origins.size()),
          name_(*mapping.find("name")) {}

    Records read(const CsvOptions& options) {
        choose_rows(options);
        names_ = database_names(given_);
        for (std::size_t i = 0; i < given_.size(); ++i) places_[given_[i]].push_back(i);
        std::vector<Row> rows;
        rows.reserve(given_.size());
        for (std::size_t i = 0; i < given_.size(); ++i) rows.push_back(read_row(i));
        report_unclear();
        write(rows);
        return std::move(records_);
    }

private:
    const Cell& name_cell(std::size_t row) const { return sheet_.at(row, *name_.column); }

    void choose_rows(const CsvOptions& options) {
        std::vector<char> only_used(options.only.size()), exclude_used(options.exclude.size());
        const auto matches = [](const std::vector<std::string>& globs, std::vector<char>& used,
                                const std::string& name) {
            bool any = false;
            for (std::size_t i = 0; i < globs.size(); ++i) {
                if (!catalog::glob_matches(globs[i], name)) continue;
                used[i] = 1;
                any = true;
            }
            return any;
        };
        for (std::size_t row = 0; row < sheet_.rows(); ++row) {
            std::string name = sheet_.text(name_cell(row));
            const bool in = options.only.empty() || matches(options.only, only_used, name);
            if (matches(options.exclude, exclude_used, name) || !in) {
                ++records_.left_out;
                continue;
            }
            if (name.empty()) {
                out_.error(sheet_.place(name_cell(row)), "a row without a name",
                           fmt::format("write one in {}, or leave the row out: --exclude ''", name_.heading));
                continue;
            }
            records_.rows.push_back(row);
            given_.push_back(std::move(name));
        }
        report_unused("--only", options.only, only_used);
        report_unused("--exclude", options.exclude, exclude_used);
    }

    void report_unused(std::string_view flag, const std::vector<std::string>& globs, const std::vector<char>& used) {
        for (std::size_t i = 0; i < globs.size(); ++i)
            if (used[i] == 0)
                out_.error({}, fmt::format("{}: no row is called {}", flag, globs[i]),
                           fmt::format("names are those in the column \"{}\"", name_.heading));
    }

    /// The text that counts for a row, where it is, and the unit of a number in it.
    struct Given {
        std::string text;
        Place place;
        std::string_view unit;
    };
    std::optional<Given> given(const Origin& origin, std::size_t row) const {
        if (origin.column) {
            const Cell& cell = sheet_.at(row, *origin.column);
            std::string text = sheet_.text(cell);
            if (!is_blank(text)) return Given{std::move(text), sheet_.place(cell), origin.unit};
        }
        if (origin.source == nullptr || is_blank(origin.value)) return std::nullopt;
        return Given{origin.value, origin.place, origin.unit};
    }

    Row read_row(std::size_t record) {
        Row row;
        const std::size_t at = records_.rows[record];
        const Origin* cls = mapping_.find("class");
        const bool has_class = cls != nullptr && given(*cls, at);
        for (std::size_t i = 0; i < mapping_.origins.size(); ++i) {
            const Origin& origin = mapping_.origins[i];
            const Target& target = *origin.target;
            // A class has its vCPUs and its memory.
            if (has_class && (target.key == "vcpus" || target.key == "memory")) continue;
            if (target.reads == Reads::name) continue;
            const auto found = given(origin, at);
            if (!found) continue;
            if (target.reads == Reads::reference)
                refer(*found, record, row);
            else
                take(i, *found, row);
        }
        if (!row.version.empty()) row.values.try_emplace("version", load::Value{row.version, {}, {}, {}});
        require(record, has_class, row);
        return row;
    }

    void take(std::size_t i, const Given& found, Row& row) {
        const Target& target = *mapping_.origins[i].target;
        auto read = read_value(target, found.text, found.unit, decimal_comma_, catalog_);
        if (auto* trouble = std::get_if<Trouble>(&read)) {
            row.failed = true;
            if (trouble->lacks_unit) {
                Unclear& unclear = unclear_[i];
                unclear.over_one = unclear.over_one || trouble->number > 1;
                if (unclear.cells++ > 0) return;
                unclear.place = found.place;
                unclear.trouble = std::move(*trouble);
                unclear.text = found.text;
            } else {
                out_.error(found.place, fmt::format("{}: {}", target.key, trouble->message), std::move(trouble->fix));
            }
            return;
        }
        auto& reading = std::get<Reading>(read);
        if (!reading.version.empty()) row.version = std::move(reading.version);
        if (reading.range)
            join(target, found, *reading.range, row);
        else
            row.values.insert_or_assign(target.written, std::move(reading.value));
    }

    /// Two targets can be the ends of one range; the low end comes first.
    void join(const Target& target, const Given& found, Interval<double> range, Row& row) {
        const auto other = row.ranges.find(target.written);
        if (target.high_end && other != row.ranges.end()) {
            if (other->second.low > range.high) {
                row.failed = true;
                out_.error(found.place, fmt::format("{}: the maximum is below the mean", target.key),
                           "exchange the two, or correct one of them");
                return;
            }
            range.low = other->second.low;
        }
        row.ranges.insert_or_assign(target.written, range);
        row.values.insert_or_assign(target.written, number_value(range));
    }

    /// By the name in the sheet, or an ARN that ends with it.
    void refer(const Given& found, std::size_t record, Row& row) {
        const std::string name =
            found.text.starts_with("arn:") ? found.text.substr(found.text.rfind(':') + 1) : found.text;
        const auto at = places_.find(name);
        if (at != places_.end() && at->second.size() == 1) {
            row.values.insert_or_assign("replica_of", load::Value{names_[at->second.front()], {}, {}, {}});
            return;
        }
        row.failed = true;
        if (at != places_.end()) {
            out_.error(found.place, fmt::format("replica_of: {} rows are called {}", at->second.size(), shown(name)),
                       "give each row a name of its own");
            return;
        }
        Diagnostic& made = out_.error(
            found.place, fmt::format("replica_of: no row is called {}", shown(name)),
            fmt::format("add its row, or read {} as a server of its own: empty this cell", shown(given_[record])));
        constexpr std::size_t most = 5'000;  // that it takes no time to compare with
        if (out_.dropped() > 0 || given_.size() > most) return;
        const auto near = diag::nearest(name, {given_.begin(), given_.end()});
        if (!near.empty()) made.label = fmt::format("did you mean {}?", near);
    }

    void require(std::size_t record, bool has_class, Row& row) {
        const auto need = [&](std::string_view key) {
            const Origin* origin = mapping_.find(key);
            const std::size_t at = records_.rows[record];
            if (origin != nullptr && given(*origin, at)) return;
            row.failed = true;
            const bool can_default = key == "region" || key == "engine";
            out_.error(origin_of(sheet_, mapping_, at, key), fmt::format("{} has no {}", shown(given_[record]), key),
                       can_default
                           ? fmt::format("fill the cell, or for all such rows --default {}={}", key,
                                         key == "engine" ? "postgresql" : "us-east-1")
                           : fmt::format("fill the cell, or leave the row out: --exclude '{}'", shown(given_[record])));
        };
        const Origin *least = mapping_.find("cu_min"), *most = mapping_.find("cu_max");
        const bool serverless = !has_class && least != nullptr && most != nullptr &&
                                (given(*least, records_.rows[record]) || given(*most, records_.rows[record]));
        const bool own_server = !has_class && mapping_.find("vcpus") != nullptr && mapping_.find("memory") != nullptr;
        if (serverless) {
            need("cu_min");
            need("cu_max");
        } else if (own_server) {
            need("vcpus");
            need("memory");
        } else {
            need("class");
            if (needs_region(row)) need("region");
        }
        need("engine");
    }

    /// A provider whose prices do not depend on one has none.
    static bool needs_region(const Row& row) {
        const auto provider = row.values.find("provider"), engine = row.values.find("engine");
        if (provider == row.values.end() || engine == row.values.end()) return true;
        const Platform* found = platform::find(text_of(&provider->second), text_of(&engine->second));
        return found == nullptr || platform::has_regions(*found);
    }

    void report_unclear() {
        for (std::size_t i = 0; i < unclear_.size(); ++i) {
            const Unclear& unclear = unclear_[i];
            if (unclear.cells == 0) continue;
            const Origin& origin = mapping_.origins[i];
            const Target& target = *origin.target;
            const std::string number = shown(unclear.text);
            const std::string how = origin.column ? fmt::format("--map '{}={}:", shown(origin.heading), target.key)
                                                  : fmt::format("--default '{}={} ", target.key, number);
            const std::string_view usual = target.reads == Reads::bytes ? "GiB" : units_of(target.reads).front();
            std::string fix = fmt::format("{}{}'", how, usual);
            if (origin.column && target.reads == Reads::percent && !unclear.over_one)
                fix += fmt::format(" if {1} means {1} %, or {0}share' if it means a part of 1", how, number);
            if (origin.column && target.reads == Reads::bytes)
                fix += fmt::format(" if {1} means {1} GiB, or {0}bytes' if it means bytes", how, number);
            auto& made =
                out_.error(unclear.place, fmt::format("{}: {}", target.key, unclear.trouble.message), std::move(fix));
            if (unclear.cells > 1)
                made.notes.emplace_back("cells", fmt::format("{} in {}", unclear.cells, shown(origin.heading)));
        }
    }

    /// The region that all rows have, or none.
    static std::string common_region(const std::vector<Row>& rows) {
        std::string common;
        for (const Row& row : rows) {
            const auto at = row.values.find("region");
            const std::string region = text_of(at == row.values.end() ? nullptr : &at->second);
            if (region.empty() || (!common.empty() && region != common)) return {};
            common = region;
        }
        return common;
    }

    void write(std::vector<Row>& rows) {
        load::Table& root = records_.document.root;
        load::set(root, "schema", {std::string("poolfit-inventory/1"), {}, {}, {}});
        const std::string region = common_region(rows);
        if (!region.empty()) load::set(root, "region", {region, {}, {}, {}});
        load::Array list;
        list.of_headers = true;
        list.items.reserve(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!region.empty()) rows[i].values.erase("region");
            records_.failed.push_back(rows[i].failed ? 1 : 0);
            list.items.push_back({record(i, rows[i]), {}, {}, {}});
        }
        root.members.push_back({"database", {}, {std::move(list), {}, {}, {}}});
    }

    load::Table record(std::size_t i, Row& row) {
        load::Table table, observed;
        load::Value name{names_[i], {}, {}, {}};
        if (names_[i] != given_[i]) {
            load::comment(name, "", fmt::format("\"{}\" in the sheet", shown(given_[i])));
            records_.renamed.push_back(fmt::format("{} → {}", shown(given_[i]), names_[i]));
        }
        table.members.push_back({"name", {}, std::move(name)});
        std::string_view last;
        for (const Target& target : targets()) {
            const auto at = row.values.find(target.written);
            if (at == row.values.end() || target.written == last) continue;
            last = target.written;
            const auto* flag = at->second.as<bool>();
            if (flag != nullptr && !*flag) continue;  // the default
            auto& into = target.observed ? observed : table;
            into.members.push_back({std::string(target.written), {}, std::move(at->second)});
        }
        if (!observed.members.empty()) {
            observed.form = load::Form::header;
            table.members.push_back({"observed", {}, {std::move(observed), {}, {}, {}}});
        }
        return table;
    }

    const Sheet& sheet_;
    const Mapping& mapping_;
    const Catalog& catalog_;
    Diagnostics& out_;
    const bool decimal_comma_;
    std::vector<Unclear> unclear_;
    const Origin& name_;
    Records records_;
    std::vector<std::string> given_, names_;  ///< of each record
    std::unordered_map<std::string, std::vector<std::size_t>> places_;
};

}  // namespace

Records read_records(const Sheet& sheet, const Mapping& mapping, const CsvOptions& options, const Catalog& catalog,
                     Diagnostics& diagnostics) {
    return RecordReader(sheet, mapping, catalog, diagnostics).read(options);
}

Place origin_of(const Sheet& sheet, const Mapping& mapping, std::size_t row, std::string_view key) {
    for (const Origin& origin : mapping.origins) {
        if (origin.target->written != key) continue;
        const bool blank = !origin.column || is_blank(sheet.text(sheet.at(row, *origin.column)));
        if (blank && origin.source != nullptr) return origin.place;
        if (origin.column) return sheet.place(sheet.at(row, *origin.column));
    }
    return sheet.place(sheet.at(row, *mapping.find("name")->column));
}

}  // namespace poolfit::imports
