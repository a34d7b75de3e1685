//! Detects repeated cursors without keeping all of them.

/// Finds cycles in a sequence with Brent's algorithm: compares each text with one earlier text,
/// which is replaced after 2, 4, 8, … steps.
#[derive(Debug, Default)]
pub(super) struct Cycle {
    saved: Option<String>,
    steps: u64,
    limit: u64,
}

impl Cycle {
    /// Adds a text. Returns true if the sequence repeats itself.
    pub(super) fn repeats(&mut self, text: &str) -> bool {
        if self.saved.as_deref() == Some(text) {
            return true;
        }
        if self.steps == self.limit {
            self.saved = Some(text.to_owned());
            self.limit = self.limit.max(1) * 2;
            self.steps = 0;
        }
        self.steps += 1;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the position of the first text that is found to be repeated.
    fn found(texts: impl Iterator<Item = u32>) -> Option<usize> {
        let mut cycle = Cycle::default();
        texts
            .take(10_000)
            .position(|text| cycle.repeats(&text.to_string()))
    }

    #[test]
    fn finds_cycles_of_any_length() {
        assert_eq!(found(std::iter::repeat(7)), Some(1));
        for length in 1..50_usize {
            for before in 0..20_usize {
                let texts = (0..).map(|at: usize| match at < before {
                    true => u32::try_from(1000 + at).unwrap(),
                    false => u32::try_from((at - before) % length).unwrap(),
                });
                let at = found(texts).expect("a cycle");
                assert!(at <= 3 * (length + before) + 3, "{length} {before}: {at}");
            }
        }
        assert_eq!(found(0..), None);
    }
}
