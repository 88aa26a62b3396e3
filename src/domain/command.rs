//! Commands: what `/plan …` in a comment asks for.

/// Most characters taken of a focus or of feedback; a longer text belongs into the issue.
const MAX_TEXT_CHARACTERS: usize = 2_000;

/// Most characters kept of a word that was not understood.
const MAX_WORD_CHARACTERS: usize = 80;

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// A plan.
    Plan {
        /// What to focus on; empty for everything. Raw text.
        focus: String,
    },
    /// Another revision of the plan.
    Revise {
        /// What is to be different; may be empty. Raw text.
        feedback: String,
    },
    /// Whether the plan still fits the code.
    Check,
    /// An end to the work under way.
    Cancel,
    /// Which settings are in force for the repository, and where each one comes from.
    Config,
    /// How to ask.
    Help,
    /// Something that is no command: a setting, or a command that is misspelled.
    Unknown {
        /// The word that was not understood; raw text.
        word: String,
    },
}

/// The words that select a command, with how to use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Makes a plan; needs no word.
    Plan,
    /// `revise`
    Revise,
    /// `check`
    Check,
    /// `cancel`
    Cancel,
    /// `config`
    Config,
    /// `help`
    Help,
}

impl Verb {
    /// All verbs, in the order in which they are explained.
    pub const ALL: [Self; 6] = [
        Self::Plan,
        Self::Revise,
        Self::Check,
        Self::Cancel,
        Self::Config,
        Self::Help,
    ];

    /// How to write it.
    pub fn form(self) -> &'static str {
        match self {
            Self::Plan => "/plan [what to focus on]",
            Self::Revise => "/plan revise <feedback>",
            Self::Check => "/plan check",
            Self::Cancel => "/plan cancel",
            Self::Config => "/plan config",
            Self::Help => "/plan help",
        }
    }

    /// What it does, as half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Plan => "plans this thread, or plans it again",
            Self::Revise => "plans again with the feedback taken into account",
            Self::Check => "tells whether the plan still fits the code",
            Self::Cancel => "stops the work on this thread",
            Self::Config => "shows the settings in force here and where each one comes from",
            Self::Help => "shows this list",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Plan => "",
            Self::Revise => "revise",
            Self::Check => "check",
            Self::Cancel => "cancel",
            Self::Config => "config",
            Self::Help => "help",
        }
    }

    fn worded() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|verb| !verb.word().is_empty())
    }

    fn find(word: &str) -> Option<Self> {
        Self::worded().find(|verb| verb.word().eq_ignore_ascii_case(word))
    }

    /// Whether `word` is one of the verbs but for one slip: a letter wrong, missing, too many or
    /// swapped with its neighbour.
    fn is_nearly(word: &str) -> bool {
        let word: Vec<char> = word.to_ascii_lowercase().chars().collect();
        Self::worded().any(|verb| {
            let verb: Vec<char> = verb.word().chars().collect();
            is_one_slip(&word, &verb)
        })
    }
}

impl Command {
    /// The verb that selects this command; `None` for what is no command.
    pub fn verb(&self) -> Option<Verb> {
        match self {
            Self::Plan { .. } => Some(Verb::Plan),
            Self::Revise { .. } => Some(Verb::Revise),
            Self::Check => Some(Verb::Check),
            Self::Cancel => Some(Verb::Cancel),
            Self::Config => Some(Verb::Config),
            Self::Help => Some(Verb::Help),
            Self::Unknown { .. } => None,
        }
    }

    /// Whether it asks for a plan, new or revised.
    pub fn is_plan(&self) -> bool {
        matches!(self, Self::Plan { .. } | Self::Revise { .. })
    }

    /// The words that come with it: a focus or feedback; empty for all others. Raw text.
    pub fn words(&self) -> &str {
        match self {
            Self::Plan { focus } => focus,
            Self::Revise { feedback } => feedback,
            Self::Check | Self::Cancel | Self::Config | Self::Help | Self::Unknown { .. } => "",
        }
    }

    /// The same command with other words; what takes none stays as it is.
    #[must_use]
    pub fn with_words(self, words: String) -> Self {
        match self {
            Self::Plan { .. } => Self::Plan { focus: words },
            Self::Revise { .. } => Self::Revise { feedback: words },
            other => other,
        }
    }

    /// How to use the commands, a line for each.
    pub fn usage() -> String {
        let lines = Verb::ALL.map(|verb| format!("{}: {}", verb.form(), verb.meaning()));
        lines.join("\n")
    }
}

/// The first command in the spoken lines of a comment (`text::spoken`), if there is one: a line
/// that begins with `/plan`, or with `@` and one of `bot_names` and then `plan` or `/plan`.
pub fn parse(lines: &[impl AsRef<str>], bot_names: &[String]) -> Option<Command> {
    let mut lines = lines.iter().map(AsRef::as_ref);
    let first = lines.find_map(|line| find_arguments(line, bot_names))?;
    let following: Vec<_> = lines
        .take_while(|line| find_arguments(line, bot_names).is_none())
        .collect();
    Some(interpret(first, &following))
}

/// What follows `/plan` on a line; `None` when the line is no command.
fn find_arguments<'a>(line: &'a str, bot_names: &[String]) -> Option<&'a str> {
    let called = || {
        let rest = line.strip_prefix('@')?;
        let mut names = bot_names.iter().map(|name| name.trim_start_matches('@'));
        let rest = names.find_map(|name| after_login(rest, name))?.trim_start();
        after_word(rest, "plan").or_else(|| after_word(rest, "/plan"))
    };
    after_word(line, "/plan").or_else(called).map(str::trim)
}

/// What follows a bot's name, with or without what the forge shows behind it.
fn after_login<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    after_word(text, name).or_else(|| after_word(text, &format!("{name}[bot]")))
}

/// What follows `word` at the start of `text`, when `word` ends there; letter case of ASCII does
/// not matter.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (ends && !word.is_empty() && start.eq_ignore_ascii_case(word)).then_some(rest)
}

fn interpret(first: &str, following: &[&str]) -> Command {
    let (word, rest) = first.split_once(char::is_whitespace).unwrap_or((first, ""));
    let alone = rest.trim().is_empty();
    let is_slip = alone && Verb::find(word).is_none() && Verb::is_nearly(word);
    if word.starts_with("--") || is_slip {
        let word = word.chars().take(MAX_WORD_CHARACTERS).collect();
        return Command::Unknown { word };
    }
    match Verb::find(word) {
        Some(Verb::Revise) => Command::Revise {
            feedback: join(rest, following),
        },
        Some(Verb::Check) if alone => Command::Check,
        Some(Verb::Cancel) if alone => Command::Cancel,
        Some(Verb::Config) if alone => Command::Config,
        Some(Verb::Help) if alone => Command::Help,
        _ => Command::Plan {
            focus: join(first, following),
        },
    }
}

/// Whether one word becomes the other by one letter wrong, missing, too many, or swapped with the
/// next one.
fn is_one_slip(one: &[char], other: &[char]) -> bool {
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (short.get(same..), long.get(same..));
    let (Some(short), Some(long)) = (short, long) else {
        return false;
    };
    match (short, long) {
        ([a, b, rest @ ..], [c, d, tail @ ..]) if a == d && b == c && rest == tail => true,
        ([_, rest @ ..], [_, tail @ ..]) if rest == tail => true,
        (rest, [_, tail @ ..]) => rest == tail,
        _ => false,
    }
}

fn join(first: &str, following: &[&str]) -> String {
    let mut text = first.trim().to_owned();
    for line in following {
        text.push('\n');
        text.push_str(line.trim_end());
    }
    let bounded: String = text.trim().chars().take(MAX_TEXT_CHARACTERS).collect();
    bounded.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Command, Verb, parse};

    fn command(text: &str) -> Option<Command> {
        let lines: Vec<_> = text.lines().collect();
        parse(&lines, &["planwright".to_owned(), "@pw-bot".to_owned()])
    }

    fn plan(focus: &str) -> Command {
        Command::Plan {
            focus: focus.to_owned(),
        }
    }

    #[test]
    fn a_bare_command_plans_everything() {
        assert_eq!(command("/plan"), Some(plan("")));
    }

    #[test]
    fn letter_case_does_not_matter() {
        assert_eq!(command("/PLAN Check"), Some(Command::Check));
    }

    #[test]
    fn the_bot_can_be_called_by_name() {
        let calls = [
            "@planwright plan the parser",
            "@PW-bot /plan the parser",
            "@PlanWright[bot] PLAN the parser",
        ];
        assert_eq!(
            calls.map(command),
            [(); 3].map(|()| Some(plan("the parser")))
        );
    }

    #[test]
    fn other_words_are_no_command() {
        let others = [
            "/planet",
            "/plan-x",
            "/plan: x",
            " /plan",
            "do /plan",
            "@somebody plan",
            "@planwright",
            "@planwrights plan",
            "@planwright planet",
            "@planwright[bots] plan",
            "/\u{440}lan",
            "",
        ];
        assert_eq!(others.map(command), [const { None }; 12]);
    }

    #[test]
    fn a_focus_goes_on_until_the_next_command() {
        let text = "hello\n/plan the parser,\n- its errors\nand tests\n/plan again";
        assert_eq!(
            command(text),
            Some(plan("the parser,\n- its errors\nand tests"))
        );
    }

    #[test]
    fn only_revise_takes_text() {
        assert_eq!(
            command("/plan revise use `Vec`\nplease"),
            Some(Command::Revise {
                feedback: "use `Vec`\nplease".to_owned()
            })
        );
        assert_eq!(command("/plan check\nthanks!"), Some(Command::Check));
        assert_eq!(
            command("/plan check the parser"),
            Some(plan("check the parser"))
        );
        assert_eq!(command("/plan cancel"), Some(Command::Cancel));
        assert_eq!(command("/plan help"), Some(Command::Help));
        assert_eq!(command("/plan helpers"), Some(plan("helpers")));
        assert_eq!(command("/plan config"), Some(Command::Config));
    }

    #[test]
    fn a_lone_word_that_is_nearly_a_command_is_not_taken_for_a_focus() {
        let slips = ["chek", "cehck", "helpp", "CANCLE", "revisе", "confg"];
        for word in slips {
            let unknown = Some(Command::Unknown {
                word: word.to_owned(),
            });
            assert_eq!(command(&format!("/plan {word}")), unknown, "{word}");
        }
        let focuses = [
            "checker",
            "parser",
            "configuration",
            "chek the parser",
            "held up",
        ];
        for words in focuses {
            assert_eq!(command(&format!("/plan {words}")), Some(plan(words)));
        }
    }

    #[test]
    fn settings_never_come_from_comments() {
        let unknown = Some(Command::Unknown {
            word: "--base-url".to_owned(),
        });
        assert_eq!(command("/plan --base-url https://collect.example"), unknown);
    }

    #[test]
    fn a_focus_is_bounded() {
        assert_eq!(
            command(&format!("/plan {}", "é".repeat(9_000))),
            Some(plan(&"é".repeat(2_000)))
        );
    }

    #[test]
    fn every_command_explains_itself() {
        let explained = Verb::ALL.map(|verb| command(verb.form()).and_then(|it| it.verb()));
        assert_eq!(explained, Verb::ALL.map(Some));
        insta::assert_snapshot!(Command::usage(), @r"
        /plan [what to focus on]: plans this thread, or plans it again
        /plan revise <feedback>: plans again with the feedback taken into account
        /plan check: tells whether the plan still fits the code
        /plan cancel: stops the work on this thread
        /plan config: shows the settings in force here and where each one comes from
        /plan help: shows this list
        ");
    }
}
