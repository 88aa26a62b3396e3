//! The accounts of the world and what they may do.

use secrecy::SecretString;

use crate::domain::thread::Role;
use crate::sandbox::world::app::App;
use crate::sandbox::world::{Refusal, State};

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountKind {
    User,
    Organization,
    Bot,
}

impl AccountKind {
    /// GitHub's word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Organization => "Organization",
            Self::Bot => "Bot",
        }
    }
}

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: u64,
    pub(crate) login: String,
    pub(crate) kind: AccountKind,
    /// Its role in the repository, as far as it was given one.
    pub(crate) role: Role,
    /// A personal access token.
    pub(crate) token: SecretString,
}

/// Somebody who does something, with the rights that hold for this one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    pub(crate) account: u64,
    pub(crate) login: String,
    pub(crate) role: Role,
}

/// What the App was told that somebody may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleTold {
    /// How many requests had been answered until then.
    pub(crate) after: u64,
    /// Of whom it was told.
    pub(crate) login: String,
    /// The thread that was asked about in the same request; `None` when there was none.
    pub(crate) thread: Option<u64>,
    /// What was told.
    pub(crate) role: Role,
}

/// Answers remembered.
const MOST_TOLD: usize = 10_000;

impl Actor {
    /// Passes when the actor's role is at least `role`.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], which names `action`.
    pub(crate) fn require(&self, role: Role, action: &'static str) -> Result<(), Refusal> {
        if self.role >= role {
            return Ok(());
        }
        Err(Refusal::NotAllowed {
            login: self.login.clone(),
            action,
        })
    }
}

impl State {
    /// The account of that login, in any case.
    pub(crate) fn find_account(&self, login: &str) -> Option<&Account> {
        let mut accounts = self.accounts.iter();
        accounts.find(|account| account.login.eq_ignore_ascii_case(login))
    }

    /// The account of that id.
    pub(crate) fn account(&self, id: u64) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// What an account may do here: its own role, or reading where everybody may read.
    pub(crate) fn effective_role(&self, account: &Account) -> Role {
        if self.repository.private {
            account.role
        } else {
            account.role.max(Role::Read)
        }
    }

    /// A person who acts by themselves.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such user, or they may not see the repository.
    pub(crate) fn actor(&self, login: &str) -> Result<Actor, Refusal> {
        let account = self
            .find_account(login)
            .filter(|account| account.kind == AccountKind::User)
            .ok_or(Refusal::NotFound("user"))?;
        let role = self.effective_role(account);
        if role == Role::None {
            return Err(Refusal::NotFound("repository"));
        }
        Ok(Actor {
            account: account.id,
            login: account.login.clone(),
            role,
        })
    }

    /// The first App acting through one of its tokens.
    pub(crate) fn bot(&self) -> Actor {
        self.bot_of(&self.apps.first)
    }

    /// An App acting through one of its tokens; what the token allows was checked before.
    pub(crate) fn bot_of(&self, app: &App) -> Actor {
        let login = app.bot_login();
        let account = self.find_account(&login).map_or(0, |account| account.id);
        Actor {
            account,
            login,
            role: Role::Write,
        }
    }

    /// Whether an account is an App's.
    pub(crate) fn is_bot(&self, account: u64) -> bool {
        let account = self.account(account);
        account.is_some_and(|account| account.kind == AccountKind::Bot)
    }

    /// Whoever the repository belongs to, acting on it as a whole.
    pub(crate) fn owner(&self) -> Actor {
        let account = self.account(self.repository.owner);
        Actor {
            account: self.repository.owner,
            login: account.map_or(String::new(), |account| account.login.clone()),
            role: Role::Admin,
        }
    }

    /// Writes down that somebody's role was told, if there is such a person.
    pub(crate) fn note_role(&mut self, login: &str, thread: Option<u64>) {
        let Some(account) = self.find_account(login) else {
            return;
        };
        let told = RoleTold {
            after: self.request_count,
            login: account.login.clone(),
            thread,
            role: self.effective_role(account),
        };
        if self.roles_told.len() >= MOST_TOLD {
            self.roles_told.pop_front();
        }
        self.roles_told.push_back(told);
    }

    /// Adds a person, or changes the role of one who is known.
    pub(crate) fn set_role(&mut self, login: &str, role: Role) {
        let known = self.accounts.iter_mut().find(|one| one.login == login);
        if let Some(account) = known {
            account.role = role;
        } else {
            self.add_account(login, AccountKind::User, role);
        }
    }

    pub(crate) fn add_account(&mut self, login: &str, kind: AccountKind, role: Role) -> u64 {
        let id = self.next_id();
        let token = format!("ghp_{}", self.texts.letters(36));
        self.accounts.push(Account {
            id,
            login: login.to_owned(),
            kind,
            role,
            token: SecretString::from(token),
        });
        id
    }
}
