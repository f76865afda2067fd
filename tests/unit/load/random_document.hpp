// Seeded documents of every shape, and texts of every layout.
#pragma once

#include <cstdint>

#include <poolfit/load/document.hpp>

namespace poolfit::test {

/// A document as it may be built: values of all kinds, records two deep, comments. In JSON no comments and dates, but
/// null.
load::Document random_document(std::uint64_t seed, load::Syntax syntax);

/// Changes one value somewhere, adds one, or removes one. What was done, for messages.
std::string random_edit(std::uint64_t seed, load::Document& document);

}  // namespace poolfit::test
