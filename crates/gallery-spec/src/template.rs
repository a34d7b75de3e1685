//! Path templates: `/teams/{team_id}/members`.

/// The names of a template's variables, in order; a name that comes twice is there twice.
pub fn variables(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        names.push(name);
        rest = after;
    }
    names
}

/// The template with its variables nameless: what an endpoint is known by, since a variable's name never goes over the wire.
pub fn by_position(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else { break };
        result.push_str(before);
        result.push_str("{}");
        rest = after;
    }
    result.push_str(rest);
    result
}

/// What of a template no OpenAPI tool could use, if anything.
pub fn defect(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return Some("the path does not start with `/`".to_owned());
    }
    if let Some(odd) = path.chars().find(|&c| matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control()) {
        return Some(format!("the path has {odd:?} in it, which is no part of a path"));
    }
    let segments: Vec<&str> = path[1..].split('/').collect();
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if let Some(dots) = segments.iter().find(|segment| is_dots(segment)) {
        return Some(format!("the path has the segment `{dots}`, which URLs do not keep"));
    }
    // One at the end is a slash that some servers ask for.
    if segments.len() > 1 && segments[..segments.len() - 1].contains(&"") {
        return Some("the path has an empty segment".to_owned());
    }
    let names = variables(path);
    if let Some(twice) = names.iter().enumerate().find_map(|(at, name)| names[..at].contains(name).then_some(name)) {
        return Some(format!("the path has the variable `{{{twice}}}` twice"));
    }
    let outside = by_position(path).replace("{}", "");
    if outside.contains(['{', '}']) || names.iter().any(|name| name.is_empty() || name.contains(['{', '/'])) {
        return Some("the braces of the path do not pair up around names".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_order() {
        assert_eq!(variables("/a/{b}/c/{d}.json"), ["b", "d"]);
        assert_eq!(variables("/a"), Vec::<&str>::new());
        assert_eq!(by_position("/a/{b}/c/{d}.json"), "/a/{}/c/{}.json");
    }

    #[test]
    fn defects_are_named() {
        for path in ["/a/{b}/{c}", "/", "/a/", "/...", "/{a}.json"] {
            assert_eq!(defect(path), None, "{path}");
        }
        for path in [
            "a",
            "/a?b=c",
            "/a b",
            "/a#b",
            "/{a}/{a}",
            "/{a",
            "/a}",
            "/{}",
            "/{a{b}}",
            "/{a/b}",
            "/{domain]/{x}",
            "/a/../b",
            "/./a",
            "/%2E%2e",
            "//a",
            "/a//b",
        ] {
            assert!(defect(path).is_some(), "{path}");
        }
    }
}
