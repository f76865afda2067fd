// An answer of a provider: an object with a list under one key; pages may follow each other.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "json_reader.hpp"
#include "kinds.hpp"

namespace poolfit::imports {

class Answer {
public:
    /// Each of `next` is the key of what leads to the next page.
    Answer(JsonReader& json, std::string_view key, std::array<std::string_view, 2> next)
        : json_(json), key_(key), next_keys_(next) {}
    /// What leads to the page after the last that was read; empty: there is none.
    const std::string& next() const { return next_; }
    /// The key that it is under.
    std::string_view next_key() const { return next_key_; }

    /// Calls `each` at every element of the list, whose beginning it finds with object() and the like. A bare list is
    /// read as well.
    template <class Each>
    bool each(const Each& each) {
        for (Token token = json_.next(); token != Token::end; token = json_.next())
            if (!page(token, each)) return false;
        return true;
    }
    /// The members of the object whose beginning comes next, or was the last token of an element.
    template <class Each>
    bool object(const Each& each) {
        return expect(take(), Token::object, "an object") && json_.members(each);
    }
    /// The elements of the list that comes next.
    template <class Each>
    bool list(const Each& each) {
        return expect(take(), Token::list, "a list") && json_.items([&](Token token) {
            held_ = token;
            return each();
        });
    }
    /// A text, a number or a word as it is written; a null leaves it empty.
    bool text(std::string& into) {
        const Token token = take();
        if (token != Token::text && token != Token::number && token != Token::word)
            return expect(token, Token::text, "a text or a number");
        into = token == Token::word && json_.text() == "null" ? std::string_view() : json_.text();
        return true;
    }
    bool skip() { return json_.skip_rest(take()); }

private:
    Token take() {
        const Token token = held_ == Token::end ? json_.next() : held_;
        held_ = Token::end;
        return token;
    }
    bool expect(Token token, Token wanted, std::string_view what) {
        if (token == wanted) return true;
        return token == Token::bad ? false : json_.refuse(fmt::format("expected {}", what), again());
    }
    /// The message of an error, under one name or the other.
    bool error(std::string& into) {
        held_ = json_.next();
        if (held_ != Token::object) return skip();
        return object([&] {
            if (json_.text() == "message" || json_.text() == "Message") return text(into);
            return json_.skip();
        });
    }
    static std::string again() { return "name the answer of the command as it was written, or fetch it again"; }
    template <class Each>
    bool page(Token first, const Each& each) {
        held_ = first;
        if (first == Token::list) return list(each);
        bool known = false;
        const AnswerKind* other = nullptr;
        std::string refused;
        next_.clear();
        const bool good = object([&] {
            for (const std::string_view each : next_keys_)
                if (!each.empty() && json_.text() == each) {
                    next_key_ = each;
                    return text(next_);
                }
            if (json_.text() == "error" || json_.text() == "Error") return error(refused);
            if (json_.text() != key_) {
                if (other == nullptr) other = kind_with(json_.text());
                return json_.skip();
            }
            known = true;
            return list(each);
        });
        if (good && !known && !refused.empty())
            return json_.refuse("the provider refused: " + without_keys(refused),
                                "correct the command, and run it again");
        if (good && !known && other != nullptr)
            return json_.refuse(fmt::format("this is {}", other->what), import_command(*other, json_.bytes().name()));
        if (good && !known) return json_.refuse(fmt::format("no list {}", key_), again());
        return good;
    }

    JsonReader& json_;
    std::string_view key_, next_key_;
    std::array<std::string_view, 2> next_keys_;
    std::string next_;
    Token held_ = Token::end;  ///< the first token of an element, where it was read; else end
};

}  // namespace poolfit::imports
