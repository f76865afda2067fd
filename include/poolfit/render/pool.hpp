// `pool`: report in, text out. Apart from render.hpp, so that it needs no fleet and no catalog.
#pragma once

#include <string>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/report/pool.hpp>

namespace poolfit::render {

/// For the terminal: the verdict, what was asked, sizes around it, how it was found, how far it goes.
std::string pool_text(const PoolReport& report, const diag::Style& style);
/// `poolfit-pool/1`: one document, every key always there, a newline at the end.
std::string pool_json(const PoolReport& report);

/// Why there is no answer, and what to ask instead.
std::string no_answer_text(const NoAnswer& none);
std::string no_answer_fix(const NoAnswer& none);

}  // namespace poolfit::render
