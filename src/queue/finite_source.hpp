// Parts of the closed single pool's formulas that hold wherever a full pool gives connections back at one rate.
#pragma once

namespace poolfit::queue {

/// Of an arrival that finds all connections busy, n others who may wait as well, and y the connections that come back
/// in a think time: how many come back until it has one, on average; and ln P(none is its own | wait) after `more`
/// further ones were to be expected.
double mean_releases(double n, double y);
double ln_still_waiting(double n, double y, double more);

}  // namespace poolfit::queue
