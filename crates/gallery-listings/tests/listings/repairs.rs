//! Checks each repair: its diagnostics, and the canonical document that results.

use std::collections::BTreeSet;
use std::fmt::Write;

use expect_test::{Expect, expect};
use gallery_draft::{Choices, FileSet, RawFile};
use gallery_listings::{Documents, REPAIRS};
use gallery_spec::names::Names;
use openapi_text::Diagnostics;
use serde_json::Value;

use crate::support;

/// A test case: the code of a repair, the paths of a document, and the expected result.
type Case = (&'static str, &'static str, Expect);

const HEAD: &str =
    "swagger: '2.0'\ninfo: {title: T, version: 1}\nhost: p.io\nbasePath: /v1\nschemes: [http]\n";

/// Returns the diagnostics with this code, and a summary of the canonical document.
fn repaired(document: &str, code: &str) -> String {
    let document = if document.starts_with("host") {
        HEAD.replace("host: p.io\nbasePath: /v1\n", "") + document
    } else {
        HEAD.to_owned() + "paths:\n" + document
    };
    let index = "name: P\napis:\n- {name: A, x-api-slug: a, baseURL: 'https://a.io//v2'}\n";
    let file = |path: &str, text: &str| RawFile::new(path, text);
    let files = FileSet {
        name: "o/r/p".to_owned(),
        files: vec![file("apis.md", index), file("openapi.md", &document)],
    };
    let mut diagnostics = Diagnostics::default();
    let output = support::run(
        &[files],
        Documents::default(),
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    let mut text = String::new();
    for diagnostic in diagnostics.iter().filter(|it| it.code == code) {
        writeln!(text, "{}: {}", diagnostic.severity, diagnostic.message).unwrap();
    }
    let document: Value =
        serde_json::from_str(&output.unwrap().canonical.render().unwrap()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let server = operation["servers"]
                .get(0)
                .unwrap_or(&document["servers"][0]);
            writeln!(
                text,
                "{} {}{path}",
                method.to_uppercase(),
                server["url"].as_str().unwrap()
            )
            .unwrap();
            describe(operation, &mut text);
        }
    }
    text
}

/// Appends the parameters, the body and the responses of an operation to `text`.
fn describe(operation: &Value, text: &mut String) {
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let mut rest = parameter.clone();
        let (location, name) = (rest["in"].take(), rest["name"].take());
        let [location, name] = [location.as_str().unwrap(), name.as_str().unwrap()];
        rest.as_object_mut().unwrap().retain(|key, value| {
            !value.is_null()
                && !matches!(
                    (key.as_str(), value.as_str()),
                    ("style", Some("form" | "simple"))
                )
        });
        writeln!(text, "  {location} {name} {rest}").unwrap();
    }
    if !operation["requestBody"].is_null() {
        writeln!(text, "  body {}", operation["requestBody"]).unwrap();
    }
    let responses: Vec<&str> = operation["responses"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    writeln!(text, "  responses {}", responses.join(" ")).unwrap();
}

/// The replacement of `$OK` in the cases.
const OK: &str = "responses: {200: {description: OK}}";

fn cases() -> Vec<Case> {
    vec![
        (
            "method-key",
            "  /a: {' get ': {$OK}, 'put&nbsp;': {$OK}, POST: {$OK}}\n",
            expect![[r#"
                repaired: the key ` get ` is read as GET
                repaired: the key `POST` is read as POST
                repaired: the key `put&nbsp;` is read as PUT
                GET https://p.io/v1/a
                  responses 200
                POST https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-gallery-assumed":["body","schema"]}
                  responses 200
                PUT https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-gallery-assumed":["body","schema"]}
                  responses 200
            "#]],
        ),
        (
            "empty-operation",
            "  /a: {get: null, put: text}\n",
            expect![[r#"
                repaired: the entry has no operation; its method and path are kept
                repaired: the entry has no operation; its method and path are kept
                GET https://p.io/v1/a
                  responses default
                PUT https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-gallery-assumed":["body","schema"]}
                  responses default
            "#]],
        ),
        (
            "misplaced-parameters",
            "  /a: {parameters: {summary: S, parameters: [{in: query, name: q, type: string}]}, get: {$OK}}\n",
            expect![[r#"
                repaired: the path's `parameters` have the shape of an operation; its parameters are used
                GET https://p.io/v1/a
                  query q {"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "other-server",
            "  /a: {get: {x-api-path-slug: a, $OK}}\n  /b: {get: {$OK}}\n  /c: {get: {$OK}}\n",
            expect![[r#"
                repaired: the index has the server `a.io/v2`, the document `p.io/v1`; that of the index is used, unless more entries and documents name the other
                GET https://a.io/v2/a
                  responses 200
                GET https://p.io/v1/b
                  responses 200
                GET https://p.io/v1/c
                  responses 200
            "#]],
        ),
        (
            "tangled-server",
            "host: 'p.io/v2/'\nbasePath: /v2\npaths:\n  /a: {get: {$OK}}\n",
            expect![[r#"
                repaired: the host `p.io/v2/` has a path at its end; read as `p.io/v2`
                GET https://p.io/v2/a
                  responses 200
            "#]],
        ),
        (
            "tangled-server",
            "host: /a\nbasePath: 'https://p.io/api'\npaths:\n  /a: {get: {$OK}}\n",
            expect![[r#"
                repaired: the base path `https://p.io/api` is a URL; read as `p.io/api`
                GET https://p.io/api/a
                  responses 200
            "#]],
        ),
        (
            "tangled-server",
            "host: p.io\nbasePath: '/%7Bkind%7D/'\npaths:\n  /a: {get: {$OK}}\n",
            expect![[r#"
                repaired: the base path has variables; `/{kind}` is put before the path
                GET https://p.io/{kind}/a
                  path kind {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "html-entity",
            "  '/&#123;id&#125;': {get: {parameters: [{in: header, name: '&quot;x&quot;', type: string}], $OK}}\n",
            expect![[r#"
                repaired: the path `/&#123;id&#125;` has HTML entities; read as `/{id}`
                repaired: the name `&quot;x&quot;` of a parameter has HTML entities; read as `"x"`
                GET https://p.io/v1/{id}
                  header x {"schema":{"type":"string"}}
                  path id {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "encoded-braces",
            "  '/a/%7Bid%7D': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/a/%7Bid%7D` has percent-encoded braces; read as `/a/{id}`
                GET https://p.io/v1/a/{id}
                  path id {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "space-in-path",
            "  ' /a / b ': {get: {$OK}}\n  '/c d': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path ` /a / b ` has white space in it; read as `/a/b`
                GET https://p.io/v1/a/b
                  responses 200
                GET https://p.io/v1/c%20d
                  responses 200
            "#]],
        ),
        (
            "foreign-variable",
            "  '/<a>/[b]/${c}/{d:[0-9]{3}}': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/<a>/[b]/${c}/{d:[0-9]{3}}` has variables in another notation; read as `/{a}/{b}/{c}/{d}`
                GET https://p.io/v1/{a}/{b}/{c}/{d}
                  path a {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path b {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path c {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path d {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "unpaired-braces",
            "  '/{a]/{b/c}/{{d}}': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/{a]/{b/c}/{{d}}` has braces that do not pair up; read as `/{a}/{b/c}/{d}`
                GET https://p.io/v1/{a}/{b_c}/{d}
                  path a {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path b_c {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path d {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "host-in-path",
            "  'https://q.io/a': {get: {$OK}}\n  '//{hostname}/a': {get: {$OK, parameters: [{in: path, name: hostname}]}}\n  'es.{region}.q.com/b': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `//{hostname}/a` has a host in it; `{hostname}` becomes the operation's server
                repaired: the path `es.{region}.q.com/b` has a host in it; `es.{region}.q.com` becomes the operation's server
                repaired: the path `https://q.io/a` has a host in it; `q.io` becomes the operation's server
                GET https://q.io/a
                  responses 200
                GET https://{host}/a#host
                  responses 200
                GET https://{host}/b
                  responses 200
            "#]],
        ),
        (
            "uri-template",
            "  '/a{/b}{?c,d}': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/a{/b}{?c,d}` has expressions of URI templates (RFC 6570); read as `/a/{b}?c={c}&d={d}`
                GET https://p.io/v1/a/{b}
                  query c {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  query d {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path b {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "colon-variable",
            "  '/:a/b:cancel/{c}:undo': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/:a/b:cancel/{c}:undo` has variables with a colon; read as `/{a}/b:cancel/{c}:undo`
                GET https://p.io/v1/{a}/b:cancel/{c}:undo
                  path a {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path c {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "nameless-parameter",
            "  /a: {get: {parameters: [null, {type: string}, {in: query, name: No Name}], $OK}}\n",
            expect![[r#"
                repaired: a parameter has no name and cannot be sent; removed
                repaired: a parameter has no name and cannot be sent; removed
                repaired: a parameter has no name and cannot be sent; removed
                GET https://p.io/v1/a
                  responses 200
            "#]],
        ),
        (
            "prose-name",
            "  /a: {get: {parameters: [{in: query, name: 'a - what it is', type: string}, {in: query, name: 'b (required)', type: string}], $OK}}\n",
            expect![[r#"
                repaired: the name `a - what it is` of a parameter has prose in it; renamed to `a`
                repaired: the name `b (required)` of a parameter has prose in it; renamed to `b`
                GET https://p.io/v1/a
                  query a {"description":"what it is","schema":{"type":"string"}}
                  query b {"required":true,"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "parameter-location",
            "  '/a/{b}': {put: {parameters: [{in: url, name: b, type: string}, {in: form, name: c, type: string}, {in: nowhere, name: d, type: string}], $OK}}\n",
            expect![[r#"
                repaired: the parameter `b` has the location `url`, which does not exist; read as Path
                repaired: the parameter `c` has the location `form`, which does not exist; read as FormData
                repaired: the parameter `d` has the location `nowhere`, which does not exist; read as Query
                PUT https://p.io/v1/a/{b}
                  path b {"required":true,"schema":{"type":"string"}}
                  query d {"schema":{"type":"string"},"x-gallery-assumed":["in"]}
                  body {"content":{"application/x-www-form-urlencoded":{"schema":{"properties":{"c":{"type":"string"}},"type":"object"}}}}
                  responses 200
            "#]],
        ),
        (
            "fragment-in-path",
            "  '/a#b': {get: {$OK}}\n  '/a#c': {get: {$OK}}\n  '/#/d': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/a#b` has a `#` in it, after which nothing is sent; read as `/a#b`
                repaired: the path `/a#c` has a `#` in it, after which nothing is sent; read as `/a#c`
                GET https://p.io/v1/a#b
                  responses 200
                GET https://p.io/v1/a#c
                  responses 200
            "#]],
        ),
        (
            "query-in-path",
            "  '/?Action=A&Version=2': {get: {$OK, parameters: [{in: query, name: Action, description: D}]}}\n  '/?Action=B': {get: {$OK}}\n  '/?tagging': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/?Action=A&Version=2` has a query string; its constants and variables become query parameters
                repaired: the path `/?Action=B` has a query string; its constants and variables become query parameters
                repaired: the path `/?tagging` has a query string; its constants and variables become query parameters
                GET https://p.io/v1/#Action=A&Version=2
                  query Action {"description":"D","required":true,"schema":{"enum":["A"],"type":"string"}}
                  query Version {"required":true,"schema":{"enum":["2"],"type":"string"}}
                  responses 200
                GET https://p.io/v1/#Action=B
                  query Action {"required":true,"schema":{"enum":["B"],"type":"string"}}
                  responses 200
                GET https://p.io/v1/#tagging
                  query tagging {"required":true,"schema":{"enum":[""],"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "query-in-path",
            "  '/s?id={id}': {get: {$OK, parameters: [{in: path, name: id, type: integer}]}}\n  '/s?name={n}&all=': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/s?id={id}` has a query string; its constants and variables become query parameters
                repaired: no parameter declares the query string's `name`; declared
                repaired: no parameter declares the query string's `all`; declared
                repaired: the path `/s?name={n}&all=` has a query string; its constants and variables become query parameters
                GET https://p.io/v1/s
                  query id {"schema":{"type":"integer"}}
                  responses 200
                GET https://p.io/v1/s#name&all
                  query name {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  query all {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "slashes",
            "  'a//b/': {get: {$OK}}\n  '/a/b/': {get: {$OK}}\n  '/a/b': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `a//b/` has missing slashes or backslashes; read as `/a//b/`
                GET https://p.io/v1/a//b/
                  responses 200
                GET https://p.io/v1/a/b
                  responses 200
                GET https://p.io/v1/a/b/
                  responses 200
            "#]],
        ),
        (
            "variable-without-braces",
            "  /zones/Id: {get: {$OK, parameters: [{in: path, name: Id, type: string}]}}\n",
            expect![[r#"
                repaired: the segment `Id` is declared as a parameter; read as `{Id}`
                GET https://p.io/v1/zones/{Id}
                  path Id {"required":true,"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "variable-spelling",
            "  '/{userId}': {get: {$OK, parameters: [{in: path, name: user_id, type: integer}]}}\n",
            expect![[r#"
                repaired: the path parameter `user_id` is `{userId}` in the path; renamed
                GET https://p.io/v1/{userId}
                  path userId {"required":true,"schema":{"type":"integer"}}
                  responses 200
            "#]],
        ),
        (
            "variable-name",
            "  '/{id | name}': {get: {$OK, parameters: [{in: path, name: 'id | name', type: integer}]}}\n",
            expect![[r#"
                repaired: the variable `{id | name}` has an odd name; renamed to `id_name`
                GET https://p.io/v1/{id_name}
                  path id_name {"required":true,"schema":{"type":"integer"}}
                  responses 200
            "#]],
        ),
        (
            "repeated-variable",
            "  '/{id}/a/{id}': {get: {$OK, parameters: [{in: path, name: id, type: integer, required: true}]}}\n",
            expect![[r#"
                repaired: the path has the variable `{id}` twice; the second is renamed to `id_2`
                GET https://p.io/v1/{id}/a/{id_2}
                  path id {"required":true,"schema":{"type":"integer"}}
                  path id_2 {"required":true,"schema":{"type":"integer"}}
                  responses 200
            "#]],
        ),
        (
            "undeclared-path-variable",
            "  '/{id}{ext}': {get: {$OK}}\n  '/a/{b}': {get: {$OK, parameters: [{in: query, name: b, description: B}]}}\n",
            expect![[r#"
                repaired: the query parameter `b` is a variable of the path; moved there
                repaired: no parameter declares the variable `{id}` of the path; declared
                repaired: no parameter declares the variable `{ext}` of the path; declared
                GET https://p.io/v1/a/{b}
                  path b {"description":"B","required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
                GET https://p.io/v1/{id}{ext}
                  path id {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  path ext {"required":true,"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "superfluous-path-parameter",
            "  /a: {get: {$OK, parameters: [{in: path, name: city, type: string, required: true}]}}\n",
            expect![[r#"
                repaired: the path parameter `city` is not in the path and cannot be sent; removed
                GET https://p.io/v1/a
                  responses 200
            "#]],
        ),
        (
            "unencoded-path",
            "  '/a b/é/%7e/%z/[0]x': {get: {$OK}}\n",
            expect![[r#"
                repaired: the path `/a b/é/%7e/%z/[0]x` has characters that a URL cannot have; read as `/a%20b/%C3%A9/%7e/%25z/%5B0%5Dx`
                GET https://p.io/v1/a%20b/%C3%A9/%7e/%25z/%5B0%5Dx
                  responses 200
            "#]],
        ),
        (
            "optional-path-parameter",
            "  '/{id}': {get: {$OK, parameters: [{in: path, name: id, type: string}]}}\n",
            expect![[r#"
                repaired: the path parameter `id` is not `required: true`; set
                GET https://p.io/v1/{id}
                  path id {"required":true,"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "form-without-body",
            "  /a: {get: {$OK, parameters: [{in: formData, name: q, type: string}]}}\n",
            expect![[r#"
                repaired: GET has no form; the field `q` moves to the query string
                GET https://p.io/v1/a
                  query q {"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "status-parameter",
            "  /a: {get: {responses: {200: {}}, parameters: [{in: header, name: '200', description: Fine}, {in: header, name: '404', description: Gone}, {in: query, name: '200'}]}}\n",
            expect![[r#"
                repaired: the header parameter `200` is a status; read as a response
                repaired: the header parameter `404` is a status; read as a response
                GET https://p.io/v1/a
                  query 200 {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200 404
            "#]],
        ),
        (
            "unsendable-parameter",
            "  /a: {get: {$OK, parameters: [{in: header, name: 'two words', type: string}]}}\n",
            expect![[r#"
                repaired: `two words` is not a header name; the parameter was removed
                GET https://p.io/v1/a
                  responses 200
            "#]],
        ),
        (
            "repeated-parameter",
            "  /a: {get: {$OK, parameters: [{in: query, name: q, type: integer}, {in: query, name: q}, {in: header, name: X, type: string}, {in: header, name: x}]}}\n",
            expect![[r#"
                repaired: the parameter `q` is declared twice; the first is used
                repaired: the parameter `x` is declared twice; the first is used
                GET https://p.io/v1/a
                  query q {"schema":{"type":"integer"}}
                  header X {"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "unknown-type",
            "  /a: {get: {$OK, parameters: [{in: query, name: a, type: '<td>boolean</td>'}, {in: query, name: b, type: long}, {in: query, name: c, type: time}]}}\n",
            expect![[r#"
                repaired: the parameter `a` has the type `<td>boolean</td>`; read as boolean
                repaired: the parameter `b` has the type `long`; read as integer
                repaired: the parameter `c` has the type `time`, which does not exist; left open
                GET https://p.io/v1/a
                  query a {"schema":{"type":"boolean"}}
                  query b {"schema":{"format":"int64","type":"integer"}}
                  query c {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "untyped-parameter",
            "  /a: {get: {$OK, parameters: [{in: query, name: a}]}}\n",
            expect![[r#"
                assumed: the parameter `a` has no type; assumed to be any string
                GET https://p.io/v1/a
                  query a {"schema":{"type":"string"},"x-gallery-assumed":["type"]}
                  responses 200
            "#]],
        ),
        (
            "untyped-items",
            "  /a: {get: {$OK, parameters: [{in: query, name: a, type: array}, {in: query, name: b, type: array, items: {type: integer}, collectionFormat: multi}, {in: query, name: c, type: array, items: {type: string}, collectionFormat: pipes}]}}\n",
            expect![[r#"
                assumed: the array `a` has no type of items; assumed to be any strings
                GET https://p.io/v1/a
                  query a {"explode":false,"schema":{"items":{"type":"string"},"type":"array"},"x-gallery-assumed":["items"]}
                  query b {"explode":true,"schema":{"items":{"type":"integer"},"type":"array"}}
                  query c {"explode":false,"schema":{"items":{"type":"string"},"type":"array"},"style":"pipeDelimited"}
                  responses 200
            "#]],
        ),
        (
            "numbered-name",
            "  /a: {get: {$OK, parameters: [{in: query, name: Filter.N}, {in: query, name: Names.member.N, type: integer}, {in: query, name: N, type: string}, {in: header, name: X.N, type: string}]}}\n",
            expect![[r#"
                repaired: the name `Filter.N` stands for numbered names; read as an array with the keys `Filter.1`, `Filter.2`, …
                repaired: the name `Names.member.N` stands for numbered names; read as an array with the keys `Names.member.1`, `Names.member.2`, …
                GET https://p.io/v1/a
                  query Filter.N {"explode":true,"schema":{"items":{"type":"string"},"type":"array"},"x-gallery-assumed":["items"],"x-gallery-numbered-keys":"Filter.{n}"}
                  query Names.member.N {"explode":true,"schema":{"items":{"type":"integer"},"type":"array"},"x-gallery-numbered-keys":"Names.member.{n}"}
                  query N {"schema":{"type":"string"}}
                  header X.N {"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "unstyled-array",
            "  /a: {get: {$OK, parameters: [{in: query, name: a, type: array, items: {type: string}, collectionFormat: tsv}, {in: header, name: B, type: array, items: {type: string}, collectionFormat: ssv}]}}\n",
            expect![[r#"
                repaired: the array `a` has the format `tsv`, which OpenAPI 3.0 does not have there; read as a string
                repaired: the array `B` has the format `ssv`, which OpenAPI 3.0 does not have there; read as a string
                GET https://p.io/v1/a
                  query a {"schema":{"type":"string"}}
                  header B {"schema":{"type":"string"}}
                  responses 200
            "#]],
        ),
        (
            "dangling-reference",
            "  /a: {put: {$OK, parameters: [{in: body, name: b, schema: {$ref: '#/definitions/holder'}}]}}\n",
            expect![[r#"
                repaired: the schema refers to `#/definitions/holder`, which does not exist; the schema was removed
                PUT https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-body-name":"b","x-gallery-assumed":["schema"]}
                  responses 200
            "#]],
        ),
        (
            "foreign-schema",
            "  /a: {put: {$OK, parameters: [{in: body, name: b, schema: {type: 3}}]}}\n",
            expect![[r#"
                repaired: the schema is not valid in OpenAPI 3.0 (invalid type: integer `3`, expected a string); removed
                PUT https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-body-name":"b","x-gallery-assumed":["schema"]}
                  responses 200
            "#]],
        ),
        (
            "several-bodies",
            "  /a: {put: {$OK, parameters: [{in: body, name: b, description: B}, {in: body, name: c}, {in: formData, name: d}]}}\n",
            expect![[r#"
                repaired: the operation has a form besides its body; a request has either
                repaired: the operation has 2 bodies; joined as parts of one untyped body
                PUT https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}},"application/x-www-form-urlencoded":{"schema":{"properties":{"d":{"type":"string","x-gallery-assumed":["type"]}},"type":"object"}}},"description":"The listing names the parts:\n\n- `b`: B\n- `c`","x-gallery-assumed":["schema"]}
                  responses 200
            "#]],
        ),
        (
            "untyped-body",
            "  /a: {delete: {$OK, parameters: [{in: body, name: b}]}}\n",
            expect![[r#"
                assumed: the body `b` has no usable schema; assumed to be any JSON
                DELETE https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-body-name":"b","x-gallery-assumed":["schema"]}
                  responses 200
            "#]],
        ),
        (
            "unlisted-body",
            "  /a: {post: {$OK}, get: {$OK}, put: {$OK, parameters: [{in: formData, name: f}]}}\n",
            expect![[r#"
                assumed: the listing mentions no body of this POST; assumed to be optional JSON
                GET https://p.io/v1/a
                  responses 200
                POST https://p.io/v1/a
                  body {"content":{"application/json":{"schema":{}}},"x-gallery-assumed":["body","schema"]}
                  responses 200
                PUT https://p.io/v1/a
                  body {"content":{"application/x-www-form-urlencoded":{"schema":{"properties":{"f":{"type":"string","x-gallery-assumed":["type"]}},"type":"object"}}}}
                  responses 200
            "#]],
        ),
        (
            "status-key",
            "  /a: {get: {responses: {2: {description: OK}, '400: bad': {}, '5xx': {description: E}, Size: {description: P}}}}\n",
            expect![[r#"
                repaired: `2` is not an HTTP status; read as 2XX
                repaired: `400: bad` is not an HTTP status; read as 400
                repaired: `5xx` is not an HTTP status; read as 5XX
                repaired: `Size` is not an HTTP status; the response was removed
                GET https://p.io/v1/a
                  responses 2XX 400 5XX
            "#]],
        ),
        (
            "no-response",
            "  /a: {get: {}}\n",
            expect![[r#"
                assumed: the operation has no response; a `default` one is assumed
                GET https://p.io/v1/a
                  responses default
            "#]],
        ),
        (
            "no-success",
            "  /a: {get: {responses: {404: {description: N}}}}\n",
            expect![[r#"
                assumed: the operation has only error responses; a `default` one is assumed
                GET https://p.io/v1/a
                  responses 404 default
            "#]],
        ),
        (
            "undescribed-response",
            "  /a: {get: {responses: {200: {}}}}\n",
            expect![[r#"
                repaired: the response 200 has no description, which is required; left empty
                GET https://p.io/v1/a
                  responses 200
            "#]],
        ),
        (
            "untyped-response",
            "  /a: {get: {$OK}}\n",
            expect![[r#"
                assumed: the response 200 has no schema; assumed to be any content
                GET https://p.io/v1/a
                  responses 200
            "#]],
        ),
    ]
}

#[test]
fn repairs_defects() {
    for (code, document, after) in cases() {
        after.assert_eq(&repaired(&document.replace("$OK", OK), code));
    }
}

#[test]
fn every_repair_has_a_case() {
    let cases: BTreeSet<&str> = cases().iter().map(|(code, ..)| *code).collect();
    let repairs: BTreeSet<&str> = REPAIRS.iter().map(|repair| repair.code).collect();
    assert_eq!(cases, repairs);
}

#[test]
fn converts_form_parameters_to_bodies() {
    let field = "{in: formData, name: a, type: string, required: true, description: A}";
    let list =
        "{in: formData, name: b, type: array, items: {type: string}, collectionFormat: multi}";
    let text = format!(
        "  /a: {{post: {{{OK}, parameters: [{field}, {list}]}}}}\n  /b: {{post: {{{OK}, parameters: [{field}, {{in: formData, name: f, type: file}}]}}}}\n  /c: {{put: {{{OK}, consumes: [multipart/form-data], parameters: [{field}]}}}}\n"
    );
    expect![[r#"
        POST https://p.io/v1/a
          body {"content":{"application/x-www-form-urlencoded":{"schema":{"properties":{"a":{"description":"A","type":"string"},"b":{"items":{"type":"string"},"type":"array"}},"required":["a"],"type":"object"}}},"required":true}
          responses 200
        POST https://p.io/v1/b
          body {"content":{"multipart/form-data":{"schema":{"properties":{"a":{"description":"A","type":"string"},"f":{"format":"binary","type":"string"}},"required":["a"],"type":"object"}}},"required":true}
          responses 200
        PUT https://p.io/v1/c
          body {"content":{"multipart/form-data":{"schema":{"properties":{"a":{"description":"A","type":"string"}},"required":["a"],"type":"object"}}},"required":true}
          responses 200
    "#]].assert_eq(&repaired(&text, ""));
}
