//! Templates, the style sheet and the script, all part of the binary.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};

use crate::sandbox::page::view::Visitor;

/// The inner parts of pages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Template {
    Issues,
    NewIssue,
    Issue,
    File,
    Folder,
    Notice,
}

impl Template {
    fn source(self) -> &'static str {
        match self {
            Self::Issues => include_str!("templates/issues.html"),
            Self::NewIssue => include_str!("templates/new_issue.html"),
            Self::Issue => include_str!("templates/issue.html"),
            Self::File => include_str!("templates/file.html"),
            Self::Folder => include_str!("templates/folder.html"),
            Self::Notice => include_str!("templates/notice.html"),
        }
    }
}

/// A page: what is special about it, around the part that the template makes.
#[derive(Debug, Clone)]
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) visitor: &'a Visitor,
    /// Where to come back to after choosing another user.
    pub(crate) path: &'a str,
    /// Whether a browser without scripts should look again by itself.
    pub(crate) refresh: bool,
}

/// Renders a page. Everything is escaped except what was marked as safe on purpose.
pub(crate) fn render(page: &Page<'_>, template: Template, values: Value) -> Response {
    render_inner(page, template, values).unwrap_or_else(|_| {
        let why = "the sandbox could not show this page";
        (StatusCode::INTERNAL_SERVER_ERROR, why).into_response()
    })
}

fn render_inner(
    page: &Page<'_>,
    template: Template,
    values: Value,
) -> Result<Response, minijinja::Error> {
    let environment = Environment::new();
    let visitor = Value::from(Serde(page.visitor));
    let values = context! { visitor => visitor.clone(), ..values };
    let inner = environment.render_named_str("inner.html", template.source(), values)?;
    let whole = environment.render_named_str(
        "layout.html",
        include_str!("templates/layout.html"),
        context! {
            title => page.title,
            visitor,
            path => page.path,
            refresh => page.refresh,
            inner => Value::from_safe_string(inner),
        },
    )?;
    Ok(Html(whole).into_response())
}

/// A page that says one thing, under the given status.
pub(crate) fn notice(visitor: &Visitor, status: StatusCode, text: &str) -> Response {
    let page = Page {
        title: text,
        visitor,
        path: "/",
        refresh: false,
    };
    let mut response = render(&page, Template::Notice, context! { text });
    *response.status_mut() = status;
    response
}

/// The page for addresses that lead nowhere.
pub(crate) async fn not_found(visitor: Visitor) -> Response {
    notice(&visitor, StatusCode::NOT_FOUND, "There is nothing here.")
}

/// `GET /-/sandbox.css`
pub(crate) async fn style() -> impl IntoResponse {
    let text = include_str!("assets/sandbox.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], text)
}

/// `GET /-/sandbox.js`
pub(crate) async fn script() -> impl IntoResponse {
    let text = include_str!("assets/sandbox.js");
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
}
