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
    /// Which App's installation it is, and its id.
    source: Option<(usize, u64)>,
    token: Option<Token>,
}

type Slots = HashMap<(Option<InstallationId>, u64), Arc<tokio::sync::Mutex<Slot>>>;

/// A token, with the place of its App among all and the installation that it came from.
type Minted = (Token, (usize, u64));

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

    /// The Apps behind the tokens; none behind one made by hand.
    pub(super) fn apps<'a>(
        &'a self,
        transport: &'a Transport,
    ) -> impl Iterator<Item = App<'a>> + use<'a> {
        let logins = match &self.credentials {
            Credentials::Apps(logins) => logins.as_slice(),
            Credentials::Token(_) | Credentials::Workflow { .. } => &[],
        };
        logins.iter().map(move |login| App { transport, login })
    }

    /// The token for `repository`, from the cache or newly minted.
    pub(super) async fn token(
        &self,
        transport: &Transport,
        repository: &RepositoryAddress,
    ) -> Result<Token, ForgeError> {
        if let Credentials::Token(secret) | Credentials::Workflow { token: secret, .. } =
            &self.credentials
        {
            return Token::made_by_hand(secret);
        }
        let slot = self.slot(repository);
        let mut slot = slot.lock().await;
        let now = transport.clock.theirs();
        if let Some(token) = slot.token.as_ref().filter(|token| token.is_fresh(now)) {
            return Ok(token.clone());
        }
        let (token, source) = self.mint(transport, repository, slot.source).await?;
        slot.source = Some(source);
        slot.token = Some(token.clone());
        Ok(token)
    }

    /// The place among [`Self::apps`] of the App that `repository` is reached by, known or found out.
    pub(super) async fn owner(
        &self,
        transport: &Transport,
        repository: &RepositoryAddress,
    ) -> Result<usize, ForgeError> {
        if self.apps(transport).count() < 2 {
            return Ok(0);
        }
        self.token(transport, repository).await?;
        let slot = self.slot(repository);
        let source = slot.lock().await.source;
        Ok(source.map_or(0, |(place, _)| place))
    }

    /// Mints a token by the App that the repository was reached by before, or else by the one whose
    /// installation the address names. Only when that is nobody's, whichever App is installed will do:
    /// two Apps may be on one repository, and each answers for itself.
    async fn mint(
        &self,
        transport: &Transport,
        repository: &RepositoryAddress,
        source: Option<(usize, u64)>,
    ) -> Result<Minted, ForgeError> {
        let mut apps = self.apps(transport).enumerate().collect::<Vec<_>>();
        if let Some((place, _)) = source {
            apps.retain(|(other, _)| *other == place);
        }
        let known = repository.installation.map(|id| id.0);
        if let (Some(installation), true) = (known, apps.len() > 1) {
            let mut failed = None;
            for (place, app) in &apps {
                match app.mint(repository, installation).await {
                    Ok(token) => return Ok((token, (*place, installation))),
                    Err(ForgeError::NotFound { .. }) => {}
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            // It may be the installation of the App that failed: no other one answers in its place.
            if let Some(error) = failed {
                return Err(error);
            }
        }
        let mut failed = None;
        let known = source.map(|(_, installation)| installation).or(known);
        for (place, app) in &apps {
            match app.mint_found(repository, known).await {
                Ok((token, installation)) => return Ok((token, (*place, installation))),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        Err(failed.unwrap_or_else(|| ForgeError::Uninstalled {
            what: format!("`{}`", repository.name),
        }))
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
