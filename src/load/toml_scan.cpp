#include "toml_scan.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "parsers.hpp"

namespace poolfit::load {
namespace {

constexpr std::size_t max_headers = 1'000'000;
// The parser finds tables that only a dotted key or [a.b] implies by looking at each. Up to `few_headers` it does not
// matter how many those are.
constexpr std::size_t few_headers = 70'000;
constexpr std::size_t max_implied = 20'000;

bool is_bare(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_triple(std::string_view text, std::size_t i) {
    return i + 2 < text.size() && text[i + 1] == text[i] && text[i + 2] == text[i];
}

class Scan {
public:
    Scan(std::string_view text, std::vector<TomlKey>* keys, std::vector<Span>* comments)
        : text_(text), keys_(keys), comments_(comments) {}

    std::optional<TomlExcess> run() {
        at_ = bom_length(text_);
        while (at_ < text_.size() && !excess_) {
            const char c = text_[at_];
            if (c == '#') {
                comment();
            } else if (c == '[' && scopes_.empty()) {
                header();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                ++at_;
            } else {
                key(0);
                value();
            }
        }
        if (headers_.size() > few_headers) (void)implied();
        return excess_;
    }

    TomlCounts counts() { return {values_, dotted_, headers_.size(), implied()}; }

private:
    void fail(TomlExcess::Kind kind, std::size_t at) {
        if (!excess_) excess_ = TomlExcess{kind, static_cast<std::uint32_t>(at)};
    }
    void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }
    void comment() {
        const auto begin = at_;
        skip_line();
        if (comments_ != nullptr)
            comments_->push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)});
    }

    /// Reads a key's parts; ends on what is no part of a key. True if there are several.
    bool parts(std::size_t begin) {
        std::size_t dots = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '"' || c == '\'') {
                at_ = skip_string(text_, at_) - 1;
            } else if (c == '.') {
                if (++dots >= max_depth) fail(TomlExcess::Kind::dots, begin);
            } else if (!is_bare(c) && c != ' ' && c != '\t') {
                break;
            }
        }
        return dots != 0;
    }

    void add(TomlKey::Kind kind, std::size_t begin, std::size_t end, std::uint32_t scope) {
        if (keys_ != nullptr)
            keys_->push_back({kind, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, scope});
    }

    void header() {
        const auto begin = at_;
        const bool list = text_.substr(at_, 2) == "[[";
        at_ += list ? 2 : 1;
        parts(begin);
        while (at_ < text_.size() && text_[at_] == ']') ++at_;
        headers_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)});
        if (headers_.size() > max_headers) fail(TomlExcess::Kind::tables, begin);
        add(list ? TomlKey::Kind::table_list : TomlKey::Kind::table, begin, at_, 0);
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
        if (at_ < text_.size() && text_[at_] == '#') return comment();
        skip_line();  // nothing, or a mistake that the parser stops at
    }
    /// Headers of several parts whose table does not stand above them since the lists that it is in went on. One that
    /// is written in two ways is taken for two.
    std::size_t implied() {
        std::unordered_map<std::string_view, std::size_t> last;  // header by path, from 1
        std::size_t count = 0;
        for (std::size_t i = 0; i < headers_.size() && !excess_; ++i) {
            auto path = text_.substr(headers_[i].begin, headers_[i].end - headers_[i].begin);
            while (path.starts_with('[')) path.remove_prefix(1);
            while (path.ends_with(']')) path.remove_suffix(1);
            std::size_t above = 0;
            bool known = true;
            for (auto dot = path.find('.'); dot != path.npos && known; dot = path.find('.', dot + 1)) {
                const auto at = last.find(path.substr(0, dot));
                known = at != last.end() && at->second >= above;
                if (known) above = at->second;
            }
            if (!known && ++count > max_implied) fail(TomlExcess::Kind::tables, headers_[i].begin);
            last[path] = i + 1;
        }
        return count;
    }
    void key(std::uint32_t scope) {
        const auto begin = at_;
        if (parts(begin) && ++dotted_ > max_implied) fail(TomlExcess::Kind::tables, begin);
        auto end = at_;
        while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
        add(TomlKey::Kind::key, begin, end, scope);
        if (at_ == begin) ++at_;  // not a key: on with it
    }

    /// From a key's end over "= value", to the end of its line.
    void value() {
        while (at_ < text_.size() && !excess_) {
            const char c = text_[at_];
            if (c == '\n' && scopes_.empty()) return;
            if (c == '"' || c == '\'') {
                at_ = skip_string(text_, at_);
                continue;
            }
            if (c == '#') {
                comment();
                continue;
            }
            ++at_;
            if (c == '[' || c == '{') {
                if (scopes_.size() >= max_depth) fail(TomlExcess::Kind::depth, at_ - 1);
                scopes_.push_back(c == '{' ? ++last_scope_ : 0);
                if (c == '{') inner_key();
            } else if (c == ']' || c == '}') {
                if (!scopes_.empty()) scopes_.pop_back();
            } else if (c == ',' || c == '=') {
                if (++values_ > max_values) fail(TomlExcess::Kind::values, at_ - 1);
                if (c == ',' && !scopes_.empty() && scopes_.back() != 0) inner_key();
            }
        }
    }

    void inner_key() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
        if (at_ < text_.size() && (is_bare(text_[at_]) || text_[at_] == '"' || text_[at_] == '\'')) key(scopes_.back());
    }

    std::string_view text_;
    std::vector<TomlKey>* keys_;
    std::vector<Span>* comments_;
    std::size_t at_ = 0;
    std::vector<std::uint32_t> scopes_;  // open brackets; an inline table's number, or 0 for an array
    std::uint32_t last_scope_ = 0;
    std::size_t values_ = 0, dotted_ = 0;
    std::vector<Span> headers_;
    std::optional<TomlExcess> excess_;
};

}  // namespace

std::size_t skip_string(std::string_view text, std::size_t begin) {
    std::size_t i = begin;
    const char mark = text[i];
    const bool escapes = mark == '"';
    if (is_triple(text, i)) {
        for (i += 3; i < text.size(); ++i) {
            if (escapes && text[i] == '\\') {
                ++i;
            } else if (text[i] == mark && is_triple(text, i)) {
                i += 3;
                for (int more = 0; more < 2 && i < text.size() && text[i] == mark; ++more) ++i;
                return i;
            }
        }
        return text.size();
    }
    for (++i; i < text.size() && text[i] != '\n'; ++i) {
        if (escapes && text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
            ++i;
        } else if (text[i] == mark) {
            return i + 1;
        }
    }
    return i;
}

std::optional<TomlExcess> scan_toml(std::string_view text, std::vector<TomlKey>* keys, std::vector<Span>* comments) {
    return Scan(text, keys, comments).run();
}

TomlCounts& TomlCounts::operator+=(const TomlCounts& more) {
    values += more.values;
    dotted += more.dotted;
    headers += more.headers;
    implied += more.implied;
    return *this;
}

std::optional<TomlCounts> count_toml(std::string_view part) {
    Scan scan(part, nullptr, nullptr);
    if (scan.run()) return std::nullopt;
    return scan.counts();
}

bool is_fit(const TomlCounts& counts) {
    // What a part does not declare, one before it may: the whole has no more of these than its parts.
    const bool few = counts.headers <= few_headers || (counts.headers <= max_headers && counts.implied <= max_implied);
    return counts.values <= max_values && counts.dotted <= max_implied && few;
}

std::size_t next_record(std::string_view text, std::size_t from) {
    constexpr std::string_view line_and_brackets = "\n[[";
    while ((from = text.find(line_and_brackets, from)) != text.npos) {
        const std::size_t name = from + line_and_brackets.size();
        std::size_t end = name;
        while (end < text.size() && is_bare(text[end])) ++end;
        if (end != name && text.substr(end, 2) == "]]") return from + 1;
        from = end;
    }
    return text.size();
}

std::vector<std::string> split_key(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '"' || c == '\'') {
            const auto end = skip_string(text, i);
            parts.back() += text.substr(i + 1, end - i >= 2 ? end - i - 2 : 0);
            i = end;
            continue;
        }
        if (c == '.')
            parts.emplace_back();
        else if (c != ' ' && c != '\t')
            parts.back() += c;
        ++i;
    }
    return parts;
}

std::optional<Span> first_place(std::string_view text, std::uint32_t offset) {
    std::vector<TomlKey> keys;
    (void)scan_toml(text, &keys);
    std::unordered_map<std::string, Span> first;
    std::unordered_map<std::string, std::size_t> lists;  // how many [[tables]] of this path so far
    std::string current;                                 // of the last header
    for (std::size_t k = 0; k < keys.size() && keys[k].span.begin <= offset; ++k) {
        const auto& key = keys[k];
        const bool is_header = key.kind != TomlKey::Kind::key;
        auto written = text.substr(key.span.begin, key.span.end - key.span.begin);
        while (is_header && written.starts_with('[')) written.remove_prefix(1);
        while (is_header && written.ends_with(']')) written.remove_suffix(1);
        std::string path = is_header ? "" : key.scope != 0 ? fmt::format("{{{}", key.scope) : current;
        const auto parts = split_key(written);
        const bool last = k + 1 == keys.size() || keys[k + 1].span.begin > offset;
        std::optional<Span> found;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            path += '\n' + parts[i];
            const bool end = i + 1 == parts.size();
            if (const auto known = first.find(path); known != first.end())
                found = known->second;
            else if (!last)
                first.emplace(path, key.span);
            if (const auto list = lists.find(path);
                list != lists.end() || (end && key.kind == TomlKey::Kind::table_list)) {
                auto& count = lists[path];
                if (end && key.kind == TomlKey::Kind::table_list) ++count;
                path += fmt::format("\n#{}", count);
            }
        }
        if (last) return found;
        if (is_header) current = path;
    }
    return std::nullopt;
}

}  // namespace poolfit::load
