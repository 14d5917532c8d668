//! The files of JavaScript and TypeScript in which a word stands that code which
//! signs something uses.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use super::gather::{Gather, each_text};
use super::{Fact, Facts};
use crate::lang::SourceFile;
use crate::lang::javascript::ENDINGS;
use crate::lang::own::{self, Whose};
use crate::model::{CheckError, RepoPath};
use crate::repo::Unread;

/// The files.
pub struct KeyScripts {
    /// Their paths, in order.
    pub paths: Vec<RepoPath>,
    /// What could not be read, in order.
    pub unread: Vec<Unread>,
}

/// A file that names a key.
pub(super) struct Named;

impl Gather for Named {
    type Piece = ();

    fn wants(path: &RepoPath) -> bool {
        let ending = path.name().to_str().and_then(|name| name.rsplit_once('.'));
        ending.is_some_and(|(_, ending)| ENDINGS.iter().any(|e| e.eq_ignore_ascii_case(ending)))
            && !own::lies_in(path, &[Whose::Installed])
    }

    fn literals() -> &'static [&'static str] {
        &[
            "ecret",
            "SECRET",
            "ookieParser",
            "cookie-parser",
            "ookieSession",
            "cookie-session",
            "jsonwebtoken",
            "jwt",
            "Jwt",
            "JWT",
            "jose",
            "createHmac",
            "createSign",
            "eygrip",
            ".keys =",
            ".keys=",
            "appKey",
            "APP_KEY",
            "iron-session",
            "cookieName",
            "@hapi/",
        ]
    }

    fn look(_: &SourceFile) -> Option<()> {
        Some(())
    }
}

impl Fact for KeyScripts {
    type Key = ();

    fn derive((): &(), cx: &Facts<'_>) -> Result<Self, CheckError> {
        let pieces = cx.gathered::<Named>()?;
        let paths = pieces.all.iter().map(|(path, ())| path.clone()).collect();
        Ok(Self { paths, unread: pieces.unread.clone() })
    }
}

/// The files of JavaScript and TypeScript in which a word stands, in order.
pub struct ScriptsNaming {
    /// Their paths.
    pub paths: Vec<RepoPath>,
}

impl Fact for ScriptsNaming {
    type Key = String;

    fn derive(word: &String, cx: &Facts<'_>) -> Result<Self, CheckError> {
        let found = Mutex::new(Vec::new());
        let look = |path: &RepoPath, text: &[u8]| {
            if memchr::memmem::find(text, word.as_bytes()).is_some() {
                found.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
            }
            ControlFlow::Continue(())
        };
        each_text(cx, &Named::wants, &look)?;
        let mut paths = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        paths.sort();
        Ok(Self { paths })
    }
}
