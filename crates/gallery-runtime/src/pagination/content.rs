//! Reads the items of a page, and what the page says about the list, in one pass.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::body_part::segments;

/// The content of a page.
#[derive(Debug)]
pub(super) struct PageContent<T> {
    pub(super) items: Vec<T>,
    pub(super) facts: PageFacts,
}

/// The facts in a page about the list.
#[derive(Debug, Default)]
pub(super) struct PageFacts {
    /// The cursor or link of the next page.
    pub(super) next: Option<Value>,
    pub(super) more: Option<bool>,
    pub(super) total: Option<u64>,
}

impl<T> Default for PageContent<T> {
    fn default() -> Self {
        PageContent {
            items: Vec::new(),
            facts: PageFacts::default(),
        }
    }
}

/// A part of a page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Items,
    Next,
    More,
    Total,
    /// The list whose last item has [`Part::Next`].
    LastItem,
}

/// The segments of the JSON pointer of a part.
#[derive(Clone, Debug)]
pub(super) struct PartPointer {
    part: Part,
    segments: Vec<String>,
}

impl PartPointer {
    pub(super) fn new(part: Part, pointer: &str) -> PartPointer {
        PartPointer {
            part,
            segments: segments(pointer),
        }
    }
}

/// The parts of a page.
#[derive(Clone, Debug)]
pub(super) struct PageParts {
    pub(super) parts: Vec<PartPointer>,
    /// The part of the last item that is the next cursor, and the list of items.
    pub(super) last: Option<(PartPointer, PartPointer)>,
}

impl PageParts {
    /// Reads a page.
    pub(super) fn read<'de, T: Deserialize<'de>>(
        &self,
        json: &'de [u8],
    ) -> Result<PageContent<T>, serde_json::Error> {
        let mut content = read(&self.parts, None, json)?;
        if let Some((list, next)) = &self.last {
            let last: PageContent<IgnoredAny> = read(std::slice::from_ref(list), Some(next), json)?;
            content.facts.next = last.facts.next;
        }
        Ok(content)
    }
}

fn read<'de, T: Deserialize<'de>>(
    parts: &[PartPointer],
    of_item: Option<&PartPointer>,
    json: &'de [u8],
) -> Result<PageContent<T>, serde_json::Error> {
    let mut content = PageContent::default();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let seed = PartSeed {
        wanted: Wanted::all(parts),
        of_item,
        content: &mut content,
    };
    seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(content)
}

/// The parts that are at or below a value.
#[derive(Clone, Copy)]
struct Wanted<'p> {
    parts: &'p [PartPointer],
    /// A bit for each part.
    bits: u8,
    /// The depth of the value.
    depth: usize,
}

impl<'p> Wanted<'p> {
    fn all(parts: &'p [PartPointer]) -> Wanted<'p> {
        Wanted {
            parts,
            bits: u8::MAX,
            depth: 0,
        }
    }

    fn each(self) -> impl Iterator<Item = (u8, &'p PartPointer)> {
        let bits = (0..8).map(|shift| 1 << shift).zip(self.parts);
        bits.filter(move |(bit, _)| self.bits & bit != 0)
    }

    /// Returns the part that the value is.
    fn own(self) -> Option<Part> {
        let mut ended = self
            .each()
            .filter(|(_, own)| own.segments.len() == self.depth);
        ended.next().map(|(_, own)| own.part)
    }

    /// Returns the parts at or below a property, or `None`.
    fn below(self, name: &str) -> Option<Wanted<'p>> {
        let named = self
            .each()
            .filter(|(_, own)| own.segments.get(self.depth).is_some_and(|own| own == name));
        let bits = named.fold(0, |bits, (bit, _)| bits | bit);
        (bits != 0).then_some(Wanted {
            bits,
            depth: self.depth + 1,
            ..self
        })
    }
}

/// Reads the wanted parts below one value.
struct PartSeed<'p, 'c, T> {
    wanted: Wanted<'p>,
    of_item: Option<&'p PartPointer>,
    content: &'c mut PageContent<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for PartSeed<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(part) = self.wanted.own() else {
            return deserializer.deserialize_any(self);
        };
        let content = self.content;
        match part {
            Part::Items => {
                content.items = Option::deserialize(deserializer)?.unwrap_or_default();
            }
            Part::Next => content.facts.next = Option::deserialize(deserializer)?,
            Part::More => content.facts.more = Option::deserialize(deserializer)?,
            Part::Total => content.facts.total = Option::deserialize(deserializer)?,
            Part::LastItem => deserializer.deserialize_any(LastItem {
                pointer: self.of_item,
                next: &mut content.facts.next,
            })?,
        }
        Ok(())
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for PartSeed<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            let Some(wanted) = self.wanted.below(&name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            map.next_value_seed(PartSeed {
                wanted,
                of_item: self.of_item,
                content: &mut *self.content,
            })?;
        }
        Ok(())
    }
}

/// The name of a property, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

/// Reads the next cursor of each item, so that the last one is kept.
struct LastItem<'p, 'c> {
    pointer: Option<&'p PartPointer>,
    next: &'c mut Option<Value>,
}

impl<'de> Visitor<'de> for LastItem<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            let mut item = PageContent::<IgnoredAny>::default();
            let seed = PartSeed {
                wanted: Wanted::all(self.pointer.map(std::slice::from_ref).unwrap_or_default()),
                of_item: None,
                content: &mut item,
            };
            match list.next_element_seed(seed)? {
                Some(()) => *self.next = item.facts.next,
                None => return Ok(()),
            }
        }
    }
}
