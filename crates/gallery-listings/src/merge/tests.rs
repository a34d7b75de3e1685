use super::*;
use crate::entries::EntryLifter;
use crate::parse::parse;
use crate::server_index::ServerIndex;
use gallery_draft::RawFile;

fn lift_text(file: &str, text: String) -> LiftedDocument {
    let (servers, mut diagnostics) = (ServerIndex::default(), Diagnostics::default());
    let document = parse(&RawFile::new(file, text), &mut diagnostics).unwrap();
    EntryLifter::new(&servers).lift(document, &mut diagnostics)
}

fn lifted(file: &str, operation: &str) -> LiftedDocument {
    lifted_at("p.io", file, operation)
}

fn lifted_at(host: &str, file: &str, operation: &str) -> LiftedDocument {
    lift_text(
        file,
        format!(
            "swagger: '2.0'\ninfo: {{version: 4.0.0}}\nhost: {host}\nschemes: [http]\npaths:\n  /a:\n    get: {operation}\n"
        ),
    )
}

fn listing(name: &str, documents: Vec<LiftedDocument>) -> LiftedListing<'_> {
    LiftedListing {
        name,
        documents,
        index_hosts: Vec::new(),
    }
}

fn merge_one(documents: Vec<LiftedDocument>) -> Merged {
    merge(
        &[listing("l", documents)],
        &Choices::new(),
        &mut Diagnostics::default(),
    )
}

fn merged(documents: &[(&str, &str)]) -> DraftEndpoint {
    let mut merged = merge_one(
        documents
            .iter()
            .map(|(file, operation)| lifted(file, operation))
            .collect(),
    );
    assert_eq!(merged.endpoints.len(), 1);
    merged.endpoints.remove(0)
}

const A: &str = "{summary: A, responses: {200: {description: OK}}}";
const A_WITH_OTHER_PROSE: &str =
    "{summary: B, description: more, tags: [x], responses: {200: {description: fine}}}";
const OTHER: &str = "{summary: A, responses: {201: {description: OK}}}";

#[test]
fn verdicts() {
    for (entries, verdict) in [
        (&[A][..], Verdict::Unique),
        (&[A, A, A], Verdict::Identical),
        (&[A, A_WITH_OTHER_PROSE], Verdict::Equivalent),
        (&[A, A_WITH_OTHER_PROSE, OTHER], Verdict::Conflict),
    ] {
        let names = ["a-openapi.md", "b-openapi.md", "c-openapi.md"];
        let documents: Vec<_> = names.into_iter().zip(entries.iter().copied()).collect();
        let endpoint = merged(&documents);
        assert_eq!(endpoint.verdict, verdict);
        assert_eq!(endpoint.sources.len(), entries.len());
    }
}

#[test]
fn selects_the_combined_document_then_the_most_frequent_then_the_first() {
    let chosen = |documents: &[(&str, &str)]| {
        let endpoint = merged(documents);
        (endpoint.chosen.file, endpoint.rule.unwrap())
    };
    let (a, b, c) = ("a-openapi.md", "b-openapi.md", "c-openapi.md");
    assert_eq!(
        chosen(&[(a, A), (b, A), ("x/openapi.md", OTHER)]),
        ("x/openapi.md".to_owned(), Rule::Combined)
    );
    assert_eq!(
        chosen(&[(a, A), (b, OTHER), (c, OTHER)]),
        (b.to_owned(), Rule::MostFrequent)
    );
    assert_eq!(
        chosen(&[(b, A), (a, OTHER)]),
        (a.to_owned(), Rule::FirstByName)
    );
}

#[test]
fn a_choice_wins_and_an_unmatched_choice_is_an_error() {
    let documents = || vec![lifted("x/a-openapi.md", A), lifted("x/openapi.md", OTHER)];
    let run = |endpoint: &str, file: &str| {
        let mut diagnostics = Diagnostics::default();
        let choice = Choice {
            file: file.to_owned(),
            place: Location::file("gallery.toml"),
        };
        let choices = Choices::from([(endpoint.to_owned(), choice)]);
        let merged = merge(&[listing("l", documents())], &choices, &mut diagnostics);
        (
            merged.endpoints[0].chosen.file.clone(),
            diagnostics.has_errors(),
        )
    };
    assert_eq!(
        run("GET /a", "a-openapi.md"),
        ("x/a-openapi.md".to_owned(), false)
    );
    assert_eq!(
        run("GET /b", "a-openapi.md"),
        ("x/openapi.md".to_owned(), true)
    );
    assert_eq!(
        run("GET /a", "b-openapi.md"),
        ("x/openapi.md".to_owned(), true)
    );
}

fn servers(merged: &Merged) -> Vec<(String, &str)> {
    merged
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.key.to_string(), endpoint.server.url.as_str()))
        .collect()
}

#[test]
fn an_endpoint_on_two_servers_is_two_endpoints() {
    let merged = merge_one(vec![
        lifted_at("a.io", "a-openapi.md", A),
        lifted_at("b.io", "b-openapi.md", A),
        lifted_at("b.io", "c-openapi.md", A),
    ]);
    let expected = [
        ("GET /a".to_owned(), "https://b.io"),
        ("GET /a on https://a.io".to_owned(), "https://a.io"),
    ];
    assert_eq!(servers(&merged), expected);
    assert_eq!(merged.server.url, "https://a.io");

    let two = [
        listing("l", vec![lifted_at("a.io", "openapi.md", A)]),
        listing("m", vec![lifted_at("b.io", "openapi.md", A)]),
    ];
    let merged = merge(&two, &Choices::new(), &mut Diagnostics::default());
    assert_eq!(
        servers(&merged),
        [
            ("GET /a".to_owned(), "https://a.io"),
            ("GET /a on https://b.io".to_owned(), "https://b.io")
        ]
    );
}

#[test]
fn a_host_in_a_path_becomes_the_server_of_the_endpoint() {
    let text = "swagger: '2.0'\nhost: p.io\nschemes: [http]\npaths:\n  //{hostname}/a: {get: {}}\n  https://q.io/a: {get: {}}\n  /a: {get: {}}\n";
    let merged = merge_one(vec![lift_text("openapi.md", text.to_owned())]);
    let urls: Vec<_> = merged
        .endpoints
        .iter()
        .map(|endpoint| endpoint.server.url.as_str())
        .collect();
    assert_eq!(urls, ["https://p.io", "https://q.io", "https://{host}"]);
}

#[test]
fn trusts_the_servers_of_own_and_combined_documents() {
    let own = "{x-api-path-slug: a, summary: A, responses: {200: {description: OK}}}";
    let merged = merge_one(vec![
        lifted_at("a.io", "a-openapi.md", own),
        lifted_at("b.io", "b-openapi.md", own),
    ]);
    assert_eq!(servers(&merged), [("GET /a".to_owned(), "https://a.io")]);
    let merged = merge_one(vec![
        lifted_at("a.io", "a-openapi.md", own),
        lifted_at("b.io", "openapi.md", own),
    ]);
    assert_eq!(servers(&merged), [("GET /a".to_owned(), "https://b.io")]);
    assert_eq!(merged.endpoints[0].verdict, Verdict::Conflict);
}

#[test]
fn spare_documents_change_nothing() {
    let slug = "{x-api-path-slug: b, summary: B}";
    let mut combined = lifted("openapi.md", slug);
    combined.entries.clear();
    let needed = || lifted("a-openapi.md", A);
    let spare = |name: &str| {
        let mut document = lifted_at("else.io", name, OTHER);
        document.version = "9".to_owned();
        document
    };
    let few = merge_one(vec![combined.clone(), needed()]);
    combined.covered.extend(["c".to_owned(), "d".to_owned()]);
    let all = merge_one(vec![
        combined,
        needed(),
        spare("c-openapi.md"),
        spare("d-openapi.md"),
    ]);
    assert_eq!(servers(&few), servers(&all));
    assert_eq!(few.endpoints[0].operation, all.endpoints[0].operation);
    assert_eq!(
        (few.version, few.terms_of_service),
        (all.version, all.terms_of_service)
    );
}

#[test]
fn prefers_the_most_complete_of_equally_frequent_entries() {
    let paths = "  '/users ': {' post ': {responses: {200: {description: OK}}}}\n  /users: {post: {parameters: [{in: body, name: user}, {in: query, name: q}], responses: {200: {description: OK}}}}\n";
    let text = format!("swagger: '2.0'\nhost: p.io\npaths:\n{paths}");
    let merged = merge_one(vec![lift_text("openapi.md", text)]);
    let [endpoint] = merged.endpoints.as_slice() else {
        panic!("{} endpoints", merged.endpoints.len())
    };
    assert_eq!(endpoint.rule, Some(Rule::MostComplete));
    assert_eq!(endpoint.operation.parameters.len(), 1);
    assert_eq!(endpoint.chosen.pointer, "/paths/~1users/post");
}
