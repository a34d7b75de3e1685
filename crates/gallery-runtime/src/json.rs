//! Serialization to JSON. In contrast to `serde_json`, rejects NaN and infinity, which JSON cannot
//! represent, instead of writing `null`. Errors contain a JSON pointer to the value.

use std::cell::RefCell;
use std::fmt::Display;

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Value;

/// Serializes a value to JSON text. An error is a message with the location of the value.
pub(crate) fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(128);
    with_path(value, |value| {
        value.serialize(&mut serde_json::Serializer::new(&mut out))
    })?;
    Ok(out)
}

/// Converts a value to a JSON value. An error is a message with the location of the value.
pub(crate) fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, String> {
    with_path(value, |value| {
        value.serialize(serde_json::value::Serializer)
    })
}

fn with_path<T: Serialize + ?Sized, R>(
    value: &T,
    serialize: impl FnOnce(Checked<'_, &T>) -> Result<R, serde_json::Error>,
) -> Result<R, String> {
    let path = Path::default();
    serialize(Checked {
        inner: value,
        path: &path,
    })
    .map_err(|error| match path.pointer() {
        root if root.is_empty() => error.to_string(),
        pointer => format!("`{pointer}`: {error}"),
    })
}

/// The location of an error, as segments of a JSON pointer. An error adds a segment at each level
/// on its way out, innermost first. Serialization without an error records nothing.
#[derive(Default)]
struct Path(RefCell<Vec<String>>);

impl Path {
    fn locate<T, E>(&self, result: Result<T, E>, segment: impl FnOnce() -> String) -> Result<T, E> {
        if result.is_err() {
            self.0.borrow_mut().push(segment());
        }
        result
    }

    fn pointer(&self) -> String {
        let segments = self.0.borrow();
        let escaped = segments.iter().rev();
        escaped.fold(String::new(), |mut pointer, segment| {
            pointer.push('/');
            pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
            pointer
        })
    }
}

/// A value or serializer whose numbers are checked.
struct Checked<'a, T> {
    inner: T,
    path: &'a Path,
}

impl<T: Serialize + ?Sized> Serialize for Checked<'_, &T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.inner.serialize(Checked {
            inner: serializer,
            path: self.path,
        })
    }
}

/// Implements methods that only forward a scalar.
macro_rules! forward {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        })*
    };
}

impl<'a, S: Serializer> Checked<'a, S> {
    fn compound<C>(
        path: &'a Path,
        variant: Option<&'static str>,
        inner: Result<C, S::Error>,
    ) -> Result<Compound<'a, C>, S::Error> {
        Ok(Compound {
            inner: inner?,
            path,
            variant,
            index: 0,
            key: String::new(),
        })
    }
}

impl<'a, S: Serializer> Serializer for Checked<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Compound<'a, S::SerializeSeq>;
    type SerializeTuple = Compound<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Compound<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Compound<'a, S::SerializeTupleVariant>;
    type SerializeMap = Compound<'a, S::SerializeMap>;
    type SerializeStruct = Compound<'a, S::SerializeStruct>;
    type SerializeStructVariant = Compound<'a, S::SerializeStructVariant>;

    forward! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_char: char,
        serialize_str: &str,
        serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        if !value.is_finite() {
            return Err(not_finite(value));
        }
        self.inner.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        if !value.is_finite() {
            return Err(not_finite(value));
        }
        self.inner.serialize_f64(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let path = self.path;
        self.inner.serialize_some(&Checked { inner: value, path })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let path = self.path;
        self.inner
            .serialize_newtype_struct(name, &Checked { inner: value, path })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let path = self.path;
        let value = Checked { inner: value, path };
        let result = self
            .inner
            .serialize_newtype_variant(name, index, variant, &value);
        path.locate(result, || variant.to_owned())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Self::compound(self.path, None, self.inner.serialize_seq(len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        Self::compound(self.path, None, self.inner.serialize_tuple(len))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        let inner = self.inner.serialize_tuple_struct(name, len);
        Self::compound(self.path, None, inner)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        let inner = self
            .inner
            .serialize_tuple_variant(name, index, variant, len);
        Self::compound(self.path, Some(variant), inner)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Self::compound(self.path, None, self.inner.serialize_map(len))
    }

    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        Self::compound(self.path, None, self.inner.serialize_struct(name, len))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        let inner = self
            .inner
            .serialize_struct_variant(name, index, variant, len);
        Self::compound(self.path, Some(variant), inner)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

fn not_finite<E: serde::ser::Error>(value: impl Display) -> E {
    E::custom(format_args!("{value} is not a finite number"))
}

/// A list or object whose numbers are checked.
struct Compound<'a, C> {
    inner: C,
    path: &'a Path,
    /// The variant of an enum that contains the list or object.
    variant: Option<&'static str>,
    /// The index of the next item.
    index: usize,
    /// The key of the next value, if it was serialized separately.
    key: String,
}

impl<C> Compound<'_, C> {
    fn locate<E>(&self, result: Result<(), E>, segment: impl FnOnce() -> String) -> Result<(), E> {
        let result = self.path.locate(result, segment);
        match self.variant {
            Some(variant) => self.path.locate(result, || variant.to_owned()),
            None => result,
        }
    }
}

/// Implements a trait for lists.
macro_rules! list {
    ($($trait:ident::$method:ident,)*) => {
        $(impl<C: $trait> $trait for Compound<'_, C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
                let (path, index) = (self.path, self.index);
                self.index += 1;
                let result = self.inner.$method(&Checked { inner: value, path });
                self.locate(result, || index.to_string())
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.inner.end()
            }
        })*
    };
}

list! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

/// Implements a trait for objects with constant keys.
macro_rules! object {
    ($($trait:ident,)*) => {
        $(impl<C: $trait> $trait for Compound<'_, C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), C::Error> {
                let path = self.path;
                let result = self.inner.serialize_field(key, &Checked { inner: value, path });
                self.locate(result, || key.to_owned())
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.inner.end()
            }
        })*
    };
}

object! {
    SerializeStruct,
    SerializeStructVariant,
}

impl<C: SerializeMap> SerializeMap for Compound<'_, C> {
    type Ok = C::Ok;
    type Error = C::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), C::Error> {
        self.key = text_of(key);
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
        let path = self.path;
        let result = self.inner.serialize_value(&Checked { inner: value, path });
        self.locate(result, || self.key.clone())
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), C::Error> {
        let path = self.path;
        let value = Checked { inner: value, path };
        let result = self.inner.serialize_entry(key, &value);
        self.locate(result, || text_of(key))
    }

    fn end(self) -> Result<C::Ok, C::Error> {
        self.inner.end()
    }
}

/// Returns the text of an object's key.
fn text_of<K: Serialize + ?Sized>(key: &K) -> String {
    match serde_json::to_value(key) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests;
