use super::*;
use expect_test::{Expect, expect};
use gallery_draft::Method;
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
fn derives_names_from_the_summary_or_from_method_and_path() {
    for (path, summary, name) in [
        ("/a", "Get the team members", "get_team_members"),
        (
            "/a",
            "Update a team member roles",
            "update_team_member_roles",
        ),
        ("/a", "GET  Profiles/ByID (v2)", "get_profiles_by_id_v2"),
        ("/teams/{team_id}", "", "get_teams_team_id"),
        ("/teams/{team_id}", "новый", "novyy"),
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
fn gives_distinct_names_to_equal_summaries() {
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

/// Returns the names of new endpoints with these listed ids and summaries.
fn listed(endpoints: &[(&str, &str, &str)]) -> Vec<String> {
    let endpoints: Vec<DraftEndpoint> = endpoints
        .iter()
        .map(|(path, id, summary)| DraftEndpoint {
            listed_id: Some((*id).to_owned()),
            ..endpoint(Method::Get, path, summary)
        })
        .collect();
    assign(&mut Names::empty(), &endpoints)
}

#[test]
fn the_own_unique_ids_of_a_document_precede_summaries() {
    for (id, name) in [
        ("listUsers", "list_users"),
        ("Users_List", "users_list"),
        ("users.list", "users_list"),
        // Made of the summary, not clean, prose, or too long.
        ("all-of-the-u", "read_all"),
        ("-users-", "read_all"),
        ("users list", "read_all"),
        ("this-lists-users", "read_all"),
        ("", "read_all"),
        (&"users.".repeat(20), "read_all"),
    ] {
        assert_eq!(listed(&[("/a", id, "Read all")]), [name], "{id}");
    }
    assert_eq!(
        listed(&[("/a", "read-al", "Read all"), ("/b", "b", "Read b")]),
        ["read_all", "b"]
    );
    assert_eq!(
        listed(&[("/a", "get", "A"), ("/b", "list", "B"), ("/c", "list", "C")]),
        ["get", "b", "c"]
    );
}

#[test]
fn names_do_not_begin_with_prose_or_the_method_twice() {
    for (path, summary, name) in [
        ("/users", "This method returns users", "get_users"),
        ("/users", "You can list users here", "get_users"),
        ("/users", "List users. This is slow", "list_users"),
        ("/users", "List users\r\nThis is slow", "list_users"),
        ("/get/users", "", "get_users"),
        ("/a", &format!("Copy {}", "x".repeat(80)), "copy"),
        (&format!("/{}", "x".repeat(80)), "", "get"),
    ] {
        assert_eq!(
            assign(&mut Names::empty(), &[endpoint(Method::Get, path, summary)]),
            [name],
            "{path} {summary}"
        );
    }
    let both = ["/a", "/b"].map(|path| endpoint(Method::Get, path, "Get job"));
    assert_eq!(assign(&mut Names::empty(), &both), ["get_job", "get_b"]);
    let long = format!("/a{}", "/word".repeat(20));
    let all = [long.as_str(), &format!("{long}/b")].map(|path| endpoint(Method::Get, path, ""));
    assert_eq!(
        assign(&mut Names::empty(), &all),
        [
            "get_a_word_word_word_word_word_word_word_word_word_word_word",
            "get_a_word_word_word_word_word_word_word_word_word_v2"
        ]
    );
}

#[test]
fn names_differ_in_more_than_underscores() {
    let all = [
        endpoint(Method::Get, "/a", "Get media type"),
        endpoint(Method::Get, "/b", "Get mediatype"),
    ];
    assert_eq!(
        assign(&mut Names::empty(), &all),
        ["get_media_type", "get_b"]
    );
    // Names that exist are kept.
    let text = "[names]\n\"GET /a\" = \"get_media\"\n\"GET /b\" = \"get_me_dia\"\n";
    let mut names = Names::parse("n", text).unwrap();
    assert_eq!(assign(&mut names, &all), ["get_media", "get_me_dia"]);
}

#[test]
fn retires_names_and_restores_them() {
    let (a, b) = (
        endpoint(Method::Get, "/a/{x}", "List"),
        endpoint(Method::Get, "/b", "List"),
    );
    let mut names = Names::empty();
    assert_eq!(assign(&mut names, std::slice::from_ref(&a)), ["list"]);
    assert_eq!(assign(&mut names, std::slice::from_ref(&b)), ["get_b"]);
    expect![[r##"
        # The operationId of each endpoint, which is also the name of the client's method.
        # `regen` adds names for new endpoints and moves the names of removed endpoints to [retired].
        # It never changes a name. To rename a method, edit its name here and run `regen`.
        # To rename a type, write its name and the new one in a table [types]: Old = "New".

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
fn keeps_manual_names_and_comments() {
    let text = "# mine\n[names]\n\"GET /b\" = \"chosen\" # because\n";
    let mut names = Names::parse("n", text).unwrap();
    assign(&mut names, &[endpoint(Method::Get, "/b", "List")]);
    assert_eq!(names.render(), text);
}

#[test]
fn reports_errors_with_lines() {
    let assert_error = |text: &str, message: Expect| {
        message.assert_eq(&Names::parse("n", text).unwrap_err().to_string());
    };
    assert_error(
        "[names]\n\"GET /a\" = \"no name\"\n",
        expect![[r#"
            invalid method name `no name`: use at most 60 characters of snake_case, starting with a letter, or `group.method`; keywords of Rust and methods of every client are reserved
              --> n:2:12"#]],
    );
    assert_error(
        "[names]\n\"GET /a\" = \"match\"\n",
        expect![[r#"
            invalid method name `match`: use at most 60 characters of snake_case, starting with a letter, or `group.method`; keywords of Rust and methods of every client are reserved
              --> n:2:12"#]],
    );
    assert_error(
        "[names]\n\"GET /a\" = \"x\"\n\"GET /b\" = \"x\"\n",
        expect![[r#"
            duplicate name `x`: it is also the name of `GET /a`
              --> n:3:12"#]],
    );
    assert_error(
        "[names]\n\"GET /a\" = 1\n",
        expect![[r#"
            the name of `GET /a` is not a string
              --> n:2:12"#]],
    );
    assert_error(
        "[nmaes]\n",
        expect![[r#"
            unknown key `nmaes`; expected the tables [names], [retired], [types] and [components]
              --> n:1:1"#]],
    );
    assert_error(
        "[names\n",
        expect![[r#"
            unclosed table, expected `]`
              --> n:1:7"#]],
    );
}

#[test]
fn components_keep_their_lines() {
    let text = "[names]\n\n[components]\n# Ours.\nError = \"a.yml#/components/schemas/Error\"\nOld = \"b.yml#/components/schemas/Old\"\n";
    let mut names = Names::parse("names.toml", text).unwrap();
    let mut components = names.components().clone();
    components.remove("Old");
    components.insert("New".into(), "b.yml#/components/schemas/New".into());
    names.set_components(&components);
    let rendered = names.render();
    assert!(
        rendered.ends_with(
            "[components]\n# Ours.\nError = \"a.yml#/components/schemas/Error\"\nNew = \"b.yml#/components/schemas/New\"\n"
        ),
        "{rendered}"
    );
    let names = Names::parse("names.toml", &rendered).unwrap();
    assert_eq!(names.components(), &components);
    let error = Names::parse("names.toml", "[components]\nA = 1\n").unwrap_err();
    assert!(error.message.contains("component `A`"), "{error}");
}

#[test]
fn reads_names_of_types() {
    let with = |types: &str| Names::parse("names.toml", &format!("[names]\n[types]\n{types}\n"));
    let mut names = with("GetPetsResponse = \"Pets\" # shorter").unwrap();
    assert_eq!(names.types()["GetPetsResponse"], "Pets");
    names.assign(&[]);
    assert!(
        names
            .render()
            .contains("GetPetsResponse = \"Pets\" # shorter")
    );
    let messages = [
        "A = 1",
        "A = \"APIKey\"",
        "A = \"a\"",
        "A = \"a::B\"",
        "A = \"C\"\nB = \"C\"",
    ]
    .map(|types| with(types).unwrap_err().to_string());
    expect![[r#"
        the name of the type `A` is not a string
          --> names.toml:3:5
        invalid type name `APIKey`: write at most 80 letters and digits in PascalCase, such as `HttpServer`
          --> names.toml:3:5
        invalid type name `a`: write at most 80 letters and digits in PascalCase, such as `HttpServer`
          --> names.toml:3:5
        invalid type name `a::B`: write at most 80 letters and digits in PascalCase, such as `HttpServer`
          --> names.toml:3:5
        duplicate type name `C`
          --> names.toml:4:5"#]].assert_eq(&messages.join("\n"));
}

#[test]
fn groups_new_names_by_tag() {
    let tagged = |method, path: &str, summary: &str, tag: &str| {
        let mut endpoint = endpoint(method, path, summary);
        endpoint.operation.tags = vec![tag.to_owned()];
        endpoint
    };
    let mut endpoints = vec![
        tagged(Method::Get, "/pets", "List pets", "Pets"),
        tagged(Method::Get, "/pets/{id}", "Get a pet", "Pets"),
        tagged(Method::Get, "/pets/{id}/x", "Get pets", "Pets"),
        tagged(Method::Get, "/a", "Pets", "Pets"),
        tagged(Method::Get, "/b", "New pet", "Pets"),
        tagged(Method::Get, "/c", "List companies", "A company"),
        endpoint(Method::Get, "/d", "Pets"),
    ];
    let mut names = Names::empty().grouped(true);
    expect![[r#"
        pets.get_a
        pets.new_pet
        a_company.list
        get_d
        pets.list
        pets.get
        pets.get_pets"#]]
    .assert_eq(&assign(&mut names, &endpoints).join("\n"));
    // An operation that comes later takes no name.
    let before = names.render();
    endpoints.insert(0, tagged(Method::Get, "/0", "List the pet", "Pets"));
    let after = assign(&mut names, &endpoints);
    assert_eq!(after[0], "pets.list_pet");
    for line in before.lines().filter(|line| line.contains(" = ")) {
        assert!(names.render().contains(line), "{line}");
    }
}
