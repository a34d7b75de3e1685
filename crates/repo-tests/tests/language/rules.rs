//! The rules, as data.

/// A phrase that has a plainer form.
pub(crate) struct Phrase {
    /// The name of the rule.
    pub(crate) name: &'static str,
    /// A part of every match, in lowercase. Texts without it are skipped, which saves time.
    pub(crate) part: &'static str,
    /// A regular expression without regard to case.
    pub(crate) pattern: &'static str,
    /// If identifiers are checked as well as prose.
    pub(crate) in_identifiers: bool,
}

impl Phrase {
    const fn new(name: &'static str, part: &'static str, pattern: &'static str) -> Phrase {
        Phrase {
            name,
            part,
            pattern,
            in_identifiers: true,
        }
    }

    /// Leaves identifiers alone, since the standard library has such names.
    const fn in_prose_only(mut self) -> Phrase {
        self.in_identifiers = false;
        self
    }
}

/// Phrases that have a plainer form. Identifiers are matched as lowercase words, so
/// `let_be_pending` and `LetBe` both match `let be`.
pub(crate) const PHRASES: &[Phrase] = &[
    Phrase::new("told", "told", r"\btold\b"),
    Phrase::new("mend", "mend", r"\bmend(s|ed|ing)?\b"),
    Phrase::new("stand-in", "stand", r"\bstand[- ]ins?\b"),
    // "There is no such file" is fine; "the base URL is no URL" is not.
    Phrase::new(
        "is-no",
        " no ",
        r"(?<!there )\b(is|are) no (?!longer\b|more\b|one\b|later\b|lower\b|higher\b|better\b|worse\b)\w",
    ),
    Phrase::new("is-none", " none", r"\b(is|are) none\b").in_prose_only(),
    Phrase::new("let-be", "let be", r"\blet be\b"),
    Phrase::new("made-again", "made again", r"\bmade again\b"),
    Phrase::new("small-letters", "small letters", r"\bsmall letters\b"),
    Phrase::new("taken-out", "taken out", r"\btaken out\b"),
    Phrase::new("comes-to-nothing", "to nothing", r"\bcomes? to nothing\b"),
    Phrase::new("in-the-making", "in the making", r"\bin the making\b"),
    Phrase::new("without-a-word", "without a word", r"\bwithout a word\b"),
    Phrase::new("of-old", "of old", r"\bof old\b"),
    Phrase::new("its-like", "its like", r"\bits like\b"),
    Phrase::new("takes-gives", "takes", r"\btakes [^.]{1,60}, gives\b"),
];

/// First words of a doc comment that announce a riddle instead of a noun or a verb.
pub(crate) const DOC_STARTS: &[&str] = &["What ", "Who ", "Whether ", "How "];

/// Names of types that say nothing about the type.
pub(crate) const TYPE_NAMES: &[&str] = &[
    "Answer", "Bench", "Brought", "Fault", "Found", "Given", "Judge", "Known", "Shop", "StandIn",
    "Told", "ToldArgs", "Unheard", "Workshop",
];

/// Files that need a phrase: the path, the name of the rule, and the reason.
pub(crate) const EXCEPTIONS: &[(&str, &str, &str)] = &[];
