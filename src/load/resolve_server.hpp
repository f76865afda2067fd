// One database of the inventory: its platform, the server it runs on, and what that says of its other keys.
#pragma once

#include "drafts.hpp"

namespace poolfit::load {

/// An error: the key is missing.
Diagnostic& needs(Context& context, const Database& database, std::string_view key, std::string_view example);
/// Null after an error. `primary` is a replica's.
const Platform* platform_of(Context& context, const Draft& draft, const DatabaseDraft& own,
                            const DatabaseDraft* primary);
/// The class or the machine, and the version.
void resolve_server(Context& context, const DatabaseDraft& own, const DatabaseDraft* primary, Database& out);
/// Of a server whose capacity follows the load.
void resolve_capacity(Context& context, const DatabaseDraft& own, const DatabaseDraft* primary, Database& out);
/// Neither class nor size: what follows from them is not known, and everything else is planned.
void leave_open(Database& out);
/// Where no deployment has a standby, another instance takes over.
void check_standby(Context& context, const Database& database);
/// One error for all databases without a region.
void report_missing_regions(Context& context, const Draft& draft, const Fleet& fleet);
/// What a replica has of its primary where it says nothing.
void inherit(const DatabaseDraft& own, const Database& primary, Database& out);
void check_connections(Context& context, const Database& database);
/// What the provider refuses. `primary` is a replica's.
void check_storage(Context& context, const Database* primary, Database& out);
void check_memory(Context& context, const Database& database);
/// All serverless instances of a cluster have one range.
void check_capacity(Context& context, const Fleet& fleet);

}  // namespace poolfit::load
