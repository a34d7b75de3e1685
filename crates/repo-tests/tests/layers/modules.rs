//! The modules of a crate and the imports between their files.
//!
//! A file imports another one if it uses an item that is defined there. Re-exports are followed to
//! the definition, so `pub use child::Item` in a parent is not an import: a user of `parent::Item`
//! imports the child. Code for tests is left out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy does not see that this is test code"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

use crate::graph::Edges;

/// A module: its items, and the paths that it uses.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The file from the crate's directory.
    file: String,
    /// Names of the items that are defined here.
    items: Vec<String>,
    /// Names brought in by `use`, with their paths.
    aliases: BTreeMap<String, Vec<String>>,
    /// Paths of `use path::*`.
    globs: Vec<Vec<String>>,
    /// Paths that occur in the code, and those of private imports.
    paths: Vec<Vec<String>>,
}

/// The modules of a crate by path. The root is the empty path.
pub(crate) type Modules = BTreeMap<Vec<String>, Module>;

/// Reads all modules of a crate, given its directory.
pub(crate) fn read(directory: &Path) -> Modules {
    let mut modules = Modules::new();
    for root in ["src/lib.rs", "src/main.rs"] {
        if directory.join(root).exists() {
            let mut reader = Reader {
                directory,
                modules: &mut modules,
            };
            reader.file(root, Vec::new());
            break;
        }
    }
    modules
}

/// Returns the imports between the files of a crate.
pub(crate) fn imports(modules: &Modules) -> Edges {
    let mut edges = Edges::new();
    for (path, module) in modules {
        for used in &module.paths {
            if let Some((file, item)) = resolve(modules, path, used, 0)
                && file != module.file
            {
                edges.entry((module.file.clone(), file)).or_insert(item);
            }
        }
    }
    edges
}

/// Finds the file that defines what a path names, and the item's name.
fn resolve(
    modules: &Modules,
    from: &[String],
    path: &[String],
    depth: usize,
) -> Option<(String, String)> {
    if depth > 16 {
        return None;
    }
    let mut current = from.to_vec();
    let mut is_first = true;
    for (index, segment) in path.iter().enumerate() {
        let rest = &path[index + 1..];
        match segment.as_str() {
            "crate" => current.clear(),
            "self" => {}
            "super" => {
                current.pop()?;
            }
            name => {
                let module = modules.get(&current)?;
                let child = [current.as_slice(), &[name.to_owned()]].concat();
                if module.items.iter().any(|item| item == name) {
                    return Some((module.file.clone(), name.to_owned()));
                } else if modules.contains_key(&child) {
                    current = child;
                } else if let Some(target) = module.aliases.get(name) {
                    // `use a::b` resolves from the module that contains it, as a path of its own.
                    let whole = [target.as_slice(), rest].concat();
                    return (whole != path)
                        .then(|| resolve(modules, &current, &whole, depth + 1))
                        .flatten();
                } else if is_first || index + 1 == path.len() {
                    let tail = &path[index..];
                    return module.globs.iter().find_map(|glob| {
                        let whole = [glob.as_slice(), tail].concat();
                        resolve(modules, &current, &whole, depth + 1)
                    });
                } else {
                    return None;
                }
            }
        }
        is_first = false;
    }
    None
}

struct Reader<'a> {
    directory: &'a Path,
    modules: &'a mut Modules,
}

impl Reader<'_> {
    fn file(&mut self, file: &str, path: Vec<String>) {
        let text = fs::read_to_string(self.directory.join(file)).unwrap();
        let tree = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.module(file, path, &tree.items);
    }

    fn module(&mut self, file: &str, path: Vec<String>, items: &[Item]) {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        for item in items {
            if is_for_tests(attributes(item)) {
                continue;
            }
            match item {
                Item::Use(item) => {
                    let is_private = matches!(item.vis, Visibility::Inherited);
                    module.add_use(&item.tree, Vec::new(), is_private);
                }
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let child = [path.as_slice(), std::slice::from_ref(&name)].concat();
                    match &item.content {
                        Some((_, items)) => self.module(file, child, items),
                        None => {
                            let child_file = self.file_of(file, &name);
                            self.file(&child_file, child);
                        }
                    }
                }
                item => {
                    module.items.extend(name_of(item));
                    Paths(&mut module).visit_item(item);
                }
            }
        }
        self.modules.insert(path, module);
    }

    /// Returns the file of the module `name`, which `file` declares.
    fn file_of(&self, file: &str, name: &str) -> String {
        let file = PathBuf::from(file);
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let folder = match stem {
            "lib" | "main" | "mod" => file.parent().unwrap().to_owned(),
            stem => file.with_file_name(stem),
        };
        let folder = folder.to_str().unwrap();
        [
            format!("{folder}/{name}.rs"),
            format!("{folder}/{name}/mod.rs"),
        ]
        .into_iter()
        .find(|candidate| self.directory.join(candidate).exists())
        .unwrap_or_else(|| panic!("{}: no file for `mod {name}`", file.display()))
    }
}

impl Module {
    fn add_use(&mut self, tree: &UseTree, mut prefix: Vec<String>, is_private: bool) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.add_use(&path.tree, prefix, is_private);
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                if name != "self" {
                    prefix.push(name);
                }
                let alias = prefix.last().cloned().unwrap_or_default();
                self.add_alias(alias, prefix, is_private);
            }
            UseTree::Rename(rename) => {
                prefix.push(rename.ident.to_string());
                self.add_alias(rename.rename.to_string(), prefix, is_private);
            }
            UseTree::Glob(_) => self.globs.push(prefix),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, prefix.clone(), is_private);
                }
            }
        }
    }

    fn add_alias(&mut self, alias: String, path: Vec<String>, is_private: bool) {
        if is_private {
            self.paths.push(path.clone());
        }
        self.aliases.insert(alias, path);
    }
}

/// Collects the paths of a syntax tree, also in the arguments of macros.
struct Paths<'a>(&'a mut Module);

impl Paths<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.end(&mut path);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        // A single name may be a variable.
        if path.len() > 1 {
            self.0.paths.push(path.clone());
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let is_variable = segments.len() == 1 && segments[0].starts_with(char::is_lowercase);
        if path.leading_colon.is_none() && !is_variable {
            self.0.paths.push(segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // A `use` within a function.
        self.0.add_use(&item.tree, Vec::new(), true);
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        let condition = attribute.meta.require_list().ok();
        attribute.path().is_ident("test")
            || is_cfg
                && condition.is_some_and(|list| {
                    ["test", "doctest"].contains(&list.tokens.to_string().as_str())
                })
    })
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{imports, read};

    /// Writes a crate, and returns the imports between its files.
    fn edges(name: &str, files: &[(&str, &str)]) -> Vec<String> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&directory);
        for (path, text) in files {
            let path = directory.join("src").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        imports(&read(&directory))
            .into_iter()
            .map(|((from, to), item)| {
                let short = |file: &str| file.trim_start_matches("src/").to_owned();
                format!("{} -> {} {item}", short(&from), short(&to))
            })
            .collect()
    }

    #[test]
    fn follows_re_exports_to_the_definition() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\npub use a::Item;"),
            ("a.rs", "pub struct Item;"),
            ("b.rs", "use crate::Item;\nfn f(_: Item) {}"),
        ];
        assert_eq!(edges("re-exports", &files), ["b.rs -> a.rs Item"]);
    }

    #[test]
    fn counts_a_child_and_a_parent_that_use_each_other() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod b;\npub struct Item;\nfn f() { b::run(); }"),
            ("a/b.rs", "use super::Item;\npub fn run() -> Item { Item }"),
        ];
        let expected = ["a/b.rs -> a/mod.rs Item", "a/mod.rs -> a/b.rs run"];
        assert_eq!(edges("circle", &files), expected);
    }

    #[test]
    fn reads_paths_in_types_and_macros() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\nmod c;"),
            ("a.rs", "pub struct Item;\npub const SIZE: u8 = 1;"),
            ("b.rs", "fn f() { println!(\"{}\", crate::a::SIZE); }"),
            ("c.rs", "struct Other(Vec<super::a::Item>);"),
        ];
        let expected = ["b.rs -> a.rs SIZE", "c.rs -> a.rs Item"];
        assert_eq!(edges("paths", &files), expected);
    }

    #[test]
    fn leaves_tests_out() {
        let files = [
            ("lib.rs", "mod a;\nmod b;"),
            ("a.rs", "pub struct Item;"),
            (
                "b.rs",
                "#[cfg(test)]\nmod tests { use crate::a::Item; fn f(_: Item) {} }",
            ),
        ];
        assert_eq!(edges("tests", &files), [] as [&str; 0]);
    }
}
