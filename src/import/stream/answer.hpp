// An answer of a provider: an object with a list under one key; pages may follow each other.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "json_reader.hpp"

namespace poolfit::imports {

class Answer {
public:
    /// `next` is the key of what leads to the next page; empty: none does.
    Answer(JsonReader& json, std::string_view key, std::string_view next = {})
        : json_(json), key_(key), next_key_(next) {}
    /// What leads to the page after the last that was read; empty: there is none.
    const std::string& next() const { return next_; }

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
    static std::string again() { return "name the answer of the command as it was written, or fetch it again"; }
    template <class Each>
    bool page(Token first, const Each& each) {
        held_ = first;
        if (first == Token::list) return list(each);
        bool known = false;
        next_.clear();
        const bool good = object([&] {
            if (!next_key_.empty() && json_.text() == next_key_) return text(next_);
            if (json_.text() != key_) return json_.skip();
            known = true;
            return list(each);
        });
        if (good && !known) return json_.refuse(fmt::format("no list {}", key_), again());
        return good;
    }

    JsonReader& json_;
    std::string_view key_, next_key_;
    std::string next_;
    Token held_ = Token::end;  ///< the first token of an element, where it was read; else end
};

}  // namespace poolfit::imports
