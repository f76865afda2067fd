// The kinds of files. One row each, in the file of its name.
#pragma once

#include <poolfit/emit/emit.hpp>

namespace poolfit::emit::rows {

extern const Kind guard;
extern const Kind pgbouncer;
extern const Kind pools;
extern const Kind roles;
extern const Kind alarms, cloudformation, k8s, runbook, terraform;

}  // namespace poolfit::emit::rows
