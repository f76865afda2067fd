#include "self_managed.hpp"

namespace poolfit::platform::self_managed {

Interval<Bytes> memory(const InstanceClass& cls) { return Interval<Bytes>(cls.memory); }

}  // namespace poolfit::platform::self_managed
