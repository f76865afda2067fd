// The user's comments, where a merge changes what is next to them.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/load/document.hpp>

namespace poolfit::imports {

/// A value takes the place of another: the lines above stay, and what the user wrote behind the old one goes there.
void keep_comments(const load::Value& old, load::Value& value);
/// Removes a key; the comments at it go to the value below it, or to the one above it where it is the last. False if it
/// is not there.
bool remove_value(load::Document& document, load::Table& table, std::string_view key);
/// Takes the comments right below the last record of a kind, without a blank line between, for a new one that is to
/// stand there: else they would be below that one. Empty where there are none.
std::string take_below_last(load::Document& document, std::string_view kind);

}  // namespace poolfit::imports
