// What a run holds until the process ends.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace poolfit::cli {

/// For a finished run: freeing a large fleet, part by part, just before the process ends takes a twentieth of the run.
/// A run that fails frees what it holds, because the message needs memory.
template <class T>
void keep_to_exit(std::unique_ptr<T> held) {
    static auto* const all = new std::vector<std::shared_ptr<const void>>;  // never destroyed
    all->push_back(std::move(held));
}

}  // namespace poolfit::cli
