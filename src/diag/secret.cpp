#include <poolfit/diag/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace poolfit::diag {
namespace {

/// Offsets in a line.
struct Part {
    std::size_t begin = 0, end = 0;
};

constexpr std::size_t longest_key = 128;
constexpr std::size_t shortest_secret = 3;  // a shorter one is found in any text
constexpr std::size_t most_lines = 64;      // of a place: a text of several lines

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// `word` is in lower case.
bool begins_like(std::string_view text, std::string_view word) {
    if (text.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (lower(text[i]) != word[i]) return false;
    return true;
}

bool is_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/// "postgres://user:«password»@host"; of a name without a password, which may be a token, the name.
void urls(std::string_view line, std::vector<Part>& parts) {
    constexpr std::string_view scheme = "://";
    for (std::size_t at = line.find(scheme); at != line.npos; at = line.find(scheme, at + 1)) {
        const std::size_t begin = at + scheme.size();
        const std::size_t end = std::min(line.find_first_of(" \t\"'`<>", begin), line.size());
        const std::size_t slash = std::min(line.find_first_of("/?#", begin), end);
        const std::string_view all = line.substr(begin, end - begin), host = line.substr(begin, slash - begin);
        // A password may have a slash that is not escaped.
        const std::size_t sign = host.find('@') != host.npos ? host.rfind('@') : all.rfind('@');
        if (sign == all.npos) continue;
        const std::size_t colon = all.substr(0, sign).find(':');
        parts.push_back({colon == all.npos ? begin : begin + colon + 1, begin + sign});
    }
}

/// `password = "«secret»"`, "PGPASSWORD=«secret»", "secret: «secret»": without quotes up to the line's end, or to the
/// next parameter of a URL.
void values(std::string_view line, std::vector<Part>& parts) {
    constexpr std::string_view blanks = " \t";
    for (std::size_t i = 0; i < line.size();) {
        if (!is_key(line[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        while (i < line.size() && is_key(line[i])) ++i;
        if (i - begin > longest_key || !is_secret_key(line.substr(begin, i - begin))) continue;
        std::size_t at = i;
        if (at < line.size() && (line[at] == '"' || line[at] == '\'')) ++at;
        at = std::min(line.find_first_not_of(blanks, at), line.size());
        if (at == line.size() || (line[at] != '=' && line[at] != ':')) continue;
        at = std::min(line.find_first_not_of(blanks, at + 1), line.size());
        if (at == line.size()) continue;
        const char quote = line[at];
        std::size_t end = line.size();
        if (quote == '"' || quote == '\'') {
            ++at;
            end = std::min(line.find(quote, at), end);
        } else if (line[i] == '=') {
            end = std::min(line.find('&', at), end);
        }
        while (end > at && (line[end - 1] == '\r' || line[end - 1] == ' ')) --end;
        if (end > at) parts.push_back({at, end});
        i = std::max(i, end);
    }
}

std::vector<Part> secrets(std::string_view line) {
    std::vector<Part> parts;
    urls(line, parts);
    values(line, parts);
    return parts;
}

void replace_all(std::string& text, std::string_view secret) {
    constexpr std::string_view stars = "***";
    for (std::size_t at = text.find(secret); at != text.npos; at = text.find(secret, at + stars.size()))
        text.replace(at, secret.size(), stars);
}

/// The same of a text that is cut inside the secret: "S3cre…".
void replace_cut(std::string& text, std::string_view secret) {
    constexpr std::string_view dots = "…", stars = "***";
    for (std::size_t at = text.find(dots); at != text.npos; at = text.find(dots, at + dots.size()))
        for (std::size_t length = std::min(secret.size(), at); length > 0; --length) {
            if (std::string_view(text).substr(at - length, length) != secret.substr(0, length)) continue;
            text.replace(at - length, length, stars);
            at = at - length + stars.size();
            break;
        }
}

}  // namespace

bool is_secret_key(std::string_view key) {
    constexpr std::string_view parts[] = {
        "password",    "passwd",  "passphrase",        "secret",     "token",      "credential", "apikey",
        "api_key",     "api-key", "accesskey",         "access_key", "access-key", "privatekey", "private_key",
        "private-key", "pgpass",  "masteruserpassword"};
    // Every key of a file is asked: the first two letters rule out most parts.
    for (std::size_t at = 0; at + 1 < key.size(); ++at) {
        const char first = lower(key[at]), second = lower(key[at + 1]);
        for (const std::string_view part : parts)
            if (part[0] == first && part[1] == second && begins_like(key.substr(at), part)) return true;
    }
    const auto ends = [&](std::string_view end) {
        return key.size() >= end.size() && begins_like(key.substr(key.size() - end.size()), end);
    };
    return ends("_pwd") || ends("_pass") || (key.size() == 3 && ends("pwd")) || (key.size() == 4 && ends("pass"));
}

std::string masked(std::string_view line) {
    std::string shown(line);
    for (const Part& part : secrets(line))
        std::fill(shown.begin() + static_cast<std::ptrdiff_t>(part.begin),
                  shown.begin() + static_cast<std::ptrdiff_t>(part.end), '*');
    return shown;
}

Diagnostic masked(Diagnostic diagnostic) {
    std::vector<std::string_view> found;
    if (const auto& [source, span] = diagnostic.place; source != nullptr) {
        const std::uint32_t first = source->position(span.begin).line;
        const std::uint32_t last = std::max(first, source->position(span.end).line);
        for (std::uint32_t number = first; number <= last && number - first < most_lines; ++number) {
            const std::string_view line = source->line(number);
            for (const Part& part : secrets(line)) {
                const std::string_view secret = line.substr(part.begin, part.end - part.begin);
                if (secret.size() >= shortest_secret) found.push_back(secret);
            }
        }
    }
    const auto clean = [&](std::string& text) {
        for (const std::string_view secret : found) {
            replace_all(text, secret);
            replace_cut(text, secret);
        }
        std::vector<Part> parts;
        urls(text, parts);
        for (const Part& part : parts)
            std::fill(text.begin() + static_cast<std::ptrdiff_t>(part.begin),
                      text.begin() + static_cast<std::ptrdiff_t>(part.end), '*');
    };
    clean(diagnostic.message);
    clean(diagnostic.label);
    clean(diagnostic.fix);
    for (auto& note : diagnostic.notes) clean(note.second);
    return diagnostic;
}

}  // namespace poolfit::diag
