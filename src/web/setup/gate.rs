//! Who may register an App: whoever has the address that was printed at the start, in one browser,
//! once, and not for long.
//!
//! The address holds a token. Opening it trades the token for a session, which lives in a cookie; what
//! comes back from GitHub must belong to that session and carry the state that was sent along.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::service::setup::Place;
use crate::store::Millis;

/// How long the printed address works.
const TOKEN_LIFE: Duration = Duration::from_hours(1);

/// How long a browser may take; GitHub's codes live as long.
const SESSION_LIFE: Duration = Duration::from_hours(1);

/// A registration that was sent to GitHub.
#[derive(Debug, Clone)]
struct Pending {
    state: SecretString,
    place: Place,
}

/// What stands between strangers and the bot.
#[derive(Debug)]
pub(super) struct Gate {
    token: Option<(SecretString, Millis)>,
    session: Option<(SecretString, Millis)>,
    pending: Option<Pending>,
}

impl Gate {
    /// A gate that opens for `token`.
    pub(super) fn new(token: SecretString, now: Millis) -> Self {
        Self {
            token: Some((token, now.plus(TOKEN_LIFE))),
            session: None,
            pending: None,
        }
    }

    /// Trades the token for a session, whose secret `fresh` is. A token works once.
    pub(super) fn enter(&mut self, token: &str, fresh: SecretString, now: Millis) -> bool {
        if !is_same(self.token.as_ref(), token, now) {
            return false;
        }
        self.token = None;
        self.session = Some((fresh, now.plus(SESSION_LIFE)));
        true
    }

    /// Whether `session` is the one that was begun.
    pub(super) fn admits(&self, session: &str, now: Millis) -> bool {
        is_same(self.session.as_ref(), session, now)
    }

    /// Notes where an App is being registered, and the state that has to come back.
    pub(super) fn begin(&mut self, place: Place, state: SecretString) {
        self.pending = Some(Pending { state, place });
    }

    /// Where the App was registered that comes back with `state`. A state works once.
    pub(super) fn finish(&mut self, state: &str) -> Option<Place> {
        let fits = |pending: &mut Pending| is_equal(&pending.state, state);
        self.pending.take_if(fits).map(|pending| pending.place)
    }

    /// Lets nobody in any more.
    pub(super) fn close(&mut self) {
        *self = Self {
            token: None,
            session: None,
            pending: None,
        };
    }
}

fn is_same(known: Option<&(SecretString, Millis)>, given: &str, now: Millis) -> bool {
    known.is_some_and(|(secret, ends)| is_equal(secret, given) && now < *ends)
}

/// Digests are compared, so that the time taken says nothing of the secret.
fn is_equal(secret: &SecretString, given: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(secret.expose_secret())
}
