//! Who may ask, with which label, and whom we never answer.

use crate::domain::thread::{Author, AuthorKind, Role};

/// Whether somebody with `role` may ask where at least `minimum` is demanded.
pub fn may_ask(role: Role, minimum: Role) -> bool {
    role >= minimum
}

/// Whether `label` is one of the configured ones. Letter case of ASCII and spaces around it do not
/// matter; letters that merely look alike do.
pub fn is_trigger_label(label: &str, configured: &[String]) -> bool {
    let label = label.trim_ascii();
    let same = |other: &String| other.trim_ascii().eq_ignore_ascii_case(label);
    !label.is_empty() && configured.iter().any(same)
}

/// Which labels ask for plans, and which forbid them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// Those that ask.
    pub asking: Vec<String>,
    /// Those that ask and are taken off when the plan is there.
    pub one_shot: Vec<String>,
    /// Those that keep a label from asking as long as they are on the thread.
    pub excluding: Vec<String>,
}

impl Labels {
    /// Whether `label` asks for a plan.
    pub fn asks(&self, label: &str) -> bool {
        is_trigger_label(label, &self.asking) || self.is_one_shot(label)
    }

    /// Whether `label` is taken off when it was served.
    pub fn is_one_shot(&self, label: &str) -> bool {
        is_trigger_label(label, &self.one_shot)
    }

    /// The one of `present` that forbids a plan, if there is one.
    pub fn find_excluding<'a>(&self, present: &'a [String]) -> Option<&'a str> {
        let mut present = present.iter();
        present
            .find(|label| is_trigger_label(label, &self.excluding))
            .map(String::as_str)
    }
}

/// Whether `name` is among `present`, as labels are compared.
pub fn has_label(present: &[String], name: &str) -> bool {
    is_trigger_label(name, present)
}

/// Whether an account is automation, which is never answered: two bots would talk for ever.
pub fn is_ignored_author(author: &Author) -> bool {
    let login = author.login.to_ascii_lowercase();
    author.kind == AuthorKind::Bot || login.ends_with("[bot]")
}

#[cfg(test)]
mod tests {
    use super::{is_ignored_author, is_trigger_label, may_ask};
    use crate::domain::thread::{Author, AuthorKind, Role, UserId};

    fn author(login: &str, kind: AuthorKind) -> Author {
        Author {
            id: UserId(7),
            login: login.to_owned(),
            kind,
        }
    }

    #[test]
    fn roles_below_the_minimum_may_not_ask() {
        let allowed = Role::ALL.map(|role| may_ask(role, Role::Triage));
        assert_eq!(allowed, [false, false, true, true, true, true]);
    }

    #[test]
    fn labels_match_without_letter_case_and_outer_spaces() {
        let configured = ["Plan".to_owned(), "needs plan ".to_owned()];
        let matching = ["plan", " PLAN\t", "Needs Plan"];
        assert!(
            matching
                .iter()
                .all(|label| is_trigger_label(label, &configured))
        );
    }

    #[test]
    fn look_alike_labels_do_not_match() {
        let configured = ["plan".to_owned()];
        let strangers = [
            "\u{440}lan",
            "plan\u{200b}",
            "plan\u{a0}",
            "\u{ff50}lan",
            "pla",
            "plans",
            "",
        ];
        assert!(
            !strangers
                .iter()
                .any(|label| is_trigger_label(label, &configured))
        );
    }

    #[test]
    fn an_empty_configured_label_matches_nothing() {
        assert!(!is_trigger_label(" ", &[String::new()]));
    }

    #[test]
    fn bots_are_ignored_by_kind_and_by_login() {
        assert!(is_ignored_author(&author("renovate", AuthorKind::Bot)));
        assert!(is_ignored_author(&author(
            "Renovate[BOT]",
            AuthorKind::Human
        )));
        assert!(!is_ignored_author(&author("abbot", AuthorKind::Human)));
    }
}
