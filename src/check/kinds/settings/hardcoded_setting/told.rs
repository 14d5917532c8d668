//! A finding's words.

use super::found::{Alternative, Form};
use super::site::{How, Site};
use crate::model::RuleId;
use crate::secret::known_keys::known_key;

/// What a literal that was found asks for besides.
pub(super) const NEW_VALUE: &str = "then make a new value, since this one stays in the history";

/// The rule of every literal that can become a setting.
pub(super) const fn literal_rule() -> RuleId {
    RuleId::new("hardcoded_setting.literal")
}

/// The variable that is asked first, if its name looks like one: people have
/// written the secret itself where its name belongs.
pub(super) fn variable<'v>(alternative: &'v Alternative<'_>) -> Option<&'v str> {
    let name = alternative.variable.as_deref()?;
    let plain = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let worded = name.contains('_') || !name.contains(|c: char| c.is_ascii_digit());
    (plain && worded && name.len() <= 48).then_some(name)
}

/// What was found, in one sentence.
pub(super) fn message(site: &Site<'_, '_>, alternative: &Alternative<'_>) -> String {
    let shown = &site.shown;
    let said = match (&alternative.form, &site.how) {
        (Form::Default(reader), _) => {
            let what = match variable(alternative) {
                Some(variable) => format!("{reader} finds no {variable}"),
                None => format!("{reader} finds nothing"),
            };
            format!("{shown} falls back to a literal when {what}")
        }
        (Form::Or, _) | (_, How::Or) => format!("{shown} falls back to a literal after `or`"),
        (Form::Branch, _) | (_, How::Else) => {
            format!("{shown} is a literal in one branch of a conditional expression")
        }
        (Form::Field, _) => format!("{shown} has a literal as the field's default"),
        (_, How::Fallback(reader)) => {
            format!("{shown} falls back to a literal when {reader} does not find it")
        }
        (Form::Parameter, _) | (_, How::Parameter) => match site.how {
            How::Parameter => format!("the parameter {shown} has a literal as its default"),
            _ => format!("{shown} comes from a parameter that has a literal as its default"),
        },
        (Form::Passed(function), _) => {
            format!("a literal is passed to {function}(), from where it becomes {shown}")
        }
        (Form::Element, _) => format!("{shown} is taken from a list or dictionary of literals"),
        (Form::Returned(function), _) => format!("{shown} is a literal that {function}() returns"),
        (Form::Plain, How::Assigned) if site.handler => {
            format!("{shown} falls back to a literal when an exception is caught")
        }
        (Form::Plain, How::Assigned) => format!("a literal is assigned to {shown}"),
        (Form::Plain, How::Appended) => format!("a literal is appended to {shown}"),
        (Form::Plain, How::Keyword(function)) => {
            format!("a literal is passed to {function} as {shown}")
        }
        (Form::Plain, How::Entry) => format!("a dictionary holds a literal as {shown}"),
        (Form::Plain, How::Returned) => format!("{shown} returns a literal"),
        (Form::Plain, How::Setter(function)) => {
            format!("a literal is given to {function} for {shown}")
        }
    };
    let through = match alternative.names.first() {
        Some((name, _)) => format!(", through the name {name}"),
        None => String::new(),
    };
    let known = match known_key(&alternative.literal.value.text) {
        Some(source) => format!("; it is a publicly known key (from {source})"),
        None => String::new(),
    };
    format!("{said}{through}{known}")
}

/// What to do about it.
pub(super) fn help(site: &Site<'_, '_>, alternative: &Alternative<'_>) -> String {
    let name = &site.setting.name;
    let variable = variable(alternative).unwrap_or(name);
    let falls_back = matches!(alternative.form, Form::Default(_) | Form::Or)
        || matches!(site.how, How::Fallback(_) | How::Or | How::Else)
        || site.handler;
    let fix = if falls_back {
        format!(
            "Remove the fallback and read os.environ[\"{variable}\"], so that the app refuses to start without it"
        )
    } else {
        format!("Read it from the environment instead: os.environ[\"{variable}\"]")
    };
    if is_address(&alternative.literal.value.text) {
        return format!("{fix}: an address is not a secret, but it differs where the app runs.");
    }
    let why = if name.contains("SECRET") {
        "whoever reads the code can sign what the app trusts"
    } else {
        "whoever reads the code has it"
    };
    format!("{fix}; {NEW_VALUE} and {why}.")
}

/// `smtp.example.com`, `https://example.com/x`, `shop@example.com`: nothing that
/// lets anybody in.
fn is_address(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((_, rest)) if rest.contains('@') => return false,
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or_default(),
        None => text,
    };
    let host = match rest.split_once('@') {
        Some((user, host)) if !user.is_empty() && !user.contains(':') => host,
        Some(_) => return false,
        None => rest,
    };
    let host = host.split(':').next().unwrap_or_default();
    let parts: Vec<&str> = host.split('.').collect();
    let plain = |part: &&str| {
        (1..=24).contains(&part.len())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let ending =
        parts.last().is_some_and(|last| last.len() <= 12 && last.chars().all(char::is_alphabetic));
    let digits = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
    host == "localhost" || digits || (parts.len() > 1 && parts.iter().all(plain) && ending)
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_lets_nobody_in() {
        for text in ["smtp.example.com", "https://example.com/a", "shop@example.com", "10.0.0.1:25"]
        {
            assert!(is_address(text), "{text}");
        }
        for text in
            ["hunter2", "https://u:p@example.com", "a1b2.c3d4e5f6", "SG.abc123XYZ.9f", "x:y@z.com"]
        {
            assert!(!is_address(text), "{text}");
        }
    }
}
