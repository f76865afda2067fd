// A value and where it was declared.
#pragma once

#include <optional>
#include <utility>

#include <poolfit/diag/source.hpp>

namespace poolfit {

/// `place` is empty for a built-in default.
template <class T>
struct Located {
    T value{};
    Place place;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

template <class T>
using Maybe = std::optional<Located<T>>;

}  // namespace poolfit
