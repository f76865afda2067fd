// What the worlds of a database read as.
#pragma once

#include <string>
#include <vector>

#include <poolfit/report/report.hpp>

#include "json_writer.hpp"
#include "layout.hpp"
#include "markdown_page.hpp"

namespace poolfit::render {

/// "612 of 1,000 (58–64 %)"; "unknown" where it cannot be judged. `certain`: no world is outside.
std::string chance_text(const std::optional<Chance>& chance, bool certain);
/// "memory in 388, cpu peak in 10": limits that a class is over in some worlds; what cannot be judged.
std::string outside_text(const Database& database, const Worlds::Moment& moment);
/// "db.t3.medium while trouble costs under $135/mo, then db.t3.large"; of a choice that there is.
std::string least_regret_text(const Worlds& worlds, const Worlds::Choice& choice);

/// The part of a database's block with its worlds; nothing where none were drawn.
void print_worlds(Page& page, const Report& report, Index database);
/// What was drawn, from which law and which line.
void print_draws(Page& page, const Report& report, Index database);
/// As "worlds" of a database, or null.
void write_worlds(JsonWriter& json, const Report& report, Index database);

}  // namespace poolfit::render
