//! One pattern of paths as its parts, by the grammar of `globset`.

use std::iter::Peekable;
use std::str::Chars;

/// A part of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Char(char),
    /// `?`
    Any,
    /// `*`
    Star,
    /// `**/` at the beginning.
    DeepFirst,
    /// `/**` at the end.
    DeepLast,
    /// `/**/`
    DeepBetween,
    /// `[a-z]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `{a,b}`
    Either(Vec<Vec<Token>>),
}

/// Reads a pattern that `globset` has accepted, so that all brackets are closed.
pub(super) fn read(pattern: &str) -> Vec<Token> {
    let mut reader = Reader { chars: pattern.chars().peekable(), previous: None };
    let mut branches = reader.branches(false);
    match branches.len() {
        1 => branches.remove(0),
        _ => vec![Token::Either(branches)],
    }
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    previous: Option<char>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        self.chars.next()
    }

    /// What stands between `{` and `}`, or the whole pattern.
    fn branches(&mut self, within: bool) -> Vec<Vec<Token>> {
        let mut branches = vec![Vec::new()];
        while let Some(c) = self.next() {
            let before = self.previous.replace(c);
            let token = match c {
                '?' => Token::Any,
                '[' => self.class(),
                '{' => Token::Either(self.branches(true)),
                '}' if within => break,
                ',' if within => {
                    branches.push(Vec::new());
                    continue;
                }
                '\\' => match self.next() {
                    Some(c) => {
                        self.previous = Some(c);
                        Token::Char(c)
                    }
                    None => break,
                },
                '*' => {
                    if let Some(branch) = branches.last_mut() {
                        self.stars(branch, before, within);
                    }
                    continue;
                }
                c => Token::Char(c),
            };
            if let Some(branch) = branches.last_mut() {
                branch.push(token);
            }
        }
        branches
    }

    fn stars(&mut self, branch: &mut Vec<Token>, before: Option<char>, within: bool) {
        if self.chars.next_if_eq(&'*').is_none() {
            branch.push(Token::Star);
            return;
        }
        let next = self.chars.peek().copied();
        if branch.is_empty() {
            match next {
                None | Some('/') => {
                    self.previous = self.next();
                    branch.push(Token::DeepFirst);
                }
                _ => branch.extend([Token::Star, Token::Star]),
            }
            return;
        }
        let last = match next {
            None => true,
            Some(',' | '}') if within => true,
            Some('/') => false,
            _ => {
                branch.extend([Token::Star, Token::Star]);
                return;
            }
        };
        if before != Some('/') {
            branch.extend([Token::Star, Token::Star]);
            return;
        }
        if !last {
            self.previous = self.next();
        }
        match branch.pop() {
            Some(deep @ (Token::DeepFirst | Token::DeepLast)) => branch.push(deep),
            _ if last => branch.push(Token::DeepLast),
            _ => branch.push(Token::DeepBetween),
        }
    }

    fn class(&mut self) -> Token {
        let negated = self.chars.next_if(|c| matches!(c, '!' | '^')).is_some();
        let (mut ranges, mut first, mut in_range): (Vec<(char, char)>, _, _) =
            (Vec::new(), true, false);
        while let Some(c) = self.next() {
            self.previous = Some(c);
            match c {
                ']' if !first => break,
                '-' if !first && !in_range => in_range = true,
                c => match ranges.last_mut() {
                    Some(range) if in_range => {
                        range.1 = c;
                        in_range = false;
                    }
                    _ => ranges.push((c, c)),
                },
            }
            first = false;
        }
        if in_range {
            ranges.push(('-', '-'));
        }
        Token::Class { negated, ranges }
    }
}
