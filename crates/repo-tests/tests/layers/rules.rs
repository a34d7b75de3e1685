//! The layers, as data.

/// The members that each library or tool may depend on. `docs/architecture.md` has the reasons.
pub(crate) const ALLOWED: &[(&str, &[&str])] = &[
    ("openapi-text", &[]),
    ("openapi-convert", &["openapi-text"]),
    ("apis-json", &["openapi-text"]),
    ("openapi-overlay", &["openapi-text"]),
    ("openapi-drift", &["openapi-text"]),
    ("gallery-draft", &["openapi-text"]),
    ("gallery-listings", &["openapi-text", "gallery-draft"]),
    (
        "gallery-documents",
        &[
            "openapi-text",
            "openapi-convert",
            "apis-json",
            "gallery-draft",
        ],
    ),
    (
        "gallery-spec",
        &[
            "openapi-text",
            "openapi-overlay",
            "openapi-drift",
            "apis-json",
            "gallery-draft",
            "gallery-documents",
            "gallery-listings",
        ],
    ),
    (
        "gallery-fetch",
        &[
            "apis-json",
            "openapi-text",
            "gallery-draft",
            "gallery-listings",
            "gallery-spec",
        ],
    ),
    ("gallery-codegen", SPEC),
    (
        "gallery-mutants",
        &[
            "openapi-text",
            "gallery-draft",
            "gallery-spec",
            "gallery-codegen",
        ],
    ),
    (
        "gallery-regen",
        &[
            "openapi-text",
            "openapi-drift",
            "gallery-spec",
            "gallery-codegen",
        ],
    ),
    ("gallery-derive", &[]),
    ("gallery-runtime", &["gallery-derive"]),
    ("gallery-testkit", &["gallery-runtime"]),
    (
        "gallery-cli",
        &[
            "openapi-text",
            "apis-json",
            "openapi-overlay",
            "openapi-drift",
            "openapi-convert",
            "gallery-draft",
            "gallery-listings",
            "gallery-spec",
            "gallery-fetch",
            "gallery-codegen",
            "gallery-mutants",
            "gallery-regen",
            "gallery-runtime",
            "gallery-testkit",
        ],
    ),
    ("xtask", &["gallery-regen", "gallery-cli"]),
    (
        "soak",
        &["gallery-runtime", "gallery-testkit", "typed-client"],
    ),
];

/// The crates up to `gallery-spec`.
const SPEC: &[&str] = &[
    "openapi-text",
    "gallery-draft",
    "gallery-listings",
    "gallery-spec",
];

/// Generated crates, whose manifests the generator writes. No tool depends on them.
pub(crate) const GENERATED: &[&str] = &["gallery-mattermost"];

/// Files that are tables, with the reason.
pub(crate) const LONG_FILES: &[(&str, &str)] = &[(
    "crates/gallery-mattermost/src/generated.rs",
    "generated code is one file",
)];
