//! Keys: what each means, and the words for it. Help and footer follow from
//! [`table::KEYS`] and from what dialogs and screens register.

pub(crate) mod binding;
pub(crate) mod intent;
pub(crate) mod table;
