//! Checks answers of the sandbox, and requests made to it, against GitHub's own description of its
//! API. Part of the tests only; stories of other modules use it on the log of requests.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::world::RequestRecord;

/// GitHub's description, cut down to what the sandbox serves.
#[derive(Debug)]
pub(crate) struct Description {
    document: Value,
}

impl Description {
    /// Loads the description.
    pub(crate) fn load() -> Self {
        let text = include_str!("../../tests/data/github-openapi.json");
        Self {
            document: serde_json::from_str(text).expect("the description is JSON"),
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
        let place = format!("{} {}", request.method, request.path);
        let template = request.template.as_deref().unwrap_or_default();
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
