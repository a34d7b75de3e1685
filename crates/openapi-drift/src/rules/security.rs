//! Rules for security and servers.

use super::table;

table! { SECURITY "Security" {
    SECURITY_REQUIRED "security-required" <> "security-lifted": Breaking Breaking None -
        "a call now requires credentials",
        "the {} now requires credentials",
        calls "the server rejects calls without them; configure credentials",
        "`security: []` → `security: [{key: []}]`";
    SECURITY_LIFTED "security-lifted" <> "security-required": Safe Safe None -
        "a call no longer requires credentials",
        "the {} no longer requires credentials",
        calls "calls with credentials still work",
        "`security: [{key: []}]` → `security: []`";
    SECURITY_ALTERNATIVE_ADDED "security-alternative-added" <> "security-alternative-removed": Safe Safe None -
        "a call accepts additional credentials",
        "the {} accepts additional credentials",
        calls "calls with the existing credentials still work",
        "`[{key: []}]` → `[{key: []}, {token: []}]`";
    SECURITY_ALTERNATIVE_REMOVED "security-alternative-removed" <> "security-alternative-added": Breaking Breaking None -
        "a call no longer accepts some credentials",
        "the {} no longer accepts some credentials",
        calls "the server rejects them; use an accepted security scheme",
        "`[{key: []}, {token: []}]` → `[{key: []}]`";
    SECURITY_ALTERNATIVE_CHANGED "security-alternative-changed" <> "security-alternative-changed": Breaking Breaking None -
        "a call requires different credentials",
        "the {} requires different credentials",
        calls "the server rejects the old ones; configure the new security scheme",
        "`[{key: []}]` → `[{token: []}]`";
    SECURITY_ALTERNATIVE_EXTENDED "security-alternative-extended" <> "security-alternative-reduced": Breaking Breaking None -
        "a call requires further credentials",
        "the {} requires further credentials",
        calls "the server rejects calls without them; configure the new security scheme",
        "`[{key: []}]` → `[{key: [], token: []}]`";
    SECURITY_ALTERNATIVE_REDUCED "security-alternative-reduced" <> "security-alternative-extended": Safe Safe None -
        "a call requires fewer credentials",
        "the {} requires fewer credentials",
        calls "calls with all of the old ones still work",
        "`[{key: [], token: []}]` → `[{key: []}]`";
    SECURITY_SCOPE_ADDED "security-scope-added" <> "security-scope-removed": Breaking Breaking None -
        "an additional scope is required",
        "the {} requires an additional scope",
        calls "the server rejects tokens without it; request a token with this scope",
        "`[{token: []}]` → `[{token: [write]}]`";
    SECURITY_SCOPE_REMOVED "security-scope-removed" <> "security-scope-added": Safe Safe None -
        "a scope is no longer required",
        "the {} no longer requires a scope",
        calls "calls with tokens of this scope still work",
        "`[{token: [write]}]` → `[{token: []}]`";
    SECURITY_SCHEME_ADDED "security-scheme-added" <> "security-scheme-removed": Safe Safe None -
        "a security scheme was added",
        "added the {}",
        calls "calls that do not use it still work",
        "nothing → `securitySchemes: {key: …}`";
    SECURITY_SCHEME_REMOVED "security-scheme-removed" <> "security-scheme-added": Risky Risky None -
        "a security scheme was removed",
        "removed the {}",
        calls "calls that still refer to it have an undefined scheme and may fail",
        "`securitySchemes: {key: …}` → nothing";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" <> "security-scheme-changed": Breaking Breaking None -
        "a security scheme changed",
        "changed the {}",
        calls "the server does not find credentials sent in the old way",
        "`{type: apiKey, in: header}` → `{type: apiKey, in: query}`";
    BEARER_FORMAT_CHANGED "bearer-format-changed" <> "bearer-format-changed": Risky Risky None -
        "the format of bearer tokens changed",
        "changed the token format of the {}",
        calls "the server may reject tokens issued before",
        "`bearerFormat: JWT` → nothing";
    OAUTH_FLOW_ADDED "oauth-flow-added" <> "oauth-flow-removed": Safe Safe None -
        "an OAuth flow was added",
        "added the OAuth flow {key} to the {}",
        calls "the existing flows still work",
        "nothing → `flows: {implicit: …}`";
    OAUTH_FLOW_REMOVED "oauth-flow-removed" <> "oauth-flow-added": Breaking Breaking None -
        "an OAuth flow was removed",
        "removed the OAuth flow {key} from the {}",
        calls "clients that use it cannot get a token; use another flow",
        "`flows: {implicit: …}` → nothing";
    OAUTH_URL_CHANGED "oauth-url-changed" <> "oauth-url-changed": Breaking Breaking None -
        "an OAuth URL changed",
        "changed {key} of the {}",
        calls "clients that use the old URL cannot get a token",
        "`tokenUrl: /a` → `tokenUrl: /b`";
    OAUTH_SCOPE_ADDED "oauth-scope-added" <> "oauth-scope-removed": Safe Safe None -
        "an OAuth scope was defined",
        "defined the OAuth scope {key} in the {}",
        calls "calls with tokens of the other scopes still work",
        "`scopes: {}` → `scopes: {write: …}`";
    OAUTH_SCOPE_REMOVED "oauth-scope-removed" <> "oauth-scope-added": Breaking Breaking None -
        "an OAuth scope was removed",
        "removed the OAuth scope {key} from the {}",
        calls "clients that request it cannot get a token",
        "`scopes: {write: …}` → `scopes: {}`";
}}

table! { SERVERS "Servers" {
    SERVER_ADDED "server-added" <> "server-removed": Safe Safe None docs
        "a server was added",
        "added the server {value}",
        calls "the existing servers still work",
        "`[/a]` → `[/a, /b]`";
    SERVER_REMOVED "server-removed" <> "server-added": Breaking Breaking None docs
        "a server was removed",
        "removed the server {value}",
        calls "calls to it fail; use another server",
        "`[/a, /b]` → `[/a]`";
    SERVER_CHANGED "server-changed" <> "server-changed": Breaking Breaking None docs
        "the URL of a server changed",
        "changed the server URL {before} to {after}",
        calls "calls to the old URL fail; update the base URL",
        "`[/a]` → `[/b]`";
    SERVER_ORDER_CHANGED "server-order-changed" <> "server-order-changed": Risky Risky None docs
        "the first server changed",
        "changed the first server from {before} to {after}",
        calls "clients that use the first server call another one, which may fail",
        "`[/a, /b]` → `[/b, /a]`";
    SERVER_DEFAULT_CHANGED "server-default-changed" <> "server-default-changed": Risky Risky None docs
        "the default of a server variable changed",
        "changed the default of the {}",
        calls "clients that use the default call another server, which may fail",
        "`default: a` → `default: b`";
    SERVER_VALUE_ADDED "server-value-added" <> "server-value-removed": Safe Safe None docs
        "a value was added to a server variable",
        "added {value} to the values of the {}",
        calls "calls with the other values still work",
        "`enum: [a]` → `enum: [a, b]`";
    SERVER_VALUE_REMOVED "server-value-removed" <> "server-value-added": Breaking Breaking None docs
        "a value was removed from a server variable",
        "removed {value} from the values of the {}",
        calls "calls to servers with this value fail; use another value",
        "`enum: [a, b]` → `enum: [a]`";
}}
