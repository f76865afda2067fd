// What a file of Terraform has: the resources of a plan or a state, wherever in its modules they stand, and the
// configuration by which they refer to each other.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/import/estate.hpp>

#include "../facts/wanted.hpp"
#include "../tree/node.hpp"

namespace poolfit::imports::terraform {

struct Resource {
    const InFile* file = nullptr;
    std::string address;  ///< as Terraform writes it, if it can be shown
    std::string module;   ///< of the address: "module.data.module.pg[\"berth\"]"
    std::string target;   ///< in the configuration: "data.pg|aws_db_instance.this"
    std::string type, name, key;
    const Node* values = nullptr;   ///< as planned, or as they are; of one to be deleted as they are
    const Node* unknown = nullptr;  ///< which of them are known after the apply; null: none
    const Node* today = nullptr;    ///< of a plan: what runs before it; null: nothing, or not said
    Truth truth = Truth::running;
    bool data = false, deleted = false, created = false, replaced = false;
    std::string provider_region;  ///< by the provider's configuration

    const Node& operator[](std::string_view attribute) const { return (*values)[attribute]; }
    bool is_unknown(std::string_view attribute) const;
    Place at(const Node& node) const { return file->place(node.offset); }
    Place place() const { return at(*values); }
    template <class T>
    Fact<T> fact(T value, const Node& node, std::string how) const {
        return {std::move(value), {at(node), std::move(how), truth}};
    }
    MaybeFact<std::string> word(std::string_view attribute) const;
    /// Its values by their keys; what cannot be taken is listed.
    Wanted wanted(std::string subject, Estate& estate) const {
        return {std::move(subject), [this](const Node& node) { return at(node); }, estate};
    }
};

/// The files of one import, read together.
class Files {
public:
    /// A plan, a state as `terraform show -json` prints it, or a state file of version 4. False where it is none.
    bool add(const InFile& file, const NodePtr& document);
    const std::vector<Resource>& all() const { return all_; }

    /// The resource of one of the types that an attribute of another refers to, by the configuration. Null where it
    /// has no such reference, or may be one of several.
    const Resource* referred(const Resource& from, std::string_view attribute, std::string_view type) const;

private:
    struct Module {
        const Node* node = nullptr;  ///< "resources", "module_calls", "outputs"
        const Node* call = nullptr;  ///< its call in the module above
    };
    /// A plan, and its configuration.
    struct Root {
        const Node* document = nullptr;
        std::map<std::string, Module> modules;         ///< by path: "data.pg"
        std::map<std::string, const Node*> resources;  ///< by target
    };
    struct Change {
        const Node* node = nullptr;
        const Node* drifted = nullptr;
    };

    void plan(const InFile& file, const Node& document);
    void values(const InFile& file, const Node& module, std::string_view address, bool planned, int level);
    void state_file(const InFile& file, const Node& document);
    void add_resource(const InFile& file, const Node& resource, std::string_view module, bool planned);
    void add_change(const InFile& file, const Node& resource, bool deleted);
    static void configuration(Root& root, const Node& module, const Node* call, const std::string& path, int level);
    /// Of a provider by the key that a resource's configuration has, and the variables of the root.
    std::string region_of(const Resource& resource) const;
    static std::string region_of_provider(const Root& root, std::string key);
    static void find_targets(const Root& root, const std::string& path, const Node& references, std::string_view type,
                             int& steps, std::vector<std::string>& found);

    std::vector<NodePtr> documents_;  ///< keep the nodes
    std::vector<Resource> all_;
    std::map<std::pair<const InFile*, std::string>, Change> changes_;
    std::map<const InFile*, Root> roots_;
};

/// "module.data.module.pg" of `module.data.module.pg["berth"]`.
std::string without_keys(std::string_view address);
/// An address or another name that a file has, if it is harmless: letters, digits and the signs of addresses.
std::string shown(const Sealed& text);

}  // namespace poolfit::imports::terraform
