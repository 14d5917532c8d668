//! Fields that are written as one of a few words, or as a mapping.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, Unexpected};

use super::{RawPolicy, Written};
use crate::checklist::words;
use crate::model::Period;

/// A type that is written as a word or as a mapping.
trait WordOrMapping: Sized {
    type Mapping: DeserializeOwned + JsonSchema;
    const NAME: &'static str;
    const WORDS: &'static [&'static str];
    /// What is expected, for the mistake that is neither.
    const HOW: &'static str;

    /// One of `WORDS` as a value.
    fn of_word(word: &str) -> Self;
    fn of_mapping(mapping: Self::Mapping) -> Self;
}

/// Whose sign-off counts: the word `anyone`, or a policy.
#[derive(Debug)]
pub(in crate::checklist) enum RawSignOff {
    Anyone,
    Policy(RawPolicy),
}

/// Who may waive an item: the word `never`, or a rule.
#[derive(Debug)]
pub(in crate::checklist) enum RawWaive {
    Never,
    Rule(RawWaivers),
}

/// Who may waive, and for how long.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Waivers")]
pub(in crate::checklist) struct RawWaivers {
    /// The role whose waivers count. By default that of the item's sign-off, else anyone in the team, else anyone.
    pub by: Option<String>,
    /// The longest time for which a waiver counts, such as `30d`. By default 90 days, and 30 for a critical item; the gate gives a critical item no more than that, the item itself may.
    pub longest: Option<Written<Period>>,
}

/// Whether the ledger is shared: the word `local`, or how old the last sync may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::checklist) enum RawLedger {
    Local,
    Shared(RawShared),
}

/// How old the last sync of the ledger may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SharedLedger")]
pub(in crate::checklist) struct RawShared {
    /// The longest time since the last sync, such as `7d`; without it, one sync is enough.
    pub max_age: Option<Written<Period>>,
}

/// What uncommitted changes of tracked files mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(rename = "Uncommitted", rename_all = "lowercase")]
pub(in crate::checklist) enum RawUncommitted {
    /// GO waits for the commit.
    Block,
    /// They are named, and the verdict is about the work tree.
    Warn,
}

/// Where production's variables are seen: a word, or a file.
#[derive(Debug, Clone)]
pub(in crate::checklist) enum RawEnvironment {
    Process,
    Elsewhere,
    File(RawEnvFile),
}

/// The file that holds production's variables.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EnvironmentFile")]
pub(in crate::checklist) struct RawEnvFile {
    /// Its path from the repository's root. By default what the variable `env_file` names, else `.env`.
    pub file: String,
}

impl WordOrMapping for RawSignOff {
    type Mapping = RawPolicy;
    const NAME: &'static str = "SignOffOrAnyone";
    const WORDS: &'static [&'static str] = &["anyone"];
    const HOW: &'static str =
        "the word `anyone`, or a mapping of `by`, `count`, `valid` and `covers`";

    fn of_word(_: &str) -> Self {
        Self::Anyone
    }

    fn of_mapping(policy: RawPolicy) -> Self {
        Self::Policy(policy)
    }
}

impl WordOrMapping for RawWaive {
    type Mapping = RawWaivers;
    const NAME: &'static str = "WaiversOrNever";
    const WORDS: &'static [&'static str] = &["never"];
    const HOW: &'static str = "the word `never`, or a mapping of `by` and `longest`";

    fn of_word(_: &str) -> Self {
        Self::Never
    }

    fn of_mapping(rule: RawWaivers) -> Self {
        Self::Rule(rule)
    }
}

impl WordOrMapping for RawLedger {
    type Mapping = RawShared;
    const NAME: &'static str = "Ledger";
    const WORDS: &'static [&'static str] = &["local"];
    const HOW: &'static str = "the word `local`, or a mapping of `max_age`";

    fn of_word(_: &str) -> Self {
        Self::Local
    }

    fn of_mapping(shared: RawShared) -> Self {
        Self::Shared(shared)
    }
}

impl WordOrMapping for RawEnvironment {
    type Mapping = RawEnvFile;
    const NAME: &'static str = "Environment";
    const WORDS: &'static [&'static str] = &["process", "elsewhere"];
    const HOW: &'static str = "`process`, `elsewhere`, or a mapping of `file`";

    fn of_word(word: &str) -> Self {
        match word {
            "process" => Self::Process,
            _ => Self::Elsewhere,
        }
    }

    fn of_mapping(file: RawEnvFile) -> Self {
        Self::File(file)
    }
}

struct Visitor<T>(std::marker::PhantomData<T>);

impl<'de, T: WordOrMapping> serde::de::Visitor<'de> for Visitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::HOW)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        if T::WORDS.contains(&text) {
            return Ok(T::of_word(text));
        }
        Err(match words::nearest(text, T::WORDS.iter().copied()) {
            Some(_) => E::unknown_variant(text, T::WORDS),
            // the mapping may be what is meant
            None => E::invalid_type(Unexpected::Str(text), &self),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::Mapping::deserialize(MapAccessDeserializer::new(map)).map(T::of_mapping)
    }
}

fn schema<T: WordOrMapping>(generator: &mut SchemaGenerator) -> Schema {
    let mapping = generator.subschema_for::<T::Mapping>();
    json_schema!({ "anyOf": [{ "enum": T::WORDS }, mapping] })
}

macro_rules! word_or_mapping {
    ($($type:ty),*) => { $(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Visitor::<$type>(std::marker::PhantomData))
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                <$type as WordOrMapping>::NAME.into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                schema::<$type>(generator)
            }
        }
    )* };
}

impl<'de> Deserialize<'de> for RawUncommitted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WORDS: &[&str] = &["block", "warn"];
        struct Reader;
        impl serde::de::Visitor<'_> for Reader {
            type Value = RawUncommitted;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&words::list(WORDS))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RawUncommitted, E> {
                match text {
                    "block" => Ok(RawUncommitted::Block),
                    "warn" => Ok(RawUncommitted::Warn),
                    _ => Err(E::unknown_variant(text, WORDS)),
                }
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

word_or_mapping!(RawSignOff, RawWaive, RawLedger, RawEnvironment);
