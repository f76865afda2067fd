// What the files of a Spring or Quarkus application set, flat, and under which profile.
#pragma once

#include <string>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>

#include "../tree/in_file.hpp"
#include "app.hpp"

namespace poolfit::imports {

struct SpringSetting {
    std::string key;  ///< relaxed: lower case, without '-' and '_'
    std::string shown;
    Sealed value;
    Place place{};
    bool variable = false;  ///< of the environment, not of a file
};
/// A document, or a file: what it sets, and under which profile.
struct SpringPart {
    std::string profile;  ///< empty: always; else a list of names and expressions, as Spring reads them
    std::vector<SpringSetting> settings;
};

/// What the environment sets of such keys, in place of the files: SPRING_DATASOURCE_URL of spring.datasource.url. The
/// members of SPRING_APPLICATION_JSON come last, since they win.
std::vector<SpringSetting> spring_variables(const Variables& variables, const std::vector<std::string>& keys);

/// The documents of a file. One that cannot be read is an error.
std::vector<SpringPart> spring_parts(const InFile& file, AppFile what, Diagnostics& diagnostics);

}  // namespace poolfit::imports
