// A value of a file of other people's, which may be a secret. It cannot be printed: it has no conversion to a text and
// no formatter. It is asked for what is harmless: is it this word, which number is it, which name. What takes it apart
// (URLs, command lines, files inside files) uses `opened`, and gives back sealed parts or harmless ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace poolfit::imports {

class Sealed {
public:
    Sealed() = default;
    explicit Sealed(std::string text) : text_(std::move(text)) {}

    bool empty() const { return text_.empty(); }
    bool is(std::string_view word) const { return text_ == word; }
    /// The same, whatever the case.
    bool is_like(std::string_view word) const;
    /// A whole number from 0 to 10^9, with blanks around it or not.
    std::optional<std::int64_t> number() const;
    /// A number such as 0.5, without a sign or an exponent, at most eight characters.
    std::optional<double> decimal() const;
    /// "25%" as 25.
    std::optional<std::int64_t> percent() const;
    /// true or false, as YAML and environments write them.
    std::optional<bool> boolean() const;
    /// The text, if it can be a name of a thing: letters, digits, '.', '_', '-', '/' and ':', at most 253 of them, a
    /// letter or digit first. Asked only of keys whose values are names.
    std::string name() const;
    /// A name of a host: as a name, without '/' and ':', or an IPv6 address in brackets.
    std::string host() const;
    /// For code that takes values apart. Nothing of it may be printed.
    std::string_view opened() const { return text_; }

private:
    std::string text_;
};

/// Does the name of this key say that its value is a secret? "PGPASSWORD", "api_token", "client-secret".
bool is_secret_key(std::string_view key);

std::string lower(std::string_view text);
std::string_view trimmed_blanks(std::string_view text);
/// Letters, digits, '.', '_' and '-', a letter, digit or '_' first, at most 128: a name of a variable or a key.
bool is_plain_key(std::string_view key);

}  // namespace poolfit::imports
