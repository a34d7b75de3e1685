//! `specs/<client>/names.toml`: which endpoint has which `operationId`, and so which method of the client.
//!
//! A name is given once and stays: when endpoints come, go or change places, an existing name never moves. The name of a vanished
//! endpoint is retired: only the same endpoint can have it again. People may change names; comments and order are kept.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use toml_edit::{Document, DocumentMut, Item, Table, value};

use gallery_draft::{DraftEndpoint, EndpointKey, Method};
use openapi_text::line_column;
use openapi_text::{FileError, Location};

/// The longest name, in characters. Rust allows more; readers do not.
pub const MAX_LENGTH: usize = 60;

const HEADER: &str = "\
# The operationId of each endpoint, which is also the client's method. Written by `regen`, which adds names for new
# endpoints and moves the names of vanished ones to [retired]; it never changes a name. You may: edit it here, then regen.

";

/// Words that no method of a client can be called.
const RESERVED: &[&str] = &[
    // Rust's keywords.
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    // What generated clients have beside their operations.
    "new",
    "with_http_client",
    "with_hook",
    "base_url",
    "clone",
    "client",
    "prelude",
    "types",
    "builder",
    "exec",
    "pre",
    "post",
    "api_version",
    "error",
    "result",
    "option",
    "string",
    "response_value",
    "byte_stream",
    "client_info",
    "operation_info",
    "untyped",
    "new_with_client",
    "into",
    "try_into",
];

/// Whether a name can be a client's method.
pub fn is_usable(name: &str) -> bool {
    name.len() <= MAX_LENGTH
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        // snake_case is what codegen makes of it: a name that it would change could meet another one.
        && name.to_snake_case() == name
        && !RESERVED.contains(&name)
}

/// The names of a client's endpoints.
#[derive(Clone, Debug)]
pub struct Names {
    document: DocumentMut,
    current: BTreeMap<String, String>,
    retired: BTreeMap<String, String>,
}

impl Names {
    /// The names of a client that has none yet.
    pub fn empty() -> Names {
        let mut document = DocumentMut::new();
        document.insert("names", Item::Table(Table::new()));
        Names {
            document,
            current: BTreeMap::new(),
            retired: BTreeMap::new(),
        }
    }

    /// Reads `names.toml`; `file` is its path for messages.
    pub fn parse(file: &str, text: &str) -> Result<Names, FileError> {
        let error = |offset: usize, message: String| {
            let (line, column) = line_column(text, offset);
            FileError {
                location: Location::line(file, line, column),
                message,
            }
        };
        let document = Document::parse(text).map_err(|failed| {
            error(
                failed.span().map_or(0, |span| span.start),
                failed.message().trim_end().to_owned(),
            )
        })?;
        let mut tables = BTreeMap::from([("names", BTreeMap::new()), ("retired", BTreeMap::new())]);
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (title, item) in document.iter() {
            let at = item.span().map_or(0, |span| span.start);
            let (Some(names), Some(table)) = (tables.get_mut(title), item.as_table()) else {
                return Err(error(
                    at,
                    format!(
                        "`{title}` is not known here; there are the tables [names] and [retired]"
                    ),
                ));
            };
            for (endpoint, name) in table.iter() {
                let at = name.span().map_or(0, |span| span.start);
                let Some(name) = name.as_str() else {
                    return Err(error(
                        at,
                        format!("the name of `{endpoint}` is not a string"),
                    ));
                };
                if !is_usable(name) {
                    return Err(error(
                        at,
                        format!("`{name}` can be no method's name: {RULE}"),
                    ));
                }
                if let Some(other) = seen.insert(name.to_owned(), endpoint.to_owned()) {
                    return Err(error(
                        at,
                        format!("`{name}` is the name of `{other}` already; a name is given once"),
                    ));
                }
                names.insert(endpoint.to_owned(), name.to_owned());
            }
        }
        let (current, retired) = (
            tables.remove("names").unwrap_or_default(),
            tables.remove("retired").unwrap_or_default(),
        );
        Ok(Names {
            document: document.into_mut(),
            current,
            retired,
        })
    }

    /// Gives every endpoint its name: the one it has, the one it had, or a new one. Endpoints that are gone have their names
    /// retired. Returns the names by endpoint.
    pub fn assign(&mut self, endpoints: &[DraftEndpoint]) -> BTreeMap<EndpointKey, String> {
        let keys: BTreeSet<String> = endpoints
            .iter()
            .map(|endpoint| endpoint.key.to_string())
            .collect();
        let gone: Vec<String> = self
            .current
            .keys()
            .filter(|key| !keys.contains(*key))
            .cloned()
            .collect();
        for key in gone {
            self.rename(&key, false);
        }
        let back: Vec<String> = self
            .retired
            .keys()
            .filter(|key| keys.contains(*key))
            .cloned()
            .collect();
        for key in back {
            self.rename(&key, true);
        }
        let mut taken: BTreeSet<String> = self
            .current
            .values()
            .chain(self.retired.values())
            .cloned()
            .collect();
        let mut assigned = BTreeMap::new();
        for endpoint in endpoints {
            let key = endpoint.key.to_string();
            let name = match self.current.get(&key) {
                Some(name) => name.clone(),
                None => {
                    let name = fresh(endpoint, |name| taken.contains(name));
                    taken.insert(name.clone());
                    self.insert("names", &key, &name);
                    self.current.insert(key, name.clone());
                    name
                }
            };
            assigned.insert(endpoint.key.clone(), name);
        }
        assigned
    }

    /// Moves a name between [names] and [retired].
    fn rename(&mut self, key: &str, revive: bool) {
        let (from, to) = if revive {
            ("retired", "names")
        } else {
            ("names", "retired")
        };
        let (source, target) = if revive {
            (&mut self.retired, &mut self.current)
        } else {
            (&mut self.current, &mut self.retired)
        };
        if let Some(name) = source.remove(key) {
            target.insert(key.to_owned(), name.clone());
            // With what people wrote around it.
            let entry = self
                .document
                .get_mut(from)
                .and_then(Item::as_table_mut)
                .and_then(|table| table.remove_entry(key));
            if revive && self.retired.is_empty() {
                self.document.remove(from);
            }
            let target = self
                .document
                .entry(to)
                .or_insert_with(|| Item::Table(Table::new()))
                .as_table_mut();
            if let (Some(target), Some((key, item))) = (target, entry) {
                target.insert_formatted(&key, item);
            }
        }
    }

    fn insert(&mut self, table: &str, key: &str, name: &str) {
        let item = self
            .document
            .entry(table)
            .or_insert_with(|| Item::Table(Table::new()));
        if let Some(table) = item.as_table_mut() {
            table.insert(key, value(name));
        }
    }

    /// The names that no endpoint has any more.
    pub fn retired(&self) -> &BTreeMap<String, String> {
        &self.retired
    }

    /// The text of `names.toml`.
    pub fn render(&self) -> String {
        let text = self.document.to_string();
        if text.starts_with('#') {
            text
        } else {
            format!("{HEADER}{text}")
        }
    }
}

const RULE: &str = "it is snake_case of ASCII letters and digits, starts with a letter, has at most 60 characters, \
                    and is neither a keyword of Rust nor a method that every client has";

/// A new name, from the summary, else from method and path.
fn fresh(endpoint: &DraftEndpoint, taken: impl Fn(&str) -> bool) -> String {
    let from_summary = endpoint
        .operation
        .summary
        .as_deref()
        .map(from_summary)
        .unwrap_or_default();
    let from_path = from_path(endpoint.key.method, &endpoint.path);
    let candidates = [
        from_summary.clone(),
        from_path.clone(),
        cut(&format!("{}_{from_summary}", endpoint.key.method.key())),
    ];
    if let Some(name) = candidates
        .into_iter()
        .find(|name| is_usable(name) && !taken(name))
    {
        return name;
    }
    let stem = if is_usable(&from_path) {
        from_path
    } else {
        format!("{}_operation", endpoint.key.method.key())
    };
    let stem: String = stem.chars().take(MAX_LENGTH - 6).collect();
    // Ends: there are finitely many taken names.
    (2u32..)
        .map(|number| format!("{}_v{number}", stem.trim_end_matches('_')))
        .find(|name| is_usable(name) && !taken(name))
        .unwrap_or(stem)
}

fn from_summary(summary: &str) -> String {
    let words = ascii_words(summary);
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "a" | "an" | "the"))
        .collect();
    cut(&words.join("_"))
}

fn from_path(method: Method, path: &str) -> String {
    cut(&format!("{}_{}", method.key(), ascii_words(path).join("_")))
}

fn ascii_words(text: &str) -> Vec<String> {
    let text: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    text.to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// At most [`MAX_LENGTH`] characters, cut between words.
fn cut(name: &str) -> String {
    if name.len() <= MAX_LENGTH {
        return name.to_owned();
    }
    let head = &name[..=MAX_LENGTH];
    head.rfind('_')
        .map_or(&name[..MAX_LENGTH], |at| &head[..at])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use gallery_draft::{EntryLocation, Verdict};
    use openapi_text::template;

    fn endpoint(method: Method, path: &str, summary: &str) -> DraftEndpoint {
        let source = EntryLocation {
            file: "f".into(),
            pointer: "/p".into(),
            set: "l".into(),
        };
        DraftEndpoint {
            key: EndpointKey {
                path: template::by_position(path),
                method,
                server: None,
            },
            path: path.to_owned(),
            server: openapiv3::Server::default(),
            rule: None,
            differing: Vec::new(),
            operation: openapiv3::Operation {
                summary: Some(summary.to_owned()),
                ..Default::default()
            },
            verdict: Verdict::Unique,
            chosen: source.clone(),
            sources: vec![source],
            slug: None,
            listed_id: None,
            changes: Vec::new(),
        }
    }

    fn assign(names: &mut Names, endpoints: &[DraftEndpoint]) -> Vec<String> {
        names.assign(endpoints).into_values().collect()
    }

    #[test]
    fn names_come_from_the_summary_else_from_method_and_path() {
        for (path, summary, name) in [
            ("/a", "Get the team members", "get_team_members"),
            (
                "/a",
                "Update a team member roles",
                "update_team_member_roles",
            ),
            ("/a", "GET  Profiles/ByID (v2)", "get_profiles_by_id_v2"),
            ("/teams/{team_id}", "", "get_teams_team_id"),
            ("/teams/{team_id}", "новый", "get_teams_team_id"),
            ("/teams", "New", "get_teams"),
            ("/teams", "2 teams", "get_teams"),
            ("/", "", "get_operation_v2"),
            (
                "/a",
                &"many words in a row ".repeat(9),
                "many_words_in_row_many_words_in_row_many_words_in_row_many",
            ),
        ] {
            assert_eq!(
                assign(&mut Names::empty(), &[endpoint(Method::Get, path, summary)]),
                [name],
                "{path} {summary}"
            );
        }
    }

    #[test]
    fn equal_summaries_get_names_of_their_own() {
        let all = [
            endpoint(Method::Get, "/a", "List"),
            endpoint(Method::Get, "/b/{c}", "List"),
            endpoint(Method::Put, "/a", "List"),
        ];
        assert_eq!(
            assign(&mut Names::empty(), &all),
            ["list", "put_a", "get_b_c"]
        );
    }

    #[test]
    fn a_name_stays_retires_and_comes_back() {
        let (a, b) = (
            endpoint(Method::Get, "/a/{x}", "List"),
            endpoint(Method::Get, "/b", "List"),
        );
        let mut names = Names::empty();
        assert_eq!(assign(&mut names, std::slice::from_ref(&a)), ["list"]);
        assert_eq!(assign(&mut names, std::slice::from_ref(&b)), ["get_b"]);
        expect![[r##"
            # The operationId of each endpoint, which is also the client's method. Written by `regen`, which adds names for new
            # endpoints and moves the names of vanished ones to [retired]; it never changes a name. You may: edit it here, then regen.

            [names]
            "GET /b" = "get_b"

            [retired]
            "GET /a/{}" = "list"
        "##]].assert_eq(&names.render());
        let mut again = Names::parse("n", &names.render()).unwrap();
        let renamed = endpoint(Method::Get, "/a/{renamed}", "Anything");
        assert_eq!(assign(&mut again, &[renamed, b]), ["list", "get_b"]);
        assert!(again.retired().is_empty());
    }

    #[test]
    fn what_people_wrote_is_kept() {
        let text = "# mine\n[names]\n\"GET /b\" = \"chosen\" # because\n";
        let mut names = Names::parse("n", text).unwrap();
        assign(&mut names, &[endpoint(Method::Get, "/b", "List")]);
        assert_eq!(names.render(), text);
    }

    #[test]
    fn mistakes_have_their_line() {
        let refused = |text: &str, message: Expect| {
            message.assert_eq(&Names::parse("n", text).unwrap_err().to_string())
        };
        refused(
            "[names]\n\"GET /a\" = \"no name\"\n",
            expect![[r#"
            `no name` can be no method's name: it is snake_case of ASCII letters and digits, starts with a letter, has at most 60 characters, and is neither a keyword of Rust nor a method that every client has
              --> n:2:12"#]],
        );
        refused(
            "[names]\n\"GET /a\" = \"match\"\n",
            expect![[r#"
            `match` can be no method's name: it is snake_case of ASCII letters and digits, starts with a letter, has at most 60 characters, and is neither a keyword of Rust nor a method that every client has
              --> n:2:12"#]],
        );
        refused(
            "[names]\n\"GET /a\" = \"x\"\n\"GET /b\" = \"x\"\n",
            expect![[r#"
            `x` is the name of `GET /a` already; a name is given once
              --> n:3:12"#]],
        );
        refused(
            "[names]\n\"GET /a\" = 1\n",
            expect![[r#"
            the name of `GET /a` is not a string
              --> n:2:12"#]],
        );
        refused(
            "[nmaes]\n",
            expect![[r#"
            `nmaes` is not known here; there are the tables [names] and [retired]
              --> n:1:1"#]],
        );
        refused(
            "[names\n",
            expect![[r#"
            unclosed table, expected `]`
              --> n:1:7"#]],
        );
    }
}
