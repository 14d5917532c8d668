//! The files that say what is deployed and name certain words.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use super::gather::{each_text, failed};
use super::{Fact, Facts};
use crate::lang::{SourceFile, deploys};
use crate::model::CheckError;
use crate::repo::Unread;

/// The files that say what is deployed (Dockerfiles, compose files, servers'
/// configuration, start scripts, code) and hold at least one of the key's words.
pub struct Deployed {
    /// The files, ordered by path.
    pub files: Vec<Arc<SourceFile>>,
    /// What could not be read, in order.
    pub unread: Vec<Unread>,
}

impl Fact for Deployed {
    type Key = Vec<String>;

    fn derive(words: &Vec<String>, cx: &Facts<'_>) -> Result<Self, CheckError> {
        let search = AhoCorasick::new(words).map_err(|error| failed(error.to_string()))?;
        let kept = Mutex::new(Vec::new());
        let unread = each_text(cx, &deploys::may_say, &|path, text| {
            if search.is_match(text) {
                let text = String::from_utf8_lossy(text).into_owned();
                let file = Arc::new(SourceFile::new(path.clone(), text));
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(file);
            }
            ControlFlow::Continue(())
        })?;
        let mut files = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        files.sort_by(|a: &Arc<SourceFile>, b| a.path().cmp(b.path()));
        Ok(Self { files, unread })
    }
}
