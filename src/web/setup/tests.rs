use std::time::Duration;

use secrecy::SecretString;

use super::gate::Gate;
use super::{find_origin, hook_url};
use crate::service::setup::Place;
use crate::store::Millis;

const NOON: Millis = Millis(1_790_000_000_000);

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn after(minutes: u64) -> Millis {
    NOON.plus(Duration::from_mins(minutes))
}

#[test]
fn token_opens_one_session_and_only_within_its_hour() {
    let mut gate = Gate::new(secret("token"), NOON);
    assert!(!gate.enter("tokem", secret("a"), NOON));
    assert!(!gate.enter("", secret("a"), NOON));
    assert!(!gate.admits("", NOON));
    assert!(gate.enter("token", secret("a"), after(59)));
    assert!(!gate.enter("token", secret("b"), after(59)));
    assert_eq!(
        [gate.admits("a", after(60)), gate.admits("b", after(60))],
        [true, false]
    );
    assert!(!gate.admits("a", after(120)));

    let mut late = Gate::new(secret("token"), NOON);
    assert!(!late.enter("token", secret("a"), after(60)));
}

#[test]
fn state_comes_back_once_and_is_the_last_one_sent() {
    let mut gate = Gate::new(secret("token"), NOON);
    let place = Place::parse("").unwrap();
    assert_eq!(gate.finish(""), None);
    gate.begin(place.clone(), secret("first"));
    gate.begin(place.clone(), secret("second"));
    assert_eq!(gate.finish("first"), None);
    assert_eq!(gate.finish("second"), Some(place));
    assert_eq!(gate.finish("second"), None);
}

#[test]
fn closed_gate_opens_for_nothing_that_worked_before() {
    let mut gate = Gate::new(secret("token"), NOON);
    assert!(gate.enter("token", secret("a"), NOON));
    gate.begin(Place::parse("").unwrap(), secret("state"));
    gate.close();
    assert!(!gate.admits("a", NOON));
    assert_eq!(gate.finish("state"), None);
    assert!(!gate.enter("token", secret("b"), NOON));
}

#[test]
fn secrets_of_the_gate_are_not_printed() {
    let mut gate = Gate::new(secret("canary"), NOON);
    gate.enter("canary", secret("canary"), NOON);
    gate.begin(Place::parse("").unwrap(), secret("canary"));
    assert!(!format!("{gate:?}").contains("canary"));
}

#[test]
fn host_decides_where_the_api_is() {
    let urls = |host: &str| {
        let place = Place::parse(host).unwrap();
        (place.api_url.to_string(), place.web_url.to_string())
    };
    let own = |api: &str, web: &str| (api.to_owned(), web.to_owned());
    let public = own("https://api.github.com/", "https://github.com/");
    assert_eq!([urls(""), urls(" github.com ")], [public.clone(), public]);
    assert_eq!(
        urls("https://GHE.example.com/"),
        own("https://ghe.example.com/api/v3", "https://ghe.example.com/")
    );
    assert_eq!(
        urls("acme.ghe.com"),
        own("https://api.acme.ghe.com/", "https://acme.ghe.com/")
    );
}

#[test]
fn what_is_no_host_is_refused() {
    for host in [
        "http://ghe.test",
        "ghe.test/path",
        "user@ghe.test",
        "ghe.test?x",
        "ghe.test#x",
        "a b",
        "169.254.169.254",
        "metadata.google.internal",
    ] {
        assert!(Place::parse(host).is_err(), "{host}");
    }
}

#[test]
fn organisation_and_state_cannot_leave_their_place_in_the_address() {
    let place = Place::parse("").unwrap();
    let page = |organization: &str| place.registration_page(organization, "a&b=c");
    assert_eq!(
        page("").unwrap().as_str(),
        "https://github.com/settings/apps/new?state=a%26b%3Dc"
    );
    assert_eq!(
        page("acme-inc").unwrap().as_str(),
        "https://github.com/organizations/acme-inc/settings/apps/new?state=a%26b%3Dc"
    );
    for login in ["../x", "a/b", "a?b", "a b", "ä"] {
        assert!(page(login).is_err(), "{login}");
    }
}

#[test]
fn webhooks_go_where_github_can_reach_them() {
    let public = Place::parse("").unwrap();
    let url = |address: &str| hook_url(address, &public).map(|url| url.to_string());
    let fine = Ok("https://bot.example.com/base/webhooks/github".to_owned());
    assert_eq!(url("https://bot.example.com/base/"), fine);
    assert_eq!(url("https://bot.example.com/base/webhooks/github"), fine);
    for address in [
        "",
        "bot.example.com",
        "http://bot.example.com",
        "https://localhost",
        "https://127.0.0.1:8080",
        "https://user:pass@bot.example.com",
        "https://bot.example.com/?x=",
        "https://bot.example.com/#x",
        "javascript:alert(1)",
    ] {
        assert!(url(address).is_err(), "{address}: {:?}", url(address));
    }
}

#[test]
fn page_is_where_the_browser_says() {
    let origin = |value: &'static str| {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("origin", value.parse().unwrap());
        find_origin(&headers).map(|url| url.to_string())
    };
    assert_eq!(
        origin("http://127.0.0.1:9090"),
        Some("http://127.0.0.1:9090/".to_owned())
    );
    assert_eq!([origin("null"), origin("file://")], [None, None]);
}
