// Help texts, made from the tables of commands and flags; 80 columns, ASCII.
#pragma once

#include <string>

#include "commands.hpp"

namespace poolfit::cli {

std::string main_help();
/// Of the commands that start with this word: "catalog".
std::string group_help(std::string_view group);
std::string command_help(const Command& command);

}  // namespace poolfit::cli
