// What frameworks' own files say of pools: Spring's application.yml and application.properties, Rails' database.yml,
// Prisma's schema. Nothing in them is run.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/import/estate.hpp>

#include "../facts/program.hpp"
#include "../tree/in_file.hpp"

namespace poolfit::imports {

enum class AppFile { none, spring_yaml, spring_properties, rails, prisma };
AppFile app_file_of(std::string_view text);

/// An application's files, and the variables of those that are files of variables.
struct AppFiles {
    std::vector<std::pair<const InFile*, AppFile>> files;
    Variables variables;
};
struct App {
    std::string name;  ///< that a file gives it; empty: none does
    std::vector<PoolFact> pools;
};

// Notes name `subject`. An error is one of the file.
void read_spring(const AppFiles& files, const std::string& subject, App& app, Estate& estate, Diagnostics& diagnostics);
void read_rails(const InFile& file, const Variables& variables, const std::string& subject, App& app, Estate& estate,
                Diagnostics& diagnostics);
void read_prisma(const InFile& file, const Variables& variables, const std::string& subject, App& app, Estate& estate);

/// The address of a URL into a pool, with a size that is a parameter of it. False where it is of no database.
bool take_url(const Sealed& url, const From& from, const std::string& subject, PoolFact& pool, Estate& estate);
/// Its address is an expression that is no plain variable: --map names it by the key that has it.
void lack_address(PoolFact& pool, std::string_view key);
/// A name for the next pool: "main" for the first, else what tells it apart.
std::string app_pool_name(std::string_view part, const App& app);

}  // namespace poolfit::imports
