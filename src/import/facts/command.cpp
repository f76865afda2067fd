// How many processes a command line starts, by the rows of data/import/commands.csv.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "program.hpp"
#include "tables.hpp"

namespace poolfit::imports {
namespace {

void split(std::string_view text, std::vector<std::string>& into) {
    std::string word;
    bool any = false;
    char quote = '\0';
    for (const char c : text) {
        if (quote != '\0') {
            if (c == quote)
                quote = '\0';
            else
                word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            any = true;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (any) into.push_back(word);
            word.clear();
            any = false;
        } else {
            word += c;
            any = true;
        }
    }
    if (any) into.push_back(word);
}

std::string_view base(std::string_view word) { return word.substr(word.rfind('/') + 1); }

/// The value of a flag, in any of its forms; null where it is not there.
std::optional<std::string> flag_value(const std::vector<std::string>& words, std::size_t from, std::string_view flag) {
    for (std::size_t i = from; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "&&" || word == ";" || word == "|") break;
        if (word == flag) return i + 1 < words.size() ? words[i + 1] : std::string();
        if (!word.starts_with(flag)) continue;
        const std::string rest = word.substr(flag.size());
        if (rest.starts_with('=')) return rest.substr(1);
        if (flag.size() == 2 && rest.find_first_not_of("0123456789") == rest.npos) return rest;
    }
    return std::nullopt;
}

class CommandReader {
public:
    CommandReader(const Program& program, const std::string& subject, Estate& estate)
        : program_(program), subject_(subject), estate_(estate), words_(command_words(program.words)) {
        find_program();
        add_arguments();
    }

    MaybeFact<std::int64_t> read() {
        threads_only();
        if (reads_none()) {
            tell_unread();
            return std::nullopt;
        }
        for (const CommandRow& row : tables().commands) {
            if (row.program != name_ || row.gives == "threads") continue;
            if (auto found = by_row(row)) return found;
            if (failed_) return std::nullopt;
        }
        return std::nullopt;
    }

    MaybeFact<std::int64_t> threads() const {
        for (const CommandRow& row : tables().commands) {
            if (row.program != name_ || name_.empty() || row.gives != "threads") continue;
            if (row.kind == "flag") {
                if (const auto value = flag_value(words_, from_, row.name))
                    if (const auto number = Sealed(value->substr(value->rfind(':') + 1)).number())  // 5:16, at most 16
                        return Fact<std::int64_t>{
                            *number, {program_.words_place, fmt::format("{} {}", name_, row.name), Truth::declared}};
            } else if (const Variable* variable = program_.variables.find(row.name);
                       row.kind == "env" && variable != nullptr && variable->known) {
                if (const auto number = variable->value.number())
                    return Fact<std::int64_t>{*number, {variable->place, row.name, Truth::declared}};
            }
        }
        return std::nullopt;
    }

private:
    /// The first word that is a program of a row; one that reads nothing counts if there is no other: node may start
    /// pm2. Of "airflow" and "celery" both make one program.
    void find_program() {
        for (const bool reads : {true, false})
            for (std::size_t i = 0; i < words_.size() && name_.empty(); ++i)
                for (const CommandRow& row : tables().commands)
                    if (!row.program.empty() && (row.kind != "none") == reads && row.program.size() > name_.size() &&
                        is_at(i, row.program)) {
                        name_ = row.program;
                        from_ = i + 1;
                    }
    }
    bool is_at(std::size_t i, std::string_view program) const {
        const std::size_t blank = program.find(' ');
        if (blank == program.npos) return base(words_[i]) == program;
        const std::string_view first = program.substr(0, blank);
        if (base(words_[i]) != program.substr(blank + 1)) return false;
        if (i > 0 && base(words_[i - 1]) == first) return true;
        // An image of the first, whose entrypoint it is.
        if (base(program_.image).find(first) != std::string_view::npos) return true;
        return std::ranges::any_of(program_.variables.all(), [&](const Variable& variable) {
            return lower(variable.name).starts_with(fmt::format("{}__", first));
        });
    }

    bool reads_none() const {
        return std::ranges::any_of(tables().commands, [&](const CommandRow& row) {
            return !name_.empty() && row.program == name_ && row.kind == "none";
        });
    }
    /// What a program without a row of its own would be given.
    void tell_unread() {
        for (const CommandRow& row : tables().commands) {
            const Variable* variable = row.program.empty() ? program_.variables.find(row.name) : nullptr;
            const auto number = variable == nullptr || !variable->known ? std::nullopt : variable->value.number();
            if (number && *number > 1)
                estate_.told(
                    subject_,
                    fmt::format("{} {} does not count: {} does not read it by itself", row.name, *number, name_),
                    variable->place, fmt::format("--set service.{}.processes={}", subject_, *number));
        }
    }

    void add_arguments() {
        for (const CommandRow& row : tables().commands) {
            if (row.program != name_ || row.kind != "args") continue;
            const Variable* variable = program_.variables.find(row.name);
            if (variable != nullptr && variable->known) split(variable->value.opened(), words_);
        }
    }

    /// Threads share their process's pool: said, and counted nowhere.
    void threads_only() {
        for (const CommandRow& row : tables().commands) {
            if (row.program != name_ || name_.empty()) continue;
            if (row.kind == "threaded") {
                const auto value = flag_value(words_, from_, row.name);
                threaded_ = threaded_ || (value && !value->empty() && is_one_of(*value, row.gives));
            }
            if (row.kind != "flag" || row.gives != "threads") continue;
            if (const auto value = flag_value(words_, from_, row.name)) tell_threads(row.name, *value);
        }
    }
    static bool is_one_of(std::string_view word, std::string_view list) {
        for (std::size_t at = list.find(word); at != list.npos; at = list.find(word, at + 1)) {
            const std::size_t end = at + word.size();
            if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
        }
        return false;
    }
    void tell_threads(std::string_view flag, const std::string& value) {
        const auto number = Sealed(value).number();
        estate_.not_taken(subject_,
                          fmt::format("{} {}{}: threads of a process share its pool", name_, flag,
                                      number ? fmt::format(" {}", *number) : std::string()),
                          program_.words_place);
    }

    MaybeFact<std::int64_t> by_row(const CommandRow& row) {
        if (row.kind == "flag") {
            const auto value = flag_value(words_, from_, row.name);
            if (!value) return std::nullopt;
            if (threaded_) {
                tell_threads(row.name, *value);
                return one("threads");
            }
            return number(Sealed(*value), fmt::format("{} {}", name_, row.name), program_.words_place);
        }
        if (row.kind == "most") {  // 10,3: the most, then the least
            const auto value = flag_value(words_, from_, row.name);
            if (!value) return std::nullopt;
            if (threaded_) {
                tell_threads(row.name, value->substr(0, value->find(',')));
                return one("threads");
            }
            return number(Sealed(value->substr(0, value->find(','))), fmt::format("{} {}", name_, row.name),
                          program_.words_place);
        }
        if (row.kind == "env") {
            const Variable* variable = program_.variables.find(row.name);
            if (variable == nullptr) return std::nullopt;
            return number(variable->known ? variable->value : Sealed(), row.name, variable->place);
        }
        if (row.kind == "single")
            return std::find(words_.begin() + static_cast<std::ptrdiff_t>(from_), words_.end(), row.name) ==
                           words_.end()
                       ? std::nullopt
                       : one(fmt::format("{} {}", name_, row.name));
        if (row.kind == "else") {
            const std::int64_t number = Sealed(row.name).number().value_or(1);
            return Fact<std::int64_t>{
                number,
                {program_.words_place, number == 1 ? name_ : fmt::format("{}'s default", name_), Truth::declared}};
        }
        if (row.kind == "vcpus")
            leave_to_vcpus(fmt::format("{} starts a process for each vCPU", name_), program_.words_place);
        return std::nullopt;
    }

    MaybeFact<std::int64_t> one(std::string how) {
        return Fact<std::int64_t>{1, {program_.words_place, std::move(how), Truth::declared}};
    }
    MaybeFact<std::int64_t> number(const Sealed& value, const std::string& what, Place place) {
        const auto found = value.number();
        if (found && *found <= 10'000)
            return Fact<std::int64_t>{std::max<std::int64_t>(*found, 1),
                                      {place, fmt::format("{} {}", what, *found), Truth::declared}};
        for (const std::string_view word : {"auto", "max"})
            if (value.is_like(word)) {
                leave_to_vcpus(fmt::format("{} is \"{}\", as many processes as vCPUs", what, word), place);
                return std::nullopt;
            }
        leave_out(fmt::format("{} is not a number of processes", what), place);
        return std::nullopt;
    }
    void leave_to_vcpus(std::string what, Place place) {
        what += known_of_cpus(program_);
        leave_out(std::move(what), place, program_.vcpus);
    }
    void leave_out(std::string what, Place place, std::optional<std::int64_t> likely = {}) {
        failed_ = true;
        const std::string number = likely ? fmt::format("{}", *likely) : std::string("N");
        estate_.not_taken(subject_, std::move(what), place,
                          fmt::format("--set service.{}.processes={}", subject_, number));
    }

    const Program& program_;
    const std::string& subject_;
    Estate& estate_;
    std::vector<std::string> words_;
    std::string name_;
    std::size_t from_ = 0;
    bool threaded_ = false, failed_ = false;
};

}  // namespace

std::vector<std::string> command_words(const std::vector<Sealed>& words) {
    std::vector<std::string> out;
    for (const Sealed& word : words) split(word.opened(), out);
    // A shell's line inside quotes: sh -c 'exec gunicorn …'.
    std::vector<std::string> inner;
    for (const std::string& word : out) split(word, inner);
    return inner;
}

MaybeFact<std::int64_t> find_processes(const Program& program, const std::string& subject, Estate& estate) {
    return CommandReader(program, subject, estate).read();
}

MaybeFact<std::int64_t> find_threads(const Program& program) {
    const std::string no_subject;  // threads() reports nothing
    Estate unused;
    return CommandReader(program, no_subject, unused).threads();
}

}  // namespace poolfit::imports
