// Answers that come in pages, each in a file of its own.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <poolfit/diag/source.hpp>
#include <poolfit/import/estate.hpp>
#include <poolfit/series/series.hpp>

namespace poolfit::imports {

struct Page {
    std::string name;
    Place start;
    std::set<std::string> partial, complete;  ///< series that go on in the next page, and others
    bool goes_on = false;
    std::optional<series::Instant> first, last;
};

/// Says what is on no page of those that are read, in whatever order they come. Series that a page has whole need not
/// be on the next one: that is then any page which ends an answer about the same time, and none of another's.
void tell_missing_pages(const std::vector<Page>& pages, Estate& estate);

}  // namespace poolfit::imports
