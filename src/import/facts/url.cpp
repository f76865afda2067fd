#include "url.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tables.hpp"

namespace poolfit::imports {
namespace {

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

/// "host:5432" without the port; nothing where it is no such thing.
std::optional<std::string> host_of(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == text.npos) return std::nullopt;
        const std::string host = Sealed(std::string(text.substr(0, close + 1))).host();
        return host.empty() ? std::nullopt : std::optional(host);
    }
    const bool socket = text.starts_with('/');
    const std::size_t colon = socket ? text.npos : text.find(':');
    if (colon != text.npos) {
        const std::string_view port = text.substr(colon + 1);
        if (!is_number(port) && port.find(unknown_value) == port.npos) return std::nullopt;
    }
    std::string host = Sealed(std::string(text.substr(0, colon))).host();
    return host.empty() ? std::nullopt : std::optional(std::move(host));
}

void read_hosts(std::string_view list, Url& url) {
    if (const std::size_t colon = list.find(':'); !list.starts_with('[') && colon < list.find(','))
        url.port = Sealed(std::string(list.substr(colon + 1, list.find(',') - colon - 1))).number();
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (auto host = host_of(list.substr(0, comma)); host && list.find(unknown_value) > comma)
            url.hosts.push_back(std::move(*host));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

void read_parameters(std::string_view query, char separator, Url& url) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find(separator), query.size());
        const std::string_view pair = trimmed_blanks(query.substr(0, end));
        const std::size_t equals = pair.find('=');
        if (equals != pair.npos) {
            std::string name = lower(trimmed_blanks(pair.substr(0, equals)));
            std::ranges::replace(name, '+', ' ');
            if (name.size() <= 64 && !is_secret_key(name) && name != "user" && name != "username")
                url.parameters.emplace_back(std::move(name),
                                            Sealed(std::string(trimmed_blanks(pair.substr(equals + 1)))));
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

std::optional<std::string> engine_of(std::string_view scheme) {
    scheme = scheme.substr(0, scheme.find('+'));
    for (const NameRow& row : tables().addresses)
        if (row.where == "scheme" && row.name == scheme) return row.engine;
    return std::nullopt;
}

/// After the scheme and "//".
void read_authority(std::string_view rest, Url& url) {
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    std::string_view after = rest.substr(end);
    if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
        authority = authority.substr(at + 1);
    } else if (const std::size_t late = after.substr(0, after.find('?')).rfind('@'); late != after.npos) {
        // A password with a slash in it, which should have been %2F.
        after.remove_prefix(late + 1);
        const std::size_t stop = std::min(after.find_first_of("/?#"), after.size());
        authority = after.substr(0, stop);
        after = after.substr(stop);
    }
    if (const std::size_t open = authority.find("tcp("); open != authority.npos) {  // tcp(host:3306)
        authority.remove_prefix(open + 4);
        authority = authority.substr(0, authority.find(')'));
    }
    read_hosts(authority, url);
    if (after.starts_with('/')) url.database = after.substr(1, after.find_first_of("?#") - 1);
    if (const std::size_t query = after.find('?'); query != after.npos)
        read_parameters(after.substr(query + 1, after.find('#', query) - query - 1), '&', url);
    // A socket's folder: ?host=/cloudsql/project:region:name
    if (url.hosts.empty())
        if (const Sealed* host = url.parameter("host"))
            if (std::string name = host->host(); !name.empty()) url.hosts.push_back(std::move(name));
}

/// "tcp:orders.example.com,1433": only SQL Server has a port behind a comma.
bool is_of_sql_server(std::string_view host) {
    if (host.starts_with("tcp:")) return true;
    const std::size_t comma = host.rfind(',');
    return comma != host.npos && comma + 1 < host.size() && is_number(host.substr(comma + 1));
}

std::optional<Url> read_pairs(std::string_view text, char separator) {
    Url url;
    read_parameters(text, separator, url);
    bool any = false;
    for (const std::string_view key : {"host", "server", "data source", "hostaddr"})
        if (const Sealed* host = url.parameter(key); host != nullptr && url.hosts.empty()) {
            if (is_of_sql_server(host->opened())) return std::nullopt;
            any = true;
            read_hosts(host->opened(), url);
        }
    for (const std::string_view other : {"initial catalog", "trustservercertificate", "multipleactiveresultsets"})
        if (url.parameter(other) != nullptr) return std::nullopt;  // SQL Server
    if (!any) return std::nullopt;
    if (const Sealed* port = url.parameter("port")) url.port = port->number();
    return url;
}

}  // namespace

std::optional<HostAndPort> read_host(const Sealed& sealed) {
    const std::string_view text = trimmed_blanks(sealed.opened());
    auto host = host_of(text);
    if (!host) return std::nullopt;
    const std::size_t colon = text.rfind(':');
    const bool bare = colon == text.npos || text.ends_with(']');
    return HostAndPort{std::move(*host), bare ? std::nullopt : Sealed(std::string(text.substr(colon + 1))).number()};
}

std::string engine_of_port(std::int64_t port) { return port == 5432 ? "postgresql" : port == 3306 ? "mysql" : ""; }

std::string engine_of_word(const Sealed& word) {
    const std::string all = lower(trimmed_blanks(word.opened()));
    for (std::string_view rest = all; !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(".+:/"), rest.size());
        const std::string_view part = rest.substr(0, end);
        for (const NameRow& row : tables().addresses)
            if ((row.where == "named" || row.where == "scheme") && row.name == part) return row.engine;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

const Sealed* Url::parameter(std::string_view name) const {
    for (const auto& pair : parameters)
        if (pair.first == name) return &pair.second;
    return nullptr;
}

std::optional<Url> read_url(const Sealed& sealed) {
    std::string_view text = trimmed_blanks(sealed.opened());
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
        text = text.substr(1, text.size() - 2);
    Url url;
    if (text.starts_with("jdbc:")) {
        text.remove_prefix(5);
        while (true) {  // jdbc:aws-wrapper:postgresql://
            const std::size_t colon = text.find(':');
            if (colon == text.npos || text.substr(colon).starts_with("://")) break;
            text.remove_prefix(colon + 1);
        }
        url.scheme = "jdbc:";
    } else if (text.starts_with("r2dbc:")) {
        text.remove_prefix(6);
        if (text.starts_with("pool:")) text.remove_prefix(5);
    }
    const std::size_t mark = text.find("://");
    if (mark != text.npos && mark < 40) {
        const auto engine = engine_of(lower(text.substr(0, mark)));
        if (!engine) return std::nullopt;
        url.engine = *engine;
        url.scheme += lower(text.substr(0, mark));
        read_authority(text.substr(mark + 3), url);
        return url;
    }
    if (const std::size_t tcp = text.find("@tcp("); tcp != text.npos) {
        url.engine = "mysql";
        read_authority(text.substr(tcp + 1), url);
        return url;
    }
    if (text.find(';') != text.npos && text.find('=') != text.npos) return read_pairs(text, ';');
    if (text.find("host=") != text.npos) {
        auto pairs = read_pairs(text, ' ');
        if (pairs) pairs->engine = "postgresql";
        return pairs;
    }
    return std::nullopt;
}

Sealed with_variables(const Sealed& sealed, const Look& look) {
    const std::string_view text = sealed.opened();
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$' || i + 1 >= text.size()) {
            out += text[i];
        } else if (text[i + 1] == '$') {
            out += '$';
            ++i;
        } else if (const std::size_t close = text.find(')', i); text[i + 1] == '(' && close != text.npos) {
            const Sealed* value = look(text.substr(i + 2, close - i - 2));
            if (value != nullptr)
                out += value->opened();
            else
                out += unknown_value;
            i = close;
        } else {
            out += text[i];
        }
    }
    return Sealed(std::move(out));
}

namespace {

/// The '}' of the "${" at `from`; what is between may have others.
std::size_t close_of(std::string_view text, std::size_t from) {
    int open = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') {
            ++open;
            ++i;
        } else if (text[i] == '}' && --open == 0) {
            return i;
        }
    }
    return text.npos;
}

constexpr int most_nested = 16;  // defaults of variables inside defaults

std::string with_shell_variables(std::string_view text, const Look& look, int level) {
    std::string out;
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    const auto put = [&](std::string_view name, std::optional<std::string_view> fallback, bool or_empty) {
        const Sealed* value = look(name);
        if (value != nullptr && !(or_empty && value->empty()))
            out += value->opened();
        else if (fallback && level < most_nested)
            out += with_shell_variables(*fallback, look, level + 1);
        else
            out += unknown_value;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$' || i + 1 >= text.size()) {
            out += text[i];
        } else if (text[i + 1] == '$') {
            out += '$';
            ++i;
        } else if (text[i + 1] == '{') {
            const std::size_t close = close_of(text, i);
            if (close == text.npos) {
                out += text[i];
                continue;
            }
            const std::string_view inner = text.substr(i + 2, close - i - 2);
            std::size_t end = 0;
            while (end < inner.size() && is_letter(inner[end])) ++end;
            std::string_view how = inner.substr(end);
            const bool or_empty = how.starts_with(':');
            if (or_empty) how.remove_prefix(1);
            put(inner.substr(0, end), how.starts_with('-') ? std::optional(how.substr(1)) : std::nullopt, or_empty);
            i = close;
        } else if (is_letter(text[i + 1])) {
            std::size_t end = i + 1;
            while (end < text.size() && is_letter(text[end])) ++end;
            put(text.substr(i + 1, end - i - 1), std::nullopt, false);
            i = end - 1;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace

Sealed with_shell_variables(const Sealed& sealed, const Look& look) {
    return Sealed(with_shell_variables(sealed.opened(), look, 0));
}

std::string RdsHost::id() const {
    constexpr std::string_view words[] = {"rds", "rds-cluster", "rds-reader", "rds-proxy"};
    return fmt::format("{}:{}/{}", words[static_cast<std::size_t>(kind)], region, name);
}

std::optional<RdsHost> read_rds_host(std::string_view given) {
    const std::string text = lower(given.ends_with('.') ? given.substr(0, given.size() - 1) : given);
    std::string_view host = text;
    if (host.ends_with(".com.cn")) host.remove_suffix(3);
    constexpr std::string_view end = ".rds.amazonaws.com";
    if (!host.ends_with(end)) return std::nullopt;
    host.remove_suffix(end.size());
    const std::size_t last = host.rfind('.');
    if (last == host.npos) return std::nullopt;
    RdsHost out;
    out.region = host.substr(last + 1);
    host = host.substr(0, last);
    const std::size_t first = host.find('.');
    if (first == host.npos || first == 0) return std::nullopt;
    out.name = host.substr(0, first);
    // A proxy's own endpoint is name.endpoint.proxy-hash.
    std::string_view part = host.substr(host.rfind('.') + 1);
    using Kind = RdsHost::Kind;
    if (part.starts_with("cluster-ro-"))
        out.kind = Kind::reader;
    else if (part.starts_with("cluster-custom-"))
        return std::nullopt;
    else if (part.starts_with("cluster-"))
        out.kind = Kind::cluster;
    else if (part.starts_with("proxy-"))
        out.kind = Kind::proxy;
    return out;
}

std::optional<ConnectionName> read_connection_name(std::string_view text) {
    if (text.empty() || text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.:") != text.npos)
        return std::nullopt;
    const auto colons = std::ranges::count(text, ':');
    if (colons < 2 || colons > 3 || text.front() == ':' || text.back() == ':') return std::nullopt;
    const std::size_t last = text.rfind(':'), before = text.rfind(':', last - 1);
    const std::string_view region = text.substr(before + 1, last - before - 1);
    if (region.find('-') == region.npos || region.back() < '0' || region.back() > '9') return std::nullopt;
    return ConnectionName{region, text.substr(last + 1)};
}

std::string host_id(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    return "host:" + lower(host);
}

}  // namespace poolfit::imports
