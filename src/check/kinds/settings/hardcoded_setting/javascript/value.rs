//! What an expression can be.

use std::rc::Rc;

use tree_sitter::Node;

use crate::lang::javascript::Module;

/// An expression of a module.
#[derive(Clone)]
pub(super) struct At<'w> {
    /// The module.
    pub(super) module: Rc<Module<'w>>,
    /// The expression.
    pub(super) node: Node<'w>,
}

impl<'w> At<'w> {
    /// Another expression of the same module.
    pub(super) fn with(&self, node: Node<'w>) -> Self {
        Self { module: Rc::clone(&self.module), node }
    }

    /// Its code.
    pub(super) fn code(&self) -> &'w str {
        self.module.code(self.node)
    }

    /// Its code on one line, cut.
    pub(super) fn shown(&self) -> String {
        let code: Vec<&str> = self.code().split_whitespace().collect();
        let code = code.join(" ");
        match code.char_indices().nth(40) {
            Some((cut, _)) => format!("{}…", code.get(..cut).unwrap_or_default()),
            None => code,
        }
    }

    /// What tells it from others.
    pub(super) fn id(&self) -> (usize, usize) {
        (Rc::as_ptr(&self.module).cast::<()>() as usize, self.node.id())
    }
}

/// A literal that an expression can be.
#[derive(Clone)]
pub(super) struct Literal<'w> {
    /// Where it stands.
    pub(super) at: At<'w>,
    /// What it says.
    pub(super) text: String,
    /// It is what happens when there is nothing else.
    pub(super) fallback: bool,
    /// The variable that is asked first.
    pub(super) variable: Option<String>,
    /// The names on its way, the last one first.
    pub(super) names: Vec<String>,
}

/// What an expression can be besides, which is not known.
#[derive(Clone)]
pub(super) struct Unknown<'w> {
    /// Where.
    pub(super) at: At<'w>,
    /// Why, as the end of a sentence: "comes from …".
    pub(super) why: String,
}

/// All that an expression can be; nothing at all when it is `undefined`.
#[derive(Clone, Default)]
pub(super) struct Values<'w> {
    /// Literals.
    pub(super) literals: Vec<Literal<'w>>,
    /// What is not known.
    pub(super) unknown: Vec<Unknown<'w>>,
    /// Something from outside of the code, or random.
    pub(super) outside: bool,
    /// The variables that are read for it.
    pub(super) variables: Vec<String>,
}

impl<'w> Values<'w> {
    /// Something from outside.
    pub(super) fn outside() -> Self {
        Self { outside: true, ..Self::default() }
    }

    /// From a variable of the environment.
    pub(super) fn variable(name: &str) -> Self {
        Self { outside: true, variables: vec![name.to_owned()], ..Self::default() }
    }

    /// Something that is not known.
    pub(super) fn unknown(at: &At<'w>, why: impl Into<String>) -> Self {
        let unknown = Unknown { at: at.clone(), why: why.into() };
        Self { unknown: vec![unknown], ..Self::default() }
    }

    /// A literal; an empty text is no key.
    pub(super) fn literal(at: &At<'w>, text: String) -> Self {
        if text.trim().is_empty() {
            return Self::default();
        }
        let at = at.clone();
        let literal = Literal { at, text, fallback: false, variable: None, names: Vec::new() };
        Self { literals: vec![literal], ..Self::default() }
    }

    /// Nothing at all was found.
    pub(super) fn is_nothing(&self) -> bool {
        self.literals.is_empty() && self.unknown.is_empty() && !self.outside
    }

    /// It is a literal on all ways.
    pub(super) fn is_fixed(&self) -> bool {
        !self.literals.is_empty() && self.unknown.is_empty() && !self.outside
    }

    /// Either this or that.
    pub(super) fn or(mut self, other: Self) -> Self {
        for literal in other.literals {
            if !self.literals.iter().any(|known| known.at.id() == literal.at.id()) {
                self.literals.push(literal);
            }
        }
        for unknown in other.unknown {
            if !self.unknown.iter().any(|known| known.at.id() == unknown.at.id()) {
                self.unknown.push(unknown);
            }
        }
        self.outside |= other.outside;
        self.variables.extend(other.variables);
        self
    }

    /// That, when this is not there.
    pub(super) fn or_else(self, mut other: Self) -> Self {
        if self.is_fixed() {
            return self;
        }
        if !self.is_nothing() {
            let variable = self.variables.first().cloned();
            for literal in &mut other.literals {
                literal.fallback = true;
                literal.variable = literal.variable.take().or_else(|| variable.clone());
            }
        }
        self.or(other)
    }

    /// Put together: it is known to others only when all parts are.
    pub(super) fn joined(parts: Vec<Self>, whole: &At<'w>) -> Self {
        let mut out = Self::default();
        let fixed = parts.iter().all(|part| part.is_nothing() || !part.literals.is_empty());
        let mut text = String::new();
        let (mut fallback, mut variable) = (false, None);
        let mut names = Vec::new();
        for part in parts {
            out.outside |= part.outside;
            out.variables.extend(part.variables);
            out.unknown.extend(part.unknown);
            if let Some(first) = part.literals.first() {
                text.push_str(&first.text);
                fallback |= first.fallback;
                variable = variable.or_else(|| first.variable.clone());
                names.extend(first.names.iter().cloned());
            }
        }
        if fixed {
            let made = Self::literal(whole, text).literals.into_iter();
            out.literals.extend(made.map(|l| Literal {
                fallback,
                variable: variable.clone(),
                names: names.clone(),
                ..l
            }));
        } else if out.outside {
            // one secret part is enough
            out.unknown.clear();
        }
        out
    }

    /// With a name on the way of its literals.
    pub(super) fn through(mut self, name: &str) -> Self {
        for literal in &mut self.literals {
            literal.names.push(name.to_owned());
        }
        self
    }
}
