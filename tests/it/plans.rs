//! Plans for the upload repository, as a person would write them.

use serde_json::{Value, json};

/// A plan of which every claim is true.
pub(crate) fn true_plan() -> Value {
    json!({
        "understanding": {
            "restatement": "A failed upload is tried once more.",
            "request_points": [
                {"id": "R1", "text": "Failed uploads are tried again.", "kind": "behaviour"}
            ],
            "assumptions": [],
            "open_questions": []
        },
        "findings": [
            {"statement": "The queue stops at the first failure.", "evidence": []}
        ],
        "decisions": [],
        "changes": [{
            "id": "C1",
            "op": "modify",
            "path": "src/queue.rs",
            "new_path": "",
            "anchors": [{
                "symbol": "drain_queue",
                "quote": "        send_file(item)?;",
                "line_hint": 14,
                "relation": "replace"
            }],
            "evidence": [],
            "what": "Call the upload a second time when it fails.",
            "why": "One failure is often an accident.",
            "interfaces": [],
            "data_structures": [],
            "imports": [],
            "config": [],
            "snippet": {"language": "", "code": ""},
            "reuses": [],
            "why_new": "",
            "side_effects": [],
            "covers": ["R1"],
            "depends_on": []
        }],
        "steps": [
            {"id": "S1", "title": "Try again", "detail": "Change the loop.", "changes": ["C1"]}
        ],
        "dependencies": [],
        "risks": [],
        "architecture_notes": [],
        "out_of_scope": []
    })
}

/// The same plan about a file that does not exist.
pub(crate) fn plan_with_an_invented_path() -> Value {
    let mut plan = true_plan();
    plan["changes"][0]["path"] = json!("src/retry_queue.rs");
    plan
}
