// Platforms as tests name them.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::test {

inline const Platform& pg = *platform::by_id("rds-postgresql");

}  // namespace poolfit::test
