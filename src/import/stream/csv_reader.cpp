#include "csv_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace poolfit::imports {

bool CsvReader::refuse(std::size_t index, std::string message, std::string fix) {
    if (!failed_) {
        const std::uint64_t begin = index < begins_.size() ? begins_[index] : bytes_.offset();
        bytes_.error(begin, std::max<std::size_t>(cell(index).size(), 1), std::move(message), std::move(fix));
    }
    failed_ = true;
    return false;
}

bool CsvReader::next() {
    while (!failed_ && bytes_.any()) {
        text_.clear();
        ends_.clear();
        begins_.clear();
        bytes_.hold();
        if (!row()) return false;
        if (ends_.size() > 1 || !text_.empty()) return true;
    }
    return false;
}

/// Behind the opening quote, up to and over the closing one.
bool CsvReader::quoted() {
    const std::uint64_t begin = bytes_.offset();
    while (bytes_.any()) {
        const auto* const quote = static_cast<const char*>(
            std::memchr(bytes_.at(), '"', static_cast<std::size_t>(bytes_.end() - bytes_.at())));
        const char* const to = quote != nullptr ? quote : bytes_.end();
        text_.append(bytes_.at(), to);
        bytes_.take_to(to);
        if (text_.size() > longest_row) break;
        if (quote == nullptr) continue;
        bytes_.take(1);
        if (bytes_.peek() != '"' || !bytes_.any()) return true;
        text_ += '"';
        bytes_.take(1);
    }
    begins_.push_back(begin == 0 ? 0 : begin - 1);
    return refuse(begins_.size() - 1,
                  text_.size() > longest_row ? fmt::format("a row of more than {} MiB", longest_row >> 20)
                                             : "the file ends inside a quoted cell",
                  "the file is incomplete or damaged: fetch it again");
}

bool CsvReader::row() {
    while (true) {
        if (ends_.size() == most_cells)
            return refuse(most_cells - 1, fmt::format("a row of more than {} cells", most_cells),
                          "fetch the file again");
        const std::uint64_t begin = bytes_.offset();
        if (bytes_.peek() == '"') {
            bytes_.take(1);
            if (!quoted()) return false;
        } else {
            while (bytes_.any()) {
                const char* at = bytes_.at();
                while (at != bytes_.end() && *at != ',' && *at != '\n' && *at != '\r') ++at;
                text_.append(bytes_.at(), at);
                bytes_.take_to(at);
                if (text_.size() > longest_row) {
                    begins_.push_back(begin);
                    return refuse(begins_.size() - 1, fmt::format("a row of more than {} MiB", longest_row >> 20),
                                  "the file is damaged: fetch it again");
                }
                if (at != bytes_.end()) break;
            }
        }
        begins_.push_back(begin);
        ends_.push_back(text_.size());
        if (!bytes_.any()) return true;
        const char c = *bytes_.at();
        if (c != ',' && c != '\n' && c != '\r')
            return refuse(ends_.size() - 1, "something follows the closing quote of a cell",
                          "the file is damaged: fetch it again");
        bytes_.take(1);
        if (c == '\r' && bytes_.peek() == '\n') bytes_.take(1);
        if (c != ',') return true;
    }
}

}  // namespace poolfit::imports
