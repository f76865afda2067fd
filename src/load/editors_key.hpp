#pragma once

#include "reader.hpp"

namespace poolfit::load {

/// `$schema` at the top of a file tells an editor where the JSON schema is: nothing that is read. Takes it out, so that
/// it is no key among others; it has to be text.
void drop_editors_key(Context& context, Document& document);

}  // namespace poolfit::load
