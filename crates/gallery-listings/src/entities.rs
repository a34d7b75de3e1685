//! Decodes HTML entities in texts that are not HTML: `/&#123;user-id&#125;/ads`, `get&nbsp;`.

/// The names that occur, and those that escaping libraries write.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("lbrace", '{'),
    ("lcub", '{'),
    ("rbrace", '}'),
    ("rcub", '}'),
    ("lbrack", '['),
    ("rbrack", ']'),
    ("sol", '/'),
    ("colon", ':'),
    ("quest", '?'),
    ("equals", '='),
    ("num", '#'),
    ("lowbar", '_'),
    ("hyphen", '-'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
];

/// The maximum length of an entity, in bytes.
const MAX_LENGTH: usize = 32;

/// Decodes the entities of a text, twice if it was escaped twice: `&amp;lt;`.
pub(crate) fn decode(text: &str) -> String {
    let once = decode_once(text);
    if once == text {
        once
    } else {
        decode_once(&once)
    }
}

fn decode_once(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        // A limit, because a text may have many ampersands and no semicolon.
        match from
            .bytes()
            .take(MAX_LENGTH)
            .position(|byte| byte == b';')
            .and_then(|end| Some((character(&from[1..end])?, end)))
        {
            Some((character, end)) => {
                result.push(character);
                rest = &from[end + 1..];
            }
            None => {
                result.push('&');
                rest = &from[1..];
            }
        }
    }
    result.push_str(rest);
    result
}

fn character(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return NAMED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, character)| *character);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_entities() {
        for (written, meant) in [
            ("/&#123;id&#125;/x", "/{id}/x"),
            ("/&#x7B;id&#X7d;", "/{id}"),
            ("/&lt;id&gt;?a=1&amp;b=2", "/<id>?a=1&b=2"),
            ("get&nbsp;", "get\u{a0}"),
            ("&amp;lt;", "<"),
            ("/?a=1&b=2;c", "/?a=1&b=2;c"),
            ("&#xD800;&#;&;&", "&#xD800;&#;&;&"),
        ] {
            assert_eq!(decode(written), meant, "{written}");
        }
    }
}
