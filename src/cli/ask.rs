//! Asks on the terminal; whatever is not a clear yes is a no.

use std::io::{self, BufRead as _, Write as _};

use super::failure::Failure;

/// Whether the answer is one of these words, in any case.
pub(super) fn yes(question: &str, wanted: &[&str]) -> Result<bool, Failure> {
    let answer = answer(question)?;
    Ok(wanted.iter().any(|word| answer.eq_ignore_ascii_case(word)))
}

/// Whether the answer is exactly this word.
pub(super) fn typed(question: &str, wanted: &str) -> Result<bool, Failure> {
    Ok(answer(question)? == wanted)
}

fn answer(question: &str) -> Result<String, Failure> {
    let mut out = anstream::stdout().lock();
    write!(out, "{question}")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}
