#include "suppressions.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>

#include "toml_scan.hpp"

namespace poolfit::load {
namespace {

constexpr std::string_view mark = "poolfit:";
constexpr std::string_view verb = "ignore";
constexpr std::string_view example = R"(# poolfit: ignore[PF101] until=2026-12-31 owner=dana reason="…")";

bool has_mark(const SourceText& source) { return source.text().find(mark) != std::string_view::npos; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Line numbers of what comments cover.
class Lines {
public:
    explicit Lines(const SourceText& source) : source_(source) {}

    /// The line with more than a comment that a comment at `offset` is about.
    /// Asked in order of the text: a run of comments is walked once.
    std::uint32_t covered(std::uint32_t offset) {
        const auto own = source_.position(offset).line;
        if (has_content(own)) return own;
        if (next_ <= own) {
            next_ = own + 1;
            while (next_ <= source_.line_count() && !has_content(next_)) ++next_;
        }
        return next_ <= source_.line_count() ? next_ : own;
    }

private:
    bool has_content(std::uint32_t line) const {
        const auto text = source_.line(line);
        const auto first = text.find_first_not_of(" \t\r");
        return first != text.npos && text[first] != '#';
    }
    const SourceText& source_;
    std::uint32_t next_ = 0;  ///< the first line with content after the last comment on a line of its own
};

/// One comment, read from its "poolfit:" on.
class Comment {
public:
    Comment(Context& context, const SourceText& source, Span span, std::size_t begin)
        : c_(context), source_(source), text_(source.text().substr(0, span.end)), span_(span), at_(begin) {
        while (span_.end > span_.begin && is_blank(text_[span_.end - 1])) --span_.end;
        text_ = text_.substr(0, span_.end);
    }

    bool read(std::uint32_t line, std::vector<Ignore>& out) {
        Ignore common;
        common.place = place(span_.begin, span_.end);
        common.line = line;
        std::vector<Located<std::string>> rules;
        if (!read_rules(rules) || !read_pairs(common)) return false;
        for (auto& rule : rules) {
            out.push_back(common);
            out.back().rule = std::move(rule);
        }
        return true;
    }

private:
    Place place(std::size_t begin, std::size_t end) const {
        return {&source_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}};
    }
    bool fail(std::size_t begin, std::size_t end, std::string message, std::string fix) {
        // At the end of the file there is nothing to underline.
        const std::size_t last = std::min(std::max(begin + 1, end), source_.text().size());
        c_.out.error(place(std::min(begin, last), last), std::move(message), std::move(fix));
        return false;
    }
    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    }
    std::size_t word_end(std::string_view stops) const {
        return std::min(text_.find_first_of(stops, at_), text_.size());
    }

    bool read_rules(std::vector<Located<std::string>>& rules) {
        skip_blanks();
        const auto end = word_end(" \t[]=,\"");
        if (text_.substr(at_, end - at_) != verb)
            return fail(at_, end,
                        fmt::format("a comment that begins with {} is for poolfit, but {} is unknown", mark,
                                    quote(text_.substr(at_, end - at_))),
                        fmt::format("write {}; or remove the colon", example));
        at_ = end;
        skip_blanks();
        if (at_ == text_.size() || text_[at_] != '[')
            return fail(span_.begin, span_.end, "the suppression has no rule", fmt::format("write {}", example));
        const auto open = at_++;
        const auto close = text_.find(']', at_);
        if (close == text_.npos) return fail(open, span_.end, "[ is never closed", fmt::format("write {}", example));
        while (true) {
            skip_blanks();
            auto stop = std::min(word_end(","), close);
            auto last = stop;
            while (last > at_ && is_blank(text_[last - 1])) --last;
            const auto rule = text_.substr(at_, last - at_);
            if (rule.empty())
                return fail(open, close + 1, "the suppression has no rule", fmt::format("write {}", example));
            if (!is_rule_reference(rule))
                return fail(at_, last, fmt::format("{} is not the id or name of a rule", quote(rule)),
                            fmt::format("write {}", example));
            rules.push_back({std::string(rule), place(at_, last)});
            at_ = stop + 1;
            if (stop == close) return true;
        }
    }

    /// key=value or key="value"; nothing after an error.
    std::optional<Located<std::string>> read_value(std::string_view key) {
        if (at_ < text_.size() && text_[at_] == '"') {
            const auto close = text_.find('"', at_ + 1);
            if (close == text_.npos) {
                fail(at_, span_.end, fmt::format("{}: the quote is never closed", key),
                     fmt::format("end it with \" on the same line"));
                return std::nullopt;
            }
            Located<std::string> value{std::string(text_.substr(at_ + 1, close - at_ - 1)), place(at_, close + 1)};
            at_ = close + 1;
            return value;
        }
        const auto end = word_end(" \t");
        Located<std::string> value{std::string(text_.substr(at_, end - at_)), place(at_, end)};
        at_ = end;
        return value;
    }

    bool read_pairs(Ignore& out) {
        while (true) {
            skip_blanks();
            if (at_ == text_.size()) return true;
            const auto begin = at_;
            const auto end = word_end(" \t=");
            const auto key = text_.substr(begin, end - begin);
            if (end == text_.size() || text_[end] != '=')
                return fail(begin, end, fmt::format("{} has no value", quote(key)),
                            fmt::format("write {}; put the reason in quotes", example));
            at_ = end + 1;
            auto value = read_value(key);
            if (!value) return false;
            if (value->value.empty())
                return fail(begin, at_, fmt::format("{} is empty", key), fmt::format("write {}", example));
            if (!take(key, place(begin, end), std::move(*value), out)) return false;
        }
    }

    bool take(std::string_view key, Place key_place, Located<std::string> value, Ignore& out) {
        const auto once = [&](auto& field) {
            if (!field) return true;
            return fail(key_place.span.begin, key_place.span.end, fmt::format("{} is given twice", key),
                        "remove one of the two");
        };
        if (key == "until") {
            const auto date = unit::parse_date(value.value);
            if (!date)
                return fail(value.place.span.begin, value.place.span.end,
                            fmt::format("until: {} is not a date", quote(value.value)), "write until=2026-12-31");
            if (!once(out.until)) return false;
            out.until = Located<Date>{*date, value.place};
            return true;
        }
        static constexpr std::pair<std::string_view, Maybe<std::string> Ignore::*> texts[] = {
            {"owner", &Ignore::owner}, {"reason", &Ignore::reason}, {"target", &Ignore::target}};
        for (const auto& [name, member] : texts)
            if (name == key) {
                if (!once(out.*member)) return false;
                out.*member = std::move(value);
                return true;
            }
        const auto near = c_.suggester.nearest(key, {"until", "owner", "reason", "target"});
        auto& made = c_.out.error(key_place, fmt::format("unknown key {} in a suppression", quote(key)),
                                  near.empty() ? fmt::format("write {}", example) : fmt::format("write {}", near));
        if (!near.empty()) made.label = fmt::format("did you mean {}?", near);
        made.notes.emplace_back("allowed", "until, owner, reason, target");
        return false;
    }

    Context& c_;
    const SourceText& source_;
    std::string_view text_;
    Span span_;
    std::size_t at_;
};

}  // namespace

bool is_rule_reference(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool Coverage::commented(const Place& place) {
    if (!place) return false;
    const auto [at, fresh] = marked_.try_emplace(place.source, false);
    if (fresh) at->second = has_mark(*place.source) || place.source->text().find("ignore") != std::string_view::npos;
    return at->second;
}

void Coverage::add(const Place& place, bool asked) {
    if (!commented(place)) return;
    const auto last = place.source->position(std::max(place.span.begin + 1, place.span.end) - 1).line;
    for (auto line = place.source->position(place.span.begin).line; line <= last; ++line)
        lines_.insert_or_assign({place.source, line}, asked);
}

void Coverage::add(const Value& value, bool asked) {
    add(value.place, asked);
    if (const auto* table = value.as<Table>())
        for (const Member& inner : table->members) of_environment(inner, asked);
    if (const auto* list = value.as<Array>())
        for (const Value& item : list->items)
            if (item.as<Table>() != nullptr) add(item, asked);
}

void Coverage::of_environment(const Member& environment, bool asked) {
    add(environment.key_place, asked);
    add(environment.value, asked);
}

void Coverage::same(const Place& change, const Place& changed) {
    if (changed && commented(change))
        changed_.emplace(Line{change.source, change.source->position(change.span.begin).line}, changed);
}

bool Coverage::is_idle(const SourceText& source, std::uint32_t line) const {
    const auto at = lines_.find({&source, line});
    return at == lines_.end() ? asked_ : !at->second;
}

Place Coverage::changed_at(const SourceText& source, std::uint32_t line) const {
    const auto at = changed_.find({&source, line});
    return at == changed_.end() ? Place{} : at->second;
}

void read_suppressions(Context& context, const SourceText& source, const Coverage& coverage, std::vector<Ignore>& out) {
    const auto text = source.text();
    if (!has_mark(source)) return;
    std::vector<Span> comments;
    (void)scan_toml(text, nullptr, &comments);
    Lines lines(source);
    for (const auto& span : comments) {
        if (context.exhausted()) return;
        auto begin = span.begin + 1;
        while (begin < span.end && is_blank(text[begin])) ++begin;
        if (!text.substr(begin, span.end - begin).starts_with(mark)) continue;
        if (out.size() >= static_cast<std::size_t>(max_records)) {
            context.out.error({&source, span}, fmt::format("more than {} suppressions in one inventory", max_records),
                              "fix what they hide");
            return;
        }
        const std::uint32_t line = lines.covered(span.begin);
        const std::size_t first = out.size();
        Comment(context, source, span, begin + mark.size()).read(line, out);
        for (std::size_t i = first; i < out.size(); ++i) {
            out[i].idle = coverage.is_idle(source, line);
            out[i].changed = coverage.changed_at(source, line);
        }
    }
}

}  // namespace poolfit::load
