//! The example, a file over it, variables over both; then one [`Settings`] of what came out.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;

use toml::Table;
use toml::Value;

use crate::config::app_file;
use crate::config::document;
use crate::config::document::At;
use crate::config::document::Item;
use crate::config::kinds::check_kind;
use crate::config::kinds::check_range;
use crate::config::kinds::parse_variable;
use crate::config::lists;
use crate::config::nearest::find_nearest;
use crate::config::problem::Origin;
use crate::config::problem::Problem;
use crate::config::settings::Settings;

/// The defaults, with their documentation.
pub(super) const EXAMPLE: &str = include_str!("../../config.example.toml");

/// What the defaults are called in messages.
const EXAMPLE_NAME: &str = "config.example.toml";

/// How the name of each variable starts.
pub(super) const VARIABLE_PREFIX: &str = "PLANWRIGHT_";

/// One key, its default, and the value that holds.
pub(super) struct Leaf {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) origin: Origin,
    default: Value,
}

/// All keys, and what was wrong on the way.
pub(super) struct Layers {
    pub(super) leaves: Vec<Leaf>,
    pub(super) problems: Vec<Problem>,
}

impl Layers {
    /// The defaults.
    pub(super) fn of_example() -> Self {
        let mut layers = Self {
            leaves: Vec::new(),
            problems: Vec::new(),
        };
        for At { item, .. } in layers.items(Path::new(EXAMPLE_NAME), EXAMPLE) {
            if let Item::Setting { key, value } = item {
                layers.leaves.push(Leaf {
                    key,
                    value: value.clone(),
                    origin: Origin::Default,
                    default: value,
                });
            }
        }
        layers
    }

    /// Puts what the file says over what is there.
    pub(super) fn put_file(&mut self, path: &Path, text: &str) {
        let mut unknown_sections = BTreeSet::new();
        for At { line, item } in self.items(path, text) {
            let origin = Origin::File {
                path: path.to_owned(),
                line,
            };
            match item {
                Item::Section(name) if !self.sections().any(|known| known == name) => {
                    self.report(origin, unknown_section(&name, self.sections()));
                    unknown_sections.insert(name);
                }
                Item::Section(_) => {}
                Item::Entry { list, place } if list == lists::APPS => self.add_entry(place),
                Item::Entry { list, place } => {
                    if place == 0 {
                        self.report(origin, unknown_list(&list, self.sections()));
                    }
                    unknown_sections.insert(list);
                }
                Item::Stray(name) => self.report(origin, stray(&name, self.keys())),
                Item::Setting { key, value } => {
                    let section = key.split('.').next().unwrap_or_default();
                    if !unknown_sections.contains(section) {
                        self.put(&key, value, origin);
                    }
                }
            }
        }
    }

    /// Adds the keys of one more App, with their defaults.
    fn add_entry(&mut self, place: usize) {
        let section = lists::section(place);
        let own = |leaf: &Leaf| {
            let name = leaf.key.strip_prefix(lists::APP)?.strip_prefix('.')?;
            Some(Leaf {
                key: format!("{section}.{name}"),
                value: leaf.default.clone(),
                origin: Origin::Default,
                default: leaf.default.clone(),
            })
        };
        let added: Vec<_> = self.leaves.iter().filter_map(own).collect();
        self.leaves.extend(added);
    }

    /// Puts the variables that start with [`VARIABLE_PREFIX`] over what is there.
    pub(super) fn put_variables(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        let mut variables: Vec<_> = variables
            .into_iter()
            .filter(|(name, text)| {
                name.starts_with(VARIABLE_PREFIX) && !is_service_link(name, text)
            })
            .collect();
        variables.sort();
        for (name, text) in variables {
            let origin = Origin::Variable { name: name.clone() };
            let leaf = self
                .leaves
                .iter()
                .find(|leaf| variable_name(&leaf.key) == name);
            let Some(leaf) = leaf else {
                self.report(origin, unknown_variable(&name, self.keys()));
                continue;
            };
            let key = leaf.key.clone();
            match parse_variable(&leaf.default, &text) {
                Ok(value) => self.put(&key, value, origin),
                Err(why) => self.report(origin, format!("`{key}` {why}")),
            }
        }
    }

    /// The file of a registered App, when it is to be read: no App is set elsewhere.
    pub(super) fn app_file(&self) -> Option<PathBuf> {
        let leaf = |key: &str| self.leaves.iter().find(|leaf| leaf.key == key);
        let is_set = leaf("github.app_id").is_some_and(|leaf| leaf.origin != Origin::Default);
        let file = leaf("setup.app_file")?.value.as_str()?;
        (!is_set && !file.is_empty()).then(|| PathBuf::from(file))
    }

    /// Puts what the file of a registered App says where nobody else says anything. Where the App was
    /// registered cannot be changed afterwards.
    pub(super) fn put_app(&mut self, path: &Path, text: &str) {
        for At { line, item } in self.items(path, text) {
            let origin = Origin::File {
                path: path.to_owned(),
                line,
            };
            let (key, value) = match item {
                Item::Section(name) if name == lists::APP => continue,
                Item::Setting { key, value } if app_file::KEYS.contains(&key.as_str()) => {
                    (key, value)
                }
                _ => {
                    let message = "this file may hold only what the setup page writes there";
                    return self.report(origin, message.to_owned());
                }
            };
            let leaf = self.leaves.iter().find(|leaf| leaf.key == key);
            match leaf.filter(|leaf| leaf.origin != Origin::Default) {
                None => self.put(&key, value, origin),
                Some(leaf) if key.ends_with("_url") && !is_same_address(&leaf.value, &value) => {
                    let message = format!(
                        "`{key}` must be where the App was registered, as it stands in `{}`\nhint: \
                         leave it out, or move that file away to register another App",
                        path.display()
                    );
                    self.report(leaf.origin.clone(), message);
                }
                Some(_) => {}
            }
        }
    }

    /// The settings that come out, unless there is something wrong with the example itself. A value
    /// that is no good is reported, and its default takes its place, so that all are found.
    pub(super) fn settings(&mut self) -> Option<Settings> {
        // Every round but the last mends a key, so there are at most as many as keys.
        for _ in 0..=self.leaves.len() {
            let error = match serde_path_to_error::deserialize(Value::Table(self.table())) {
                Ok(settings) => return Some(settings),
                Err(error) => error,
            };
            let key = lists::key_of_path(&error.path().to_string());
            let message = format!("`{key}` {}", error.inner().message());
            let bad = self
                .leaves
                .iter_mut()
                .find(|leaf| leaf.key == key && leaf.origin != Origin::Default);
            let Some(leaf) = bad else {
                self.report(Origin::Default, format!("{EXAMPLE_NAME}: {message}"));
                return None;
            };
            let origin = std::mem::replace(&mut leaf.origin, Origin::Default);
            leaf.value = leaf.default.clone();
            self.report(origin, message);
        }
        None
    }

    /// Where the value of `key` comes from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.leaves
            .iter()
            .find(|leaf| leaf.key == key)
            .map_or(Origin::Default, |leaf| leaf.origin.clone())
    }

    /// Notes a problem that stops the program.
    pub(super) fn report(&mut self, origin: Origin, message: String) {
        self.problems.push(Problem::error(origin, message));
    }

    fn items(&mut self, path: &Path, text: &str) -> Vec<At<Item>> {
        document::parse(text).unwrap_or_else(|errors| {
            for At { line, item } in errors {
                let origin = Origin::File {
                    path: path.to_owned(),
                    line,
                };
                self.report(origin, format!("this is not TOML: {item}"));
            }
            Vec::new()
        })
    }

    /// Takes `value` for `key` when it is of the default's kind and within its range.
    fn put(&mut self, key: &str, value: Value, origin: Origin) {
        let Some(leaf) = self.leaves.iter_mut().find(|leaf| leaf.key == key) else {
            let message = unknown_key(key, self.keys());
            return self.report(origin, message);
        };
        match check_kind(&leaf.default, &value)
            .and_then(|()| check_range(&lists::documented(key), &value))
        {
            Ok(()) => {
                leaf.value = value;
                leaf.origin = origin;
            }
            Err(why) => self.report(origin, format!("`{key}` {why}")),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        let mut apps = BTreeMap::<usize, Table>::new();
        for leaf in &self.leaves {
            if let Some((place, name)) = lists::find_entry(&leaf.key) {
                let app = apps.entry(place).or_default();
                app.insert(name.to_owned(), leaf.value.clone());
                continue;
            }
            let Some((section, name)) = leaf.key.split_once('.') else {
                continue;
            };
            let section = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                section.insert(name.to_owned(), leaf.value.clone());
            }
        }
        let apps = apps.into_values().map(Value::Table).collect();
        table.insert(lists::APPS.to_owned(), Value::Array(apps));
        table
    }

    fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.leaves.iter().map(|leaf| leaf.key.as_str())
    }

    fn sections(&self) -> impl Iterator<Item = &str> + Clone {
        self.keys().filter_map(|key| key.split('.').next())
    }
}

/// Whether operators have a section called `name`, or a key of that name in any section.
pub(super) fn is_operators(name: &str) -> bool {
    static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let layers = Layers::of_example();
        let names = layers.keys().flat_map(|key| key.split('.'));
        names.map(str::to_owned).collect()
    });
    NAMES.contains(name)
}

/// Whether Kubernetes itself sets this variable, for a service called `planwright` or
/// `planwright-…`. Names of settings always have `__`, which those never do.
fn is_service_link(name: &str, text: &str) -> bool {
    let has_mark = ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT_"]
        .iter()
        .any(|mark| name.contains(mark));
    let is_address = name.ends_with("_PORT") && text.contains("://");
    !name.contains("__") && (has_mark || is_address)
}

fn is_same_address(left: &Value, right: &Value) -> bool {
    let bare = |value: &Value| {
        value
            .as_str()
            .map(|text| text.trim_end_matches('/').to_owned())
    };
    bare(left) == bare(right)
}

fn variable_name(key: &str) -> String {
    format!("{VARIABLE_PREFIX}{}", key.replace('.', "__").to_uppercase())
}

fn unknown_key<'a>(key: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let what = format!("`{}` is not a setting", key.escape_debug());
    with_hint(&what, find_nearest(key, known))
}

fn unknown_section<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let what = format!("`[{}]` is not a section", name.escape_debug());
    with_hint(
        &what,
        find_nearest(name, known).map(|near| format!("[{near}]")),
    )
}

fn unknown_list<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let what = format!("`[[{}]]` is not a list of sections", name.escape_debug());
    let near = find_nearest(name, known.chain([lists::APPS]));
    let written = near.map(|near| match near == lists::APPS {
        true => format!("[[{near}]]"),
        false => format!("[{near}]"),
    });
    with_hint(&what, written)
}

fn stray<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let what = format!("`{}` stands outside a section", name.escape_debug());
    with_hint(&what, find_nearest(name, known))
}

fn unknown_variable<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let names: Vec<String> = known.map(variable_name).collect();
    let what = "this variable names no setting";
    with_hint(what, find_nearest(name, names.iter().map(String::as_str)))
}

fn with_hint(what: &str, near: Option<impl Display>) -> String {
    match near {
        Some(near) => format!("{what}\nhint: did you mean `{near}`?"),
        None => format!("{what}\nhint: `planwright config show` lists all settings"),
    }
}
