//! What gonogo can do by itself about what a check found.

use std::fmt::Debug;
use std::sync::Arc;

use crate::facts::Facts;
use crate::model::{CleanText, FixError, Loss, Plan, RepoPath};

/// Something that gonogo can do when the person agrees. One fix is one file in
/// `fixes/`; the checks that offer it make it from what they saw.
///
/// It changes nothing itself: it plans, and `fix::apply` carries the plan out.
pub trait Fix: Debug + Send + Sync {
    /// What it does, in a few words: "add `.env` to `.gitignore`".
    fn title(&self) -> CleanText;

    /// When its turn is among the fixes of several items.
    fn order(&self) -> Order;

    /// Other fixes without which this one may not be done as the files are now,
    /// in their order. They are offered first, whether or not the checklist has
    /// an item that would offer them.
    ///
    /// # Errors
    /// When that cannot be found out.
    fn first(&self, cx: &Facts<'_>) -> Result<Vec<Arc<dyn Fix>>, FixError> {
        let _ = cx;
        Ok(Vec::new())
    }

    /// What it would lose, told before the fixes that come [first](Self::first)
    /// are done: what would refuse it is then known before anything changed.
    ///
    /// # Errors
    /// When it may not be done even after them.
    fn foreseen(&self, cx: &Facts<'_>) -> Result<Option<Loss>, FixError> {
        Ok(self.plan(cx)?.loses)
    }

    /// The same for what is left of it as the files are now, so that its title
    /// names nothing that is done already; none when all of it is left. `planned`
    /// are files that fixes before it were shown to keep out of git; it adds its own.
    ///
    /// # Errors
    /// When that cannot be found out.
    fn narrowed(
        &self,
        cx: &Facts<'_>,
        planned: &mut Vec<RepoPath>,
    ) -> Result<Option<Arc<dyn Fix>>, FixError> {
        let _ = (cx, planned);
        Ok(None)
    }

    /// What it would do to the files as they are now; [`Plan::nothing`] when
    /// nothing is left to do.
    ///
    /// # Errors
    /// When it may not be done, or something could not be looked at.
    fn plan(&self, cx: &Facts<'_>) -> Result<Plan, FixError>;
}

/// When a fix's turn is: a secret is not written while git would track the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Order {
    /// Keeps files out of git.
    OutOfGit,
    /// Takes permissions away.
    Modes,
    /// Writes secrets.
    Secrets,
}
