//! Random documents through every stage that reads documents of others.
//!
//! Each document is a small one with a few structural changes. No stage may panic, and the CPU time
//! of all stages may only grow with the size of the document. A failure names the seed of the
//! document; `MUTATED_SEED=N` runs this document alone.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod budget;
mod mutate;
mod seeds;
mod stages;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use budget::Budget;
use fastrand::Rng;

/// Runs the documents with these seeds.
fn run(mut seeds: std::ops::Range<u64>) {
    if let Ok(seed) = std::env::var("MUTATED_SEED") {
        let seed = seed.parse().expect("a number");
        seeds = seed..seed + 1;
    }
    let budget = Budget::start();
    for seed in seeds {
        let mut random = Rng::with_seed(seed);
        let mutated = mutate::document(&mut random);
        budget.begin(seed, mutated.text.len());
        let result = catch_unwind(AssertUnwindSafe(|| stages::all(&mutated, &mut random)));
        if let Err(panic) = result {
            eprintln!("seed {seed}: a stage panicked");
            resume_unwind(panic);
        }
        budget.end();
    }
}

#[test]
fn mutated_documents_end_without_a_panic_within_their_budget() {
    run(0..200);
}

/// Runs descriptions of this number of bytes.
fn run_descriptions(bytes: usize) {
    let budget = Budget::start();
    for (number, part) in (0..).zip(["a word. ", "&", "http://", "\\\n- "]) {
        let text = part.repeat(bytes / part.len());
        budget.begin(number, text.len());
        stages::description(&text);
        budget.end();
    }
}

#[test]
fn long_descriptions_end_within_their_budget() {
    run_descriptions(500_000);
}

#[test]
#[ignore = "8 MB; long.yml runs it"]
fn longer_descriptions_end_within_their_budget() {
    run_descriptions(2_000_000);
}

#[test]
#[ignore = "10,800 documents; long.yml runs it"]
fn many_mutated_documents_end_without_a_panic_within_their_budget() {
    run(200..11_000);
}
