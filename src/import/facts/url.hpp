// URLs, DSNs and host names of databases, without what is secret in them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../tree/sealed.hpp"

namespace poolfit::imports {

struct Url {
    std::string scheme;              ///< "postgresql", "jdbc:postgresql"; empty of a DSN of key=value
    std::string engine;              ///< by the scheme; empty: not said
    std::vector<std::string> hosts;  ///< none where they are not known
    std::string database;            ///< the path; compared, never printed
    std::vector<std::pair<std::string, Sealed>> parameters;  ///< names in lower case; no user, no password

    std::optional<std::int64_t> port{};  ///< of the first host

    const Sealed* parameter(std::string_view name) const;
};

/// Of "postgres://user:password@host:5432/db?pool=6", "jdbc:…", "host=… dbname=…", "Host=…;Database=…",
/// "user:password@tcp(host:3306)/db". Nothing where the text is none of these, or a file's or another thing's URL.
std::optional<Url> read_url(const Sealed& text);

/// "db", "db:5432" or "[::1]:5432". Nothing of what is none.
struct HostAndPort {
    std::string host;
    std::optional<std::int64_t> port;
};
std::optional<HostAndPort> read_host(const Sealed& text);
/// The engine that has the port by default; empty of other ports.
std::string engine_of_port(std::int64_t port);
/// The engine that a word names: "pgsql", "django.db.backends.postgresql", "org.postgresql.Driver"; empty of others.
std::string engine_of_word(const Sealed& word);

/// What is put where a reference has no value.
inline constexpr char unknown_value = '\x01';
using Look = std::function<const Sealed*(std::string_view name)>;
/// The text with $(NAME) replaced, as Kubernetes does; a name that is not known becomes `unknown_value`.
Sealed with_variables(const Sealed& text, const Look& look);
/// The same of $NAME, ${NAME}, ${NAME:-default} and ${NAME-default}, as shells and Compose do; $$ is a '$'.
Sealed with_shell_variables(const Sealed& text, const Look& look);

/// What the name of a host on RDS says: "orders.c9x.eu-west-1.rds.amazonaws.com".
struct RdsHost {
    enum class Kind { instance, cluster, reader, proxy } kind = Kind::instance;
    std::string name, region;
    /// As Server::ids have it: "rds:eu-west-1/orders".
    std::string id() const;
};
std::optional<RdsHost> read_rds_host(std::string_view host);

/// What the connection name of an instance of Cloud SQL says: "project:region:name", "example.com:project:region:name".
struct ConnectionName {
    std::string_view region, name;
};
std::optional<ConnectionName> read_connection_name(std::string_view text);

/// "host:" and the host in lower case, without a dot at the end.
std::string host_id(std::string_view host);

}  // namespace poolfit::imports
