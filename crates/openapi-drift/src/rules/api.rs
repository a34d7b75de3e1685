//! Rules about endpoints, and about what they take and answer beside its schemas.

use super::table;

table! { ENDPOINTS "Endpoints" {
    ENDPOINT_ADDED "endpoint-added" <> "endpoint-removed": Safe Safe Safe docs
        "an endpoint was added", "the client gets a method for it", "nothing → `GET /a`";
    ENDPOINT_REMOVED "endpoint-removed" <> "endpoint-added": Breaking Breaking Breaking docs
        "an endpoint was removed", "calls of it are refused, and the client's method is gone", "`GET /a` → nothing";
    PATH_VARIABLE_RENAMED "path-variable-renamed" <> "path-variable-renamed": None None Breaking docs
        "a variable of the path has another name", "the URL is the same, but the client's setter is called by it", "`/a/{id}` → `/a/{a_id}`";
    OPERATION_ID_RENAMED "operation-id-renamed" <> "operation-id-renamed": None None Breaking docs
        "an operation has another id", "the client's method and builder are called by it", "`operationId: a` → `operationId: b`";
    TAGS_CHANGED "tags-changed" <> "tags-changed": None None None docs
        "an operation has other tags", "it is grouped otherwise where people read about it", "`tags: [a]` → `tags: [b]`";
    DEPRECATED "deprecated" <> "undeprecated": None None None docs
        "a part is deprecated", "it still works, and may be removed later", "nothing → `deprecated: true`";
    UNDEPRECATED "undeprecated" <> "deprecated": None None None docs
        "a part is not deprecated any more", "it is there to stay", "`deprecated: true` → nothing";
    CALLBACK_ADDED "callback-added" <> "callback-removed": Risky Risky None -
        "a callback was added", "the server makes calls that nobody may be there to answer", "nothing → `callbacks: {done: …}`";
    CALLBACK_REMOVED "callback-removed" <> "callback-added": Breaking Breaking None -
        "a callback was removed", "who waits for the server's call waits in vain", "`callbacks: {done: …}` → nothing";
}}

table! { PARAMETERS "Parameters" {
    OPTIONAL_PARAMETER_ADDED "optional-parameter-added" <> "optional-parameter-removed": Safe Safe Safe docs
        "a parameter that may be left out was added", "calls without it are as before, and the builder gets a setter", "nothing → `{in: query, name: q}`";
    OPTIONAL_PARAMETER_REMOVED "optional-parameter-removed" <> "optional-parameter-added": Risky Risky Breaking docs
        "a parameter that may be left out was removed", "calls with it are refused or answered as if it were not there, and the setter is gone", "`{in: query, name: q}` → nothing";
    REQUIRED_PARAMETER_ADDED "required-parameter-added" <> "required-parameter-removed": Breaking Safe Safe docs
        "a required parameter was added", "calls without it are refused; they still compile, and fail before anything is sent", "nothing → `{in: query, name: q, required: true}`";
    REQUIRED_PARAMETER_REMOVED "required-parameter-removed" <> "required-parameter-added": Risky Breaking Breaking docs
        "a required parameter was removed", "calls with it may be refused, and the setter is gone", "`{in: query, name: q, required: true}` → nothing";
    PARAMETER_MOVED "parameter-moved" <> "parameter-moved": Breaking Breaking None docs
        "a parameter goes to another place", "the server does not find it where clients put it", "`{in: query, name: q}` → `{in: header, name: q}`";
    PARAMETER_BECAME_REQUIRED "parameter-became-required" <> "parameter-became-optional": Breaking Safe None docs
        "a parameter is required now", "calls without it are refused; they still compile, and fail before anything is sent", "`required: false` → `required: true`";
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" <> "parameter-became-required": Safe Breaking None docs
        "a parameter may be left out now", "calls with it are as before", "`required: true` → `required: false`";
    STYLE_CHANGED "style-changed" <> "style-changed": Breaking Breaking None -
        "lists and objects are written in another style", "what clients write is read as something else", "`style: form` → `style: pipeDelimited`";
    EXPLODE_CHANGED "explode-changed" <> "explode-changed": Breaking Breaking None -
        "the parts of a list or object are sent together instead of one by one, or the other way round", "what clients write is read as something else; of a single value it says nothing", "`explode: true` → `explode: false`";
    RESERVED_CHARACTERS_CHANGED "reserved-characters-changed" <> "reserved-characters-changed": Risky Risky None -
        "reserved characters are sent as they are instead of encoded, or the other way round", "values with such characters may be read as something else", "nothing → `allowReserved: true`";
    EMPTY_VALUE_ALLOWED "empty-value-allowed" <> "empty-value-denied": Safe Breaking None -
        "a parameter may be empty now", "calls with a value are as before", "nothing → `allowEmptyValue: true`";
    EMPTY_VALUE_DENIED "empty-value-denied" <> "empty-value-allowed": Breaking Safe None -
        "a parameter may not be empty any more", "calls that send it without a value are refused", "`allowEmptyValue: true` → nothing";
    PARAMETER_CONTENT_CHANGED "parameter-content-changed" <> "parameter-content-changed": Breaking Breaking None -
        "a value is written in another media type, or in a style instead", "what clients write is read as something else", "`schema: {}` → `content: {application/json: {}}`";
}}

table! { BODIES "Bodies" {
    OPTIONAL_BODY_ADDED "optional-body-added" <> "optional-body-removed": Safe Safe Safe docs
        "a body that may be left out was added", "calls without it are as before, and the builder gets a setter", "nothing → `requestBody: {content: …}`";
    OPTIONAL_BODY_REMOVED "optional-body-removed" <> "optional-body-added": Risky Risky Breaking docs
        "a body that may be left out was removed", "calls with it are refused or answered as if it were not there, and the setter is gone", "`requestBody: {content: …}` → nothing";
    REQUIRED_BODY_ADDED "required-body-added" <> "required-body-removed": Breaking Safe Safe docs
        "a required body was added", "calls without it are refused; they still compile, and fail before anything is sent", "nothing → `requestBody: {required: true, …}`";
    REQUIRED_BODY_REMOVED "required-body-removed" <> "required-body-added": Risky Breaking Breaking docs
        "a required body was removed", "calls with it may be refused, and the setter is gone", "`requestBody: {required: true, …}` → nothing";
    BODY_BECAME_REQUIRED "body-became-required" <> "body-became-optional": Breaking Safe None docs
        "the body is required now", "calls without it are refused; they still compile, and fail before anything is sent", "`required: false` → `required: true`";
    BODY_BECAME_OPTIONAL "body-became-optional" <> "body-became-required": Safe Breaking None docs
        "the body may be left out now", "calls with it are as before", "`required: true` → `required: false`";
    MEDIA_TYPE_ADDED "media-type-added" <> "media-type-removed": Safe Risky Breaking docs
        "a media type was added", "a server may answer in it; where the client takes another than before, its types are others", "nothing → `application/xml: …`";
    MEDIA_TYPE_REMOVED "media-type-removed" <> "media-type-added": Breaking Breaking Breaking docs
        "a media type was removed", "who sends it is refused, and who reads it gets another", "`application/xml: …` → nothing";
    ENCODING_CHANGED "encoding-changed" <> "encoding-changed": Breaking Breaking None -
        "a part of a form is written otherwise", "what clients write is read as something else", "`encoding: {f: {contentType: a/b}}` → `encoding: {f: {contentType: a/c}}`";
}}

table! { ANSWERS "Answers" {
    SUCCESS_STATUS_ADDED "success-status-added" <> "success-status-removed": Safe Risky Breaking docs
        "a status of success was added", "clients that know the others alone may not take it; where successes have several shapes, they are read as they are", "`200` → `200`, `201`";
    SUCCESS_STATUS_REMOVED "success-status-removed" <> "success-status-added": Breaking Breaking Breaking docs
        "a status of success was removed", "clients that wait for it get another", "`200`, `201` → `200`";
    ERROR_STATUS_ADDED "error-status-added" <> "error-status-removed": Safe Safe Breaking docs
        "a status of failure was added", "it is a failure like the others; where failures have several shapes, they are read as they are", "`404` → `404`, `409`";
    ERROR_STATUS_REMOVED "error-status-removed" <> "error-status-added": Risky Risky Breaking docs
        "a status of failure was removed", "what was answered with it is answered otherwise", "`404`, `409` → `404`";
    OTHER_STATUS_ADDED "other-status-added" <> "other-status-removed": Safe Risky None docs
        "a status that is neither success nor failure was added", "clients may not follow it", "`200` → `200`, `303`";
    OTHER_STATUS_REMOVED "other-status-removed" <> "other-status-added": Risky Risky None docs
        "a status that is neither success nor failure was removed", "what was answered with it is answered otherwise", "`200`, `303` → `200`";
    DEFAULT_RESPONSE_ADDED "default-response-added" <> "default-response-removed": Safe Safe Breaking docs
        "every other status has an answer now", "it says more of what may come; where answers have several shapes, they are read as they are", "`200` → `200`, `default`";
    DEFAULT_RESPONSE_REMOVED "default-response-removed" <> "default-response-added": Risky Risky Breaking docs
        "other statuses have no answer any more", "what was answered by it may be answered otherwise", "`200`, `default` → `200`";
    STATUS_WIDENED "status-widened" <> "status-narrowed": Safe Risky None docs
        "a whole range of statuses stands where one did", "clients that know the one alone may not take the others", "`200` → `2XX`";
    STATUS_NARROWED "status-narrowed" <> "status-widened": Risky Safe None docs
        "one status stands where a whole range did", "it is one that clients know already", "`2XX` → `200`";
    REQUIRED_HEADER_ADDED "required-header-added" <> "required-header-removed": Breaking Safe None -
        "a header that is always there was added", "clients pass over headers that they do not know", "nothing → `X-A: {required: true}`";
    REQUIRED_HEADER_REMOVED "required-header-removed" <> "required-header-added": Risky Breaking None -
        "a header that was always there was removed", "clients that read it find none", "`X-A: {required: true}` → nothing";
    OPTIONAL_HEADER_ADDED "optional-header-added" <> "optional-header-removed": Safe Safe None -
        "a header was added", "clients pass over headers that they do not know", "nothing → `X-A: {}`";
    OPTIONAL_HEADER_REMOVED "optional-header-removed" <> "optional-header-added": Risky Risky None -
        "a header was removed", "clients that read it never find it any more", "`X-A: {}` → nothing";
    HEADER_BECAME_REQUIRED "header-became-required" <> "header-became-optional": Breaking Safe None -
        "a header is always there now", "clients that read it always find it", "`X-A: {}` → `X-A: {required: true}`";
    HEADER_BECAME_OPTIONAL "header-became-optional" <> "header-became-required": Safe Breaking None -
        "a header may be missing now", "clients that read it may find none", "`X-A: {required: true}` → `X-A: {}`";
    LINK_ADDED "link-added" <> "link-removed": Safe Safe None -
        "a link was added", "it says where to go from the answer", "nothing → `links: {next: …}`";
    LINK_REMOVED "link-removed" <> "link-added": Risky Risky None -
        "a link was removed", "clients that follow it find no way any more", "`links: {next: …}` → nothing";
    LINK_CHANGED "link-changed" <> "link-changed": Risky Risky None -
        "a link leads elsewhere", "clients that follow it make another call", "`operationId: a` → `operationId: b`";
}}
