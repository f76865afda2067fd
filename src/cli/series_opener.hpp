// Opens the files of series that an inventory names.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "inputs.hpp"

namespace poolfit::cli {

/// Series are beside the inventory that names them; a file is read once.
struct SeriesOpener {
    Context& context;
    const Inputs& inputs;
    std::shared_ptr<std::map<std::string, const SourceText*>> opened =
        std::make_shared<std::map<std::string, const SourceText*>>();

    const SourceText* operator()(const Located<std::string>& path) const;
};

}  // namespace poolfit::cli
