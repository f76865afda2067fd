// The rules by which values are recognized, as rows of data/import: which names are sizes of pools, addresses,
// processes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit::imports {

/// Of sizes.csv and addresses.csv.
struct NameRow {
    std::string where;  ///< env, url, file, scheme
    std::string name;   ///< a glob, or SUBJECT+ENDING: a part of the name and its end; {DB} is any of the words
    std::string part;   ///< size, overflow; url, host, direct
    int rank = 0;       ///< the smallest wins
    std::string engine, driver;                  ///< empty: the name does not say it
    std::vector<std::string> subjects, endings;  ///< of SUBJECT+ENDING

    bool fits(std::string_view given) const;  ///< of a variable whatever its case
    /// What comes before the subject in the name: "REPLICA" of "REPLICA_DB_POOL_SIZE".
    std::string_view before(std::string_view given) const;

private:
    bool fits_as_written(std::string_view given) const;
};
struct CommandRow {
    std::string program, kind, name, gives;
};
struct ImageRow {
    std::string image, role;
};
struct PoolerRow {
    std::string images;  ///< those that read it, with blanks between
    std::string name, key;
};

struct Tables {
    std::vector<NameRow> sizes, addresses;
    std::vector<CommandRow> commands;
    std::vector<ImageRow> images;
    std::vector<PoolerRow> poolers;
    std::vector<std::string> others;  ///< words of names that have nothing to do with a pool of a database
};
const Tables& tables();

/// Parts of a name between its underscores, upper or lower case: "DB", "POOL", "SIZE".
bool has_part(std::string_view name, std::string_view part);
/// Has the name of a variable a word of another kind of thing: "REDIS_POOL_SIZE", "CLICKHOUSE_DATABASE_URL"?
bool of_another_thing(std::string_view name);
/// The row of an image, without its tag; empty where there is none.
std::string_view role_of_image(std::string_view image);

}  // namespace poolfit::imports
