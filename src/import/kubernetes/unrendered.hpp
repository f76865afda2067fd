// Objects that name a chart or a folder of manifests, which Argo CD, Flux, Kustomize and others render: what runs is
// not in their files.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "cluster.hpp"

namespace poolfit::imports::kubernetes {

class Unrendered {
public:
    /// True where the object is one.
    bool take(const Object& object);
    /// Lists them, with the command that renders each.
    void tell(Estate& estate) const;

private:
    struct Found {
        std::string name, names, renders;
        Place place;
    };
    std::map<std::size_t, std::vector<Found>> found_;  ///< by the row of their kind
};

/// Lists a kustomization that leaves out apiVersion and kind, as kustomize allows; false where it is none.
bool tell_kustomization(const Node* first, const InFile& file, Estate& estate);

/// What to do with a file without an object of Kubernetes. `first`: its first document, if it has one.
std::string advice_on(const Node* first, const InFile& file);

}  // namespace poolfit::imports::kubernetes
