//! One pattern with wildcards, matched as git's `wildmatch` does with slashes
//! told apart: in steps bounded by pattern times text, without memory.

/// A pattern that holds a wildcard, taken apart.
#[derive(Debug)]
pub(super) struct Glob {
    tokens: Box<[Token]>,
}

#[derive(Debug)]
enum Token {
    Byte(u8),
    /// Any byte but `/`.
    One,
    /// One of these bytes, `/` never among them.
    Class(Box<[bool; 256]>),
    /// As many bytes as needed, `/` not among them.
    Star,
    /// As many bytes as needed.
    Deep,
    /// Nothing, or anything that ends in `/`.
    Folders,
}

/// Where a wildcard stood, and where what follows it was tried last.
#[derive(Clone, Copy)]
struct Try {
    token: usize,
    at: usize,
}

impl Glob {
    /// Takes a pattern apart; none when it can match nothing (an open bracket,
    /// a backslash at the end). `fold` matches letters in either case; the text
    /// must then be in lower case.
    pub(super) fn new(pattern: &[u8], fold: bool) -> Option<Self> {
        let mut tokens = Vec::with_capacity(pattern.len());
        let mut rest = pattern;
        let mut segment_begins = true;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            let token = match byte {
                b'\\' => {
                    let (&quoted, after) = rest.split_first()?;
                    rest = after;
                    Token::Byte(lower(quoted, fold))
                }
                b'?' => Token::One,
                b'[' => {
                    let (class, after) = class(rest, fold)?;
                    rest = after;
                    Token::Class(class)
                }
                b'*' if rest.first() == Some(&b'*') => {
                    let stars = rest.iter().take_while(|&&byte| byte == b'*').count();
                    rest = rest.get(stars..).unwrap_or_default();
                    match rest {
                        [b'/', after @ ..] if segment_begins => {
                            rest = after;
                            Token::Folders
                        }
                        [] | [b'\\', b'/', ..] if segment_begins => Token::Deep,
                        _ => Token::Star,
                    }
                }
                b'*' => Token::Star,
                byte => Token::Byte(lower(byte, fold)),
            };
            segment_begins = matches!(token, Token::Byte(b'/') | Token::Folders);
            tokens.push(token);
        }
        Some(Self { tokens: tokens.into() })
    }

    /// Whether all of a text matches.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let (mut token, mut at) = (0, 0);
        // of wildcards of one reach, only the last needs to be tried again
        let mut star: Option<Try> = None;
        let mut deep: Option<(Try, bool)> = None;
        loop {
            match (self.tokens.get(token), text.get(at)) {
                (None, None) => return true,
                (Some(Token::Star), _) => {
                    token += 1;
                    star = Some(Try { token, at });
                    continue;
                }
                (Some(Token::Deep), _) => {
                    token += 1;
                    (star, deep) = (None, Some((Try { token, at }, false)));
                    continue;
                }
                (Some(Token::Folders), _) => {
                    token += 1;
                    (star, deep) = (None, Some((Try { token, at }, true)));
                    continue;
                }
                (Some(one), Some(&byte)) if one.takes(byte) => {
                    token += 1;
                    at += 1;
                    continue;
                }
                _ => {}
            }
            if let Some(last) = star
                && text.get(last.at).is_some_and(|&byte| byte != b'/')
            {
                at = last.at + 1;
                token = last.token;
                star = Some(Try { token, at });
                continue;
            }
            let Some((last, by_folder)) = deep else { return false };
            let rest = text.get(last.at..).unwrap_or_default();
            let step = match by_folder {
                true => memchr::memchr(b'/', rest),
                false if rest.is_empty() => None,
                false => Some(0),
            };
            let Some(step) = step else { return false };
            at = last.at + step + 1;
            token = last.token;
            (star, deep) = (None, Some((Try { token, at }, by_folder)));
        }
    }
}

impl Token {
    fn takes(&self, byte: u8) -> bool {
        match self {
            Self::Byte(wanted) => *wanted == byte,
            Self::One => byte != b'/',
            Self::Class(class) => class.get(usize::from(byte)).copied().unwrap_or(false),
            Self::Star | Self::Deep | Self::Folders => false,
        }
    }
}

fn lower(byte: u8, fold: bool) -> u8 {
    if fold { byte.to_ascii_lowercase() } else { byte }
}

/// The bytes that a bracket expression stands for, and what follows it.
fn class(pattern: &[u8], fold: bool) -> Option<(Box<[bool; 256]>, &[u8])> {
    let (negated, mut rest) = match pattern {
        [b'!' | b'^', after @ ..] => (true, after),
        _ => (false, pattern),
    };
    let mut set = [false; 256];
    let mut add = |from: u8, to: u8| {
        for byte in from..=to {
            set[usize::from(byte)] = true;
            if fold {
                set[usize::from(byte.to_ascii_lowercase())] = true;
            }
        }
    };
    let mut before = None;
    let mut first = true;
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        if byte == b']' && !first {
            break;
        }
        first = false;
        match byte {
            b'\\' => {
                let (&quoted, after) = rest.split_first()?;
                rest = after;
                add(quoted, quoted);
                before = Some(quoted);
            }
            b'-' if before.is_some() && rest.first().is_some_and(|&next| next != b']') => {
                let (&end, after) = rest.split_first()?;
                rest = after;
                let end = match end {
                    b'\\' => {
                        let (&quoted, after) = rest.split_first()?;
                        rest = after;
                        quoted
                    }
                    end => end,
                };
                add(before.take()?, end);
            }
            b'[' if rest.first() == Some(&b':') => {
                let close = rest.iter().position(|&byte| byte == b']')?;
                let inside = rest.get(1..close).unwrap_or_default();
                match inside.strip_suffix(b":") {
                    Some(name) => {
                        let holds = named(name)?;
                        (0..=u8::MAX).filter(holds).for_each(|byte| add(byte, byte));
                        rest = rest.get(close + 1..).unwrap_or_default();
                        before = None;
                    }
                    None => {
                        add(b'[', b'[');
                        before = Some(b'[');
                    }
                }
            }
            byte => {
                add(byte, byte);
                before = Some(byte);
            }
        }
    }
    if negated {
        set.iter_mut().for_each(|holds| *holds = !*holds);
    }
    set[usize::from(b'/')] = false;
    Some((Box::new(set), rest))
}

/// A class of bytes by its name, such as `alpha`.
fn named(name: &[u8]) -> Option<fn(&u8) -> bool> {
    Some(match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| *byte == b' ' || byte.is_ascii_graphic(),
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |byte| byte.is_ascii_whitespace() || *byte == 0x0b,
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn wildcards() {
        let cases = [
            ("*.db", "x.db", true),
            ("*.db", "a/x.db", false),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("**/b", "b", true),
            ("**/b", "a/x/b", true),
            ("**/b", "a/xb", false),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true),
            ("a/**/b*c/**/d", "a/b/bc/d", true),
            ("a**b", "axb", true),
            ("a**b", "a/b", false),
            ("*/x/*y", "a/x/bcy", true),
            ("*a*b*c", "1a2a3b4b5c", true),
            ("*a*b*c", "1a2a3b4b5d", false),
            ("[a-c]?", "bx", true),
            ("[!a-c]", "b", false),
            ("[!a]", "/", false),
            ("[]a]", "]", true),
            ("[[:digit:]x]", "7", true),
            ("[[:x]", ":", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("?", "/", false),
        ];
        for (pattern, text, expected) in cases {
            let glob = Glob::new(pattern.as_bytes(), false).expect(pattern);
            assert_eq!(glob.matches(text.as_bytes()), expected, "{pattern} {text}");
        }
        for nothing in ["[", "a[b", "x\\", "[[:nonsense:]]", "[a-"] {
            assert!(Glob::new(nothing.as_bytes(), false).is_none(), "{nothing}");
        }
    }

    #[test]
    fn a_hostile_pattern_costs_little() {
        let pattern = "a*".repeat(2_000) + "b";
        let glob = Glob::new(pattern.as_bytes(), false).expect("a pattern");
        assert!(!glob.matches("a".repeat(20_000).as_bytes()));
        let deep = "**/a/".repeat(500) + "b";
        let glob = Glob::new(deep.as_bytes(), false).expect("a pattern");
        assert!(!glob.matches("a/".repeat(5_000).as_bytes()));
    }
}
