// JSON text to the Document tree, by nlohmann's SAX parser. The only file of this room that knows it.
#include <algorithm>
#include <cstdint>
#include <exception>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json_error.hpp"
#include "parsers.hpp"
#include "words.hpp"

namespace poolfit::load {
namespace {

/// Builds the tree from the parser's events. Every event is one token of the text, so a cursor that steps
/// over the same tokens knows exactly where each stands.
class JsonBuilder {
public:
    JsonBuilder(const SourceText& source, std::uint32_t base, Diagnostics& diagnostics)
        : source_(source), text_(source.text()), at_(base), diagnostics_(diagnostics) {}

    std::optional<Value> take() {
        if (!done_) return std::nullopt;
        return std::move(root_);
    }
    /// True if the builder itself gave up, and has said why.
    bool stopped() const { return stopped_; }
    /// After the last token that was well-formed.
    std::uint32_t cursor() const { return at_; }
    /// The open bracket, ':' between a key and its value, or 0.
    char state() const { return open_.empty() ? 0 : after_key_ ? ':' : open_.back().is_table ? '{' : '['; }

    // The events, by the names that nlohmann gives them.
    bool null() { return scalar(Null{}, 4); }
    bool boolean(bool value) { return scalar(value, value ? 4 : 5); }
    bool number_integer(std::int64_t value) { return scalar(value, 0); }
    bool number_unsigned(std::uint64_t value) {
        if (value > static_cast<std::uint64_t>(INT64_MAX)) return scalar(static_cast<double>(value), 0);
        return scalar(static_cast<std::int64_t>(value), 0);
    }
    bool number_float(double value, const std::string&) { return scalar(value, 0); }
    bool string(std::string& value) {
        const Span span = next_string();
        Value out;
        out.place = {&source_, span};
        if (text_.substr(span.begin + 1, span.end - span.begin - 2) == value) out.text_begin = span.begin + 1;
        out.data = std::move(value);
        return put(std::move(out));
    }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(true); }
    bool start_array(std::size_t) { return open(false); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        const Span span = next_string();
        Member member;
        member.key = std::move(name);
        member.key_place = {&source_, span};
        auto& members = open_.back().value.as<Table>()->members;
        if (const auto* first = open_.back().seen(member.key, members)) {
            auto& made = diagnostics_.error(member.key_place, fmt::format("{} is given twice", quote(member.key)),
                                            "remove one of the two");
            made.label = "again";
            made.notes.emplace_back("first", diag::print(first->key_place));
            return stop();
        }
        members.push_back(std::move(member));
        open_.back().index(members);
        after_key_ = true;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) { return false; }

private:
    struct Open {
        Value value;
        bool is_table = false;
        /// Of a large table only: hash of the key → member, so that looking for a duplicate isn't quadratic.
        std::unordered_multimap<std::size_t, std::size_t> by_hash;

        const Member* seen(const std::string& key, const std::vector<Member>& members) const {
            if (members.size() < 32) {
                for (const auto& m : members)
                    if (m.key == key) return &m;
                return nullptr;
            }
            const auto [from, to] = by_hash.equal_range(std::hash<std::string>{}(key));
            for (auto at = from; at != to; ++at)
                if (members[at->second].key == key) return &members[at->second];
            return nullptr;
        }
        void index(const std::vector<Member>& members) {
            if (members.size() < 32) return;
            for (auto i = by_hash.size(); i < members.size(); ++i)
                by_hash.emplace(std::hash<std::string>{}(members[i].key), i);
        }
    };

    bool stop() {
        stopped_ = true;
        return false;
    }
    std::uint32_t next_token() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' ||
                                      text_[at_] == '\n' || text_[at_] == ',' || text_[at_] == ':'))
            ++at_;
        return at_;
    }
    /// Over a number as JSON has them: after a leading 0 no digit follows.
    void number() {
        const auto digits = [&] {
            while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
        };
        const auto one = [&](std::string_view of) {
            if (at_ == text_.size() || of.find(text_[at_]) == of.npos) return false;
            ++at_;
            return true;
        };
        one("-");
        if (!one("0")) digits();
        if (one(".")) digits();
        if (one("eE")) {
            one("+-");
            digits();
        }
    }
    Span next_string() {
        const auto begin = next_token();
        ++at_;
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
        at_ = std::min<std::uint32_t>(at_ + 1, static_cast<std::uint32_t>(text_.size()));
        return {begin, at_};
    }
    template <class T>
    bool scalar(T data, std::uint32_t length) {
        const auto begin = next_token();
        if (length == 0) number();
        at_ += length;
        Value out;
        out.place = {&source_, {begin, at_}};
        out.data = data;
        return put(std::move(out));
    }
    bool put(Value value) {
        after_key_ = false;
        if (++values_ > max_values) {
            diagnostics_.error(value.place, fmt::format("more than {} values in one file", max_values),
                               "split the file");
            return stop();
        }
        if (open_.empty()) {
            root_ = std::move(value);
            done_ = true;
        } else if (auto* table = open_.back().value.as<Table>()) {
            table->members.back().value = std::move(value);
        } else {
            open_.back().value.as<Array>()->items.push_back(std::move(value));
        }
        return true;
    }
    bool open(bool is_table) {
        const auto begin = next_token();
        ++at_;
        after_key_ = false;
        if (open_.size() >= max_depth) {
            diagnostics_.error({&source_, {begin, at_}}, fmt::format("brackets nested more than {} deep", max_depth),
                               "an inventory needs four levels at most");
            return stop();
        }
        Open next;
        next.is_table = is_table;
        next.value.place = {&source_, {begin, at_}};
        if (is_table)
            next.value.data = Table{};
        else
            next.value.data = Array{};
        open_.push_back(std::move(next));
        return true;
    }
    bool close() {
        next_token();
        ++at_;
        Value value = std::move(open_.back().value);
        open_.pop_back();
        return put(std::move(value));
    }

    const SourceText& source_;
    std::string_view text_;
    std::uint32_t at_;
    Diagnostics& diagnostics_;
    std::vector<Open> open_;
    Value root_;
    std::size_t values_ = 0;
    bool after_key_ = false, done_ = false, stopped_ = false;
};

}  // namespace

std::optional<Document> parse_json(const SourceText& source, Diagnostics& diagnostics) {
    const auto base = bom_length(source.text());
    const auto text = source.text().substr(base);
    try {
        JsonBuilder builder(source, base, diagnostics);
        const bool good = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
        if (builder.stopped()) return std::nullopt;
        auto root = builder.take();
        if (!good || !root) {
            report_json_error(source, builder.cursor(), builder.state(), diagnostics);
            return std::nullopt;
        }
        auto* table = root->as<Table>();
        if (table == nullptr) {
            diagnostics.error(root->place, fmt::format("expected an object, found {}", describe(*root)),
                              R"(start with { "schema": "poolfit-inventory/1", … })");
            return std::nullopt;
        }
        Document document;
        document.syntax = Syntax::json;
        document.source = &source;
        document.root = std::move(*table);
        return document;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& fault) {
        diagnostics.error(Place{&source, {0, 0}}, fmt::format("the file can't be read: {}", fault.what()),
                          "split the file");
        return std::nullopt;
    }
}

}  // namespace poolfit::load
