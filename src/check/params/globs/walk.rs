//! Walks over the paths that a pattern stands for, and finds those that no file
//! of a repository can have.

use super::tokens::Token;
use super::written::shown;

/// What `.` is, to follow it.
pub(super) const WHOLE: &str = "names the whole repository; write `**`";

/// Where a part of the path stands while a pattern is walked.
const BEGIN: u8 = 1;
const DOT: u8 = 2;
const DOTS: u8 = 4;
/// After a space.
const SPACE: u8 = 8;
/// After a dot that is not the first character.
const AFTER_DOT: u8 = 16;
const TEXT: u8 = 32;

/// What is wrong with the paths that a pattern stands for, each choice of
/// `{a,b}` taken by itself.
pub(super) fn impossible(tokens: &[Token], pattern: &str) -> Option<String> {
    let mut walk = Walk { wrong: None, pattern };
    let ends = walk.go(tokens, BEGIN);
    if ends & BEGIN != 0 {
        let folder = pattern.trim_end_matches('/');
        let folder = folder.strip_suffix("/**").unwrap_or(folder);
        walk.say(format!("names a folder, and patterns name files; write `{}/**`", shown(folder)));
    }
    if ends & (DOT | DOTS) != 0 {
        walk.dots();
    }
    if ends & SPACE != 0 {
        walk.space();
    }
    walk.wrong
}

struct Walk<'a> {
    wrong: Option<String>,
    pattern: &'a str,
}

impl Walk<'_> {
    fn say(&mut self, wrong: String) {
        self.wrong.get_or_insert(wrong);
    }

    fn dots(&mut self) {
        let pattern = self.pattern;
        self.say(match pattern.strip_suffix('.') {
            Some("") => WHOLE.to_owned(),
            Some(folder) if folder.ends_with('/') && !folder.ends_with("../") => {
                format!("names a folder, and patterns name files; write `{}**`", shown(folder))
            }
            _ => "has a part `.` or `..`, which no path from the repository's root has".to_owned(),
        });
    }

    fn space(&mut self) {
        self.say("has a space at the beginning or end of a name or its ending; leave it out, also behind a comma (where it is meant, write `\\ `)".to_owned());
    }

    /// Walks on from all of these states; the states at the end.
    fn go(&mut self, tokens: &[Token], mut states: u8) -> u8 {
        for token in tokens {
            states = match token {
                Token::Char('/') => {
                    self.slash(states);
                    BEGIN
                }
                Token::Char('.') => {
                    let mut next = 0;
                    for (from, to) in [
                        (BEGIN, DOT),
                        (DOT, DOTS),
                        (DOTS, AFTER_DOT),
                        (SPACE, AFTER_DOT),
                        (AFTER_DOT, AFTER_DOT),
                        (TEXT, AFTER_DOT),
                    ] {
                        next |= if states & from != 0 { to } else { 0 };
                    }
                    if states & SPACE != 0 {
                        self.space();
                    }
                    next
                }
                Token::Char(' ') if !self.pattern.contains("\\ ") => {
                    if states & (BEGIN | DOT | DOTS | AFTER_DOT) != 0 {
                        self.space();
                    }
                    SPACE
                }
                Token::Char(_) | Token::Any | Token::Class { .. } | Token::Star => TEXT,
                Token::DeepFirst if tokens.len() == 1 => TEXT,
                Token::DeepFirst => states | BEGIN,
                Token::DeepBetween => {
                    self.slash(states);
                    BEGIN
                }
                Token::DeepLast => {
                    self.slash(states);
                    TEXT
                }
                Token::Either(branches) => {
                    branches.iter().fold(0, |all, branch| all | self.go(branch, states))
                }
            };
        }
        states
    }

    fn slash(&mut self, states: u8) {
        if states & BEGIN != 0 {
            self.say("can begin with `/` or have nothing between two, and no such path exists; put the slash within the braces, as in `{a/,}b`".to_owned());
        }
        if states & (DOT | DOTS) != 0 {
            self.dots();
        }
        if states & SPACE != 0 {
            self.space();
        }
    }
}
