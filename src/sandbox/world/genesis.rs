//! How a world begins: an organization with one repository, two people, labels, and the App.

use std::collections::{BTreeMap, VecDeque};

use secrecy::SecretString;
use url::Url;

use crate::domain::repository::RepositoryName;
use crate::domain::thread::Role;
use crate::sandbox::key::AppKey;
use crate::sandbox::random::Texts;
use crate::sandbox::world::app::{App, Apps, InstallationStatus, Level, Permissions};
use crate::sandbox::world::deliveries::{Hook, HookFormat};
use crate::sandbox::world::faults::Faults;
use crate::sandbox::world::limits::Limits;
use crate::sandbox::world::people::AccountKind;
use crate::sandbox::world::requests::Usage;
use crate::sandbox::world::{Repository, State};
use crate::store::Millis;

/// The events that the App is told of from the start.
const EVENTS: [&str; 7] = [
    "issues",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "repository",
];

/// Who looks after the repository from the start.
pub(crate) const MAINTAINER: &str = "maintainer";

/// Who has no part in the repository.
pub(crate) const OUTSIDER: &str = "outsider";

/// What a world begins with.
pub(crate) struct Genesis {
    pub(crate) web_url: String,
    pub(crate) name: RepositoryName,
    pub(crate) default_branch: String,
    pub(crate) private: bool,
    pub(crate) slug: String,
    pub(crate) labels: Vec<String>,
    pub(crate) webhook_url: Option<Url>,
    pub(crate) key: AppKey,
    pub(crate) seed: [u8; 32],
    pub(crate) now: Millis,
}

impl Genesis {
    /// The world's first state.
    pub(crate) fn begin(self) -> State {
        let mut texts = Texts::new(&self.seed);
        let secret = SecretString::from(texts.letters(40));
        let mut state = State {
            web_url: self.web_url,
            repository: Repository {
                id: 871_204_563,
                owner: 0,
                name: self.name,
                former_names: Vec::new(),
                default_branch: self.default_branch,
                private: self.private,
                archived: false,
                created_at: self.now,
                pushed_at: self.now,
            },
            apps: Apps::new(App {
                id: 1_204_817,
                client_id: format!("Iv23li{}", texts.letters(14)),
                slug: self.slug,
                installation: 61_530_742,
                status: InstallationStatus::Active,
                permissions: granted(),
                events: EVENTS.map(str::to_owned).to_vec(),
                key: self.key,
                hook: Hook {
                    id: 512_730_994,
                    url: self.webhook_url,
                    format: HookFormat::Json,
                    secret,
                    has_secret: true,
                },
                created_at: self.now,
            }),
            holds: false,
            registration: None,
            accounts: Vec::new(),
            roles_told: VecDeque::new(),
            labels: Vec::new(),
            bot_labels: self.labels,
            issues: BTreeMap::new(),
            tokens: VecDeque::new(),
            tickets: VecDeque::new(),
            deliveries: VecDeque::new(),
            requests: VecDeque::new(),
            request_count: 0,
            usage: Usage::default(),
            faults: Faults::default(),
            limits: Limits::default(),
            texts,
            // Ids of comments passed this mark long ago; anything that needs 64 bits shows.
            last_id: 2_914_306_550,
        };
        state.populate();
        state
    }
}

/// What the owner of the repository has granted the App: what Planwright asks for.
fn granted() -> Permissions {
    [
        ("metadata", Level::Read),
        ("contents", Level::Read),
        ("issues", Level::Write),
        ("pull_requests", Level::Write),
    ]
    .map(|(name, level)| (name.to_owned(), level))
    .into()
}

impl State {
    /// Registers another App and installs it on the repository; returns its id. Its webhooks go where
    /// those of the first one go.
    pub(crate) fn add_app(&mut self, slug: &str, key: AppKey, now: Millis) -> u64 {
        let app = App {
            id: self.next_id(),
            client_id: format!("Iv23li{}", self.texts.letters(14)),
            slug: slug.to_owned(),
            installation: self.next_id(),
            status: InstallationStatus::Active,
            permissions: granted(),
            events: EVENTS.map(str::to_owned).to_vec(),
            key,
            hook: Hook {
                id: self.next_id(),
                url: self.apps.first.hook.url.clone(),
                format: HookFormat::Json,
                secret: SecretString::from(self.texts.letters(40)),
                has_secret: true,
            },
            created_at: now,
        };
        let (id, login) = (app.id, app.bot_login());
        self.add_account(&login, AccountKind::Bot, Role::None);
        self.apps.add(app);
        id
    }

    fn populate(&mut self) {
        let owner = self.repository.name.owner().to_owned();
        self.repository.owner = self.add_account(&owner, AccountKind::Organization, Role::None);
        let bot = self.apps.first.bot_login();
        self.add_account(&bot, AccountKind::Bot, Role::None);
        self.set_role(MAINTAINER, Role::Maintain);
        self.set_role(OUTSIDER, Role::None);
        self.add_repository_label("bug", "d73a4a", "Something isn't working");
        self.add_repository_label("enhancement", "a2eeef", "New feature or request");
        for label in self.bot_labels.clone() {
            self.add_repository_label(&label, "5319e7", "Asks for a plan");
        }
    }
}
