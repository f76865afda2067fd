// CSV row by row, from a file that may be larger than memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.hpp"

namespace poolfit::imports {

class CsvReader {
public:
    explicit CsvReader(Input& bytes) : bytes_(bytes) {}
    /// The next row that is not empty. False at the end, and after an error, which was said.
    bool next();
    std::size_t size() const { return ends_.size(); }
    std::string_view cell(std::size_t index) const {
        if (index >= ends_.size()) return {};
        const std::size_t from = index == 0 ? 0 : ends_[index - 1];
        return std::string_view(text_).substr(from, ends_[index] - from);
    }
    /// Where a cell of this row begins in the file.
    std::uint64_t begins(std::size_t index) const { return index < begins_.size() ? begins_[index] : 0; }
    bool failed() const { return failed_; }
    /// An error at a cell of this row. Returns false.
    bool refuse(std::size_t index, std::string message, std::string fix);
    Input& bytes() { return bytes_; }

    static constexpr std::size_t most_cells = 1000, longest_row = std::size_t{1} << 20;

private:
    bool row();
    bool quoted();

    Input& bytes_;
    std::string text_;  ///< of all cells
    std::vector<std::size_t> ends_;
    std::vector<std::uint64_t> begins_;  ///< of the cells, in the file
    bool failed_ = false;
};

}  // namespace poolfit::imports
