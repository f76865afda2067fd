#include "ruby.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace poolfit::imports {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
constexpr std::string_view digits = "0123456789";
constexpr std::int64_t most = 1'000'000'000;

struct Term {
    enum class Kind { unknown, nil, number, word } kind = Kind::unknown;
    std::int64_t number = 0;
    std::string word;
    std::string name;                ///< of an unknown one: the variable that it is of
    std::vector<std::string> names;  ///< variables that are not given
};
using Kind = Term::Kind;

Term number_term(std::int64_t number) {
    Term term;
    term.kind = Kind::number;
    term.number = number;
    return term;
}

/// "5 threads".to_i is 5.
std::int64_t leading_number(std::string_view text) {
    std::int64_t number = 0;
    for (const char c : trimmed_blanks(text)) {
        if (c < '0' || c > '9' || number > most) break;
        number = number * 10 + (c - '0');
    }
    return number;
}

class Ruby {
public:
    Ruby(std::string_view text, const Variables& variables) : text_(text), variables_(variables) {}

    std::optional<Term> whole() {
        Term term = choice(0);
        if (!rest().empty() || failed_) return std::nullopt;
        return term;
    }

private:
    std::string_view rest() {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        return text_.substr(at_);
    }
    bool take(std::string_view word) {
        if (!rest().starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    void must(std::string_view word) { failed_ = !take(word) || failed_; }
    std::string identifier() {
        const std::string_view left = rest();
        const std::string_view word = left.substr(0, std::min(left.find_first_not_of(letters), left.size()));
        at_ += word.size();
        return std::string(word);
    }
    static void add_names(Term& into, const Term& from) {
        for (const std::string& name : from.names)
            if (std::ranges::find(into.names, name) == into.names.end()) into.names.push_back(name);
    }

    Term choice(int level) {
        Term condition = either(level);
        if (!take("?")) return condition;
        Term yes = choice(level + 1);
        must(":");
        Term no = choice(level + 1);
        // Of a variable that may be there or not, either may count.
        if (condition.kind == Kind::unknown || !condition.names.empty()) return {};
        Term chosen = condition.kind == Kind::nil ? std::move(no) : std::move(yes);
        return chosen;
    }

    Term either(int level) {
        Term left = sum(level);
        while (take("||")) {
            Term right = sum(level);
            const bool absent = left.kind == Kind::nil || (left.kind == Kind::unknown && !left.name.empty());
            if (!absent) continue;
            if (!left.name.empty()) left.names.push_back(left.name);
            add_names(right, left);
            // Those on the left come first.
            std::rotate(right.names.begin(), right.names.end() - static_cast<std::ptrdiff_t>(left.names.size()),
                        right.names.end());
            left = std::move(right);
        }
        return left;
    }

    Term sum(int level) {
        Term left = product(level);
        while (true) {
            const bool plus = rest().starts_with('+'), minus = rest().starts_with('-');
            if (!plus && !minus) return left;
            ++at_;
            left = computed(std::move(left), product(level), plus ? '+' : '-');
        }
    }
    Term product(int level) {
        Term left = one(level);
        while (true) {
            const bool times = rest().starts_with('*'), over = rest().starts_with('/');
            if (!times && !over) return left;
            ++at_;
            left = computed(std::move(left), one(level), times ? '*' : '/');
        }
    }
    static Term computed(Term left, Term right, char sign) {
        Term out;
        if (left.kind != Kind::number || right.kind != Kind::number) {
            out.name = left.kind == Kind::unknown && !left.name.empty() ? left.name : right.name;
            return out;
        }
        if (sign == '/' && right.number == 0) return out;
        if (std::max(left.number, right.number) > 1'000'000 || std::min(left.number, right.number) < -1'000'000)
            return out;
        out.kind = Kind::number;
        out.number = sign == '+'   ? left.number + right.number
                     : sign == '-' ? left.number - right.number
                     : sign == '*' ? left.number * right.number
                                   : left.number / right.number;
        if (sign == '/' && out.number * right.number != left.number && (left.number < 0) != (right.number < 0))
            --out.number;  // Ruby rounds down
        out.names = std::move(left.names);
        add_names(out, right);
        return out;
    }

    Term one(int level) {
        Term term = atom(level);
        while (!failed_ && rest().starts_with('.')) {
            ++at_;
            const std::string method = identifier();
            if (take("(")) must(")");
            if (method == "to_i") {
                if (term.kind == Kind::unknown) continue;
                const std::int64_t number = term.kind == Kind::number ? term.number
                                            : term.kind == Kind::nil  ? 0
                                                                      : leading_number(term.word);
                Term made = number_term(number);
                made.names = std::move(term.names);
                term = std::move(made);
            } else if (method != "presence" && method != "to_s" && method != "strip") {
                failed_ = true;
            }
        }
        return term;
    }

    Term atom(int level) {
        const std::string_view left = rest();
        if (level > 30 || left.empty()) {
            failed_ = true;
            return {};
        }
        if (left[0] == '"' || left[0] == '\'') return quoted();
        if (digits.find(left[0]) != digits.npos) {
            std::int64_t number = 0;
            for (; at_ < text_.size() && (digits.find(text_[at_]) != digits.npos || text_[at_] == '_'); ++at_)
                if (text_[at_] != '_') number = std::min(number * 10 + (text_[at_] - '0'), most);
            return number_term(number);
        }
        if (take("(")) {
            Term term = choice(level + 1);
            must(")");
            return term;
        }
        if (take("-")) return computed(number_term(0), one(level + 1), '-');
        const std::string word = identifier();
        if (word == "ENV") return variable(level);
        if (word == "nil" || word == "false") {
            Term nil;
            nil.kind = Kind::nil;
            return nil;
        }
        if (word == "Integer") {
            const bool open = take("(");
            Term term = choice(level + 1);
            if (open) must(")");
            if (term.kind == Kind::word) {
                const std::string_view text = trimmed_blanks(term.word);
                if (text.empty() || text.find_first_not_of(digits) != text.npos || text.size() > 9) return {};
                term.number = leading_number(text);
                term.kind = Kind::number;
            }
            return term.kind == Kind::nil ? Term{} : term;
        }
        failed_ = true;
        return {};
    }

    Term quoted() {
        const char quote = text_[at_++];
        Term term;
        const std::size_t close = text_.find(quote, at_);
        if (close == text_.npos) {
            failed_ = true;
            return term;
        }
        term.word = text_.substr(at_, close - at_);
        term.kind = term.word.find("#{") == std::string::npos ? Kind::word : Kind::unknown;
        at_ = close + 1;
        return term;
    }

    /// ENV["X"], ENV.fetch("X"), ENV.fetch("X", 5), ENV.fetch("X") { 5 }
    Term variable(int level) {
        const bool fetch = take(".");
        if (fetch && identifier() != "fetch") failed_ = true;
        const bool open = fetch && take("(");
        if (!fetch) must("[");
        if (failed_ || rest().empty() || (rest()[0] != '"' && rest()[0] != '\'')) {
            failed_ = true;
            return {};
        }
        const std::string name = quoted().word;
        std::optional<Term> otherwise;
        if (fetch && take(",")) otherwise = choice(level + 1);
        if (fetch && open) must(")");
        if (!fetch) must("]");
        if (fetch && take("{")) {
            otherwise = choice(level + 1);
            must("}");
        }
        Term term;
        if (name.empty() || name.find_first_not_of(letters) != name.npos) {
            failed_ = true;
            return term;
        }
        if (const Variable* found = variables_.find(name); found != nullptr && found->known) {
            term.kind = Kind::word;
            term.word = found->value.opened();
            return term;
        }
        if (!otherwise) {
            term.name = name;
            return term;
        }
        otherwise->names.insert(otherwise->names.begin(), name);
        return *otherwise;
    }

    std::string_view text_;
    const Variables& variables_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

/// The only variable that a text asks for, without a default.
std::string asked_for(std::string_view text) {
    const std::size_t env = text.find("ENV");
    if (env == text.npos || text.find("ENV", env + 1) != text.npos || text.find_first_of(",{|?", env) != text.npos)
        return {};
    const std::size_t open = text.find_first_of("'\"", env);
    if (open == text.npos) return {};
    const std::size_t close = text.find(text[open], open + 1);
    if (close == text.npos) return {};
    std::string name(text.substr(open + 1, close - open - 1));
    return name.find_first_not_of(letters) == name.npos ? name : std::string();
}

}  // namespace

RubyValue ruby_value(std::string_view expression, const Variables& variables) {
    RubyValue out;
    const std::optional<Term> term = Ruby(expression, variables).whole();
    if (!term || term->kind == Kind::unknown || term->kind == Kind::nil) {
        out.name = term && !term->name.empty() ? term->name : asked_for(expression);
        if (term && !term->name.empty()) out.before = term->names;
        return out;
    }
    out.known = true;
    out.text = term->kind == Kind::number ? std::to_string(term->number) : term->word;
    out.defaults = term->names;
    return out;
}

}  // namespace poolfit::imports
