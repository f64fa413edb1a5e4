//! The methods note: every number of the tables in words, with its formula and its source, ready for a report's appendix.

use std::fmt::Write;

use flowatlas_model::{MetricInfo, WeightKind};

use crate::metrics::MetricsSheet;

/// The letters that formulas use.
const NOTATION: &str = "M is the total of all flows and M_ij the flow from place i to place j; O_i is what leaves i, D_j what \
arrives at j; P_i is the population of i and P that of all places; n is the number of places, those without flows \
included, and K = n(n-1) the number of ordered pairs of different places; w is the weight of a flow, s the sum of the weights at one \
of its ends. What is undefined is empty, never 0.";

/// Returns the note as Markdown: what was counted, what each number is, and the numbered sources at the end.
pub fn methods_note(sheet: &MetricsSheet) -> Vec<u8> {
    let mut note = Note::new(sheet);
    let metrics = sheet.metrics;
    note.section("Numbers of each place", metrics.places.iter().map(|m| &m.info));
    note.section("Numbers of each flow", metrics.flows.iter().map(|m| &m.info));
    note.section("Numbers of the whole network", metrics.network.iter().map(|m| &m.info));
    note.finish()
}

struct Note<'a> {
    sheet: &'a MetricsSheet<'a>,
    text: String,
    /// In the order of their first mention, which is that of their numbers.
    sources: Vec<&'a str>,
}

impl<'a> Note<'a> {
    fn new(sheet: &'a MetricsSheet<'a>) -> Self {
        let title = if sheet.title.is_empty() { "Methods".to_owned() } else { format!("Methods: {}", sheet.title) };
        let text = format!("# {title}\n\n{}\n\n## What was counted\n\n", computed(sheet));
        let mut note = Note { sheet, text, sources: Vec::new() };
        for convention in &sheet.metrics.conventions {
            note.add(format_args!("- {convention}"));
        }
        note.add(format_args!("\n{NOTATION}"));
        note
    }

    fn section(&mut self, title: &str, metrics: impl Iterator<Item = &'a MetricInfo>) {
        for (k, info) in metrics.enumerate() {
            if k == 0 {
                self.add(format_args!("\n## {title}\n"));
            }
            let (number, unit) = (self.number(info.source), unit(self.sheet.unit_of(info)));
            self.add(format_args!("- **{}** (`{}`{unit}). {} [{number}]", info.title, info.id, info.formula));
        }
    }

    fn number(&mut self, source: &'a str) -> usize {
        let known = self.sources.iter().position(|known| *known == source);
        known.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        }) + 1
    }

    fn finish(mut self) -> Vec<u8> {
        if !self.sources.is_empty() {
            self.add(format_args!("\n## Sources\n"));
        }
        for (k, source) in std::mem::take(&mut self.sources).into_iter().enumerate() {
            self.add(format_args!("{}. {source}", k + 1));
        }
        self.text.into_bytes()
    }

    fn add(&mut self, line: std::fmt::Arguments) {
        writeln!(self.text, "{line}").expect("memory can be written to");
    }
}

fn computed(sheet: &MetricsSheet) -> String {
    let weights = match (sheet.graph.weights, sheet.unit) {
        (WeightKind::Ordinal, _) => "The weights of flows are ranks.".to_owned(),
        (WeightKind::Measured, "") => "The unit of the weights of flows is not stated.".to_owned(),
        (WeightKind::Measured, unit) => format!("The weights of flows are {unit}."),
    };
    let (places, links) = (sheet.atlas.places.len(), sheet.graph.graph.edge_count());
    let version = env!("CARGO_PKG_VERSION");
    format!("Computed with flowatlas {version} from {places} places and {links} flows between them. {weights}")
}

fn unit(unit: &str) -> String {
    if unit == "1" { String::new() } else { format!(", {unit}") }
}
