//! Reads the part of GraphQL's language that a read of GitHub needs: one query with variables,
//! fields with aliases and arguments, fragments of both kinds.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// How deep selections may be nested.
const DEEPEST: usize = 20;

/// A query that was read.
#[derive(Debug)]
pub(crate) struct Document {
    /// What is selected at the root.
    pub(crate) selections: Vec<Selection>,
    fragments: HashMap<String, Fragment>,
}

/// Something that is selected.
#[derive(Debug, Clone)]
pub(crate) enum Selection {
    /// A field.
    Field(Field),
    /// What is selected of things of one type.
    Inline(Fragment),
    /// A fragment by its name.
    Spread(String),
}

/// A field with its arguments, variables filled in.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// What it is called in the answer.
    pub(crate) alias: String,
    pub(crate) name: String,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) selections: Vec<Selection>,
}

/// Selections that hold for one type.
#[derive(Debug, Clone)]
pub(crate) struct Fragment {
    pub(crate) on: String,
    pub(crate) selections: Vec<Selection>,
}

impl Document {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn parse(text: &str, variables: &Map<String, Value>) -> Result<Self, String> {
        let mut parser = Parser {
            tokens: tokens(text)?.into_iter().peekable(),
            variables,
        };
        let mut fragments = HashMap::new();
        let mut selections = None;
        while let Some(token) = parser.tokens.next() {
            match token.as_str() {
                "fragment" => {
                    let name = parser.word()?;
                    parser.expect("on")?;
                    let fragment = parser.fragment(0)?;
                    fragments.insert(name, fragment);
                }
                "query" => {
                    parser.skip_head()?;
                    selections = Some(parser.selections(0)?);
                }
                other => return Err(format!("Expected a query, actual: {other}")),
            }
        }
        Ok(Self {
            selections: selections.ok_or("No query document supplied")?,
            fragments,
        })
    }

    /// All fragments that have names.
    #[cfg(test)]
    pub(crate) fn fragments(&self) -> impl Iterator<Item = &Fragment> {
        self.fragments.values()
    }

    /// The fields that `selections` stand for on a thing that is of all of `types`.
    ///
    /// # Errors
    /// The name of a fragment that does not exist.
    pub(crate) fn fields<'d>(
        &'d self,
        selections: &'d [Selection],
        types: &[&str],
    ) -> Result<Vec<&'d Field>, String> {
        let mut fields = Vec::new();
        for selection in selections {
            let fragment = match selection {
                Selection::Field(field) => {
                    fields.push(field);
                    continue;
                }
                Selection::Inline(fragment) => fragment,
                Selection::Spread(name) => {
                    let missing = || format!("Fragment {name} was used, but not defined");
                    self.fragments.get(name).ok_or_else(missing)?
                }
            };
            if types.contains(&fragment.on.as_str()) {
                fields.extend(self.fields(&fragment.selections, types)?);
            }
        }
        Ok(fields)
    }
}

/// Splits a document into names, numbers, strings (with their first quote) and marks.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ',' => 0,
            _ if first.is_whitespace() => 0,
            '"' => {
                let end = rest.get(1..).and_then(|inside| inside.find('"'));
                end.ok_or("Unterminated string")? + 2
            }
            '.' if rest.starts_with("...") => 3,
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            '{' | '}' | '(' | ')' | ':' | '$' | '!' | '[' | ']' | '=' => 1,
            other => return Err(format!("Unexpected character {other:?}")),
        };
        let (token, after) = rest
            .split_at_checked(length.max(first.len_utf8()))
            .unwrap_or((rest, ""));
        if length > 0 {
            tokens.push(token.to_owned());
        }
        rest = after;
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

struct Parser<'v> {
    tokens: std::iter::Peekable<std::vec::IntoIter<String>>,
    variables: &'v Map<String, Value>,
}

impl Parser<'_> {
    fn next(&mut self) -> Result<String, String> {
        self.tokens
            .next()
            .ok_or("Unexpected end of document".to_owned())
    }

    fn word(&mut self) -> Result<String, String> {
        let token = self.next()?;
        match token.starts_with(is_word) {
            true => Ok(token),
            false => Err(format!("Expected a name, actual: {token}")),
        }
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        let token = self.next()?;
        match token == wanted {
            true => Ok(()),
            false => Err(format!("Expected {wanted}, actual: {token}")),
        }
    }

    fn follows(&mut self, wanted: &str) -> bool {
        self.tokens.next_if(|token| token == wanted).is_some()
    }

    /// Passes a query's name and the types of its variables; required ones must be there.
    fn skip_head(&mut self) -> Result<(), String> {
        self.tokens.next_if(|token| token.starts_with(is_word));
        if !self.follows("(") {
            return Ok(());
        }
        while !self.follows(")") {
            self.expect("$")?;
            let name = self.word()?;
            self.expect(":")?;
            let kind = self.word()?;
            let required = self.follows("!");
            let value = self.variables.get(&name).unwrap_or(&Value::Null);
            let fits = match kind.as_str() {
                "String" => value.is_string(),
                "Int" => value.is_i64(),
                other => return Err(format!("{other} isn't a defined input type")),
            };
            if !fits && (required || !value.is_null()) {
                return Err(format!(
                    "Variable ${name} of type {kind} was provided invalid value"
                ));
            }
        }
        Ok(())
    }

    fn fragment(&mut self, depth: usize) -> Result<Fragment, String> {
        Ok(Fragment {
            on: self.word()?,
            selections: self.selections(depth)?,
        })
    }

    fn selections(&mut self, depth: usize) -> Result<Vec<Selection>, String> {
        if depth > DEEPEST {
            return Err("Query has a depth that is not allowed".to_owned());
        }
        self.expect("{")?;
        let mut selections = Vec::new();
        while !self.follows("}") {
            selections.push(self.selection(depth)?);
        }
        match selections.is_empty() {
            true => Err("Expected a field".to_owned()),
            false => Ok(selections),
        }
    }

    fn selection(&mut self, depth: usize) -> Result<Selection, String> {
        if self.follows("...") {
            if self.follows("on") {
                return Ok(Selection::Inline(self.fragment(depth + 1)?));
            }
            return Ok(Selection::Spread(self.word()?));
        }
        let alias = self.word()?;
        let name = match self.follows(":") {
            true => self.word()?,
            false => alias.clone(),
        };
        let mut arguments = Map::new();
        if self.follows("(") {
            while !self.follows(")") {
                let argument = self.word()?;
                self.expect(":")?;
                arguments.insert(argument, self.value()?);
            }
        }
        let nested = self.tokens.peek().is_some_and(|token| token == "{");
        Ok(Selection::Field(Field {
            alias,
            name,
            arguments,
            selections: match nested {
                true => self.selections(depth + 1)?,
                false => Vec::new(),
            },
        }))
    }

    fn value(&mut self) -> Result<Value, String> {
        let token = self.next()?;
        if token == "$" {
            let name = self.word()?;
            return Ok(self.variables.get(&name).cloned().unwrap_or_default());
        }
        if let Some(text) = token.strip_prefix('"') {
            return Ok(text.trim_end_matches('"').into());
        }
        match token.parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => Err(format!("Expected a value, actual: {token}")),
        }
    }
}
