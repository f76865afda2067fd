// What nobody but its owner should read in a file that is not ours: passwords in URLs, and values under keys that name
// secrets. A file of another kind, given by mistake, is shown in messages: without them.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::diag {

/// Does the name of this key say that its value is a secret? "PGPASSWORD", "api_token", "client-secret".
bool is_secret_key(std::string_view key);

/// The line with '*' in place of each byte of a secret.
std::string masked(std::string_view line);

/// The diagnostic without the secrets of the lines that it points at, and without passwords of URLs.
Diagnostic masked(Diagnostic diagnostic);

}  // namespace poolfit::diag
