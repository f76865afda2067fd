// What stands behind a value that was imported: "# from k8s/api.yaml: spec.replicas = 3". It ends with the value that
// the file had, which shows whether somebody has changed the value since.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <poolfit/import/estate.hpp>
#include <poolfit/load/document.hpp>

namespace poolfit::imports {

struct Binding {
    std::string_view file, how, value;
};

/// A value on one line: "3", "db.m6g.large", "2-10" of { min = 2, max = 10 }.
std::string value_text(const load::Value& value);
/// As TOML writes it, on one line.
std::string as_toml(const load::Value& value);
/// The comment behind a value that is from there; without a file only how it was found, which binds nothing.
std::string binding(const From& from, const load::Value& value);
/// Nothing of a value without one.
std::optional<Binding> binding_of(const load::Value& value);
/// Does the value have a binding, and is it still the one that was bound?
bool is_as_bound(const load::Value& value);
/// What the user wrote behind a value: "# agreed with Bob" of "# from k8s.yaml: spec.replicas = 4, agreed with Bob".
std::string own_comment(const load::Value& value);
/// The import and the check may have run in different folders: "k8s/api.yaml" and "../k8s/api.yaml", or "api.yaml".
bool is_same_path(std::string_view a, std::string_view b);
/// "Deployment in shop": how the name of a record was found whose namespace tells it from others of its name.
std::string with_space(const std::string& how, const std::string& space);
/// The namespace in the binding of a record's name; empty where it has none.
std::string space_of(const load::Value& name);
/// "k8s.yaml:12, spec.replicas" of a value that was just imported.
std::string source_of(const load::Value& value);

}  // namespace poolfit::imports
