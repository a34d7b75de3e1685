//! Descriptions of operations, which generated code contains as constants.

use serde::Serialize;
use serde_json::Value;

use crate::decode::Content;
use crate::json;
use crate::operation::{AuthScheme, OperationInfo};
use crate::pagination::Pagination;
use crate::scalar::with_scalar;
use crate::style::{self, Flat, InvalidArgument, Style};

/// The style of a form field, if it differs from the default: name, style and `explode`.
pub type FieldStyle = (&'static str, Style, bool);

/// A list of statuses. A single digit stands for a range, such as `5` for `5XX`.
pub type Statuses = &'static [u16];

/// The request and the responses of an operation. For generated code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub(crate) info: OperationInfo,
    pub(crate) method: &'static str,
    /// The path with encoded literals, where it differs from the path template.
    pub(crate) encoded_path: Option<&'static str>,
    pub(crate) server: Option<(&'static str, Option<&'static str>)>,
    pub(crate) constants: &'static [(Parameter, &'static str)],
    pub(crate) parameters: &'static [Parameter],
    pub(crate) accept: Option<&'static str>,
    pub(crate) media_type: &'static str,
    pub(crate) fields: &'static [FieldStyle],
    successes: Option<Statuses>,
    errors: Option<Statuses>,
    empty: Statuses,
    text: Statuses,
    not_text: Statuses,
    pub(crate) pagination: Option<Pagination>,
    /// The media type of events, and the encoding of their data.
    pub(crate) events: Option<(&'static str, Content)>,
}

impl Operation {
    /// Creates the description of an operation without parameters: its id, HTTP method and path
    /// template.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Operation {
        Operation {
            info: OperationInfo::new(id, path),
            method,
            encoded_path: None,
            server: None,
            constants: &[],
            parameters: &[],
            accept: None,
            media_type: "",
            fields: &[],
            successes: None,
            errors: None,
            empty: &[],
            text: &[],
            not_text: &[],
            pagination: None,
            events: None,
        }
    }

    /// Sets the path as it is sent, with variables in braces.
    #[must_use]
    pub const fn encoded_path(mut self, path: &'static str) -> Operation {
        self.encoded_path = Some(path);
        self
    }

    /// Sets the server that the operation uses instead of the base URL, and its default URL.
    #[must_use]
    pub const fn server(
        mut self,
        server: &'static str,
        default: Option<&'static str>,
    ) -> Operation {
        self.server = Some((server, default));
        self
    }

    /// Sets the parameters with a fixed value, which are sent first.
    #[must_use]
    pub const fn constants(mut self, constants: &'static [(Parameter, &'static str)]) -> Operation {
        self.constants = constants;
        self
    }

    /// Sets the parameters, in the order in which they are sent.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Operation {
        self.parameters = parameters;
        self
    }

    /// Sets the media types of all responses, for `Accept`.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Operation {
        self.accept = Some(media_types);
        self
    }

    /// Sets the media type of the body. Empty if the body has no certain media type.
    #[must_use]
    pub const fn body(mut self, media_type: &'static str) -> Operation {
        self.media_type = media_type;
        self
    }

    /// Sets the fields of a form whose style differs from the default.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [FieldStyle]) -> Operation {
        self.fields = fields;
        self
    }

    /// Sets the statuses of successes. By default, these are all 2xx statuses.
    #[must_use]
    pub const fn successes(mut self, statuses: Statuses) -> Operation {
        self.successes = Some(statuses);
        self
    }

    /// Sets the statuses of documented errors. By default, these are all 4xx and 5xx statuses.
    #[must_use]
    pub const fn errors(mut self, statuses: Statuses) -> Operation {
        self.errors = Some(statuses);
        self
    }

    /// Sets the statuses whose responses have no content. The body is not decoded.
    #[must_use]
    pub const fn empty(mut self, statuses: Statuses) -> Operation {
        self.empty = statuses;
        self
    }

    /// Sets the statuses whose responses are text.
    #[must_use]
    pub const fn text(mut self, statuses: Statuses) -> Operation {
        self.text = statuses;
        self
    }

    /// Sets the statuses in ranges of [`text`](Operation::text) whose responses are not text.
    #[must_use]
    pub const fn not_text(mut self, statuses: Statuses) -> Operation {
        self.not_text = statuses;
        self
    }

    /// Sets the security requirements. An empty list means that the operation needs no credentials.
    #[must_use]
    pub const fn security(mut self, security: &'static [&'static [AuthScheme]]) -> Operation {
        self.info = self.info.with_security(security);
        self
    }

    /// Sets the pagination of the list that the operation returns.
    #[must_use]
    pub const fn pages(mut self, pagination: Pagination) -> Operation {
        self.pagination = Some(pagination);
        self
    }

    /// Sets the media type of the events that the operation returns. Their data is JSON.
    #[must_use]
    pub const fn events(mut self, media_type: &'static str) -> Operation {
        self.events = Some((media_type, Content::Json));
        self
    }

    /// Sets the media type of the events that the operation returns. Their data is text.
    #[must_use]
    pub const fn text_events(mut self, media_type: &'static str) -> Operation {
        self.events = Some((media_type, Content::Text));
        self
    }

    /// Marks an operation that changes something although its method is `GET` or `HEAD`.
    #[must_use]
    pub const fn side_effects(mut self) -> Operation {
        self.info = self.info.with_side_effects();
        self
    }

    /// Returns true for the statuses of successes.
    pub(crate) fn is_success(&self, status: u16) -> bool {
        contains(self.successes.unwrap_or(&[2]), status)
    }

    /// Returns true for the statuses of documented errors.
    pub(crate) fn is_error(&self, status: u16) -> bool {
        contains(self.errors.unwrap_or(&[4, 5]), status)
    }

    /// Returns how the body of a response with this status is decoded.
    pub(crate) fn content(&self, status: u16) -> Content {
        match () {
            () if contains(self.empty, status) => Content::Empty,
            () if contains(self.text, status) && !self.not_text.contains(&status) => Content::Text,
            () => Content::Json,
        }
    }

    /// Returns the path as it is sent, with variables in braces.
    pub(crate) fn sent_path(&self) -> &'static str {
        self.encoded_path.unwrap_or(self.info.path)
    }
}

fn contains(statuses: Statuses, status: u16) -> bool {
    statuses.contains(&status) || statuses.contains(&(status / 100))
}

/// The location of a parameter in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// A parameter of an operation. For generated code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) location: Location,
    pub(crate) name: &'static str,
    style: Style,
    explode: bool,
    allows_slashes: bool,
}

impl Parameter {
    const fn new(location: Location, name: &'static str, style: Style, explode: bool) -> Parameter {
        Parameter {
            location,
            name,
            style,
            explode,
            allows_slashes: false,
        }
    }

    /// Creates a path parameter.
    pub const fn path(name: &'static str) -> Parameter {
        Parameter::new(Location::Path, name, Style::Simple, false)
    }

    /// Creates a query parameter.
    pub const fn query(name: &'static str) -> Parameter {
        Parameter::new(Location::Query, name, Style::Form, true)
    }

    /// Creates a header parameter.
    pub const fn header(name: &'static str) -> Parameter {
        Parameter::new(Location::Header, name, Style::Simple, false)
    }

    /// Creates a cookie parameter.
    pub const fn cookie(name: &'static str) -> Parameter {
        Parameter::new(Location::Cookie, name, Style::Form, true)
    }

    /// Sets style and `explode`.
    #[must_use]
    pub const fn style(mut self, style: Style, explode: bool) -> Parameter {
        self.style = style;
        self.explode = explode;
        self
    }

    /// Marks a path parameter whose slashes separate segments, such as `projects/p/keys/k`.
    #[must_use]
    pub const fn with_slashes(mut self) -> Parameter {
        self.allows_slashes = true;
        self
    }

    /// Appends an argument: `VALUE` in a path or header, `&NAME=VALUE` in a query, and
    /// `; NAME=VALUE` in a cookie. Returns false if there is nothing to send.
    pub(crate) fn encode<T: Serialize + ?Sized>(
        &self,
        out: &mut String,
        value: &T,
    ) -> Result<bool, InvalidArgument> {
        // JSON has quotation marks around strings.
        if self.style != Style::Json {
            let scalar = with_scalar(value, |text| {
                self.write(out, text.map_or(Flat::Null, Flat::Text))
            });
            if let Some(result) = scalar {
                return result;
            }
        }
        self.encode_json(out, json::to_value(value))
    }

    /// Appends an argument that was serialized, as [`encode`](Parameter::encode) does.
    pub(crate) fn encode_json(
        &self,
        out: &mut String,
        value: Result<Value, String>,
    ) -> Result<bool, InvalidArgument> {
        let Parameter { name, style, .. } = *self;
        let value = value.map_err(|error| {
            InvalidArgument(format!(
                "argument `{name}`: cannot serialize the value: {error}"
            ))
        })?;
        style::with_flat(name, style, &value, |value| self.write(out, value))
    }

    fn write(&self, out: &mut String, value: Flat<'_>) -> Result<bool, InvalidArgument> {
        let Parameter {
            name,
            style,
            explode,
            ..
        } = *self;
        let start = out.len();
        match self.location {
            Location::Path if self.allows_slashes => style::segments(out, name, value)?,
            Location::Path => style::path(out, name, style, explode, value)?,
            Location::Query => style::pairs(out, name, style, explode, value)?,
            Location::Header => return style::header(out, name, explode, value),
            Location::Cookie => style::cookie(out, name, value),
        }
        Ok(out.len() > start)
    }
}
