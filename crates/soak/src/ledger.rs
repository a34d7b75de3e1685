//! The server's ledger of writes, and its comparison with what the clients report.

use std::collections::BTreeMap;

use crate::recent::Recent;
use crate::writes::{Reported, Write, WriteId, WriteKind};

/// The writes that the server has processed.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The number of times that each write was processed, by client and number.
    processed: Vec<Vec<u8>>,
    /// The write of each key.
    writes: Recent<String, WriteId>,
    /// The key of each write.
    keys: Recent<WriteId, String>,
}

impl Ledger {
    /// Processes a write, once for each key.
    ///
    /// # Errors
    ///
    /// An error says which rule of idempotency keys the request breaks.
    pub(crate) fn process(&mut self, id: WriteId, key: Option<&str>) -> Result<(), String> {
        match (id.kind, key) {
            (WriteKind::Keyed, None) => return Err(format!("{id} has no key")),
            (WriteKind::Unkeyed | WriteKind::Replacing, Some(_)) => {
                return Err(format!("{id} has a key"));
            }
            (WriteKind::Keyed, Some(key)) => {
                let known = self.keys.entry(id, || key.to_owned());
                if known != key {
                    return Err(format!("{id} has another key than before"));
                }
                let mut is_new = false;
                let owner = *self.writes.entry(key.to_owned(), || {
                    is_new = true;
                    id
                });
                if owner != id {
                    return Err(format!("{id} has the key of {owner}"));
                }
                if !is_new {
                    return Ok(());
                }
            }
            (WriteKind::Unkeyed | WriteKind::Replacing, None) => {}
        }
        if self.processed.len() <= id.client {
            self.processed.resize(id.client + 1, Vec::new());
        }
        let own = &mut self.processed[id.client];
        if own.len() <= id.number {
            own.resize(id.number + 1, 0);
        }
        own[id.number] = own[id.number].saturating_add(1);
        Ok(())
    }

    /// Forgets old keys.
    pub(crate) fn rotate(&mut self) {
        self.writes.rotate();
        self.keys.rotate();
    }

    /// Returns the number of times that each write was processed, as one digit for each write.
    pub(crate) fn digits(&self) -> Vec<String> {
        let digit = |count: &u8| char::from(b'0' + (*count).min(9));
        let clients = self.processed.iter();
        clients.map(|own| own.iter().map(digit).collect()).collect()
    }
}

/// The result of a comparison.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The number of writes by kind, report, and the number of times they were processed.
    pub(crate) counts: BTreeMap<(WriteKind, Reported, u8), u64>,
    /// The writes that were lost, doubled or reported wrongly.
    pub(crate) violations: Vec<String>,
}

/// Compares the writes of each client with the digits of a ledger.
pub(crate) fn compare(writes: &[Vec<Write>], ledger: &[String]) -> Comparison {
    let mut comparison = Comparison::default();
    for client in 0..writes.len().max(ledger.len()) {
        let own = writes.get(client).map_or(&[][..], Vec::as_slice);
        let digits = ledger.get(client).map_or(&[][..], |text| text.as_bytes());
        for number in 0..own.len().max(digits.len()) {
            let processed = digits.get(number).map_or(0, |digit| digit - b'0');
            let Some(write) = own.get(number) else {
                let text = format!("client {client}: write {number} was never sent");
                comparison.violations.push(text);
                continue;
            };
            let count = (write.kind, write.reported, processed);
            *comparison.counts.entry(count).or_default() += 1;
            if !is_consistent(*write, processed) {
                let (kind, reported) = (write.kind, write.reported);
                let id = WriteId {
                    kind,
                    client,
                    number,
                };
                comparison.violations.push(format!(
                    "write {id}: reported as {reported:?}, processed {processed} times"
                ));
            }
        }
    }
    comparison
}

fn is_consistent(write: Write, processed: u8) -> bool {
    let is_repeatable = write.kind == WriteKind::Replacing;
    match write.reported {
        Reported::Success => processed == 1 || is_repeatable && processed > 0,
        Reported::NotProcessed => processed == 0,
        Reported::Unknown => processed <= 1 || is_repeatable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Reported::{NotProcessed, Success, Unknown};
    use WriteKind::{Keyed, Replacing, Unkeyed};

    fn violations(kind: WriteKind, reported: Reported, digits: &str) -> Vec<String> {
        let writes = vec![vec![Write { kind, reported }]];
        compare(&writes, &[digits.to_owned()]).violations
    }

    #[test]
    fn accepts_consistent_ledgers() {
        for (kind, reported, digits) in [
            (Keyed, Success, "1"),
            (Unkeyed, Success, "1"),
            (Replacing, Success, "3"),
            (Keyed, Unknown, "0"),
            (Unkeyed, Unknown, "1"),
            (Unkeyed, Unknown, ""),
            (Replacing, Unknown, "2"),
            (Keyed, NotProcessed, "0"),
        ] {
            assert_eq!(violations(kind, reported, digits), [""; 0], "{digits}");
        }
    }

    #[test]
    fn detects_a_doubled_write() {
        assert_eq!(
            violations(Keyed, Success, "2"),
            ["write k-0-0: reported as Success, processed 2 times"]
        );
        assert_eq!(violations(Unkeyed, Success, "2").len(), 1);
        assert_eq!(violations(Unkeyed, Unknown, "2").len(), 1);
    }

    #[test]
    fn detects_a_lost_write() {
        for kind in [Keyed, Unkeyed, Replacing] {
            assert_eq!(violations(kind, Success, "0").len(), 1);
            assert_eq!(violations(kind, Success, "").len(), 1);
        }
    }

    #[test]
    fn detects_a_wrong_report_and_an_unknown_write() {
        assert_eq!(violations(Unkeyed, NotProcessed, "1").len(), 1);
        assert_eq!(
            compare(&[], &["1".to_owned()]).violations,
            ["client 0: write 0 was never sent"]
        );
    }

    #[test]
    fn a_keyed_write_is_processed_once() {
        let id = |text| WriteId::parse(text).unwrap();
        let mut ledger = Ledger::default();
        assert_eq!(ledger.process(id("k-0-1"), Some("a")), Ok(()));
        assert_eq!(ledger.process(id("k-0-1"), Some("a")), Ok(()));
        assert_eq!(ledger.process(id("u-1-0"), None), Ok(()));
        assert_eq!(ledger.process(id("u-1-0"), None), Ok(()));
        assert_eq!(ledger.digits(), ["01", "2"]);
    }

    #[test]
    fn reports_wrong_keys() {
        let id = |text| WriteId::parse(text).unwrap();
        let mut ledger = Ledger::default();
        assert_eq!(ledger.process(id("k-0-0"), Some("a")), Ok(()));
        for (write, key) in [
            ("k-0-0", Some("b")),
            ("k-0-1", Some("a")),
            ("k-0-2", None),
            ("u-0-3", Some("c")),
        ] {
            assert!(ledger.process(id(write), key).is_err(), "{write} {key:?}");
        }
        assert_eq!(ledger.digits(), ["1"]);
    }
}
