//! What a page may do: show what it carries, and nothing else.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Returns the content security policy of a page with this style sheet and script (W3C CSP Level 3): only these two, named by
/// their hashes, and pictures in the page itself.
pub(crate) fn policy(style: &str, script: &str) -> String {
    let allowed = if script.is_empty() { "'none'".to_owned() } else { hash(script) };
    format!(
        "default-src 'none'; style-src {}; script-src {allowed}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(style)
    )
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standard() {
        // FIPS 180-4, the hash of "abc", in base 64.
        assert_eq!(hash("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
    }
}
