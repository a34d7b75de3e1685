//! The closed list of reasons to reduce a document, which `docs/dropped.md` explains.

/// A reason to change or remove a part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReductionReason {
    /// The path of an operation cannot be sent.
    Path,
    /// The fragment of a path has a value without a parameter.
    Constant,
    /// A required parameter cannot be sent.
    RequiredParameter,
    /// The name of a header or cookie is not valid.
    ParameterName,
    /// A header is declared twice.
    RepeatedHeader,
    /// The path has no variable for a path parameter.
    SuperfluousPathParameter,
    /// A reference to a parameter that does not exist.
    DanglingParameter,
    /// A path variable has no parameter.
    UndeclaredPathVariable,
    /// The style of a parameter does not define how to send its schema.
    ParameterStyle,
    /// The media type of a parameter's `content` is neither JSON nor plain text.
    ParameterContent,
    /// The body has no usable media type.
    BodyMediaType,
    /// The schema of a form is not an object.
    FormSchema,
    /// A reference to a response that does not exist.
    DanglingResponse,
    /// The media type of a response is not a valid header value.
    ResponseMediaType,
    /// A reference to a schema that does not exist.
    DanglingSchema,
}

impl ReductionReason {
    /// Every reason.
    pub const ALL: [ReductionReason; 15] = [
        ReductionReason::Path,
        ReductionReason::Constant,
        ReductionReason::RequiredParameter,
        ReductionReason::ParameterName,
        ReductionReason::RepeatedHeader,
        ReductionReason::SuperfluousPathParameter,
        ReductionReason::DanglingParameter,
        ReductionReason::UndeclaredPathVariable,
        ReductionReason::ParameterStyle,
        ReductionReason::ParameterContent,
        ReductionReason::BodyMediaType,
        ReductionReason::FormSchema,
        ReductionReason::DanglingResponse,
        ReductionReason::ResponseMediaType,
        ReductionReason::DanglingSchema,
    ];

    /// Returns the stable code of the reason, which diagnostics carry.
    pub fn code(self) -> &'static str {
        match self {
            ReductionReason::Path => "unusable-path",
            ReductionReason::Constant => "undeclared-constant",
            ReductionReason::RequiredParameter => "required-parameter",
            ReductionReason::ParameterName => "parameter-name",
            ReductionReason::RepeatedHeader => "repeated-header",
            ReductionReason::SuperfluousPathParameter => "superfluous-path-parameter",
            ReductionReason::DanglingParameter => "dangling-parameter",
            ReductionReason::UndeclaredPathVariable => "undeclared-path-variable",
            ReductionReason::ParameterStyle => "parameter-style",
            ReductionReason::ParameterContent => "parameter-content",
            ReductionReason::BodyMediaType => "body-media-type",
            ReductionReason::FormSchema => "form-schema",
            ReductionReason::DanglingResponse => "dangling-response",
            ReductionReason::ResponseMediaType => "response-media-type",
            ReductionReason::DanglingSchema => "dangling-schema",
        }
    }

    /// Returns the part with the defect, in one line.
    pub fn meaning(self) -> &'static str {
        match self {
            ReductionReason::Path => {
                "the path is not a template, has a query string, or has a segment `.` or `..`"
            }
            ReductionReason::Constant => {
                "the fragment of the path has a value that no required parameter declares"
            }
            ReductionReason::RequiredParameter => {
                "a required header or cookie has a name that cannot be sent"
            }
            ReductionReason::ParameterName => {
                "an optional header or cookie has a name that cannot be sent"
            }
            ReductionReason::RepeatedHeader => "a header is declared twice, in different case",
            ReductionReason::SuperfluousPathParameter => "the path has no variable of that name",
            ReductionReason::DanglingParameter => "the `$ref` of a parameter leads nowhere",
            ReductionReason::UndeclaredPathVariable => "a variable of the path has no parameter",
            ReductionReason::ParameterStyle => {
                "the style of the parameter does not define how to send its schema"
            }
            ReductionReason::ParameterContent => {
                "the media type of the parameter is neither JSON nor plain text"
            }
            ReductionReason::BodyMediaType => "the body has no valid media type, or does not exist",
            ReductionReason::FormSchema => "the schema of a form is not an object",
            ReductionReason::DanglingResponse => "the `$ref` of a response leads nowhere",
            ReductionReason::ResponseMediaType => {
                "the media type of the response is not a valid header value"
            }
            ReductionReason::DanglingSchema => "the `$ref` of a schema leads nowhere",
        }
    }

    /// Returns what becomes of the part.
    pub fn result(self) -> &'static str {
        match self {
            ReductionReason::Path
            | ReductionReason::Constant
            | ReductionReason::RequiredParameter => "the operation is dropped",
            ReductionReason::ParameterName
            | ReductionReason::RepeatedHeader
            | ReductionReason::SuperfluousPathParameter
            | ReductionReason::DanglingParameter => "the parameter is removed",
            ReductionReason::UndeclaredPathVariable | ReductionReason::ParameterContent => {
                "the parameter is text"
            }
            ReductionReason::ParameterStyle => {
                "lists and objects in the value become text, or the style or the name changes"
            }
            ReductionReason::BodyMediaType => "the body is bytes of any media type",
            ReductionReason::FormSchema => "the form has any fields",
            ReductionReason::DanglingResponse | ReductionReason::ResponseMediaType => {
                "the response is untyped"
            }
            ReductionReason::DanglingSchema => "the value is any JSON",
        }
    }

    /// Returns true if the reason costs an operation.
    pub fn drops_operation(self) -> bool {
        matches!(
            self,
            ReductionReason::Path | ReductionReason::Constant | ReductionReason::RequiredParameter
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_lists_every_reason() {
        let row = |reason: ReductionReason| {
            let (code, meaning, result) = (reason.code(), reason.meaning(), reason.result());
            format!("| `{code}` | {meaning} | {result} |")
        };
        let page = include_str!("../../../../docs/dropped.md");
        let (_, section) = page.split_once("## Reduced clients").unwrap();
        let rows: Vec<&str> = section
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(rows, ReductionReason::ALL.map(row));
    }
}
