//! Tickets for downloads: links that work without a token, for a while.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::sandbox::world::State;
use crate::store::Millis;

/// How long a link to a private archive works, as on GitHub.
const TICKET_LIFE: Duration = Duration::from_mins(5);

/// Tickets remembered.
const MOST_TICKETS: usize = 1_000;

/// Leave to download.
#[derive(Debug)]
pub(crate) struct Ticket {
    secret: SecretString,
    expires_at: Millis,
}

impl State {
    /// Makes a ticket and returns its text.
    pub(crate) fn issue_ticket(&mut self, now: Millis) -> String {
        let secret = self.texts.letters(32);
        if self.tickets.len() >= MOST_TICKETS {
            self.tickets.pop_front();
        }
        self.tickets.push_back(Ticket {
            secret: SecretString::from(secret.clone()),
            expires_at: now.plus(TICKET_LIFE),
        });
        secret
    }

    /// Whether `secret` is a ticket that still works.
    pub(crate) fn is_ticket(&self, secret: &str, now: Millis) -> bool {
        self.tickets
            .iter()
            .any(|ticket| ticket.secret.expose_secret() == secret && ticket.expires_at > now)
    }
}
