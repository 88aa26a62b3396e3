//! `pom.xml`.

use std::collections::HashMap;

use super::xml::{Event, events};
use super::{DependencyKind, Manifest};
use crate::domain::package::Ecosystem;

/// Elements that may lie within each other; deeper ones are passed over.
const DEPTH: usize = 64;

/// What is collected between `<dependency>` and its end.
#[derive(Default)]
struct Dependency<'a> {
    group: &'a str,
    artifact: &'a str,
    version: &'a str,
    scope: &'a str,
    optional: bool,
}

pub(super) fn read(text: &str) -> Manifest {
    let mut reader = Reader {
        manifest: Manifest::of(Ecosystem::Maven),
        stack: Vec::new(),
        current: Dependency::default(),
        project: Dependency::default(),
        properties: HashMap::new(),
    };
    for event in events(text) {
        match event {
            Event::Open(_, _, true) => {}
            Event::Open(name, _, false) => reader.open(name),
            Event::Text(text) => reader.text(text),
            Event::Close(name) => reader.close(name),
        }
    }
    reader.finish()
}

struct Reader<'a> {
    manifest: Manifest,
    stack: Vec<&'a str>,
    current: Dependency<'a>,
    project: Dependency<'a>,
    properties: HashMap<&'a str, &'a str>,
}

impl<'a> Reader<'a> {
    fn open(&mut self, name: &'a str) {
        if self.stack.len() < DEPTH {
            self.stack.push(name);
        }
        if matches!(name, "dependency" | "parent") {
            self.current = Dependency::default();
        }
    }

    fn text(&mut self, text: &'a str) {
        let (parent, field) = match self.stack.as_slice() {
            [.., parent, field] => (*parent, *field),
            _ => return,
        };
        match (parent, field) {
            ("dependency" | "parent", "groupId") => self.current.group = text,
            ("dependency" | "parent", "artifactId") => self.current.artifact = text,
            ("dependency" | "parent", "version") => self.current.version = text,
            ("dependency", "scope") => self.current.scope = text,
            ("dependency", "optional") => self.current.optional = text == "true",
            ("project", "groupId") => self.project.group = text,
            ("project", "artifactId") => self.project.artifact = text,
            ("project", "description") => self.manifest.description = Some(text.to_owned()),
            ("properties", key) => {
                self.properties.insert(key, text);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &'a str) {
        // A stray end closes nothing; a missing one is closed with what encloses it.
        if let Some(position) = self.stack.iter().rposition(|open| *open == name) {
            match name {
                "dependency" => self.take(),
                "parent" => self.take_parent(),
                _ => {}
            }
            self.stack.truncate(position);
        }
    }

    fn take(&mut self) {
        let found = std::mem::take(&mut self.current);
        if found.group.is_empty() || found.artifact.is_empty() {
            return;
        }
        let name = format!("{}:{}", found.group, found.artifact);
        let version = found.version.to_owned();
        if self.stack.contains(&"dependencyManagement") {
            self.manifest.pinned.push((name, version));
            return;
        }
        let kind = match found.scope {
            "test" => DependencyKind::Development,
            _ if self.stack.contains(&"plugin") => DependencyKind::Build,
            _ if found.optional => DependencyKind::Optional,
            _ => DependencyKind::Normal,
        };
        self.manifest.add(&name, &version, kind);
    }

    fn take_parent(&mut self) {
        let parent = std::mem::take(&mut self.current);
        if !parent.group.is_empty() && !parent.artifact.is_empty() {
            if self.project.group.is_empty() {
                self.project.group = parent.group;
            }
            let name = format!("{}:{}", parent.group, parent.artifact);
            self.manifest
                .add(&name, parent.version, DependencyKind::Build);
        }
    }

    /// Puts the values of properties in the place of `${name}`, once, and never from within a value.
    fn finish(self) -> Manifest {
        let Self {
            mut manifest,
            project,
            properties,
            ..
        } = self;
        let value = |text: &str| {
            let key = text
                .strip_prefix("${")
                .and_then(|rest| rest.strip_suffix('}'));
            key.and_then(|key| properties.get(key))
                .map(|value| (*value).to_owned())
        };
        for dependency in &mut manifest.dependencies {
            if let Some(value) = value(&dependency.requirement) {
                dependency.requirement = value;
            }
        }
        for (_, version) in &mut manifest.pinned {
            if let Some(value) = value(version) {
                *version = value;
            }
        }
        let levels = [
            "maven.compiler.release",
            "maven.compiler.source",
            "java.version",
        ];
        let level = levels.iter().find_map(|key| properties.get(key));
        let level = level.map(|level| (*level).to_owned());
        manifest.add_level("Java", level.filter(|level| !level.contains('$')));
        if !project.artifact.is_empty() {
            let own = format!("{}:{}", project.group, project.artifact);
            manifest.own.push(own);
        }
        manifest
    }
}
