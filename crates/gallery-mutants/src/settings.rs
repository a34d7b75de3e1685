//! Faults in `Accept`, in servers and in credentials.

use crate::change::Change;
use crate::description::Setting;
use crate::source::{Operation, Source};

/// Returns the changes of a setting of the description, if it is set.
pub(super) fn setting(
    operation: &Operation,
    name: &str,
    change: impl Fn(&Setting) -> Vec<Change>,
) -> Vec<Change> {
    let setting = operation.description.settings.get(name);
    setting.map(change).unwrap_or_default()
}

pub(super) fn accept_changed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    setting(operation, "accept", |setting| {
        let argument = &setting.arguments[0];
        let own = source.text[argument.clone()].trim_matches('"');
        let one_less = own.rsplit_once(", ").map(|(rest, _)| rest.to_owned());
        let others = one_less.into_iter().chain(["text/x-other".to_owned()]);
        others
            .map(|other| {
                Change::new(&other, format!("`Accept` is `{other}`"))
                    .replace(argument, format!("{other:?}"))
            })
            .collect()
    })
}

pub(super) fn accept_dropped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    setting(operation, "accept", |setting| {
        vec![Change::new("accept", "`Accept` is missing").remove(&setting.range)]
    })
}

pub(super) fn events_changed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let own = |name, other: &str| {
        setting(operation, name, |setting| {
            let argument = &setting.arguments[0];
            let media_type = source.text[argument.clone()].to_owned();
            vec![
                Change::new("media", "`Accept` is `text/x-other`")
                    .replace(argument, "\"text/x-other\""),
                Change::new("data", format!("`{other}` instead of `{name}`"))
                    .replace(&setting.range, format!(".{other}({media_type})")),
            ]
        })
    };
    let json = own("events", "text_events");
    json.into_iter()
        .chain(own("text_events", "events"))
        .collect()
}

pub(super) fn own_server_lost(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    setting(operation, "server", |setting| {
        vec![Change::new("server", "the request goes to the base URL").remove(&setting.range)]
    })
}

pub(super) fn own_server_changed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    setting(operation, "server", |setting| {
        let default = &setting.arguments[1];
        let other = match &source.text[default.clone()] {
            "None" => "Some(\"http://127.0.0.1:9/other\")",
            _ => "None",
        };
        vec![Change::new("server", "the default server is another one").replace(default, other)]
    })
}

pub(super) fn credentials_dropped(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    setting(operation, "security", |setting| {
        let argument = &setting.arguments[0];
        match &source.text[argument.clone()] {
            "&[]" => Vec::new(),
            _ => {
                vec![Change::new("credentials", "no credentials are sent").replace(argument, "&[]")]
            }
        }
    })
}

pub(super) fn credentials_changed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    const SCHEME: &str = "AuthScheme::";
    setting(operation, "security", |setting| {
        let argument = setting.arguments[0].clone();
        let text = &source.text[argument.clone()];
        // Only the first scheme changes.
        let Some(at) = text.find(SCHEME) else {
            return Vec::new();
        };
        let rest = &text[at + SCHEME.len()..];
        let name = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        let end = match rest[name..].starts_with('(') {
            true => rest.find(')').map_or(rest.len(), |end| end + 1),
            false => name,
        };
        let other = if rest.starts_with("Bearer") {
            "Basic"
        } else {
            "Bearer"
        };
        let start = argument.start + at + SCHEME.len();
        vec![
            Change::new("credentials", format!("the first credential is {other}"))
                .replace(&(start..start + end), other),
        ]
    })
}

pub(super) fn credentials_added(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    setting(operation, "security", |setting| {
        vec![Change::new("credentials", "all credentials are sent").remove(&setting.range)]
    })
}
