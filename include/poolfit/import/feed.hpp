// A file that is read piece by piece, since it may be larger than memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace poolfit::imports {

struct Feed {
    std::string name;  ///< as the user wrote it
    /// Fills the buffer as far as it can; 0 at the end. A failure throws FeedFault.
    std::function<std::size_t(char* buffer, std::size_t size)> read;
};

struct FeedFault {
    std::string message;  ///< "cannot read prices.json: Input/output error"
};

}  // namespace poolfit::imports
