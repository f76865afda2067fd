// Which record of an inventory that was checked an error is in.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/load/document.hpp>

namespace poolfit::imports {

struct Blamed {
    std::string_view kind;  ///< "database"; empty: the error is in no record
    std::string identity;   ///< the name that an import gave it
    std::string key;        ///< of the record, "storage" too of a key in it; empty: it is about the record

    std::string record() const { return std::string(kind) + '.' + identity; }
};

/// Where the values of a text stand, however they are written: below headers, in braces, in JSON.
class Blame {
public:
    explicit Blame(const SourceText& source);
    Blamed find(const Place& place) const;

private:
    std::optional<load::Document> document_;
};

}  // namespace poolfit::imports
