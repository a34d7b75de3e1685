//! Enums whose values are strings.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Reads a value from a string. For [`string_enum`](crate::string_enum).
#[doc(hidden)]
pub fn from_string<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    struct FromStr<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for FromStr<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            Ok(text.into())
        }
    }

    deserializer.deserialize_str(FromStr(PhantomData))
}

/// Declares an enum whose values are strings.
///
/// The first variant keeps values that the API's document does not list, and sends them unchanged.
///
/// ```
/// gallery_runtime::string_enum! {
///     /// The state of a loan.
///     pub enum State {
///         Unknown(String),
///         Open = "open",
///         OverDue = "over due",
///     }
/// }
///
/// assert_eq!(State::from("open"), State::Open);
/// assert_eq!(State::OverDue.as_str(), "over due");
/// assert_eq!(State::from("lost").to_string(), "lost");
/// ```
#[macro_export]
macro_rules! string_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $unknown:ident(String),
            $($variant:ident = $value:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $value, "`")] $variant,)*
            /// Any other value.
            $unknown(String),
        }

        impl $name {
            /// All values that the API's document lists.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Returns the value as it is sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $value,)*
                    $name::$unknown(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => $name::$variant,)*
                    other => $name::$unknown(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                $name::from(value.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> Result<S::Ok, S::Error>
            where
                S: $crate::serde::Serializer,
            {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> Result<Self, D::Error>
            where
                D: $crate::serde::Deserializer<'de>,
            {
                $crate::from_string(deserializer)
            }
        }

        impl $crate::Text for $name {}
    };
}
