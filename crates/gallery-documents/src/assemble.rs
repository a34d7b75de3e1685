//! Makes the draft of merged endpoints and named components.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapiv3::{
    Components as OpenApiComponents, OpenAPI, Operation, ReferenceOr, SecurityRequirement,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::components::Components;
use crate::examples;
use crate::fingerprint::{self, Part};
use crate::foreign;
use crate::index::IndexFacts;
use crate::info::{info, provenance};
use crate::merge::{self, Merged};
use crate::missing_references::report_references;
use crate::model::Kind;
use crate::namespace::{self, Namespace};
use crate::output;
use crate::schemes;
use crate::servers;
use crate::settings::Settings;
use crate::siblings;
use crate::sources::Sources;
use crate::tags;
use crate::units::Read;
use crate::usage::{self, Usage};
use gallery_draft::{
    Choices, ComponentNames, Draft, DraftEndpoint, Verdict, assign_paths, encoding,
    most_frequent_server, reduce_document,
};
use openapi_text::pointer::unescape;
use openapi_text::{Diagnostics, Location, Severity};

/// The version of OpenAPI that drafts have.
const OPENAPI: &str = "3.0.3";

/// Merges what was read to a draft.
pub(crate) fn finish(
    sources: &Sources<'_>,
    index: &IndexFacts,
    mut read: Read,
    settings: &Settings<'_>,
    choices: &Choices,
    known: &ComponentNames,
    diagnostics: &mut Diagnostics,
) -> Option<Draft> {
    if read.entries.is_empty() {
        if !diagnostics.has_errors() {
            let location = Location::file(sources.place());
            let message = "the documents have no usable endpoint: nothing to make a client of";
            diagnostics.push(Severity::Error, "no-endpoints", location, message);
        }
        return None;
    }
    let is_document: Vec<bool> = read.units.iter().map(|unit| unit.is_document).collect();
    let (parts, operations) = parts(&read);
    let classes = siblings::resolve(&mut read.components, &parts, &operations, &is_document);
    drop((parts, operations));
    let usages: Vec<Usage> = read
        .components
        .all
        .iter()
        .map(|it| usage::of(&read.components, it.unit, it.kind, &it.value))
        .collect();
    let operation_usages: Vec<Usage> = read
        .entries
        .iter()
        .map(|it| usage::of(&read.components, it.unit, Kind::Operation, &it.operation))
        .collect();
    let files: Vec<&str> = read
        .units
        .iter()
        .map(|unit| sources.file(unit.file).path.as_str())
        .collect();
    let in_index: Vec<bool> = read
        .units
        .iter()
        .map(|unit| index.names(unit.file))
        .collect();
    let facts = merge::Facts {
        set: read.account.sets.first().map_or("", String::as_str),
        entries: &read.entries,
        classes: &classes.operations,
        weights: &usage::weights(&usages, &operation_usages),
        files: &files,
        in_index: &in_index,
        root_servers: &root_servers(&read),
    };
    let merged = merge::merge(&facts, choices, diagnostics);
    let roots = merged
        .iter()
        .flat_map(|endpoint| &operation_usages[endpoint.chosen].targets);
    let naming = namespace::Facts {
        components: &read.components,
        classes: &classes.components,
        usages: &usages,
        sources,
    };
    let mut roots: Vec<usize> = roots.copied().collect();
    if settings.all_components {
        roots.extend(0..read.components.all.len());
    }
    let mut of_parts = diagnostics.child();
    let names = namespace::assign(&naming, roots, known, &mut of_parts);
    report_references(&read.components, sources, &mut of_parts);
    let mut endpoints: Vec<DraftEndpoint> = merged
        .iter()
        .map(|endpoint| draft_endpoint(endpoint, &facts, index, &read))
        .collect();
    let document = document(
        sources,
        index,
        &read,
        &names,
        &merged,
        &mut endpoints,
        &mut of_parts,
    );
    read.account.add_changes(&of_parts);
    diagnostics.extend(of_parts);
    assign_paths(&mut endpoints, &document);
    if diagnostics.has_errors() {
        return None;
    }
    let documents = is_document
        .iter()
        .filter(|is_document| **is_document)
        .count();
    Some(Draft {
        document,
        endpoints,
        provenance: provenance(index, &read.account.sets),
        component_names: match documents {
            0 | 1 => ComponentNames::new(),
            _ => names.component_names,
        },
        account: read.account,
    })
}

/// Returns the URLs of the servers that documents have at the root.
fn root_servers(read: &Read) -> BTreeSet<String> {
    let servers = read.units.iter().filter_map(|unit| unit.server.as_ref());
    servers.map(|server| server.url.clone()).collect()
}

/// Returns the parts of components and operations.
fn parts(read: &Read) -> (Vec<Part>, Vec<Part>) {
    let components = &read.components;
    let of_components = components
        .all
        .iter()
        .map(|it| fingerprint::part(components, it.unit, it.kind, &it.value));
    let operations = read
        .entries
        .iter()
        .map(|it| fingerprint::operation(components, it.unit, &it.path, &it.operation));
    (of_components.collect(), operations.collect())
}

/// Returns the endpoint without its operation.
fn draft_endpoint(
    endpoint: &Merged,
    facts: &merge::Facts<'_>,
    index: &IndexFacts,
    read: &Read,
) -> DraftEndpoint {
    let entry = &facts.entries[endpoint.chosen];
    let api = index.api(read.units[entry.unit].file);
    DraftEndpoint {
        key: endpoint.key.clone(),
        path: entry.path.clone(),
        server: endpoint.server.clone(),
        operation: Operation::default(),
        verdict: endpoint.verdict,
        rule: endpoint.rule,
        chosen: facts.location(endpoint.chosen),
        sources: endpoint
            .sources
            .iter()
            .map(|it| facts.location(*it))
            .collect(),
        differing: match endpoint.verdict {
            Verdict::Unique | Verdict::Identical => Vec::new(),
            _ => endpoint
                .differing
                .iter()
                .map(|it| facts.location(*it))
                .collect(),
        },
        slug: api.and_then(|api| api.aid.clone()),
        listed_id: entry.listed_id.clone(),
        changes: entry.changes.clone(),
    }
}

/// Makes the document, and the operations of the endpoints.
fn document(
    sources: &Sources<'_>,
    index: &IndexFacts,
    read: &Read,
    names: &Namespace,
    merged: &[Merged],
    endpoints: &mut [DraftEndpoint],
    diagnostics: &mut Diagnostics,
) -> OpenAPI {
    let mut paths = Map::new();
    for (number, endpoint) in merged.iter().enumerate() {
        let entry = &read.entries[endpoint.chosen];
        let mut operation = entry.operation.clone();
        output::rewrite(
            &read.components,
            names,
            entry.unit,
            Kind::Operation,
            &mut operation,
        );
        paths.insert(format!("/{number}"), json!({"get": operation}));
    }
    let mut value = json!({
        "openapi": OPENAPI,
        "info": {"title": "", "version": ""},
        "paths": paths,
        "components": components(&read.components, names),
    });
    foreign::rename_references(&mut value);
    let section = |number: usize| read.components.all[number].section();
    let kept: HashMap<(&str, &str), usize> = names
        .kept()
        .map(|(number, name)| ((section(number), name), number))
        .collect();
    for part in reduce_document(&mut value) {
        let message = format!(
            "not valid in OpenAPI 3.0: {}; {}",
            part.reason, part.consequence
        );
        let location = origin(sources, read, &kept, merged, &part.pointer);
        diagnostics.push(Severity::Repaired, "invalid-part", location, message);
    }
    for pointer in examples::rename_unmatched(&mut value) {
        let message = "the example may not match its schema; it becomes `x-example`";
        let location = origin(sources, read, &kept, merged, &pointer);
        diagnostics.push(Severity::Repaired, "unmatched-example", location, message);
    }
    let mut failed = |part: &str, error: serde_json::Error| {
        let location = Location::pointer(sources.root(), part);
        let message = format!("not valid in OpenAPI 3.0: {error}");
        diagnostics.push(Severity::Error, "invalid-part", location, message);
    };
    for (number, endpoint) in endpoints.iter_mut().enumerate() {
        let operation = value["paths"][format!("/{number}")]["get"].take();
        match read_operation(&operation) {
            Ok(operation) => endpoint.operation = operation,
            Err(error) => failed(&endpoint.chosen.pointer, error),
        }
    }
    let components = read_components(&value["components"]).unwrap_or_else(|error| {
        failed("/components", error);
        OpenApiComponents::default()
    });
    let is_empty = components == OpenApiComponents::default();
    let servers = endpoints.iter().map(|endpoint| &endpoint.server);
    let server = most_frequent_server(servers, &root_servers(read));
    OpenAPI {
        openapi: OPENAPI.to_owned(),
        info: info(index, read),
        servers: vec![server.unwrap_or_else(servers::unknown)],
        security: shared_security(endpoints),
        tags: tags::merge(read, sources, diagnostics),
        components: Some(components).filter(|_| !is_empty),
        ..OpenAPI::default()
    }
}

fn read_operation(written: &Value) -> Result<Operation, serde_json::Error> {
    let mut operation = Operation::deserialize(written)?;
    if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
        encoding::explode_forms(body, &written["requestBody"]);
    }
    Ok(operation)
}

fn read_components(written: &Value) -> Result<OpenApiComponents, serde_json::Error> {
    let mut components = OpenApiComponents::deserialize(written)?;
    for (name, body) in &mut components.request_bodies {
        if let ReferenceOr::Item(body) = body {
            encoding::explode_forms(body, &written["requestBodies"][name]);
        }
    }
    Ok(components)
}

/// Returns the components that are kept, by section and name.
fn components(components: &Components, names: &Namespace) -> Value {
    let mut sections: Map<String, Value> = Map::new();
    for (number, name) in names.kept() {
        let component = &components.all[number];
        let mut value = component.value.clone();
        output::complete_children(components, names, number, &mut value);
        output::rewrite(
            components,
            names,
            component.unit,
            component.kind,
            &mut value,
        );
        let section = sections
            .entry(component.section())
            .or_insert_with(|| json!({}));
        section[name] = value;
    }
    schemes::add_scopes(components, names, &mut sections);
    Value::Object(sections)
}

/// Returns the location in the source of a part of the document. `kept` has the components by
/// section and name.
fn origin(
    sources: &Sources<'_>,
    read: &Read,
    kept: &HashMap<(&str, &str), usize>,
    merged: &[Merged],
    pointer: &str,
) -> Location {
    let mut segments = pointer.splitn(4, '/').skip(1);
    let (first, second) = (segments.next(), segments.next());
    let rest = segments.next().unwrap_or_default();
    if first == Some("paths") {
        let number = second.and_then(|name| name.strip_prefix("~1")?.parse::<usize>().ok());
        if let Some(endpoint) = number.and_then(|number| merged.get(number)) {
            let entry = &read.entries[endpoint.chosen];
            let rest = rest.strip_prefix("get").unwrap_or_default();
            let file = &sources.file(read.units[entry.unit].file).path;
            return Location::pointer(file, format!("{}{rest}", entry.pointer));
        }
    }
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    match kept.get(&(second.unwrap_or_default(), unescape(name).as_str())) {
        Some(number) => {
            let component = &read.components.all[*number];
            let file = &sources.file(component.file).path;
            let rest = match rest {
                "" => String::new(),
                rest => format!("/{rest}"),
            };
            Location::pointer(file, format!("{}{rest}", component.pointer))
        }
        None => Location::file(sources.place()),
    }
}

/// Removes the security requirements that most operations share, and returns them. If an operation
/// has none, all keep their own.
fn shared_security(endpoints: &mut [DraftEndpoint]) -> Option<Vec<SecurityRequirement>> {
    let mut counts: BTreeMap<String, (usize, &Vec<SecurityRequirement>)> = BTreeMap::new();
    for endpoint in endpoints.iter() {
        let security = endpoint.operation.security.as_ref()?;
        let text = serde_json::to_string(security).ok()?;
        counts.entry(text).or_insert((0, security)).0 += 1;
    }
    let (_, (_, most)) = counts
        .iter()
        .max_by_key(|(text, (count, _))| (*count, std::cmp::Reverse((*text).clone())))?;
    let most = (*most).clone();
    for endpoint in endpoints {
        if endpoint.operation.security.as_ref() == Some(&most) {
            endpoint.operation.security = None;
        }
    }
    Some(most)
}
