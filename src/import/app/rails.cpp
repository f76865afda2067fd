// Rails' config/database.yml. ERB is never run: of what asks for a variable the default that stands there is taken, and
// the rest is unknown.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../facts/url.hpp"
#include "../tree/node.hpp"
#include "app.hpp"
#include "ruby.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view unknown_mark = "erb_", value_mark = "erbv";

/// Variables that the file asks for, where, and whether their default stands there.
struct Asked {
    std::size_t offset;
    std::vector<std::string> names;  ///< the first that is set counts
    bool has_default;
};

/// What an expression prints, where that is no plain word. Of the eighth, a mark "erbv7;" stands for it in the text,
/// filled up to the expression's length.
struct Printed {
    std::string text;
    std::size_t length;
};

/// The text with each expression replaced by as many bytes, so that places stay. A name of a variable without a value
/// is marked, and so is a value that YAML might read otherwise or that is longer; what prints nothing becomes blanks.
std::string without_erb(std::string_view text, const Variables& variables, std::vector<Asked>& asked,
                        std::vector<Printed>& printed) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._";
    std::string out(text);
    for (std::size_t at = out.find("<%"); at != out.npos; at = out.find("<%", at + 1)) {
        const std::size_t end = out.find("%>", at);
        if (end == out.npos) break;
        const std::size_t length = end + 2 - at;
        std::string put(length, ' ');
        if (out[at + 2] == '=') {
            const RubyValue value = ruby_value(std::string_view(out).substr(at + 3, end - at - 3), variables);
            const std::string mark = fmt::format("{}{};", value_mark, printed.size());
            const bool as_it_is =
                value.text.size() <= length && value.text.find_first_not_of(plain) == std::string::npos;
            if (value.known && (as_it_is || mark.size() <= length)) {
                if (as_it_is) {
                    std::copy(value.text.begin(), value.text.end(), put.begin());
                } else {
                    put = mark;
                    put.resize(length, 'x');
                    printed.push_back({value.text, length});
                }
                if (!value.defaults.empty()) asked.push_back({at, value.defaults, true});
            } else {
                put = std::string(unknown_mark) + value.name;
                put.resize(length, 'x');
                std::vector<std::string> names = value.before;
                names.push_back(value.name);
                if (!value.name.empty()) asked.push_back({at, std::move(names), false});
            }
        }
        for (std::size_t i = 0; i < length; ++i)
            if (out[at + i] == '\n') put[i] = '\n';
        out.replace(at, length, put);
    }
    return out;
}

bool is_unknown(const Sealed& value) { return value.opened().find(unknown_mark) != std::string_view::npos; }

class Rails {
public:
    Rails(const InFile& file, const Variables& variables, const std::string& subject, App& app, Estate& estate,
          std::vector<Asked> asked, std::vector<Printed> printed)
        : file_(file),
          variables_(variables),
          subject_(subject),
          app_(app),
          estate_(estate),
          asked_(std::move(asked)),
          printed_(std::move(printed)) {}

    void environment(const Node& config) {
        if (config.has("adapter") || config.has("url")) return database("", config);
        for (const Node::Item& item : config.items)
            if (item.value->is_map()) database(item.key, *item.value);
    }

private:
    Place at(const Node& node) const { return file_.place(node.offset); }
    /// A value with what its expressions print.
    Sealed text_of(const Node& node) const {
        std::string text(node.text.opened());
        for (std::size_t i = 0; i < printed_.size(); ++i) {
            const std::size_t begin = text.find(fmt::format("{}{};", value_mark, i));
            if (begin != text.npos) text.replace(begin, printed_[i].length, printed_[i].text);
        }
        return Sealed(std::move(text));
    }
    From from(const Node& node, std::string how) const {
        for (const Asked& asked : asked_)
            if (asked.has_default && asked.offset >= node.offset && asked.offset <= node.offset + 3)
                how += fmt::format(", the default of {}", fmt::join(asked.names, " and "));
        return {at(node), std::move(how), Truth::declared};
    }

    /// The variables that a value asks for, without a default or with one.
    std::vector<std::string> variables_of(const Node& node, bool has_default = false) const {
        for (const Asked& asked : asked_)
            if (asked.has_default == has_default && asked.offset >= node.offset &&
                asked.offset < node.offset + node.text.opened().size() + 3)
                return asked.names;
        return {};
    }
    static void hold(Address& address, std::vector<std::string> names) {
        if (names.empty()) return;
        address.secret = names.front();
        names.erase(names.begin());
        address.also = std::move(names);
    }
    void hold(PoolFact& pool, const Node& node, std::string_view key) const {
        hold(pool.address, variables_of(node));
        if (pool.address.secret.empty()) lack_address(pool, key);
    }

    void database(const std::string& name, const Node& config) {
        const Sealed adapter = text_of(config["adapter"]);
        PoolFact pool;
        pool.name = app_pool_name(name, app_);
        if (adapter.is("postgresql") || adapter.is("postgis")) pool.address.engine = "postgresql";
        if (adapter.is("mysql2") || adapter.is("trilogy")) pool.address.engine = "mysql";
        if (!pool.address.engine.empty()) pool.address.engine_by = "adapter";
        if (adapter.is("sqlite3")) return;
        pool.driver = "activerecord";
        const Node &url = config["url"], &host = config["host"];
        const Sealed host_text = text_of(host), url_text = text_of(url);
        pool.address.from = from(host.kind == Node::Kind::none ? config : host, "host");
        if (!host_text.empty() && !is_unknown(host_text)) {
            if (std::string word = host_text.host(); !word.empty()) pool.address.hosts.push_back(std::move(word));
            hold(pool.address, variables_of(host, true));
        } else if (is_unknown(host_text)) {
            hold(pool, host, "host");
        }
        if (!url_text.empty()) {
            if (is_unknown(url_text) || !take_url(url_text, from(url, "url"), subject_, pool, estate_)) {
                pool.address.hosts.clear();
                pool.address.secret.clear();
                if (is_unknown(url_text))
                    hold(pool, url, "url");
                else
                    pool.address.secret = "DATABASE_URL";
            }
        } else if (host.kind == Node::Kind::none) {
            pool.address.secret = "DATABASE_URL";
            pool.address.reason = "it has neither url nor host: Rails takes what DATABASE_URL says, where that is set";
        }
        if (name.empty() || name == "primary") over_all(pool);
        if (!pool.max) size(config, pool);
        app_.pools.push_back(std::move(pool));
    }

    /// Rails guides, configuring a database: what DATABASE_URL says wins over the file.
    void over_all(PoolFact& pool) {
        const Variable* const given = variables_.find("DATABASE_URL");
        if (given == nullptr || !given->known) return;
        PoolFact other = pool;
        other.address = {};
        other.max.reset();
        if (!take_url(given->value, {given->place, given->name, Truth::declared}, subject_, other, estate_)) return;
        if (other.address.hosts.empty()) return;
        if (!other.max) {
            other.max = pool.max;
            other.set_in = pool.set_in;
        }
        pool = std::move(other);
    }

    void size(const Node& config, PoolFact& pool) {
        for (const std::string_view key : {"max_connections", "pool"}) {
            const Node& node = config[key];
            if (node.kind != Node::Kind::scalar) continue;
            const auto number = text_of(node).number();
            if (number && *number > 0 && *number <= 1'000'000) {
                From where = from(node, fmt::format("{} {}", key, *number));
                const bool of_variable = where.how.find("default of") != where.how.npos;
                if (of_variable)
                    estate_.told(fmt::format("{}.{}", subject_, pool.name),
                                 fmt::format("the size {} is {}: a variable may say otherwise where it runs", *number,
                                             where.how.substr(where.how.find("the default"))),
                                 where.place);
                pool.max = Fact<std::int64_t>{*number, std::move(where)};
                pool.set_in = of_variable ? "env" : "code";
                return;
            }
            pool.unsized_at = at(node);
            const std::vector<std::string> names = variables_of(node);
            pool.unsized = !is_unknown(node.text) ? fmt::format("{} is not a number of connections", key)
                           : names.empty()
                               ? fmt::format("{} is an expression, not plain arithmetic of defaults", key)
                               : fmt::format("{} is {}, a variable without a default", key, fmt::join(names, " or "));
        }
    }

    const InFile& file_;
    const Variables& variables_;
    const std::string& subject_;
    App& app_;
    Estate& estate_;
    std::vector<Asked> asked_;
    std::vector<Printed> printed_;
};

}  // namespace

void read_rails(const InFile& file, const Variables& variables, const std::string& subject, App& app, Estate& estate,
                Diagnostics& diagnostics) {
    std::vector<Asked> asked;
    std::vector<Printed> printed;
    const std::vector<NodePtr> documents = read_inner_yaml(Sealed(without_erb(file.text(), variables, asked, printed)));
    if (documents.empty() || !documents.front()->is_map()) {
        diagnostics.error(
            file.place(0), "this YAML cannot be read without running its ERB",
            "write the file as it is on the server: rails runner 'puts ActiveRecord::Base.configurations…'");
        return;
    }
    const Node& root = *documents.front();
    const Node* config = &root["production"];
    std::string chosen = "production";
    if (!config->is_map()) {
        for (const Node::Item& item : root.items)
            if (item.value->is_map() && item.key != "default" && item.key != "test" && item.key != "development") {
                config = item.value.get();
                chosen = "an environment that is not production";
                break;
            }
    }
    if (!config->is_map())
        for (const Node::Item& item : root.items)
            if (item.value->is_map()) {
                config = item.value.get();
                chosen = "an environment that is not production";
            }
    if (!config->is_map()) return;
    if (chosen != "production") estate.told(subject, "it has no production: " + chosen + " is taken", file.place(0));
    Rails(file, variables, subject, app, estate, std::move(asked), std::move(printed)).environment(*config);
}

}  // namespace poolfit::imports
