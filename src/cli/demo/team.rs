//! What the demo's invented team has seen and signed.

use std::collections::HashMap;
use std::path::Path;

use super::DemoError;
use super::files::{NADIA, TOMAS};
use crate::checklist::{Choice, Mode};
use crate::ledger::Act;
use crate::model::Person;
use crate::session::{Opening, Session};

/// Item, who signed it, and their words. What is not here waits for the person
/// who tries the demo. An item that a check decides by now needs no signature.
const SIGNED: &[(&str, (&str, &str), &str)] = &[
    ("secret-key-stable", TOMAS, "logged in, restarted, still logged in"),
    ("env-out-of-image", TOMAS, "looked into the image: no .env, no .git"),
    ("config-from-env", NADIA, "all of it is read in kiosk/config.py"),
    ("passwords-hashed", NADIA, "bcrypt in kiosk/auth.py, nowhere else"),
    ("csrf-protected", NADIA, "on for all; only the webhook is exempt, it checks a signature"),
    ("rate-limited", NADIA, "login and orders; counted in the database, for all workers"),
    ("sql-parameterised", TOMAS, "the ORM everywhere; one constant text() in healthz"),
    ("database-backups", TOMAS, "cron mails when it fails; the newest copy passes the check"),
    ("database-encrypted", TOMAS, "the disk is encrypted with LUKS; enough for addresses of mail"),
    ("https-certificate", TOMAS, "Caddy renews it; redirect and HSTS seen with curl"),
    ("cors-restricted", NADIA, "we send no CORS headers at all"),
    ("cookie-secure", NADIA, "seen in the answer of the live site"),
    ("cookie-httponly", NADIA, "seen in the answer of the live site"),
    ("cookie-samesite", NADIA, "Lax; the way back from Stripe works"),
    ("container-non-root", TOMAS, "id -u prints 10001"),
    ("container-limits", TOMAS, "384 MB; it uses 120 under load"),
    ("container-base-current", TOMAS, "3.13-slim, by its number"),
    ("container-base-supported", TOMAS, "3.13 gets fixes until 2029"),
    ("container-healthcheck", TOMAS, "docker ps says healthy"),
    ("errors-reported", NADIA, "a division by zero arrived within a minute"),
    ("failed-logins-monitored", NADIA, "found my own wrong password in the log"),
    ("rate-limit-violations-tracked", NADIA, "found my own sixth try in the log"),
    ("payments-logged", NADIA, "each event with its id, refused ones too"),
    ("dependencies-current", TOMAS, "all but stripe, whose new major version can wait"),
    ("dependencies-pinned", TOMAS, "all eight, with =="),
    ("email-delivers", NADIA, "arrived at two providers, SPF and DKIM pass"),
    ("payments-tested", NADIA, "paid, declined, 3-D Secure, wrong signature"),
    ("env-documented", NADIA, "compared config.py with .env.example"),
    ("debug-off", TOMAS, "gunicorn; no debug anywhere"),
];

/// Signs in the team's name; tells how many items were signed.
pub(super) fn sign(dir: &Path) -> Result<usize, DemoError> {
    let opening = Opening { folder: dir, choice: &Choice::Find, at: None, state: None };
    let session = Session::open(&opening)?;
    let none = HashMap::new();
    let mut signed = 0;
    for (id, (name, email), note) in SIGNED {
        let manual = session
            .checklist
            .items()
            .map(|(_, item)| item)
            .find(|item| item.id.as_str() == *id)
            .filter(|item| item.mode() == Mode::Manual && item.disabled.is_none());
        let Some(item) = manual else { continue };
        let mut draft = session.draft(Act::SignOff, &item.id, &none, None)?;
        draft.author = Person::new(name, email);
        session.commit(draft, note, &crate::ledger::patiently)?;
        signed += 1;
    }
    Ok(signed)
}
