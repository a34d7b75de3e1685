//! Methods in groups, as `client.issues().list()`.

use gallery_spec::names::is_usable;
use heck::ToPascalCase;

/// The module of the types whose methods are the operations of a group.
pub(crate) const GROUPS: &str = "method_groups";

/// Returns the name of the type of a group.
pub(crate) fn type_name(group: &str) -> String {
    group.to_pascal_case()
}

/// A method in a group.
#[derive(Clone, Debug)]
pub struct GroupMethod {
    /// The name of the group, such as `issues`.
    pub group: String,
    /// The name of the method, such as `list`.
    pub method: String,
}

impl GroupMethod {
    /// Parses an `operationId` of the form `group.method`.
    pub(crate) fn parse(operation_id: &str) -> Option<GroupMethod> {
        let (group, method) = operation_id.split_once('.')?;
        (is_usable(group) && is_usable(method)).then(|| GroupMethod {
            group: group.to_owned(),
            method: method.to_owned(),
        })
    }

    /// Returns the call of the method on a client, without arguments, such as `issues().list`.
    pub(crate) fn call_path(&self) -> String {
        format!("{}().{}", self.group, self.method)
    }

    /// Returns the path of the method in the module of the client, such as
    /// `method_groups::Issues::list`.
    pub(crate) fn path(&self) -> String {
        format!("{GROUPS}::{}::{}", type_name(&self.group), self.method)
    }
}
