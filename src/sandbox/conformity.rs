//! Checks answers of the sandbox, and requests made to it, against GitHub's own description of its
//! API. Part of the tests only; stories of other modules use it on the log of requests.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::graphql::Sent;
use crate::sandbox::api::graphql::document::{Document, Field, Selection};
use crate::sandbox::world::RequestRecord;
use crate::sandbox::world::requests::GRAPHQL;

/// One of GitHub's descriptions, cut down to what Planwright asks and the sandbox serves.
#[derive(Debug)]
pub(crate) struct Description {
    /// Whose API it is.
    name: &'static str,
    document: Value,
    /// Fields of GraphQL's types.
    types: Value,
}

impl Description {
    /// The description of github.com, which the sandbox imitates.
    pub(crate) fn load() -> Self {
        let text = include_str!("../../tests/data/github-openapi.json");
        Self::read("github.com", text)
    }

    /// The descriptions that every request of ours has to fit: that of github.com, and that of the
    /// oldest Enterprise Server that GitHub supports.
    pub(crate) fn load_all() -> [Self; 2] {
        let server = include_str!("../../tests/data/github-server-openapi.json");
        [Self::load(), Self::read("Enterprise Server 3.17", server)]
    }

    fn read(name: &'static str, text: &str) -> Self {
        let types = include_str!("../../tests/data/github-graphql.json");
        Self {
            name,
            document: serde_json::from_str(text).expect("the description is JSON"),
            types: serde_json::from_str(types).expect("the schema is JSON"),
        }
    }

    /// What is wrong with an answer; nothing when it is as described. Errors that an endpoint does
    /// not list must at least have the common form.
    pub(crate) fn check_answer(
        &self,
        method: &Method,
        template: &str,
        status: u16,
        body: &Value,
    ) -> Vec<String> {
        let place = format!("{method} {template} {status}");
        let Some(operation) = self.operation(method, template) else {
            return vec![format!("{place}: not described")];
        };
        let described = self.resolve(&operation["responses"][status.to_string()]);
        let content = &described["content"];
        let schema = ["application/json", "application/scim+json"]
            .iter()
            .map(|kind| &content[*kind]["schema"])
            .find(|schema| !schema.is_null());
        match schema {
            Some(schema) => self.validate(&place, schema, body),
            None if status >= 400 => {
                let error = json!({"$ref": "#/components/schemas/basic-error"});
                self.validate(&place, &error, body)
            }
            None if described.is_null() => vec![format!("{place}: this status is not described")],
            None if body.is_null() => Vec::new(),
            None => vec![format!("{place}: there should be no body")],
        }
    }

    /// What is wrong with a request: its path, the names in its query, its body.
    pub(crate) fn check_request(&self, request: &RequestRecord) -> Vec<String> {
        let place = format!("{}: {} {}", self.name, request.method, request.path);
        let template = request.template.as_deref().unwrap_or_default();
        if template == GRAPHQL {
            return self.check_query(&request.body);
        }
        let Some(operation) = self.operation(&request.method, template) else {
            return vec![format!("{place}: not described")];
        };
        let parameters = operation["parameters"].as_array();
        let known: BTreeSet<_> = parameters
            .into_iter()
            .flatten()
            .map(|parameter| self.resolve(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let mut problems: Vec<_> = url::form_urlencoded::parse(request.query.as_bytes())
            .filter(|(name, _)| !known.contains(name.as_ref()))
            .map(|(name, _)| format!("{place}: `{name}` is no parameter of its query"))
            .collect();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        match serde_json::from_slice::<Value>(&request.body) {
            Ok(body) if !schema.is_null() => problems.extend(self.validate(&place, schema, &body)),
            Ok(_) => problems.push(format!("{place}: it takes no body")),
            Err(_) if request.body.is_empty() => {
                if operation["requestBody"]["required"] == true {
                    problems.push(format!("{place}: the body is missing"));
                }
            }
            Err(error) => problems.push(format!("{place}: the body is no JSON: {error}")),
        }
        problems
    }

    /// What is wrong with a GraphQL query: fields and arguments that GitHub's types do not have.
    pub(crate) fn check_query(&self, body: &[u8]) -> Vec<String> {
        let sent: Sent = serde_json::from_slice(body).expect("the sandbox took it");
        match Document::parse(&sent.query, &sent.variables) {
            Ok(document) => {
                let mut problems = Vec::new();
                self.check_selections(&document.selections, "Query", &mut problems);
                for fragment in document.fragments() {
                    self.check_selections(&fragment.selections, &fragment.on, &mut problems);
                }
                problems
            }
            Err(problem) => vec![problem],
        }
    }

    fn check_selections(&self, selections: &[Selection], on: &str, problems: &mut Vec<String>) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.check_field(field, on, problems),
                Selection::Inline(fragment) => {
                    self.check_selections(&fragment.selections, &fragment.on, problems);
                }
                Selection::Spread(_) => {}
            }
        }
    }

    fn check_field(&self, field: &Field, on: &str, problems: &mut Vec<String>) {
        let name = &field.name;
        if name == "__typename" {
            return;
        }
        let known = &self.types[on]["fields"][name];
        let Some(arguments) = known["arguments"].as_object() else {
            problems.push(format!("`{on}` has no field `{name}`"));
            return;
        };
        for given in field
            .arguments
            .keys()
            .filter(|given| !arguments.contains_key(*given))
        {
            problems.push(format!("`{on}.{name}` has no argument `{given}`"));
        }
        for (needed, kind) in arguments {
            let kind = kind.as_str().unwrap_or_default();
            if kind.ends_with('!') && !field.arguments.contains_key(needed) {
                problems.push(format!("`{on}.{name}` lacks its argument `{needed}`"));
            }
        }
        let inner = known["type"].as_str().unwrap_or_default();
        let has_fields = self.types.get(inner).is_some();
        if has_fields == field.selections.is_empty() {
            problems.push(format!("`{on}.{name}` selects too much or too little"));
        }
        self.check_selections(&field.selections, inner, problems);
    }

    fn operation(&self, method: &Method, template: &str) -> Option<&Value> {
        let methods = self.document["paths"].get(template)?;
        methods.get(method.as_str().to_ascii_lowercase())
    }

    fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                self.document.pointer(pointer).unwrap_or(&Value::Null)
            }
            None => value,
        }
    }

    fn validate(&self, place: &str, schema: &Value, body: &Value) -> Vec<String> {
        let whole = json!({"components": self.document["components"], "allOf": [schema]});
        let validator = jsonschema::validator_for(&whole).expect("the schema is sound");
        validator
            .iter_errors(body)
            .map(|error| format!("{place}: {} at `{}`", error, error.instance_path()))
            .collect()
    }
}
