// The importers of series: which answer a file is, and what it says of which database.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../readers.hpp"
#include "../stream/json_reader.hpp"
#include "../tree/in_file.hpp"
#include "../tree/node.hpp"
#include "left_out.hpp"
#include "metrics.hpp"
#include "observe.hpp"
#include "pages.hpp"
#include "readers.hpp"

namespace poolfit::imports {
namespace {

class Kind {
    /// Of series that do not say whose they are.
    static constexpr std::string_view of_file = "file:";

public:
    Kind(std::string_view kind, const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
         Diagnostics& diagnostics)
        : kind_(kind), input_(input), mapped_(mapped), estate_(estate), sources_(sources), diagnostics_(diagnostics) {}

    void read() {
        for (const Feed& feed : input_.files)
            if (!file(feed)) return;
        tell_missing_pages(pages_, estate_);
        tell_left_out(
            gathered_, [this](const std::string& whose) { return whose_of(whose); }, estate_);
        for (const auto& [whose, watched] : watched_of(gathered_, input_.series)) database(whose, watched);
        for (const auto& [whose, limit] : limits_) max_connections(whose, limit);
    }

private:
    bool file(const Feed& feed) {
        name_ = feed.name;
        Head head(feed);
        if (!find_importer(kind_)->recognise(head.text())) {
            const InFile whole(feed.name, std::string(head.text()), sources_);
            if (refuse_wrong_file(whole, kind_, diagnostics_)) return false;
        }
        Sources unmasked;
        Diagnostics said;
        const Feed rest{feed.name, [&head](char* buffer, std::size_t size) { return head.read(buffer, size); }};
        Input bytes(rest, unmasked, said);
        Heard heard;
        const std::size_t before = estate_.notes.size(), gathered = gathered_.size(), left = left_out();
        heard.fallback = std::string(of_file) + feed.name;
        heard.busy = [this](std::string_view whose) { return busy(whose); };
        heard.place = [&](std::uint64_t offset) {
            const SourceText& piece = sources_.add(feed.name, " ", bytes.where(offset));
            return Place{&piece, {0, 1}};
        };
        const bool good = read_from(bytes, head.text(), heard);
        if (!good) {
            say_masked(said, sources_, diagnostics_);
            return false;
        }
        told(heard, bytes);
        if (estate_.notes.size() == before && gathered_.size() == gathered && left_out() == left &&
            heard.limits.empty())
            estate_.not_taken(name_, "it has no points", start(), "correct the query, its names or its days");
        return true;
    }
    /// Points that no server can have, of all files so far.
    std::size_t left_out() const {
        std::size_t count = 0;
        for (const auto& [key, series] : gathered_.all()) count += series.left.below + series.left.above;
        return count;
    }

    bool read_from(Input& bytes, std::string_view head, Heard& heard) {
        if (kind_ == "cloudwatch" && !looks_like_json(head)) {
            CsvReader csv(bytes);
            return read_series_csv(csv, "cloudwatch", gathered_, heard);
        }
        JsonReader json(bytes);
        if (kind_ == "pi") return read_pi_json(json, gathered_, heard);
        if (kind_ == "prometheus") return read_prometheus_json(json, gathered_, heard);
        return read_cloudwatch_json(json, gathered_, heard);
    }

    Place start() { return {&sources_.add(name_, " "), {0, 1}}; }

    void told(const Heard& heard, const Input&) {
        const auto tell = [&](std::string text, std::string completes = {}) {
            estate_.told(name_, std::move(text), start(), std::move(completes));
        };
        const auto counted = [](std::size_t count, std::string_view one, std::string_view several) {
            return fmt::format("{} {}", count, count == 1 ? one : several);
        };
        if (heard.refused > 0)
            estate_.not_taken(name_,
                              fmt::format("{} that CloudWatch could not read: StatusCode is not Complete",
                                          counted(heard.refused, "series", "series")),
                              start(), "run the command again");
        pages_.push_back({name_, start(), heard.partial, heard.complete, heard.goes_on, heard.first, heard.last});
        if (heard.empty_rows > 0) tell(counted(heard.empty_rows, "row has no value", "rows have no value"));
        if (gathered_.rounded()) tell("so many points that some are rounded to 0.1 %");
        if (heard.unreadable_labels > 0)
            estate_.not_taken(name_,
                              counted(heard.unreadable_labels, "series without the name of a metric",
                                      "series without the name of a metric"),
                              start(),
                              kind_ == "prometheus" ? "query the metric itself: aggregations drop the name"
                                                    : "make its label end in the metric: orders CPUUtilization max");
        for (const auto& [metric, mean] : heard.told)
            tell(fmt::format("{} has a mean of {:.4g}: average active sessions, which have no key", metric, mean));
        for (const auto& [metric, at] : heard.unread)
            estate_.not_taken(metric, "[database.observed] has no value for it", start());
        for (const auto& [metric, at] : heard.others)
            estate_.not_taken(metric, "its statistics are not Average, Maximum or Minimum", start(),
                              "aws cloudwatch get-metric-statistics --statistics Average Maximum, or Stat Average");
        for (const auto& [whose, limit] : heard.limits) limits_.emplace_back(whose, limit);
    }

    /// The database that a name of the files stands for; empty where they do not say it.
    std::string named(const std::string& whose) {
        const std::string theirs = unnamed(whose);
        if (const std::string* ours = mapped_.find(theirs)) return *ours;
        if (!whose.starts_with(of_file)) return whose;
        // A file may be named by its path or without it, as those of RDS are.
        const std::string* const ours = mapped_.find(theirs.substr(theirs.rfind('/') + 1));
        return ours == nullptr ? std::string() : *ours;
    }
    /// By the names that --map may have in "cpu:NAME=N": the file's, and the database's.
    std::optional<double> busy(std::string_view whose) {
        const std::string theirs(whose);
        for (const std::string& name : {unnamed(theirs), named(theirs)})
            if (const std::string* said = mapped_.find("cpu:" + name); said != nullptr) return read_busy(*said);
        return {};
    }
    Whose whose_of(const std::string& whose) {
        const std::string ours = named(whose);
        const std::string& name = ours.empty() ? unnamed(whose) : ours;
        return {name, name};
    }
    static std::string unnamed(const std::string& whose) {
        return whose.starts_with(of_file) ? whose.substr(of_file.size()) : whose;
    }

    void database(const std::string& whose, const WatchedSeries& series) {
        Observation out;
        out.database = named(whose);
        out.mapped = out.database != whose && !out.database.empty();
        const std::string subject = out.database.empty() ? unnamed(whose) : out.database;
        out.file = unnamed(whose);
        const series::Watched& watched = series.watched;
        out.from = {series.notes.front().place, {}, Truth::running};
        for (const WatchedSeries::Note& note : series.notes) say(subject, watched.all[note.kept], note);
        if (watched.cpu() != nullptr && watched.find(series::Watch::cpu, series::Statistic::average) == nullptr)
            estate_.told(subject, "CPU has only maxima: its mean needs averages, and is left out", out.from.place,
                         "export Average beside Maximum");
        for (const series::Watched::Given& given : watched.given) {
            // Where the series of this value begins.
            Place place = out.from.place;
            for (const WatchedSeries::Note& note : series.notes)
                if (given.key.starts_with(series::name(watched.all[note.kept].watch))) place = note.place;
            out.values.push_back({std::string(given.key), {written(given), {place, given.said, Truth::running}}});
        }
        if (input_.series) out.series = print_series(watched);
        estate_.observations.push_back(std::move(out));
    }

    void say(const std::string& subject, const series::Watched::Kept& kept, const WatchedSeries::Note& note) {
        const series::Summary& summary = kept.summary;
        const auto tell = [&](std::string text) { estate_.told(subject, std::move(text), note.place); };
        const bool least = kept.watch == series::Watch::freeable_memory;
        const auto shown = [&](double value) {
            return kept.watch == series::Watch::cpu ? fmt::format("{:.2f} %", value * 100)
                   : kept.watch == series::Watch::freeable_memory || kept.watch == series::Watch::swap
                       ? fmt::format("{:.2f} GiB", value / (1024.0 * 1024 * 1024))
                       : fmt::format("{:.4g}", value);
        };
        const series::Point& worst = least ? summary.lowest : summary.highest;
        std::string text =
            fmt::format("{} ({}): {} point{}, mean {}, {} {} at {} UTC", note.metric, series::name(kept.statistic),
                        summary.points, summary.points == 1 ? "" : "s", shown(summary.mean),
                        least ? "lowest" : "highest", shown(worst.value), series::print(worst.at));
        if (summary.period > 0)
            text += fmt::format("; {} from {}, every {}: {}", series::print_days(summary.days()),
                                series::print(summary.first), series::print_period(summary.period),
                                series::name(summary.quality));
        tell(std::move(text));
        if (const std::string gaps = print_gaps(summary); !gaps.empty()) tell(gaps);
        if (note.repeats.same > 0)
            tell(fmt::format("{} ({}): {}, counted once", note.metric, series::name(kept.statistic),
                             note.repeats.same == 1 ? std::string("a point is repeated")
                                                    : fmt::format("{} points are repeated", note.repeats.same)));
        if (note.repeats.differ > 0)
            tell(fmt::format(
                "{} ({}): {} with two values, first at {} UTC: the higher one counts", note.metric,
                series::name(kept.statistic),
                note.repeats.differ == 1 ? std::string("a time") : fmt::format("{} times", note.repeats.differ),
                series::print(note.repeats.one->at)));
    }

    void max_connections(const std::string& whose, std::int64_t limit) {
        Observation out;
        out.database = named(whose);
        out.mapped = out.database != whose && !out.database.empty();
        out.file = unnamed(whose);
        out.from = {start(), "max_connections as the server reports it", Truth::running};
        out.max_connections = Fact<std::int64_t>{limit, out.from};
        estate_.observations.push_back(std::move(out));
    }

    std::string_view kind_;
    const StreamInput& input_;
    Mapped& mapped_;
    Estate& estate_;
    Sources& sources_;
    Diagnostics& diagnostics_;
    Gathered gathered_;
    std::vector<std::pair<std::string, std::int64_t>> limits_;
    std::string name_;
    std::vector<Page> pages_;
};

bool has(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

}  // namespace

Head::Head(const Feed& feed) : feed_(feed) {
    text_.resize(size);
    std::size_t filled = 0;
    while (filled < size) {
        const std::size_t count = feed_.read(text_.data() + filled, size - filled);
        if (count == 0) break;
        filled += count;
    }
    text_.resize(filled);
    text_ = as_utf8(std::move(text_));
}

std::size_t Head::read(char* buffer, std::size_t room) {
    if (at_ == text_.size()) return feed_.read(buffer, room);
    const std::size_t count = std::min(room, text_.size() - at_);
    std::copy_n(text_.data() + at_, count, buffer);
    at_ += count;
    return count;
}

bool recognise_cloudwatch(std::string_view text) {
    if (looks_like_json(text)) return has(text, "\"MetricDataResults\"") || has(text, "\"Datapoints\"");
    return looks_like_series_csv(text);
}
bool recognise_pi(std::string_view text) { return looks_like_json(text) && has(text, "\"MetricList\""); }
bool recognise_prometheus(std::string_view text) {
    return looks_like_json(text) && (has(text, "\"resultType\"") || has(text, "\"errorType\""));
}

void read_cloudwatch(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
                     Diagnostics& diagnostics) {
    Kind("cloudwatch", input, mapped, estate, sources, diagnostics).read();
}
void read_pi(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources, Diagnostics& diagnostics) {
    Kind("pi", input, mapped, estate, sources, diagnostics).read();
}
void read_prometheus(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
                     Diagnostics& diagnostics) {
    Kind("prometheus", input, mapped, estate, sources, diagnostics).read();
}

}  // namespace poolfit::imports
