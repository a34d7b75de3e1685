//! Arguments that are sent as text.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// An argument that is sent as text: a string, a number or a Boolean.
///
/// APIs often declare numbers as strings, or declare no type at all. Methods therefore accept
/// `"20"` and `20`.
pub trait Text: Serialize {}

impl Text for str {}
impl Text for String {}
impl Text for Cow<'_, str> {}
impl<T: Text + ?Sized> Text for &T {}

macro_rules! text {
    ($($type:ty)*) => {
        $(impl Text for $type {})*
    };
}

text!(bool char f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A [`Text`], or an `Option` of it. `None` is not sent.
pub trait OptionalText: Serialize {}

impl<T: Text> OptionalText for T {}
impl<T: Text> OptionalText for Option<T> {}

/// A list of arguments. Serializes an iterator once.
pub(crate) struct List<I>(std::cell::Cell<Option<I>>);

impl<I> List<I> {
    pub(crate) fn new(items: I) -> List<I> {
        List(std::cell::Cell::new(Some(items)))
    }
}

impl<I> Serialize for List<I>
where
    I: IntoIterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}
