// JSON token by token, from a file that may be larger than memory. Strict: what nlohmann's parser refuses is refused
// here too (tests/fuzz/price_files.cpp compares them), except that one document may follow another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bytes.hpp"

namespace poolfit::imports {

enum class Token : std::uint8_t {
    object,  ///< its beginning
    object_end,
    list,
    list_end,
    key,
    text,
    number,
    word,  ///< true, false or null
    end,   ///< of the file
    bad,   ///< an error, which was said; from then on always
};

class JsonReader {
public:
    explicit JsonReader(Input& bytes) : bytes_(bytes) {}

    Token next();
    /// Of a key or a text, decoded; of a number or a word, as it is written. Until the next token.
    std::string_view text() const { return text_; }
    /// Where in the file the last token begins; of an error where it is.
    std::uint64_t began() const { return begin_; }
    /// The whole value whose first token was the last.
    bool skip_rest(Token first);
    /// The whole next value.
    bool skip() { return skip_rest(next_undecoded()); }
    /// The members of the object, or items of the list, whose beginning was the last token: calls `each` after every
    /// key, which has to take the value; for a list with the first token of each item.
    template <class Each>
    bool members(const Each& each) {
        for (Token token = next(); token != Token::object_end; token = next())
            if (token != Token::key || !each()) return false;
        return true;
    }
    template <class Each>
    bool items(const Each& each) {
        for (Token token = next(); token != Token::list_end; token = next())
            if (token == Token::bad || !each(token)) return false;
        return true;
    }

    /// An error at the last token. Returns false.
    bool refuse(std::string message, std::string fix);
    bool failed() const { return failed_; }
    Input& bytes() { return bytes_; }

    static constexpr std::size_t most_depth = 64;
    static constexpr std::size_t longest_text = std::size_t{4} << 20;

private:
    enum class Expects : std::uint8_t { value, first_item, first_key, key, colon, comma };
    Token next_undecoded();
    Token read(bool decode);
    Token value(bool decode);
    Token open(Token token, char bracket);
    Token close(Token token);
    bool string(bool decode);
    bool number();
    bool word();
    bool escape(bool decode);
    bool sequence(bool decode);
    bool add(const char* from, const char* to, bool decode);
    void blanks();
    Token fail(std::uint64_t offset, std::size_t length, std::string message, std::string fix);
    Token unexpected();
    void after_value() { expects_ = open_.empty() ? Expects::value : Expects::comma; }

    Input& bytes_;
    std::string open_;  ///< the brackets
    std::string held_;  ///< a text that is not in one piece in the buffer
    std::string_view text_;
    std::uint64_t begin_ = 0;  ///< of the last token
    std::size_t length_ = 1;
    Expects expects_ = Expects::value;
    bool failed_ = false, started_ = false;
};

}  // namespace poolfit::imports
