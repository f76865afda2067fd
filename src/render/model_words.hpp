// How a model computes, for derivations.
#pragma once

#include <string_view>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "{0}" is the first input's text, "{m}" the method's name.
std::string_view model_text(Model model);

}  // namespace poolfit::render
