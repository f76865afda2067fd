// The services of Compose files as parts of one project: merged, extended, with their environments.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../facts/program.hpp"
#include "../tree/in_file.hpp"
#include "../tree/node.hpp"
#include "overlay.hpp"

namespace poolfit::imports::compose {

struct Part {
    std::string name;
    const InFile* file = nullptr;
    const Overlay* overlay = nullptr;
    NodePtr node;
    std::string role;
    Program program;
    std::vector<FoundAddress> addresses;
    std::vector<std::string> hosts;  ///< its names inside the project, in lower case
    std::string profile;             ///< that it waits for; empty: it runs
    bool left_out = false;           ///< COMPOSE_PROFILES says which run, and it is none of those
    bool serves = false;             ///< the server of its image runs
    bool ends = false;               ///< others wait until it has ended
    const InFile* ini = nullptr;
    bool mounts_ini = false;
    std::int64_t replicas = 1;
    bool everywhere = false;  ///< one on each node of a swarm
    Place place;

    Place at(const Node& part) const { return overlay->file_of(part, *file)->place(part.offset); }
    std::string id() const { return "compose:" + lower(name); }
    bool is_named(std::string_view host) const;
};

class Parts {
public:
    Parts(std::span<const InFile> files, Estate& estate) : files_(files), estate_(estate) {}

    void add(const InFile& file, const NodePtr& document) { documents_.push_back({&file, document}); }
    /// All parts, once every document is there.
    void read();
    const std::vector<Part>& all() const { return parts_; }
    /// The part that a host inside the project is; null where it is none.
    const Part* named(std::string_view host) const;
    /// The part whose network another one is in, by network_mode: "service:NAME"; null where it has its own.
    const Part* beside(const Part& part) const;
    /// A file that `from` names: by its path from there, else by its own name.
    const InFile* other(std::string_view path, const InFile& from) const;
    /// Text with ${...} replaced.
    Sealed replaced(const Node& node) const;

private:
    struct Document {
        const InFile* file;
        NodePtr node;
    };

    void merge(const Document& document);
    void tell_missing(const Document& document);
    bool is_base(const InFile& file) const;
    NodePtr extended(const std::string& name, const NodePtr& node, const InFile& file, int level);
    void tell_ends(const Part& part);
    void read_program(Part& part);
    void read_links();
    void read_replicas(Part& part);
    void read_profiles(Part& part);
    void read_env_files(Part& part);
    void read_environment(Part& part);
    void read_volumes(Part& part);

    std::span<const InFile> files_;
    Estate& estate_;
    std::vector<Document> documents_;  ///< keep the nodes
    Overlay overlay_;
    std::vector<Part> parts_;
    std::vector<std::string> ended_;  ///< whose end others wait for
    Variables dotenv_;
};

/// Does a host name the machine that it is used on?
bool is_local(std::string_view host);
std::string_view base_name(std::string_view path);
/// "deploy/app.env" of "./app.env" that deploy/compose.yml names.
std::string path_from(std::string_view file, std::string_view path);

}  // namespace poolfit::imports::compose
