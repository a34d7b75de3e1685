//! Reads and writes structs whose values are JSON objects. For the derive macro
//! [`Object`](crate::Object).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A struct that can be read from a JSON object.
pub trait ReadObject: Sized {
    /// The names of the properties.
    const NAMES: &'static [&'static str];

    /// Reads a value.
    fn read<'de, A: MapAccess<'de>>(reader: &mut ObjectReader<A>) -> Result<Self, A::Error>;
}

/// Reads a JSON object. Values of another JSON type, such as arrays, are errors.
pub fn read<'de, T: ReadObject, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: ReadObject> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut reader = ObjectReader {
            map,
            names: T::NAMES,
            expected: 0,
            other: String::new(),
        };
        T::read(&mut reader)
    }
}

/// Reads the properties of an object, one after another.
pub struct ObjectReader<A> {
    map: A,
    names: &'static [&'static str],
    /// The index of the property that probably comes next: the one after the last of `names`.
    expected: usize,
    /// The name of the current property, if `names` does not contain it.
    other: String,
}

impl<'de, A: MapAccess<'de>> ObjectReader<A> {
    /// Reads the name of the next property and returns its index. For other names, returns the
    /// number of names.
    #[allow(clippy::should_implement_trait, reason = "the result is no `Option`")]
    pub fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let seed = NameSeed {
            names: self.names,
            expected: self.expected,
            other: &mut self.other,
        };
        let Some(property) = self.map.next_key_seed(seed)? else {
            return Ok(None);
        };
        if let Some(index) = property {
            self.expected = index + 1;
        }
        Ok(Some(property.unwrap_or(self.names.len())))
    }

    /// Reads the value of the current property.
    pub fn value<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.check_first(slot.is_some())?;
        *slot = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads the value of the current property. Null is `None`.
    pub fn optional<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.check_first(slot.is_some())?;
        *slot = self.map.next_value()?;
        Ok(())
    }

    /// Reads the value of a property that no field has.
    pub fn other<K, V, M>(&mut self, values: &mut M) -> Result<(), A::Error>
    where
        K: From<String>,
        V: Deserialize<'de>,
        M: Extend<(K, V)>,
    {
        let name = std::mem::take(&mut self.other);
        let value = self.map.next_value()?;
        values.extend([(K::from(name), value)]);
        Ok(())
    }

    /// Skips the value of the current property.
    pub fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }

    /// Returns the value of a required property, or an error if it is absent.
    pub fn required<T>(&self, slot: Option<T>, index: usize) -> Result<T, A::Error> {
        let name = self.names.get(index).copied().unwrap_or_default();
        slot.ok_or_else(|| A::Error::missing_field(name))
    }

    /// Returns an error if the current property, which is one of `names`, already has a value.
    fn check_first(&self, has_value: bool) -> Result<(), A::Error> {
        match self.names.get(self.expected.saturating_sub(1)) {
            Some(name) if has_value => Err(A::Error::duplicate_field(name)),
            _ => Ok(()),
        }
    }
}

/// Reads a name and returns its index.
struct NameSeed<'r> {
    names: &'static [&'static str],
    expected: usize,
    other: &'r mut String,
}

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        // Most objects have their properties in the order of the document.
        if self
            .names
            .get(self.expected)
            .is_some_and(|name| *name == text)
        {
            return Ok(Some(self.expected));
        }
        let found = self.names.iter().position(|name| *name == text);
        if found.is_none() {
            text.clone_into(self.other);
        }
        Ok(found)
    }
}

/// Writes the properties of an object, one after another. After an error, it writes nothing more.
pub struct ObjectWriter<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> ObjectWriter<S> {
    /// Starts an object.
    pub fn new(serializer: S) -> Self {
        ObjectWriter(serializer.serialize_map(None))
    }

    /// Writes a property.
    #[must_use]
    pub fn value<T: Serialize>(self, name: &'static str, value: &T) -> Self {
        ObjectWriter(self.0.and_then(|mut map| {
            map.serialize_entry(name, value)?;
            Ok(map)
        }))
    }

    /// Writes a property, unless it is `None`.
    #[must_use]
    pub fn optional<T: Serialize>(self, name: &'static str, value: &Option<T>) -> Self {
        match value {
            Some(value) => self.value(name, value),
            None => self,
        }
    }

    /// Writes properties.
    #[must_use]
    pub fn other<'v, K, V>(self, values: impl IntoIterator<Item = (&'v K, &'v V)>) -> Self
    where
        K: Serialize + 'v,
        V: Serialize + 'v,
    {
        ObjectWriter(self.0.and_then(|mut map| {
            for (name, value) in values {
                map.serialize_entry(name, value)?;
            }
            Ok(map)
        }))
    }

    /// Ends the object.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}
