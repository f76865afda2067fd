// Records of an import that the inventory's checks refuse, by the errors of the text as it would be written.
#pragma once

#include <map>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/load/document.hpp>

#include "into/blamed.hpp"
#include "resolve/resolver.hpp"

namespace poolfit::imports {

/// Errors by the records that they are in.
class Blames {
public:
    Blamed find(const Diagnostic& each);

private:
    std::map<const SourceText*, Blame> texts_;
};

/// The records of the import that errors of the checked text are in, by "database.orders". `fix`: in place of their
/// own.
Refused blamed(const Diagnostics& found, const load::Document& imported, std::string_view fix);

}  // namespace poolfit::imports
