//! Every dependency has a licence that `deny.toml` allows. Needs no tool beyond cargo.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use std::process::Command;

use serde_json::Value;

/// Returns true if the SPDX expression can be met with the allowed licences.
///
/// `OR` binds weaker than `AND`; a `/` is an old way to write `OR`. Parentheses are resolved from the inside out.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let mut text = expression.replace('/', " OR ");
    while let Some(close) = text.find(')') {
        let open = text[..close].rfind('(').expect("parentheses come in pairs");
        let inner = if is_met_flat(&text[open + 1..close], allowed) { "true" } else { "false" };
        text.replace_range(open..=close, inner);
    }
    is_met_flat(&text, allowed)
}

fn is_met_flat(expression: &str, allowed: &[String]) -> bool {
    let term = |term: &str| term.trim() == "true" || allowed.iter().any(|known| known == term.trim());
    expression.split(" OR ").any(|all| all.split(" AND ").all(term))
}

fn allowed() -> Vec<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    table["licenses"]["allow"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

#[test]
fn an_expression_is_met_by_one_side_of_or_and_both_sides_of_and() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
    assert!(is_met("MIT OR GPL-3.0", &allowed));
    assert!(is_met("(GPL-3.0 OR MIT) AND Unicode-3.0", &allowed));
    assert!(is_met("GPL-3.0/MIT", &allowed));
    assert!(!is_met("MIT AND GPL-3.0", &allowed));
    assert!(!is_met("(GPL-3.0 OR LGPL-3.0) AND MIT", &allowed));
    assert!(!is_met("", &allowed));
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--format-version", "1", "--locked", "--filter-platform", &host()];
    let output = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let allowed = allowed();
    let packages = metadata["packages"].as_array().unwrap();
    let refused: Vec<String> = packages
        .iter()
        .filter(|p| !is_met(p["license"].as_str().unwrap_or(""), &allowed))
        .map(|p| format!("{} {}: {}", p["name"], p["version"], p["license"]))
        .collect();
    assert!(packages.len() > 50, "cargo named only {} packages", packages.len());
    assert!(refused.is_empty(), "not in deny.toml: {refused:#?}");
}
