//! Unions whose alternatives differ in the value of a property, the tag.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Reads an object and its tag: a string, or the JSON of a number or Boolean. For
/// [`tagged_union`](crate::tagged_union).
#[doc(hidden)]
pub fn read_tagged<'de, D: Deserializer<'de>>(
    deserializer: D,
    tag: &'static str,
) -> Result<(Option<String>, Value), D::Error> {
    let value = Value::deserialize(deserializer)?;
    let Value::Object(object) = &value else {
        return Err(D::Error::custom("not an object"));
    };
    let text = match object.get(tag) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(scalar @ (Value::Bool(_) | Value::Number(_))) => Some(scalar.to_string()),
        _ => None,
    };
    Ok((text, value))
}

/// Reads the alternative of a union. For [`tagged_union`](crate::tagged_union).
#[doc(hidden)]
pub fn read_alternative<T: DeserializeOwned, E: serde::de::Error>(value: Value) -> Result<T, E> {
    serde_json::from_value(value).map_err(E::custom)
}

/// Writes a value with a tag that it does not contain. For [`tagged_union`](crate::tagged_union).
#[doc(hidden)]
pub fn write_with_tag<T: Serialize, S: Serializer>(
    tag: &'static str,
    text: &'static str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct WithTag<'a, T> {
        #[serde(flatten)]
        tag: std::collections::BTreeMap<&'a str, &'a str>,
        #[serde(flatten)]
        value: &'a T,
    }
    let tag = [(tag, text)].into();
    WithTag { tag, value }.serialize(serializer)
}

/// Declares an enum whose variants differ in the value of a property.
///
/// The first variant keeps objects without a tag that the API's document lists, and sends them
/// unchanged. `with tag` marks a variant whose type does not contain the tag.
///
/// ```
/// #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
/// pub struct Cat {
///     kind: String,
/// }
///
/// #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
/// pub struct Dog {}
///
/// gallery_runtime::tagged_union! {
///     /// A pet.
///     pub enum Pet("kind") {
///         Unknown(serde_json::Value),
///         Cat(Cat) = "cat" | "kitten",
///         Dog(Dog) = "dog" with tag,
///     }
/// }
///
/// let pet: Pet = serde_json::from_str(r#"{"kind": "cat"}"#).unwrap();
/// assert_eq!(pet, Pet::Cat(Cat { kind: "cat".to_owned() }));
/// assert_eq!(serde_json::to_string(&Pet::Dog(Dog {})).unwrap(), r#"{"kind":"dog"}"#);
/// let pet: Pet = serde_json::from_str(r#"{"kind": "fish"}"#).unwrap();
/// assert!(matches!(pet, Pet::Unknown(_)));
/// assert_eq!(Pet::TAG_VALUES, ["cat", "kitten", "dog"]);
/// ```
#[macro_export]
macro_rules! tagged_union {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident($tag:literal) {
            $unknown:ident(serde_json::Value),
            $($variant:ident($kind:ty) = $first:literal $(| $value:literal)* $(with $with:ident)?,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $tag, "`: `", $first, "`" $(, ", `", $value, "`")*)] $variant($kind),)*
            /// Any other value.
            $unknown(serde_json::Value),
        }

        impl $name {
            /// All values of the tag that the API's document lists.
            pub const TAG_VALUES: &'static [&'static str] =
                &[$($first $(, $value)*),*];
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> Result<Self, D::Error>
            where
                D: $crate::serde::Deserializer<'de>,
            {
                let (tag, value) = $crate::read_tagged(deserializer, $tag)?;
                match tag.as_deref() {
                    $(Some($first $(| $value)*) => $crate::read_alternative(value).map($name::$variant),)*
                    _ => Ok($name::$unknown(value)),
                }
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> Result<S::Ok, S::Error>
            where
                S: $crate::serde::Serializer,
            {
                match self {
                    $($name::$variant(value) =>
                        $crate::tagged_union!(@write value serializer $tag $first $($with)?),)*
                    $name::$unknown(value) => $crate::serde::Serialize::serialize(value, serializer),
                }
            }
        }
    };
    (@write $value:ident $serializer:ident $tag:literal $text:literal) => {
        $crate::serde::Serialize::serialize($value, $serializer)
    };
    (@write $value:ident $serializer:ident $tag:literal $text:literal $with:ident) => {
        $crate::write_with_tag($tag, $text, $value, $serializer)
    };
}
