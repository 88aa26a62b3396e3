//! Installation tokens: one per repository, with four permissions, kept until shortly before
//! their end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::repository::InstallationId;
use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::app::App;
use crate::forge::github::auth::{Credentials, Token};
use crate::forge::github::transport::Transport;

/// Repositories whose tokens are kept. A token has half a kilobyte.
const MAX_SLOTS: usize = 1000;

/// What is known of one repository's token. The lock is held while a token is fetched, so that
/// all who need it wait for one request.
#[derive(Debug, Default)]
struct Slot {
    installation: Option<u64>,
    token: Option<Token>,
}

type Slots = HashMap<(Option<InstallationId>, u64), Arc<tokio::sync::Mutex<Slot>>>;

/// The tokens of one GitHub.
pub(super) struct Tokens {
    pub(super) credentials: Credentials,
    slots: Mutex<Slots>,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            slots: Mutex::default(),
        }
    }

    /// The App behind the tokens, if there is one.
    pub(super) fn app<'a>(&'a self, transport: &'a Transport) -> Option<App<'a>> {
        match &self.credentials {
            Credentials::App { id, key } => Some(App { transport, id, key }),
            Credentials::Token(_) | Credentials::Workflow { .. } => None,
        }
    }

    /// The token for `repository`, from the cache or newly minted.
    pub(super) async fn token(
        &self,
        transport: &Transport,
        repository: &RepositoryAddress,
    ) -> Result<Token, ForgeError> {
        let app = match &self.credentials {
            Credentials::App { id, key } => App { transport, id, key },
            Credentials::Token(secret) | Credentials::Workflow { token: secret, .. } => {
                return Token::made_by_hand(secret);
            }
        };
        let slot = self.slot(repository);
        let mut slot = slot.lock().await;
        let now = transport.clock.theirs();
        if let Some(token) = slot.token.as_ref().filter(|token| token.is_fresh(now)) {
            return Ok(token.clone());
        }
        let known = slot.installation.or(repository.installation.map(|id| id.0));
        let (token, installation) = app.mint_found(repository, known).await?;
        slot.installation = Some(installation);
        slot.token = Some(token.clone());
        Ok(token)
    }

    /// Drops the token that was refused, so that the next one is new.
    pub(super) async fn forget(&self, repository: &RepositoryAddress, refused: &Token) {
        let slot = self.slot(repository);
        let mut slot = slot.lock().await;
        if slot.token.as_ref() == Some(refused) {
            slot.token = None;
        }
    }

    fn slot(&self, repository: &RepositoryAddress) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_SLOTS {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let key = (repository.installation, repository.id.0);
        Arc::clone(slots.entry(key).or_default())
    }
}
