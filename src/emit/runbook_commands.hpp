// The commands of a runbook: one line of shell for each check, step, sign and way back.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "platform_tools.hpp"

namespace poolfit::emit {

/// Lines of one function of the script, indented.
class ShellLines {
public:
    /// A function of the script with its arguments, each quoted.
    void call(std::string_view function, std::initializer_list<std::string_view> arguments);
    /// A function of the database's command line, which begins with its identifier and region.
    void on(const Database& database, std::string_view function, std::initializer_list<std::string_view> arguments);
    void say(std::string_view text) { call("say", {text}); }
    void by_hand(std::string_view text) { call("by_hand", {text}); }
    /// "name() {", the lines, "}".
    std::string function(std::string_view name) const;
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

/// What has to hold before the action, by commands that change nothing.
ShellLines checks(const Request& request, const Action& action);
/// Its steps; by hand where no command takes them.
ShellLines steps(const Request& request, const Action& action);
/// What the plan expects in the days after it.
ShellLines signs(const Request& request, const Action& action);
ShellLines way_back(const Request& request, const Action& action);

}  // namespace poolfit::emit
