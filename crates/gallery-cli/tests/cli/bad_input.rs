//! Invalid input: `regen` exits 100, reports the file and the position, and writes nothing.

use std::time::{Duration, Instant};

use expect_test::{Expect, expect};

use crate::workspace::{CRATE, LISTING, NAMES, Workspace};

const SINGLE: &str = "teamsteam-idmembers-get-openapi.md";

/// Changes a workspace without crates, then checks that `regen` fails with this output.
fn assert_rejected(change: impl FnOnce(&Workspace), expected: Expect) {
    let workspace = Workspace::fresh();
    change(&workspace);
    assert_regen_fails(&workspace, &[], expected);
}

/// Like `assert_rejected`, with other contents of one document. The lock file matches them.
fn assert_document_rejected(bytes: impl AsRef<[u8]>, expected: Expect) {
    assert_rejected(
        |workspace| {
            workspace.write(&format!("{LISTING}/{SINGLE}"), bytes);
            workspace.relock("mattermost");
        },
        expected,
    );
}

fn assert_regen_fails(workspace: &Workspace, args: &[&str], expected: Expect) {
    let before = workspace.tree();
    let output = workspace.regen(args);
    assert_eq!(output.code, Some(100), "{output:?}");
    expected.assert_eq(&without_hashes(&output.stderr));
    assert_eq!(workspace.tree(), before, "regen must not write");
    // The input is checked before generated files, so `--check` fails in the same way.
    let checked = workspace.regen(&[args, &["--check"]].concat());
    assert_eq!((checked.code, checked.stderr), (output.code, output.stderr));
    assert_eq!(workspace.tree(), before, "regen --check must not write");
}

/// Replaces hashes by `…`.
fn without_hashes(text: &str) -> String {
    let words = text.split_inclusive([' ', ',']);
    let is_hash =
        |word: &str| word.len() == 65 && word[..64].bytes().all(|byte| byte.is_ascii_hexdigit());
    words
        .map(|word| {
            if is_hash(word) {
                format!("…{}", &word[64..])
            } else {
                word.to_owned()
            }
        })
        .collect()
}

#[test]
fn rejects_a_snapshot_with_a_missing_file() {
    assert_rejected(
        |workspace| workspace.remove(&format!("{LISTING}/{SINGLE}")),
        expect![[r#"
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
            1 error; nothing was written
        "#]],
    );
    assert_rejected(
        |workspace| workspace.remove(&format!("{LISTING}/apis.md")),
        expect![[r#"
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/apis.md
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn reports_a_missing_file_once() {
    for name in [SINGLE, "apis.md"] {
        let workspace = Workspace::fresh();
        workspace.remove(&format!("{LISTING}/{name}"));
        let stderr = workspace.regen(&[]).stderr;
        assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
    }
}

#[test]
fn rejects_a_missing_snapshot() {
    assert_rejected(
        |workspace| workspace.remove(LISTING),
        expect![[r#"
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/apis.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/channelschannel-idmembers-get-openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/channelschannel-idmembersids-post-openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/channelschannel-idmembersuser-id-get-openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/teamsteam-idmembersids-post-openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/teamsteam-idmembersuser-id-get-openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/teamsteam-idmembersuser-idroles-put-openapi.md
            9 errors; nothing was written
        "#]],
    );
}

#[test]
fn rejects_a_snapshot_with_an_altered_file() {
    assert_rejected(
        |workspace| workspace.append(&format!("{LISTING}/openapi.md"), "# by hand\n"),
        expect![[r#"
            error[snapshot-altered]: the snapshot file was modified: sha256 …, 5609 bytes; specs/gallery.lock has …, 5599 bytes; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/openapi.md
            1 error; nothing was written
        "#]],
    );
    assert_rejected(
        |workspace| workspace.write(&format!("{LISTING}/openapi.md"), ""),
        expect![[r#"
            error[snapshot-altered]: the snapshot file was modified: sha256 …, 0 bytes; specs/gallery.lock has …, 5599 bytes; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/openapi.md
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn rejects_a_snapshot_with_a_file_missing_from_the_lock() {
    assert_rejected(
        |workspace| workspace.write(&format!("{LISTING}/notes.txt"), "by hand\n"),
        expect![[r#"
        error[snapshot-unknown]: the file in the snapshot's directory is not in specs/gallery.lock; remove it, or run `gallery fetch mattermost`
          --> specs/mattermost/listing/notes.txt
        1 error; nothing was written
    "#]],
    );
}

#[test]
fn rejects_invalid_yaml() {
    assert_rejected(
        |workspace| {
            let file = format!("{LISTING}/{SINGLE}");
            workspace.replace(&file, "basePath: /api/v4\n", "basePath: [/api/v4\n");
            workspace.relock("mattermost");
        },
        expect![[r#"
            error[yaml-syntax]: invalid YAML: did not find expected ',' or ']'
              --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md:15:8
            1 error; nothing was written
        "#]],
    );
    assert_rejected(
        |workspace| {
            workspace.replace(&format!("{LISTING}/apis.md"), "apis:\n", "apis:\n\t");
            workspace.relock("mattermost");
        },
        expect![[r#"
            error[yaml-syntax]: invalid YAML: found character that cannot start any token
              --> specs/mattermost/listing/apis.md:15:1
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn rejects_errors_in_gallery_toml() {
    let assert_edit_rejected = |from: &str, to: &str, expected| {
        assert_rejected(
            |workspace| workspace.replace("specs/gallery.toml", from, to),
            expected,
        );
    };
    assert_edit_rejected(
        "[clients.mattermost]",
        "colour = \"red\"\n[clients.mattermost]",
        expect![[r#"
            error: unknown field `colour`, expected one of `command`, `runtime`, `source`, `apis-io`, `hosts`, `drift`, `clients`
              --> specs/gallery.toml:14:1
        "#]],
    );
    assert_edit_rejected(
        "listing =",
        "lisitng =",
        expect![[r#"
            error: unknown field `lisitng`, expected one of `crate`, `version`, `listing`, `listings`, `document`, `documents`, `index`, `apis`, `all-components`, `tag-features`, `derives`, `replaced-types`, `plain-formats`, `non-exhaustive`, `grouped-methods`, `dependencies`, `choices`
              --> specs/gallery.toml:20:1
        "#]],
    );
    assert_edit_rejected(
        "version = \"0.1.0\"\n",
        "",
        expect![[r#"
            error: missing field `version`
              --> specs/gallery.toml:14:1
        "#]],
    );
    assert_edit_rejected(
        "crate = \"gallery-mattermost\"",
        "crate = \"../gallery-mattermost\"",
        expect![[r#"
            error: invalid crate name `../gallery-mattermost`: use at most 60 lowercase letters, digits and `-`, starting with a letter
              --> specs/gallery.toml:16:9
        "#]],
    );
    assert_edit_rejected(
        "memberships/mattermost",
        "memberships/../mattermost",
        expect![[r#"
            error: `streamdata-gallery-topics/memberships/../mattermost` is not a listing; write OWNER/REPOSITORY/PROVIDER
              --> specs/gallery.toml:20:11
        "#]],
    );
    assert_edit_rejected(
        "[clients.mattermost]",
        "[clients.\"a/../b\"]",
        expect![[r#"
            error: invalid client name `a/../b`: use at most 60 lowercase letters, digits and `-`, starting with a letter
              --> specs/gallery.toml:14:10
        "#]],
    );
    assert_edit_rejected(
        "[clients.mattermost]",
        "[clients.renamed]",
        expect![[r#"
            error: specs/gallery.toml has no client for the snapshot of `mattermost`; `gallery remove mattermost` removes it
              --> specs/gallery.lock
        "#]],
    );
}

#[test]
fn rejects_two_clients_with_the_same_crate_name() {
    let second = "\n[clients.second]\ncrate = \"gallery-mattermost\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";
    assert_rejected(
        |workspace| workspace.append("specs/gallery.toml", second),
        expect![[r#"
            error: the clients `mattermost` and `second` both have the crate name `gallery-mattermost`; crate names must be unique
              --> specs/gallery.toml:25:9
        "#]],
    );
}

#[test]
fn rejects_a_client_without_a_snapshot() {
    let second = "\n[clients.second]\ncrate = \"gallery-second\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";
    assert_rejected(
        |workspace| workspace.append("specs/gallery.toml", second),
        expect![[r#"
            error[no-snapshot]: the client `second` has no snapshot; download one with `gallery fetch second`
              --> specs/gallery.lock
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn does_not_overwrite_a_handwritten_crate() {
    assert_rejected(
        |workspace| {
            workspace.write(
                "crates/handwritten/Cargo.toml",
                "[package]\nname = \"handwritten\"\n",
            );
            workspace.write("crates/handwritten/src/lib.rs", "//! By hand.\n");
            workspace.replace(
                "specs/gallery.toml",
                "\"gallery-mattermost\"",
                "\"handwritten\"",
            );
        },
        expect![[r#"
            error: the client `mattermost` would overwrite this crate, which is not generated; give the client another crate name in specs/gallery.toml, or bring the generated manifest back with git
              --> crates/handwritten/Cargo.toml
        "#]],
    );
    // The manifest shows whether a crate is generated. An empty one counts as handwritten.
    assert_rejected(
        |workspace| workspace.write(&format!("{CRATE}/Cargo.toml"), ""),
        expect![[r#"
            error: the client `mattermost` would overwrite this crate, which is not generated; give the client another crate name in specs/gallery.toml, or bring the generated manifest back with git
              --> crates/gallery-mattermost/Cargo.toml
        "#]],
    );
}

#[test]
fn does_not_overwrite_a_folder_with_files_but_no_manifest() {
    let workspace = Workspace::fresh();
    workspace.write(&format!("{CRATE}/src/precious.rs"), "//! By hand.\n");
    let before = workspace.tree();
    assert_eq!(workspace.regen(&[]).code, Some(100));
    assert_eq!(workspace.tree(), before);
}

#[test]
fn rejects_an_index_that_names_a_missing_document() {
    assert_rejected(
        |workspace| {
            workspace.remove(&format!("{LISTING}/{SINGLE}"));
            workspace.relock("mattermost");
        },
        expect![[r#"
            error[missing-document]: the index names the document `teamsteam-idmembers-get-openapi.md`, which the snapshot does not have; fetch the client again
              --> specs/mattermost/listing/apis.md
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn rejects_a_listing_without_index_or_documents() {
    assert_rejected(
        |workspace| {
            workspace.remove(&format!("{LISTING}/apis.md"));
            workspace.relock("mattermost");
        },
        expect![[r#"
            error[no-index]: the listing has no index `apis.md`
              --> streamdata-gallery-topics/memberships/mattermost
            1 error; nothing was written
        "#]],
    );
    assert_rejected(
        |workspace| {
            workspace.remove(LISTING);
            workspace.write(&format!("{LISTING}/apis.md"), "name: Mattermost\n");
            workspace.relock("mattermost");
        },
        expect![[r#"
            error[no-endpoints]: the listing has no usable endpoint
              --> streamdata-gallery-topics/memberships/mattermost
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn warns_about_empty_documents_and_rejects_null() {
    for bytes in ["", " \r\n\n", "---\r\n---"] {
        let workspace = Workspace::fresh();
        workspace.write(&format!("{LISTING}/{SINGLE}"), bytes);
        workspace.relock("mattermost");
        let output = workspace.regen(&[]);
        assert_eq!(output.code, Some(0), "{output:?}");
        assert!(
            output.stdout.contains("warning[empty-document]: the file"),
            "{output:?}"
        );
    }
    assert_document_rejected(
        "null\n",
        expect![[r#"
        error[not-swagger]: this is not a Swagger document; documents of a listing have `swagger: "2.0"`
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md#
        1 error; nothing was written
    "#]],
    );
}

#[test]
fn rejects_documents_of_other_formats() {
    let postman = r#"{"info": {"name": "Mattermost", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/"}, "item": []}"#;
    assert_document_rejected(
        postman,
        expect![[r#"
        error[not-swagger]: this looks like a Postman collection; documents of a listing have `swagger: "2.0"`
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md#
        1 error; nothing was written
    "#]],
    );
    assert_document_rejected(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
        expect![[r#"
        error[not-swagger]: this is an OpenAPI 3 document; documents of a listing have `swagger: "2.0"`
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md#
        1 error; nothing was written
    "#]],
    );
    assert_document_rejected(
        "swagger: '1.2'\n",
        expect![[r#"
        error[not-swagger]: this is another version of Swagger; documents of a listing have `swagger: "2.0"`
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md#
        1 error; nothing was written
    "#]],
    );
    assert_document_rejected(
        "<!DOCTYPE html><html><body>404</body></html>",
        expect![[r#"
        error[not-swagger]: this is not a Swagger document; documents of a listing have `swagger: "2.0"`
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md#
        1 error; nothing was written
    "#]],
    );
}

#[test]
fn rejects_binary_documents() {
    // Pseudorandom bytes from a linear congruential generator. They have NUL bytes and are not
    // UTF-8.
    let bytes = |seed: u32, length| {
        let step = |state: &mut u32| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 24) as u8)
        };
        std::iter::repeat_n((), length)
            .scan(seed, move |state, ()| step(state))
            .collect::<Vec<u8>>()
    };
    assert_document_rejected(
        bytes(7, 4096),
        expect![[r#"
        error[unreadable-file]: the file is binary: NUL byte at offset 59
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
        1 error; nothing was written
    "#]],
    );
    let without_nul: Vec<u8> = bytes(7, 4096)
        .into_iter()
        .filter(|&byte| byte != 0)
        .collect();
    assert_document_rejected(
        without_nul,
        expect![[r#"
        error[unreadable-file]: the file is not UTF-8 text: invalid byte at offset 1
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
        1 error; nothing was written
    "#]],
    );
}

#[test]
fn rejects_a_document_of_100_megabytes_without_reading_it() {
    assert_rejected(
        |workspace| {
            let file =
                std::fs::File::create(workspace.path(&format!("{LISTING}/{SINGLE}"))).unwrap();
            // The file is sparse: its size alone must be enough to reject it.
            file.set_len(100 << 20).unwrap();
            workspace.lock(|lock| {
                let files = &mut lock.clients.get_mut("mattermost").unwrap().files;
                files
                    .iter_mut()
                    .find(|file| file.path == SINGLE)
                    .unwrap()
                    .size = 100 << 20;
            });
        },
        expect![[r#"
            error[unreadable-file]: the file has 104857600 bytes; at most 33554432 are read
              --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn rejects_alias_bombs_and_deep_nesting() {
    let level = |level: usize| {
        format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{}", level - 1); 10].join(", ")
        )
    };
    let bomb: String = (1..12).map(level).collect();
    assert_document_rejected(
        format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{bomb}"),
        expect![[r#"
        error[yaml-syntax]: invalid YAML: repetition limit exceeded
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
        1 error; nothing was written
    "#]],
    );
    assert_document_rejected(
        "- ".repeat(100_000),
        expect![[r#"
        error[yaml-syntax]: invalid YAML: recursion limit exceeded
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md:1:257
        1 error; nothing was written
    "#]],
    );
    assert_document_rejected(
        (0..1000)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect::<String>(),
        expect![[r#"
        error[yaml-syntax]: invalid YAML: recursion limit exceeded
          --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md:129:129
        1 error; nothing was written
    "#]],
    );
}

/// Returns the time that `regen` takes to reject a document with deeply nested brackets.
fn time_to_reject(document: &str) -> Duration {
    let workspace = Workspace::fresh();
    workspace.write(&format!("{LISTING}/{SINGLE}"), document);
    workspace.relock("mattermost");
    let start = Instant::now();
    let output = workspace.regen(&[]);
    assert_eq!(output.code, Some(100));
    assert!(
        output.stderr.contains(
            "nested brackets; reduce the depth of the document\n  --> specs/mattermost/listing/"
        ),
        "{output:?}"
    );
    start.elapsed()
}

#[test]
fn rejects_unclosed_nested_brackets() {
    time_to_reject(&"[".repeat(100_000));
}

#[test]
fn rejects_nested_brackets_before_parsing_them() {
    for document in [
        format!("x: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)),
        "{a: ".repeat(100_000),
    ] {
        let time = time_to_reject(&document);
        assert!(time < Duration::from_secs(10), "rejection took {time:?}");
    }
}

#[test]
fn rejects_errors_in_names_toml() {
    let assert_name_rejected = |to: &str, expected| {
        assert_rejected(
            |workspace| workspace.replace(NAMES, "\"get_team_member\"", to),
            expected,
        );
    };
    assert_name_rejected(
        "\" no-name\"",
        expect![[r#"
            error: invalid method name ` no-name`: use at most 60 characters of snake_case, starting with a letter, or `group.method`; keywords of Rust and methods of every client are reserved
              --> specs/mattermost/names.toml:12:30
        "#]],
    );
    assert_name_rejected(
        "\"match\"",
        expect![[r#"
            error: invalid method name `match`: use at most 60 characters of snake_case, starting with a letter, or `group.method`; keywords of Rust and methods of every client are reserved
              --> specs/mattermost/names.toml:12:30
        "#]],
    );
    assert_name_rejected(
        "\"get_team_members\"",
        expect![[r#"
            error: duplicate name `get_team_members`: it is also the name of `GET /teams/{}/members`
              --> specs/mattermost/names.toml:12:30
        "#]],
    );
    assert_name_rejected(
        "\"GetTeamMember\"",
        expect![[r#"
            error: invalid method name `GetTeamMember`: use at most 60 characters of snake_case, starting with a letter, or `group.method`; keywords of Rust and methods of every client are reserved
              --> specs/mattermost/names.toml:12:30
        "#]],
    );
    assert_name_rejected(
        "7",
        expect![[r#"
            error: the name of `GET /teams/{}/members/{}` is not a string
              --> specs/mattermost/names.toml:12:30
        "#]],
    );
    assert_name_rejected(
        "\"unclosed",
        expect![[r#"
            error: invalid basic string, expected `"`
              --> specs/mattermost/names.toml:12:39
        "#]],
    );
}

#[test]
fn rejects_errors_in_the_lock_file() {
    let assert_edit_rejected = |from: &str, to: &str, expected| {
        assert_rejected(
            |workspace| workspace.replace("specs/gallery.lock", from, to),
            expected,
        );
    };
    assert_edit_rejected(
        "path = \"openapi.md\"",
        "path = \"../x\"",
        expect![[r#"
            error: `../x` is not a plain file name; run `gallery fetch`
              --> specs/gallery.lock:34:8
        "#]],
    );
    assert_edit_rejected(
        "path = \"openapi.md\"",
        "path = \"/etc/passwd\"",
        expect![[r#"
            error: `/etc/passwd` is not a plain file name; run `gallery fetch`
              --> specs/gallery.lock:34:8
        "#]],
    );
    assert_edit_rejected(
        "version = 1",
        "version = 2",
        expect![[r#"
            error: version 2 of the lock is not supported; the supported version is 1
              --> specs/gallery.lock:4:1
        "#]],
    );
    assert_edit_rejected(
        "origin = \"transcribed\"",
        "origin = \"invented\"",
        expect![[r#"
            error: unknown variant `invented`, expected `fetched` or `transcribed`
              --> specs/gallery.lock:7:10
        "#]],
    );
    assert_edit_rejected(
        "url = ",
        "uri = ",
        expect![[r#"
            error: unknown field `uri`, expected one of `path`, `url`, `size`, `sha256`, `etag`
              --> specs/gallery.lock:11:1
        "#]],
    );
}

#[test]
fn reports_the_line_of_errors_in_the_lock_file() {
    for (from, to, line) in [
        ("version = 1", "version = 2", 4),
        ("path = \"apis.md\"", "path = \"../x\"", 10),
    ] {
        let workspace = Workspace::fresh();
        workspace.replace("specs/gallery.lock", from, to);
        let stderr = workspace.regen(&[]).stderr;
        assert!(
            stderr.contains(&format!("specs/gallery.lock:{line}:")),
            "{stderr}"
        );
    }
}

#[test]
fn rejects_an_unknown_client() {
    assert_regen_fails(
        &Workspace::fresh(),
        &["--client", "nobody"],
        expect![[r#"
        error: there is no client `nobody`; specs/gallery.toml has: mattermost
    "#]],
    );
}

#[test]
fn rejects_a_workspace_without_config_or_lock() {
    assert_rejected(
        |workspace| workspace.remove("specs/gallery.toml"),
        expect![[r#"
            error: no specs/gallery.toml here or in a parent directory; `gallery init` makes a workspace
        "#]],
    );
    assert_rejected(
        |workspace| workspace.remove("specs/gallery.lock"),
        expect![[r#"
            error[no-snapshot]: the client `mattermost` has no snapshot; download one with `gallery fetch mattermost`
              --> specs/gallery.lock
            1 error; nothing was written
        "#]],
    );
    assert_rejected(
        |workspace| workspace.remove("specs"),
        expect![[r#"
            error: no specs/gallery.toml here or in a parent directory; `gallery init` makes a workspace
        "#]],
    );
}

#[test]
fn uses_the_workspace_of_cargo_manifest_dir_without_gallery_toml() {
    let workspace = Workspace::fresh();
    workspace.remove("specs/gallery.toml");
    let output = workspace
        .command(&["regen"])
        .env("CARGO_MANIFEST_DIR", workspace.path("xtask"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(100));
    expect![[r#"
        error: the file is missing; run this in the workspace, or bring it back with git
          --> specs/gallery.toml
    "#]]
    .assert_eq(&String::from_utf8(output.stderr).unwrap());
}

#[test]
fn reports_all_errors_of_a_run() {
    assert_rejected(
        |workspace| {
            workspace.write(&format!("{LISTING}/{SINGLE}"), "null\n");
            workspace.write(
                &format!("{LISTING}/channelschannel-idmembers-get-openapi.md"),
                "swagger: [\n",
            );
            workspace.relock("mattermost");
            workspace.append(&format!("{LISTING}/openapi.md"), "# by hand\n");
        },
        expect![[r#"
            error[snapshot-altered]: the snapshot file was modified: sha256 …, 5609 bytes; specs/gallery.lock has …, 5599 bytes; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/openapi.md
            error[yaml-syntax]: invalid YAML: did not find expected node content
              --> specs/mattermost/listing/channelschannel-idmembers-get-openapi.md:2:1
            error[not-swagger]: this is not a Swagger document; documents of a listing have `swagger: "2.0"`
              --> specs/mattermost/listing/teamsteam-idmembers-get-openapi.md#
            3 errors; nothing was written
        "#]],
    );
}
