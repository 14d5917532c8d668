//! Patterns matched by characters. `globset` matches bytes, which is the same
//! thing for names in ASCII alone: to it `é` is two of `?`.

use std::iter::once;

use super::tokens::Token;

/// A pattern for paths that are not all ASCII.
#[derive(Debug)]
pub(super) struct Wide {
    steps: Vec<Step>,
    any_case: bool,
}

#[derive(Debug)]
enum Step {
    Char(char),
    /// Any character.
    Any,
    /// Any but `/`.
    InName,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// On from both.
    Split(usize, usize),
    Jump(usize),
    End,
}

/// Whether bytes and characters may give different answers.
pub(super) fn differs(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| match token {
        Token::Any => true,
        Token::Class { negated, ranges } => *negated || ranges.iter().any(|(_, to)| !to.is_ascii()),
        Token::Either(branches) => branches.iter().any(|branch| differs(branch)),
        _ => false,
    })
}

impl Wide {
    pub(super) fn new(tokens: &[Token], any_case: bool) -> Self {
        let mut wide = Self { steps: Vec::new(), any_case };
        match tokens {
            [Token::DeepFirst] => wide.repeat(|| Step::Any),
            tokens => wide.add(tokens),
        }
        wide.steps.push(Step::End);
        wide
    }

    /// Whether it matches the whole text. A byte that is not UTF-8 is one
    /// character. The time is in proportion to both lengths.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        let mut now = Places::new(self.steps.len());
        let mut next = Places::new(self.steps.len());
        self.reach(&mut now, 0);
        for c in text.chars() {
            next.clear();
            for &at in &now.list {
                if self.fits(&self.steps[at], c) {
                    self.reach(&mut next, at + 1);
                }
            }
            std::mem::swap(&mut now, &mut next);
            if now.list.is_empty() {
                return false;
            }
        }
        now.list.iter().any(|&at| matches!(self.steps[at], Step::End))
    }

    /// Notes a step, and those that it leads to without a character.
    fn reach(&self, places: &mut Places, at: usize) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut places.known[at], true) {
                continue;
            }
            match self.steps[at] {
                Step::Split(one, other) => open.extend([one, other]),
                Step::Jump(to) => open.push(to),
                _ => places.list.push(at),
            }
        }
    }

    fn fits(&self, step: &Step, c: char) -> bool {
        match step {
            Step::Char(wanted) => {
                *wanted == c || self.any_case && wanted.to_lowercase().eq(c.to_lowercase())
            }
            Step::Any => true,
            Step::InName => c != '/',
            // as `globset` does in ASCII
            Step::Class { negated: false, .. } if c == '/' => false,
            Step::Class { negated, ranges } => {
                let within = |c: char| ranges.iter().any(|&(from, to)| from <= c && c <= to);
                let found = match self.any_case {
                    false => within(c),
                    true => once(c).chain(c.to_lowercase()).chain(c.to_uppercase()).any(within),
                };
                found != *negated
            }
            Step::Split(..) | Step::Jump(_) | Step::End => false,
        }
    }

    fn add(&mut self, tokens: &[Token]) {
        for token in tokens {
            match token {
                Token::Char(c) => self.steps.push(Step::Char(*c)),
                Token::Any => self.steps.push(Step::InName),
                Token::Star => self.repeat(|| Step::InName),
                Token::Class { negated, ranges } => {
                    self.steps.push(Step::Class { negated: *negated, ranges: ranges.clone() });
                }
                // nothing, or any folders
                Token::DeepFirst => self.perhaps_folders(),
                Token::DeepBetween => {
                    self.steps.push(Step::Char('/'));
                    self.perhaps_folders();
                }
                Token::DeepLast => {
                    self.steps.push(Step::Char('/'));
                    self.repeat(|| Step::Any);
                }
                Token::Either(branches) => self.either(branches),
            }
        }
    }

    fn repeat(&mut self, step: impl Fn() -> Step) {
        let at = self.steps.len();
        self.steps.extend([Step::Split(at + 1, at + 3), step(), Step::Jump(at)]);
    }

    fn perhaps_folders(&mut self) {
        let at = self.steps.len();
        self.steps.push(Step::Split(at + 1, at + 5));
        self.repeat(|| Step::Any);
        self.steps.push(Step::Char('/'));
    }

    fn either(&mut self, branches: &[Vec<Token>]) {
        let mut ends = Vec::new();
        for (nth, branch) in branches.iter().enumerate() {
            let split = self.steps.len();
            let last = nth + 1 == branches.len();
            if !last {
                self.steps.push(Step::Split(split + 1, split + 1));
            }
            self.add(branch);
            if !last {
                ends.push(self.steps.len());
                self.steps.push(Step::Jump(0));
                self.steps[split] = Step::Split(split + 1, self.steps.len());
            }
        }
        for end in ends {
            self.steps[end] = Step::Jump(self.steps.len());
        }
    }
}

/// Steps that were reached, each once.
struct Places {
    list: Vec<usize>,
    known: Vec<bool>,
}

impl Places {
    fn new(steps: usize) -> Self {
        Self { list: Vec::new(), known: vec![false; steps] }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.known.fill(false);
    }
}
