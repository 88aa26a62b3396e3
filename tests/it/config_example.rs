//! `config.example.toml` documents exactly the settings that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use planwright::config;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use serde::de::Visitor;
use serde::de::value;
use serde::forward_to_deserialize_any;
use toml::Table;
use toml::Value;

/// Says which fields a struct asks for, by failing with their names.
struct FieldProbe;

impl<'de> Deserializer<'de> for FieldProbe {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        Err(Error::custom(fields.join(" ")))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The keys of a struct's fields.
fn fields<T: Deserialize<'static>>() -> BTreeSet<String> {
    let told = T::deserialize(FieldProbe).err().unwrap().to_string();
    told.split(' ').map(str::to_owned).collect()
}

fn example() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("config.example.toml")).unwrap()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_table().unwrap().keys().cloned().collect()
}

#[test]
fn example_holds_every_key_of_the_settings_and_no_other() {
    let example: Table = toml::from_str(&example()).unwrap();
    let structs = [
        ("server", fields::<config::Server>()),
        ("store", fields::<config::Store>()),
        ("cache", fields::<config::Cache>()),
        ("github", fields::<config::GitHub>()),
        ("setup", fields::<config::Setup>()),
        ("gitlab", fields::<config::GitLab>()),
        ("model", fields::<config::ModelSettings>()),
        ("fallback_model", fields::<config::ModelSettings>()),
        ("triggers", fields::<config::Triggers>()),
        ("policy", fields::<config::Policy>()),
        ("checks", fields::<config::Checks>()),
        ("budgets", fields::<config::Budgets>()),
        ("dependencies", fields::<config::Dependencies>()),
        ("worker", fields::<config::Worker>()),
        ("http", fields::<config::Http>()),
        ("redaction", fields::<config::Redaction>()),
        ("log", fields::<config::Log>()),
    ];
    let sections: BTreeSet<String> = structs.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut known = fields::<config::Settings>();
    // A list of sections with the keys of `[github]`.
    assert!(known.remove("github_apps"));
    assert_eq!(sections, known);
    assert_eq!(sections, example.keys().cloned().collect());
    for (section, fields) in structs {
        assert_eq!(keys(&example[section]), fields, "[{section}]");
    }
}

#[test]
fn example_written_to_a_file_changes_nothing() {
    let text = example();
    let of_file = config::load_from(Some((Path::new("planwright.toml"), &text)), []).unwrap();
    let of_nothing = config::load_from(None, []).unwrap();
    assert_eq!(
        format!("{:?}", of_file.settings),
        format!("{:?}", of_nothing.settings)
    );
}

#[test]
fn every_key_and_section_is_explained() {
    let text = example();
    let mut above = "";
    for line in text.lines() {
        let explained = above.starts_with("# ");
        assert!(
            explained || line.is_empty() || line.starts_with('#'),
            "nothing explains `{line}`"
        );
        above = line;
    }
}

#[test]
fn every_number_has_a_documented_range_that_is_enforced() {
    let text = example();
    let example: Table = toml::from_str(&text).unwrap();
    for (section, settings) in &example {
        for (name, value) in settings.as_table().unwrap() {
            if !value.is_integer() {
                continue;
            }
            let absurd = format!("[{section}]\n{name} = -1\n");
            let told = config::load_from(Some((Path::new("a.toml"), &absurd)), []).unwrap_err();
            let told = told.to_string();
            let range = told
                .split_once("must be from ")
                .and_then(|(_, rest)| rest.split_once(','))
                .unwrap()
                .0;
            let key = format!("\n{name} = ");
            let comment = text.split(&key).next().unwrap().rsplit("\n\n").next();
            let documented = comment.unwrap().replace("\n# ", " ");
            assert!(
                documented.contains(&format!("Allowed: {range}.")),
                "[{section}] {name}: {range}"
            );
        }
    }
}

#[test]
fn example_holds_no_secret() {
    let shown = config::show(&config::load_from(None, []).unwrap());
    assert!(!shown.contains('…'), "{shown}");
}
