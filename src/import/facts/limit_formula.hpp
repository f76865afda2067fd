// Formulas of parameters: {DBInstanceClassMemory/9531392}.
#pragma once

#include <string>

#include "../tree/sealed.hpp"

namespace poolfit::imports {

/// The text of a formula, if it is made of RDS's own words alone, which may be shown; else empty.
std::string plain_formula(const Sealed& value);

}  // namespace poolfit::imports
