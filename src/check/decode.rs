//! From a YAML value to a type, with every mistake and its key path.
//!
//! serde stops at the first mistake. Here the mistaken part is taken out and
//! the rest is tried again, so that a file's mistakes are told in one go.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

/// One step of a path into a YAML document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// The value under a key.
    Key(String),
    /// The entry of a list, counted from 0.
    Index(usize),
}

/// A mistake in a value, and where in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// From the value's top to what is wrong.
    pub path: Vec<Step>,
    /// What is wrong and what was expected.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Mistakes after which the rest is not looked at: each costs another reading.
const MOST_MISTAKES: usize = 50;

/// Reads a `T`, or tells all that is wrong with it.
///
/// Enums are written as `word` or `{ word: value }`, not with YAML tags.
///
/// # Errors
/// Every mistake that can be told apart, up to 50.
pub fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, Vec<Mistake>> {
    match decode_around(value) {
        Decoded { value: Some(value), mistakes, .. } if mistakes.is_empty() => Ok(value),
        Decoded { mistakes, .. } => Err(mistakes),
    }
}

/// Reads a `T` from what is left when all mistaken parts are taken out, so that
/// the rest can be looked at as well.
pub fn decode_around<T: DeserializeOwned>(value: &Value) -> Decoded<T> {
    let mut value = value.clone();
    let mut told: Vec<Mistake> = Vec::new();
    let mut gone = TakenOut::default();
    loop {
        let mut mistake = match try_once::<T>(&value) {
            Ok(decoded) => return Decoded { value: Some(decoded), mistakes: told, gone },
            Err(mistake) => mistake,
        };
        let now = mistake.path.clone();
        mistake.path = gone.original(&now);
        let follows = match mistake.missing_field() {
            // it, or something in it, was taken out
            Some(field) => {
                let field = child(&mistake.path, field);
                told.iter().any(|known| known.path.starts_with(&field))
            }
            // what is said of a whole may be due to the parts that were taken out
            None => told.iter().any(|known| {
                known.path.len() > mistake.path.len() && known.path.starts_with(&mistake.path)
            }),
        };
        let known = told.iter().any(|known| known == &mistake);
        if !follows && !known {
            told.push(mistake.clone());
        }
        if known || told.len() >= MOST_MISTAKES || !take_out(&mut value, &now) {
            return Decoded { value: None, mistakes: told, gone };
        }
        gone.note(mistake.path);
    }
}

/// A value as far as it could be read, and its mistakes.
#[derive(Debug)]
pub struct Decoded<T> {
    /// What could be read; nothing when a mistake concerns the whole.
    pub value: Option<T>,
    /// What was taken out, and why.
    pub mistakes: Vec<Mistake>,
    gone: TakenOut,
}

impl<T> Decoded<T> {
    /// Splits off what is needed to find places in the file again.
    pub fn parts(self) -> (Option<T>, Vec<Mistake>, TakenOut) {
        (self.value, self.mistakes, self.gone)
    }
}

impl Mistake {
    fn missing_field(&self) -> Option<&str> {
        between(&self.message, "missing field `", "`")
    }
}

fn child(path: &[Step], field: &str) -> Vec<Step> {
    let mut path = path.to_vec();
    path.push(Step::Key(field.to_owned()));
    path
}

/// The list entries that were taken out, so that the places of those behind
/// them are still told as they stand in the file.
#[derive(Debug, Default)]
pub struct TakenOut(HashMap<Vec<Step>, BTreeSet<usize>>);

impl TakenOut {
    fn note(&mut self, mut path: Vec<Step>) {
        if let Some(Step::Index(index)) = path.pop() {
            self.0.entry(path).or_default().insert(index);
        }
    }

    /// A path in what is left, as a path in what was there first.
    pub fn original(&self, path: &[Step]) -> Vec<Step> {
        let mut out: Vec<Step> = Vec::with_capacity(path.len());
        for step in path {
            let step = match (step, self.0.get(&out)) {
                (Step::Index(index), Some(gone)) => {
                    let nth = (0..).filter(|i| !gone.contains(i)).nth(*index);
                    Step::Index(nth.unwrap_or(*index))
                }
                (step, _) => step.clone(),
            };
            out.push(step);
        }
        out
    }
}

fn try_once<T: DeserializeOwned>(value: &Value) -> Result<T, Mistake> {
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(value, &mut track);
    match serde_yaml::with::singleton_map_recursive::deserialize(tracked) {
        Ok(decoded) => Ok(decoded),
        Err(error) => {
            let message = error.to_string();
            let mut path: Vec<Step> = track.path().iter().filter_map(step).collect();
            // serde names an unknown field in its message, not in the path
            if let Some(field) = between(&message, "unknown field `", "`")
                && path.last() != Some(&Step::Key(field.to_owned()))
            {
                path.push(Step::Key(field.to_owned()));
            }
            Err(Mistake { path, message })
        }
    }
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { variant } => Some(Step::Key(variant.clone())),
        Segment::Unknown => None,
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let end = text[start..].find(after)? + start;
    Some(&text[start..end])
}

/// Removes what stands at the path; false when nothing stands there.
fn take_out(value: &mut Value, path: &[Step]) -> bool {
    let Some((last, parents)) = path.split_last() else {
        return false;
    };
    let mut at = value;
    for parent in parents {
        let next = match parent {
            Step::Key(key) => at.get_mut(key.as_str()),
            Step::Index(index) => at.get_mut(*index),
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
    match (last, at) {
        (Step::Key(key), Value::Mapping(map)) => map.remove(key.as_str()).is_some(),
        (Step::Index(index), Value::Sequence(list)) if *index < list.len() => {
            list.remove(*index);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        number: u8,
        form: Option<Form>,
        list: Option<Vec<Sample>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Form {
        Port,
        Equals(String),
    }

    fn mistakes(yaml: &str) -> Vec<String> {
        let value: Value = serde_yaml::from_str(yaml).expect("YAML");
        let mut told: Vec<String> = decode::<Sample>(&value)
            .expect_err("mistaken")
            .iter()
            .map(|m| {
                let path: Vec<String> = m
                    .path
                    .iter()
                    .map(|step| match step {
                        Step::Key(key) => key.clone(),
                        Step::Index(index) => index.to_string(),
                    })
                    .collect();
                path.join(".")
            })
            .collect();
        told.sort();
        told
    }

    #[test]
    fn words_and_single_keys_are_enums() {
        let value = serde_yaml::from_str("{number: 1, form: {equals: production}}").expect("YAML");
        let sample: Sample = decode(&value).expect("valid");
        assert_eq!(sample.form, Some(Form::Equals("production".into())));
        let value = serde_yaml::from_str("{number: 1, form: port}").expect("YAML");
        assert_eq!(decode::<Sample>(&value).expect("valid").form, Some(Form::Port));
    }

    #[test]
    fn all_mistakes_are_told() {
        assert_eq!(
            mistakes("{number: 1, nmae: x, list: [{number: a, q: 1}]}"),
            ["list.0.number", "list.0.q", "nmae"]
        );
    }

    #[test]
    fn places_stay_those_of_the_file() {
        assert_eq!(
            mistakes("{number: 1, list: [{}, {number: 1}, {number: a}, {number: 1, q: 1}]}"),
            ["list.0", "list.2.number", "list.3.q"]
        );
    }

    #[test]
    fn a_missing_field_ends_it() {
        let value = serde_yaml::from_str("{}").expect("YAML");
        let told = decode::<Sample>(&value).expect_err("incomplete");
        assert_eq!(told.len(), 1);
        assert!(told[0].message.contains("missing field `number`"), "{told:?}");
    }
}
