//! What the regular expressions of a checklist cost in memory, before they are
//! made ready: a counted `\w` is a hundred times the size of a counted letter.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_yaml::Value;

/// What all texts of a check's parameters weigh together, each as if it were a
/// regular expression: about one for 80 bytes once it is compiled. Which of
/// them are expressions only the kind knows, and other texts weigh little.
pub(super) fn weight(parameters: &Value) -> u64 {
    match parameters {
        Value::String(text) => regex_syntax::parse(text).map_or(0, |hir| of(&hir)),
        Value::Sequence(list) => list.iter().map(weight).fold(0, u64::saturating_add),
        Value::Mapping(map) => map.values().map(weight).fold(0, u64::saturating_add),
        _ => 0,
    }
}

/// Recursion ends: the parser refuses deep nesting.
fn of(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(repetition.min).max(1);
            of(&repetition.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(of).fold(0, u64::saturating_add)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_classes_weigh_most() {
        let of = |text: &str| weight(&Value::String(text.to_owned()));
        assert_eq!(of("abc"), 3);
        assert_eq!(of("(?:a|b){4}c*"), 5);
        assert!(of(r"\w{20}") > 10_000);
        assert!(of("((a{1000}){1000}){1000}") >= 1_000_000_000);
        assert_eq!(of("(no pattern"), 0);
    }
}
