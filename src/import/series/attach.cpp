// Series that an inventory names, and the observed values that they give.
#include <poolfit/import/series.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>

#include "../stream/json_reader.hpp"
#include "../tree/node.hpp"
#include "metrics.hpp"
#include "observe.hpp"
#include "readers.hpp"

namespace poolfit::imports {
namespace {

constexpr double most_slots = 262'143, most_iops = 1e7, most_mbps = 1e7, most_days = 3660;

class Attach {
public:
    Attach(Database& database, const SourceText& file, Diagnostics& diagnostics)
        : database_(database), observed_(database.observed), file_(file), diagnostics_(diagnostics) {}

    bool attach() {
        if (!read()) return false;
        auto all = watched_of(gathered_, true);
        const auto is_own = [&](const auto& each) { return each.first == *database_.name; };
        auto found = std::ranges::find_if(all, is_own);
        if (found == all.end())
            found = std::ranges::find(all, std::string(fallback), &decltype(all)::value_type::first);
        if (found == all.end()) return nothing(all);
        auto watched = std::make_shared<series::Watched>(std::move(found->second.watched));
        watched->file = file_.name();
        say(found->second.notes, *watched);
        if (!is_possible(*watched)) return false;
        for (const series::Watched::Given& given : watched->given) give(given);
        add_iops();
        observed_.watched = std::move(watched);
        return in_order();
    }

private:
    static constexpr std::string_view fallback = "this database";

    bool read() {
        const std::string_view text = file_.text();
        if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
            diagnostics_.error(place(0), "this is UTF-16", "save it as UTF-8");
            return false;
        }
        Sources pieces;
        Diagnostics said;
        Input bytes(file_.name(), file_.text(), pieces, said);
        heard_.fallback = fallback;
        heard_.places = true;
        heard_.place = [&](std::uint64_t offset) { return place(static_cast<std::uint32_t>(offset)); };
        if (read_from(bytes)) return unread();
        for (const Diagnostic& each : said.all()) {
            Diagnostic again = each;
            if (each.place) {
                const SourceText& piece = *each.place.source;
                const std::uint32_t begin = file_.offset(piece.position(each.place.span.begin));
                again.place = {&file_, {begin, begin + each.place.span.end - each.place.span.begin}};
            }
            diagnostics_.add(std::move(again));
        }
        return false;
    }

    bool read_from(Input& bytes) {
        const std::string_view text = file_.text();
        if (!looks_like_json(text)) {
            CsvReader csv(bytes);
            return read_series_csv(csv, "series", gathered_, heard_);
        }
        JsonReader json(bytes);
        if (text.find("\"MetricList\"") != text.npos) return read_pi_json(json, gathered_, heard_);
        if (text.find("\"resultType\"") != text.npos || text.find("\"errorType\"") != text.npos)
            return read_prometheus_json(json, gathered_, heard_);
        return read_cloudwatch_json(json, gathered_, heard_);
    }

    /// The value at an offset, to the next comma or the end of its line.
    Place place(std::uint32_t offset) const {
        const std::string_view text = file_.text();
        const std::size_t end = std::min(text.find_first_of(",\r\n", offset), text.size());
        return {&file_, {offset, std::max(offset + 1, static_cast<std::uint32_t>(end))}};
    }

    /// A column that is not read may be a slip of the pen.
    bool unread() {
        for (const auto& [name, at] : heard_.unread) {
            const std::string_view near = diag::nearest(name, metric_names("series"));
            diagnostics_.warning(place(static_cast<std::uint32_t>(at)), fmt::format("{} is not read", name),
                                 near.empty()
                                     ? "remove it, or leave it: metrics are cpu, connections, freeable_memory, "
                                       "read_iops, write_iops and so on"
                                     : fmt::format("did you mean {}?", near));
        }
        if (heard_.negative > 0)
            diagnostics_.warning(place(static_cast<std::uint32_t>(heard_.first_negative)),
                                 heard_.negative == 1 ? std::string("a value below 0 is left out")
                                                      : fmt::format("{} values below 0 are left out", heard_.negative),
                                 "correct it, or leave the cell empty");
        const bool open = std::ranges::any_of(
            heard_.partial, [&](const std::string& series) { return !heard_.complete.contains(series); });
        if (open || heard_.goes_on)
            diagnostics_.warning(place(0), "the answer is not whole: there is a next page",
                                 "fetch it with --next-token, and add it to this file");
        return true;
    }

    /// Values that no server has are of another unit, or of another server.
    bool is_possible(const series::Watched& watched) {
        if (const series::Point* busy = watched.impossible_cpu()) {
            diagnostics_.error(place(busy->offset),
                               fmt::format("cpu: {:.4g} % is more than all vCPUs", busy->value * 100),
                               "write percent of all vCPUs: divide what is of one by their number");
            return false;
        }
        double busiest = 0;
        const series::Point* first = nullptr;
        for (const series::Watched::Kept& kept : watched.all) {
            if (kept.watch == series::Watch::cpu) {
                busiest = std::max(busiest, kept.summary.highest.value);
                if (first == nullptr) first = &kept.summary.highest;
            }
            if (kept.watch != series::Watch::freeable_memory) continue;
            const series::Point& most = kept.summary.highest;
            const auto bytes = static_cast<Bytes::rep>(std::min(most.value, 1e18));
            if (!load::fits_memory(database_, {Bytes(bytes), place(most.offset)}, diagnostics_)) return false;
        }
        if (first != nullptr && busiest > 0 && busiest <= 0.01 && !heard_.percent && !looks_like_json(file_.text()))
            diagnostics_.warning(place(first->offset),
                                 fmt::format("cpu: at most {:.3g} %: is it a share of 1?", busiest * 100),
                                 fmt::format("multiply shares by 100; write {:.3g}% if it is percent", busiest * 100));
        return true;
    }

    template <class All>
    bool nothing(const All& all) {
        std::string others;
        if (all.empty()) {
            diagnostics_.error(observed_.series->place, fmt::format("series: {} has no points", file_.name()),
                               "write a row for each time: 2026-05-04T15:00:00Z,12.5");
            return false;
        }
        for (const auto& each : all) others += (others.empty() ? "" : ", ") + each.first;
        Diagnostic& error = diagnostics_.error(
            observed_.series->place, fmt::format("series: {} has no series of {}", file_.name(), *database_.name),
            "name columns cpu, connections, freeable_memory; or a column database with this database's name");
        if (!others.empty()) error.notes.emplace_back("it has", std::move(others));
        return false;
    }

    void say(const std::vector<WatchedSeries::Note>& notes, const series::Watched& watched) {
        for (const WatchedSeries::Note& note : notes) {
            if (note.repeats.differ == 0) continue;
            diagnostics_.warning(
                place(note.repeats.one->offset),
                fmt::format("{} of {} UTC has two values: the higher one counts",
                            series::name(watched.all[note.kept].watch), series::print(note.repeats.one->at)),
                "remove the wrong one");
        }
    }

    /// What the inventory has goes before what the series gives.
    template <class T>
    void value(const series::Watched::Given& given, Maybe<Interval<T>>& into, const Interval<T>& found, double unit) {
        if (!into) {
            into = Located<Interval<T>>{found, place(given.offset)};
            return;
        }
        const auto number = [&](const T& each) {
            if constexpr (requires { each.value; })
                return static_cast<double>(each.value) * unit;
            else
                return static_cast<double>(each) * unit;
        };
        differ(given, number(into->value.low), number(into->value.high), into->place);
    }
    void differ(const series::Watched::Given& given, double low, double high, const Place& at) {
        const auto near = [](double a, double b) { return std::abs(a - b) <= 0.01 * std::max(a, b) + 1e-9; };
        // Whole connections, and what was typed in with two digits.
        if ((near(low, given.low) && near(high, given.high)) ||
            (given.key == "connections" && std::abs(low - given.low) <= 1 && std::abs(high - given.high) <= 1))
            return;
        series::Watched::Given own{given.key, low, high, 0, {}};
        Diagnostic& warning = diagnostics_.warning(at,
                                                   fmt::format("{}: {} here, {} in {}; what is here counts", given.key,
                                                               written(own), written(given), file_.name()),
                                                   fmt::format("remove {}, or correct it", given.key));
        warning.notes.emplace_back("series", fmt::format("{}, {}", given.said, diag::print(place(given.offset))));
    }

    static Interval<double> ends(const series::Watched::Given& given, double most) {
        return {std::min(given.low, most), std::min(given.high, most)};
    }
    template <class T>
    static Interval<T> as(const Interval<double>& found) {
        using Rep = typename T::rep;
        return {T(static_cast<Rep>(found.low)), T(static_cast<Rep>(found.high))};
    }

    void give(const series::Watched::Given& given) {
        const std::string_view key = given.key;
        Observed& o = observed_;
        const auto share = as<Fraction>(ends(given, 1));
        if (key == "cpu_mean") value(given, o.cpu_mean, share, 1);
        if (key == "cpu_p95") value(given, o.cpu_p95, share, 1);
        if (key == "cpu_p99") value(given, o.cpu_p99, share, 1);
        if (key == "cpu_peak") value(given, o.cpu_peak, share, 1);
        if (key == "connections") {
            if (!o.connections) o.part_of_one = given.high > 0 && given.high < 1;
            value(given, o.connections, as<Connections>(ends(given, most_slots)), 1);
        }
        if (key == "freeable_memory") value(given, o.freeable_memory, as<Bytes>(ends(given, 1e15)), 1);
        if (key == "swap") value(given, o.swap, as<Bytes>(ends(given, 1e15)), 1);
        if (key == "ebs_throughput") value(given, o.ebs_throughput, as<MegabitsPerSecond>(ends(given, most_mbps)), 1);
        if (key == "network") value(given, o.network, as<MegabitsPerSecond>(ends(given, most_mbps)), 1);
        if (key == "iops") value(given, o.iops, ends(given, most_iops), 1);
        // Where the inventory has the sum, or one of the two, it has all of them.
        const bool own = o.iops && o.iops->place.source != &file_;
        if (key == "read_iops" && !own) value(given, o.read_iops, ends(given, most_iops), 1);
        if (key == "write_iops" && !own) value(given, o.write_iops, ends(given, most_iops), 1);
        if (key == "replica_lag") value(given, o.replica_lag, as<Millis>(ends(given, 3660.0 * 24 * 3'600'000)), 1);
        if (key != "window") return;
        if (!o.window)
            o.window = Located<Days>{Days(std::min(given.high, most_days)), place(given.offset)};
        else
            differ(given, o.window->value.value, o.window->value.value, o.window->place);
    }

    void add_iops() {
        const auto &reads = observed_.read_iops, &writes = observed_.write_iops;
        if (observed_.iops || !reads || !writes) return;
        observed_.iops = Located<Interval<double>>{
            {reads->value.low + writes->value.low, reads->value.high + writes->value.high}, reads->place};
    }

    /// A key beside the series may contradict it.
    bool in_order() {
        struct Value {
            std::string_view key;
            const Maybe<Interval<Fraction>>& value;
        };
        const Value values[] = {{"cpu_mean", observed_.cpu_mean},
                                {"cpu_p95", observed_.cpu_p95},
                                {"cpu_p99", observed_.cpu_p99},
                                {"cpu_peak", observed_.cpu_peak}};
        bool good = true;
        for (std::size_t low = 0; low < 4; ++low)
            for (std::size_t high = std::max<std::size_t>(low + 1, low == 0 ? 3 : 0); high < 4; ++high) {
                const auto &lower = values[low].value, &upper = values[high].value;
                if (!lower || !upper || lower->value.low <= upper->value.high) continue;
                const bool own = upper->place.source != &file_;
                const std::string_view key = own ? values[high].key : values[low].key;
                diagnostics_.error(own ? upper->place : lower->place,
                                   fmt::format("{}: {} is above {} with what {} gives", key, values[low].key,
                                               values[high].key, file_.name()),
                                   fmt::format("remove {}, or correct it", key));
                good = false;
            }
        return good;
    }

    Database& database_;
    Observed& observed_;
    const SourceText& file_;
    Diagnostics& diagnostics_;
    Gathered gathered_;
    Heard heard_;
};

}  // namespace

bool attach_series(Fleet& fleet, const OpenSeries& open, Diagnostics& diagnostics) {
    bool good = true;
    for (Database& database : fleet.databases) {
        if (!database.observed.series) continue;
        const SourceText* file = open(*database.observed.series);
        good = file != nullptr && Attach(database, *file, diagnostics).attach() && good;
    }
    return good;
}

}  // namespace poolfit::imports
