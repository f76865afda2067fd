#include "editors_key.hpp"

#include <fmt/format.h>

#include "words.hpp"

namespace poolfit::load {

void drop_editors_key(Context& context, Document& document) {
    std::erase_if(document.root.members, [&](const Member& member) {
        if (member.key != "$schema") return false;
        if (member.value.as<std::string>() == nullptr)
            context.out.error(
                member.value.place, fmt::format("$schema: expected text in quotes, found {}", describe(member.value)),
                document.syntax == Syntax::json ? R"("$schema": "./inventory.schema.json")"
                                                : R"(write "#:schema ./inventory.schema.json" as the first line)");
        return true;
    });
}

}  // namespace poolfit::load
