//! The encoded arguments of a call.

use std::ops::Range;

use crate::style::InvalidArgument;

/// The number of bytes that are reserved for the texts of all arguments. Enough for most calls.
const RESERVED: usize = 128;

/// The arguments of a call. Their texts share one buffer, because each allocation costs time.
#[derive(Clone)]
pub(crate) struct Arguments {
    /// The arguments, in the order of the operation's parameters.
    arguments: Vec<Argument>,
    /// The texts of the arguments, one after another.
    texts: String,
}

/// An encoded argument.
#[derive(Clone)]
enum Argument {
    /// Nothing is sent.
    Unset,
    /// A part of the texts.
    Text(Range<usize>),
    Invalid(InvalidArgument),
}

impl Arguments {
    /// Creates the arguments of this number of parameters. None of them is set.
    pub(crate) fn new(parameters: usize) -> Arguments {
        Arguments {
            arguments: vec![Argument::Unset; parameters],
            texts: String::new(),
        }
    }

    /// Sets the argument at `index` to the text that `encode` appends. It returns false if nothing
    /// is sent.
    pub(crate) fn set(
        &mut self,
        index: usize,
        encode: impl FnOnce(&mut String) -> Result<bool, InvalidArgument>,
    ) {
        let Some(argument) = self.arguments.get_mut(index) else {
            return;
        };
        let texts = &mut self.texts;
        if texts.is_empty() {
            texts.reserve(RESERVED);
        }
        let start = texts.len();
        *argument = match encode(texts) {
            Ok(true) => Argument::Text(start..texts.len()),
            Ok(false) => Argument::Unset,
            Err(error) => Argument::Invalid(error),
        };
    }

    /// Returns the text of the argument at `index`. `None` if nothing is sent.
    pub(crate) fn text(&self, index: usize) -> Result<Option<&str>, InvalidArgument> {
        match self.arguments.get(index) {
            Some(Argument::Text(range)) => Ok(self.texts.get(range.clone())),
            Some(Argument::Invalid(error)) => Err(error.clone()),
            Some(Argument::Unset) | None => Ok(None),
        }
    }
}
