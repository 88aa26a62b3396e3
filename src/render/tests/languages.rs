//! Comments whose headings and labels are in another language.

use crate::domain::document::{Content, Document, OutlineReason};
use crate::domain::narrowing::LanguageTag;
use crate::domain::repository::ForgeKind;
use crate::render::document;
use crate::render::tests::{oracle, sample};

/// One tag of each language that there are words of.
const TRANSLATED: [&str; 8] = ["de", "es", "fr", "it", "ja", "ko", "pt", "zh"];

fn documents() -> [Document; 3] {
    [
        sample::plan_document(sample::small_plan()),
        sample::plan_document(sample::large_plan()),
        sample::document(Content::Outline(sample::outline(OutlineReason::NoModel))),
    ]
}

fn render(mut shown: Document, tag: &str) -> String {
    shown.language = LanguageTag::find(tag);
    document(&shown, &sample::site(ForgeKind::GitHub))
        .as_str()
        .to_owned()
}

/// Headings, summaries of what is folded, and labels that begin a paragraph, in order.
fn signs(body: &str) -> Vec<&str> {
    let is_sign = |line: &&str| {
        let is_label = line.starts_with("**") && (line.contains(":** ") || line.ends_with("**"));
        line.starts_with('#') || line.starts_with("<summary>") || is_label
    };
    body.lines().filter(is_sign).collect()
}

#[test]
fn a_plan_in_german_has_german_headings_and_labels() {
    let body = render(sample::plan_document(sample::small_plan()), "de-AT");
    insta::assert_snapshot!(signs(&body).join("\n"), @r"
    ## Plan
    **Die Anfrage, wie verstanden:** Uploads that meet a restarting node should be tried again.
    **Vorgehen:** The load balancer answers 503 while a node restarts. 1 change in 1 step (1 file modified). No new dependencies.
    ### Schritte
    <summary>Einzelheiten (1)</summary>
    <summary>Prompt für einen Coding-Agenten</summary>
    <summary>Was gelesen, ausgelassen und verbraucht wurde</summary>
    **Was die Prüfung geändert hat**
    ");
}

#[test]
fn every_language_has_the_same_parts_in_words_of_its_own() {
    for shown in documents() {
        let english = render(shown.clone(), "en");
        let (plain, count) = (signs(&english), english.lines().count());
        for tag in TRANSLATED {
            let body = render(shown.clone(), tag);
            let own = signs(&body);
            assert_eq!(
                (own.len(), body.lines().count()),
                (plain.len(), count),
                "{tag}"
            );
            let same = own.iter().filter(|sign| plain.contains(sign)).count();
            assert!(same * 2 < own.len(), "{tag}: {own:#?}");
            let mut headings = own.clone();
            headings.retain(|sign| sign.starts_with('#'));
            let site = sample::site(ForgeKind::GitHub);
            let wrong = oracle::judge(&body, &site, &headings);
            assert_eq!(wrong, Vec::<String>::new(), "{tag}");
        }
    }
}

#[test]
fn languages_without_words_get_english_ones() {
    let shown = sample::plan_document(sample::small_plan());
    let english = render(shown.clone(), "en-GB");
    for tag in ["sv", "zh-TW", "zh-Hant-HK", "deu"] {
        assert_eq!(render(shown.clone(), tag), english, "{tag}");
    }
    let brazil = render(shown.clone(), "pt-BR");
    assert_ne!(brazil, english);
    assert_eq!(render(shown, "PT"), brazil);
}
