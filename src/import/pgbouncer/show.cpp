#include "show.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../stream/csv_reader.hpp"
#include "../tree/sealed.hpp"

namespace poolfit::imports {
namespace {

constexpr std::int64_t most = 1'000'000;
constexpr std::string_view console = "pgbouncer";  // the database of its own administration

/// Each has columns that no other has.
struct Answer {
    Show what;
    std::string_view name, first, second;
};
constexpr Answer answers[] = {
    {Show::databases, "SHOW DATABASES", "force_user", "pool_size"},
    {Show::pools, "SHOW POOLS", "cl_active", "sv_active"},
    {Show::config, "SHOW CONFIG", "key", "changeable"},
    {Show::stats, "SHOW STATS", "total_xact_count", "avg_xact_time"},
    {Show::stats_totals, "SHOW STATS_TOTALS", "xact_count", "xact_time"},
    {Show::lists, "SHOW LISTS", "list", "items"},
    {Show::clients, "SHOW CLIENTS", "application_name", "connect_time"},
    {Show::servers, "SHOW SERVERS", "remote_pid", "connect_time"},
};

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    while (true) {
        const std::size_t comma = std::min(line.find(','), line.size());
        std::string_view cell = trimmed_blanks(line.substr(0, comma));
        if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
        cells.push_back(cell);
        if (comma == line.size()) return cells;
        line.remove_prefix(comma + 1);
    }
}

/// The rows of an answer, by the names of its columns.
class Rows {
public:
    explicit Rows(const InFile& file)
        : file_(file), bytes_(file.name(), file.text(), unseen_, problems_), csv_(bytes_) {
        if (csv_.next())
            for (std::size_t i = 0; i < csv_.size(); ++i) columns_.emplace(std::string(csv_.cell(i)), i);
    }
    bool next() {
        offset_ = static_cast<std::size_t>(bytes_.offset());
        if (!csv_.next()) return false;
        return true;
    }
    /// Does the row have as many cells as the first one?
    bool is_whole() const { return csv_.size() == columns_.size(); }
    bool failed() const { return csv_.failed(); }
    bool has(std::string_view column) const { return columns_.find(column) != columns_.end(); }
    Sealed cell(std::string_view column) const {
        const auto at = columns_.find(column);
        return at == columns_.end() ? Sealed() : Sealed(std::string(csv_.cell(at->second)));
    }
    std::optional<std::int64_t> number(std::string_view column) const { return cell(column).number(); }
    /// Counters may be larger than what a size can be.
    double counter(std::string_view column) const {
        double value = 0;
        const Sealed sealed = cell(column);
        for (const char c : sealed.opened()) {
            if (c < '0' || c > '9') return 0;
            value = value * 10 + (c - '0');
        }
        return value;
    }
    Place place() const { return file_.place(offset_); }

private:
    const InFile& file_;
    Sources unseen_;  // their excerpts would show the file as it is
    Diagnostics problems_;
    Input bytes_;
    CsvReader csv_;
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::size_t offset_ = 0;
};

std::string alias_name(const Sealed& cell) {
    const std::string name = cell.name();
    return name == console ? std::string() : load::as_name(name);
}

PoolerAlias& alias_of(PoolerFact& pooler, const std::string& name, const From& from) {
    const auto at = std::ranges::find(pooler.aliases, name, &PoolerAlias::name);
    if (at != pooler.aliases.end()) return *at;
    PoolerAlias& made = pooler.aliases.emplace_back();
    made.name = name;
    made.address.from = from;
    made.address.engine = "postgresql";
    made.address.engine_by = "a database of PgBouncer";
    return made;
}

class ShowReader {
public:
    ShowReader(const InFile& file, PoolerFact& pooler, Estate& estate)
        : rows_(file), pooler_(pooler), estate_(estate) {}

    /// False where a row does not fit its header.
    bool run(Show what) {
        while (rows_.next()) {
            if (!rows_.is_whole()) return false;
            switch (what) {
                case Show::databases:
                    database();
                    break;
                case Show::pools:
                    pool();
                    break;
                case Show::config:
                    config();
                    break;
                case Show::stats:
                    stats("total_", "avg_");
                    break;
                case Show::stats_totals:
                    stats("", {});
                    break;
                case Show::lists:
                    list();
                    break;
                case Show::clients:
                case Show::servers:
                case Show::none:
                    ++count_;
                    break;
            }
        }
        if (rows_.failed()) return false;
        finish(what);
        return true;
    }

private:
    From from(std::string how) const { return {rows_.place(), std::move(how), Truth::running}; }

    template <class T>
    void take(const std::string& subject, std::string_view key, MaybeFact<T>& into, T value, std::string how) {
        if (into && into->value != value)
            estate_.told(subject, fmt::format("{} is {} as it runs, and {} in its file", key, value, into->value),
                         rows_.place());
        into = Fact<T>{std::move(value), from(std::move(how))};
    }
    void size(const std::string& subject, std::string_view key, MaybeFact<std::int64_t>& into,
              std::string_view column) {
        if (const auto number = rows_.number(column); number && *number <= most)
            take(subject, key, into, *number, std::string(column));
        else
            refuse(subject, column, rows_.cell(column));
    }
    /// A cell that should have a number.
    void refuse(const std::string& subject, std::string_view what, const Sealed& cell) {
        if (!trimmed_blanks(cell.opened()).empty())
            estate_.not_taken(subject, fmt::format("{} is not a number of connections", what), rows_.place());
    }
    void mode(const std::string& subject, MaybeFact<std::string>& into, const Sealed& cell) {
        for (const std::string_view word : {"session", "transaction", "statement"})
            if (cell.is_like(word)) return take(subject, "pool_mode", into, std::string(word), "pool_mode");
        if (!trimmed_blanks(cell.opened()).empty())
            estate_.not_taken(subject, "pool_mode is not session, transaction or statement", rows_.place(),
                              fmt::format("--set pooler.{}.mode=transaction", pooler_.name));
    }

    void database() {
        const std::string name = alias_name(rows_.cell("name"));
        if (name.empty()) {
            if (!rows_.cell("name").is(console))
                estate_.not_taken(pooler_.name, "a database whose name an inventory cannot have", rows_.place(),
                                  "add its [[pooler.database]] by hand, under another name");
            return;
        }
        const std::string subject = fmt::format("{}/{}", pooler_.name, name);
        PoolerAlias& alias = alias_of(pooler_, name, from("SHOW DATABASES"));
        const Sealed hosts = rows_.cell("host");
        if (alias.address.hosts.empty()) {
            std::string_view rest = hosts.opened();
            while (!rest.empty()) {
                const std::size_t comma = std::min(rest.find(','), rest.size());
                if (std::string host = Sealed(std::string(rest.substr(0, comma))).host(); !host.empty())
                    alias.address.hosts.push_back(std::move(host));
                rest.remove_prefix(std::min(comma + 1, rest.size()));
            }
        }
        size(subject, "pool_size", alias.sizes.pool_size, "pool_size");
        size(subject, "min_pool_size", alias.sizes.min_pool_size, "min_pool_size");
        size(subject, "reserve_pool_size", alias.sizes.reserve_pool_size,
             rows_.has("reserve_pool_size") ? "reserve_pool_size" : "reserve_pool");
        if (rows_.number("max_connections") != 0)
            size(subject, "max_db_connections", alias.sizes.max_db_connections, "max_connections");
        mode(subject, alias.sizes.mode, rows_.cell("pool_mode"));
        if (!rows_.cell("force_user").empty())
            alias.sizes.pairs = Fact<std::int64_t>{1, from("a forced user makes one pair")};
        if (rows_.number("disabled").value_or(0) != 0)
            estate_.told(subject, "it is disabled: it takes no new client", rows_.place());
    }

    /// A row for each database and user.
    void pool() {
        const std::string name = alias_name(rows_.cell("database"));
        if (name.empty()) return;
        Use& use = uses_[name];
        ++use.pairs;
        use.busy += rows_.number("sv_active").value_or(0);
        use.open += rows_.number("sv_active").value_or(0) + rows_.number("sv_idle").value_or(0) +
                    rows_.number("sv_used").value_or(0) + rows_.number("sv_tested").value_or(0) +
                    rows_.number("sv_login").value_or(0);
        use.waiting += rows_.number("cl_waiting").value_or(0);
        use.longest = std::max(use.longest, static_cast<double>(rows_.number("maxwait").value_or(0)) +
                                                static_cast<double>(rows_.number("maxwait_us").value_or(0)) / 1e6);
        use.place = rows_.place();
        use.mode = rows_.cell("pool_mode");
    }

    void config() {
        const Sealed key = rows_.cell("key");
        const auto number = [&](std::string_view word, MaybeFact<std::int64_t>& into) {
            if (!key.is(word)) return;
            if (const auto value = rows_.number("value"); value && *value <= most)
                take(pooler_.name, word, into, *value, std::string(word));
            else
                refuse(pooler_.name, word, rows_.cell("value"));
        };
        if (!key.is("max_db_connections") || rows_.number("value") != 0)
            number("max_db_connections", pooler_.sizes.max_db_connections);
        number("default_pool_size", pooler_.sizes.pool_size);
        number("min_pool_size", pooler_.sizes.min_pool_size);
        number("reserve_pool_size", pooler_.sizes.reserve_pool_size);
        if (rows_.number("value") != 0) number("max_client_conn", pooler_.max_client_conn);
        if (key.is("pool_mode")) mode(pooler_.name, pooler_.sizes.mode, rows_.cell("value"));
    }

    /// Times are in microseconds, and that of transactions contains the wait for a server.
    void stats(const std::string& total, const std::string& average) {
        const std::string name = alias_name(rows_.cell("database"));
        if (name.empty()) return;
        const double transactions = rows_.counter(total + "xact_count");
        const double busy = rows_.counter(total + "xact_time") - rows_.counter(total + "wait_time");
        if (transactions <= 0 || busy <= 0) return;
        std::string text = fmt::format(
            "{:.0f} transactions since it started held a server for {:.1f} ms each and waited "
            "{:.1f} ms for it",
            transactions, busy / transactions / 1000, rows_.counter(total + "wait_time") / transactions / 1000);
        if (!average.empty()) {
            const double rate = rows_.counter(average + "xact_count");
            const double now =
                rate * (rows_.counter(average + "xact_time") - rows_.counter(average + "wait_time")) / 1e6;
            if (rate > 0 && now >= 0)
                text += fmt::format("; of late {:.0f} a second, {:.2f} servers busy on average", rate, now);
        }
        estate_.told(fmt::format("{}/{}", pooler_.name, name), std::move(text), rows_.place(),
                     "hold and rate of the workloads behind it");
    }

    void list() {
        const auto items = rows_.number("items");
        if (!items) return;
        if (rows_.cell("list").is("used_clients")) used_clients_ = *items;
        if (rows_.cell("list").is("used_servers")) used_servers_ = *items;
        place_ = rows_.place();
    }

    void finish(Show what) {
        for (const auto& [name, use] : uses_) {
            PoolerAlias& alias = alias_of(pooler_, name, {use.place, "SHOW POOLS", Truth::running});
            if (!alias.sizes.pairs)
                alias.sizes.pairs = Fact<std::int64_t>{use.pairs, {use.place, "rows of SHOW POOLS", Truth::running}};
            if (!pooler_.sizes.mode && !alias.sizes.mode) mode(pooler_.name, alias.sizes.mode, use.mode);
            std::string text = fmt::format("{} of {} open server connections were busy", use.busy, use.open);
            if (use.waiting > 0)
                text += fmt::format(", and {} clients waited, the longest for {:.1f} s", use.waiting, use.longest);
            estate_.told(fmt::format("{}/{}", pooler_.name, name), std::move(text), use.place);
        }
        if (what == Show::lists && used_clients_ >= 0)
            estate_.told(pooler_.name,
                         fmt::format("{} clients and {} server connections were open", used_clients_,
                                     std::max<std::int64_t>(used_servers_, 0)),
                         place_);
        if (what == Show::clients || what == Show::servers)
            estate_.told(pooler_.name,
                         fmt::format("{} {} were connected when SHOW was asked", count_,
                                     what == Show::clients ? "clients" : "servers"),
                         rows_.place());
    }

    struct Use {
        std::int64_t pairs = 0, busy = 0, open = 0, waiting = 0;
        double longest = 0;
        Sealed mode{};
        Place place{};
    };

    Rows rows_;
    PoolerFact& pooler_;
    Estate& estate_;
    std::map<std::string, Use> uses_;
    std::int64_t used_clients_ = -1, used_servers_ = -1, count_ = 0;
    Place place_{};
};

}  // namespace

Show show_of(std::string_view text) {
    const std::size_t begin = text.find_first_not_of("\r\n");
    if (begin == text.npos) return Show::none;
    const std::vector<std::string_view> cells =
        cells_of(text.substr(begin, std::min<std::size_t>(text.find('\n', begin) - begin, 4096)));
    const auto has = [&](std::string_view word) { return std::ranges::find(cells, word) != cells.end(); };
    for (const Answer& answer : answers)
        if (has(answer.first) && has(answer.second)) {
            // The two lists of connections have the same columns; what they are of stands in each row.
            if (answer.what != Show::clients) return answer.what;
            const std::size_t row = text.find('\n', begin);
            return row != text.npos && text.substr(row + 1, 2) == "S," ? Show::servers : Show::clients;
        }
    return Show::none;
}

bool read_show(const InFile& file, Show what, PoolerFact& pooler, Estate& estate, Diagnostics& diagnostics) {
    if (ShowReader(file, pooler, estate).run(what)) return true;
    diagnostics.error(file.place(0), "a row does not have the columns of its first line, or a quote does not end",
                      "psql -p 6432 pgbouncer --csv -c 'SHOW DATABASES' > show_databases.csv");
    return false;
}

}  // namespace poolfit::imports
