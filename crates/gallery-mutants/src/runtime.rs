//! Faults in the code of `gallery-runtime`.
//!
//! The operators change conditions, comparisons, literals, statements and returned values, whatever
//! the code does. All mutants are written into one code, each as a branch that a function selects
//! at run time. So one build is enough, and a run can record the mutants that it reaches.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::MutantsError;
use crate::runtime_sites::{Kind, Site, sites};

/// The ids of all operators for the runtime.
pub const RUNTIME_OPERATORS: &[&str] = &[
    "condition-negated",
    "comparison-changed",
    "and-or-swapped",
    "arithmetic-changed",
    "boolean-flipped",
    "integer-incremented",
    "string-emptied",
    "option-emptied",
    "limit-swapped",
    "statement-dropped",
    "return-replaced",
];

/// The sources of the runtime and their mutants.
#[derive(Debug)]
pub struct Runtime {
    files: Vec<SourceFile>,
    mutants: Vec<RuntimeMutant>,
}

#[derive(Debug)]
struct SourceFile {
    path: String,
    text: String,
    /// The sites with their numbers. Outer sites are before the sites inside of them.
    sites: Vec<(usize, Site)>,
}

/// A fault in the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeMutant {
    /// The index in [`Runtime::mutants`].
    pub number: usize,
    /// `OPERATOR:FUNCTION:MODULE`, with a number if several have the same.
    pub id: String,
    /// The id of the operator.
    pub operator: &'static str,
    /// The path of the file.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The change, in words.
    pub what: String,
}

/// A file that contains mutants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentedFile {
    /// The path of the file.
    pub path: String,
    /// The code.
    pub code: String,
    /// The ranges of the code that belong to a mutant, inner ones first.
    ranges: Vec<(Range<usize>, usize)>,
}

impl InstrumentedFile {
    /// Returns the number of the innermost mutant at a byte of the code.
    pub fn mutant_at(&self, byte: usize) -> Option<usize> {
        let found = self.ranges.iter().find(|(range, _)| range.contains(&byte));
        found.map(|(_, number)| *number)
    }

    /// Returns the numbers of the mutants inside of a range of the code.
    pub fn mutants_in(&self, range: &Range<usize>) -> Vec<usize> {
        let inside = |own: &Range<usize>| own.start >= range.start && own.end <= range.end;
        let mutants = self.ranges.iter().filter(|(own, _)| inside(own));
        mutants.map(|(_, number)| *number).collect()
    }
}

impl Runtime {
    /// Finds the mutants of source files, given as paths and texts.
    pub fn read(sources: Vec<(String, String)>) -> Result<Runtime, MutantsError> {
        let (mut files, mut mutants) = (Vec::new(), Vec::new());
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        for (path, text) in sources {
            let found = sites(&text).map_err(|error| {
                let start = error.span().start();
                let location = format!("{path}:{}:{}", start.line, start.column + 1);
                MutantsError::InvalidSource { location, error }
            })?;
            let file = path.rsplit('/').next().unwrap_or(&path);
            let module = file.strip_suffix(".rs").unwrap_or(file);
            let mut sites: Vec<(usize, Site)> = (mutants.len()..).zip(found).collect();
            for (number, site) in &sites {
                let mut id = format!("{}:{}:{module}", site.operator, site.function);
                let count = ids.entry(id.clone()).or_default();
                *count += 1;
                if *count > 1 {
                    id = format!("{id}#{count}");
                }
                mutants.push(RuntimeMutant {
                    number: *number,
                    id,
                    operator: site.operator,
                    file: path.clone(),
                    line: site.line,
                    column: site.column,
                    what: site.what.clone(),
                });
            }
            sites.sort_by_key(|(_, site)| (site.range.start, Reverse(site.range.end)));
            files.push(SourceFile { path, text, sites });
        }
        Ok(Runtime { files, mutants })
    }

    /// Returns all mutants.
    pub fn mutants(&self) -> &[RuntimeMutant] {
        &self.mutants
    }

    /// Returns the files with the mutants whose numbers are included. The code calls
    /// `crate::mutant::on(NUMBER)`, which must return true if the mutant is selected.
    pub fn instrumented(&self, is_included: impl Fn(usize) -> bool) -> Vec<InstrumentedFile> {
        let instrumented = |source: &SourceFile| {
            let sites = source.sites.iter();
            let sites: Vec<_> = sites.filter(|(number, _)| is_included(*number)).collect();
            let mut file = InstrumentedFile {
                path: source.path.clone(),
                code: String::new(),
                ranges: Vec::new(),
            };
            file.write(&source.text, &sites, 0..source.text.len());
            file
        };
        self.files.iter().map(instrumented).collect()
    }
}

impl InstrumentedFile {
    /// Appends a range of the text with its mutants.
    fn write(&mut self, text: &str, sites: &[&(usize, Site)], range: Range<usize>) {
        let (mut at, mut rest) = (range.start, sites);
        while let Some(((number, site), later)) = rest.split_first() {
            let end = site.range.end;
            let (inside, after) =
                later.split_at(later.partition_point(|(_, other)| other.range.start < end));
            self.code.push_str(&text[at..site.range.start]);
            let start = self.code.len();
            let is_on = format!("crate::mutant::on({number})");
            let (before, behind) = match &site.kind {
                Kind::Replaced(other) => (format!("(if {is_on} {{ {other} }} else {{ "), " })"),
                Kind::Dropped => (format!("if !{is_on} {{ "), " }"),
                Kind::Returned(value) => (format!(" if {is_on} {{ return {value}; }}"), ""),
            };
            self.code.push_str(&before);
            self.write(text, inside, site.range.clone());
            self.code.push_str(behind);
            self.ranges.push((start..self.code.len(), *number));
            (at, rest) = (end, after);
        }
        self.code.push_str(&text[at..range.end]);
    }
}
