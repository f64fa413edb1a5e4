//! Finding places by the ids that flows give.

use std::{borrow::Cow, sync::Arc};

use flowatlas_model::{Atlas, PlaceIndex, Value};
use foldhash::HashMap;

use crate::{collect::Fault, number, spelling};

/// Spellings are searched for this many different unknown ids; a file with more has another problem than spelling.
const MAX_SEARCHES: usize = 500;

/// Whole numbers up to here are exact in a double, so that 1.0 is the id 1.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the id that a cell holds: text without the blanks around it, numbers in their plain form, so that `1`,
/// `"1"` and `1.0` are one id; empty for none.
pub(crate) fn id_text(cell: &Value) -> String {
    match whole(cell) {
        Some(number) => number.to_string(),
        None => cell.to_text().trim().to_owned(),
    }
}

fn whole(cell: &Value) -> Option<i64> {
    match cell {
        Value::Integer(i) => Some(*i),
        Value::Real(r) if r.fract() == 0.0 && r.abs() <= EXACT => Some(*r as i64),
        _ => None,
    }
}

/// The places of an atlas by id.
pub(crate) struct Gazetteer<'a> {
    atlas: &'a Atlas,
    by_text: HashMap<&'a str, PlaceIndex>,
    by_number: HashMap<i64, PlaceIndex>,
    hints: HashMap<String, String>,
    recent: Recent,
}

/// The places that shared texts were found to name, by where each text lies in memory: equal ids of a large file are
/// one text, and looking at its address saves hashing it and following it there.
struct Recent(Vec<Option<(Arc<str>, PlaceIndex)>>);

impl Recent {
    /// Texts remembered at most; one that comes later takes the slot of another.
    const SLOTS: usize = 1 << 14;

    fn slot(text: &Arc<str>) -> usize {
        // A short text with its two counts takes 32 bytes, so that neighbours get slots of their own.
        Arc::as_ptr(text).cast::<u8>().addr() / 32 % Self::SLOTS
    }

    fn get(&self, text: &Arc<str>) -> Option<PlaceIndex> {
        self.0[Self::slot(text)].as_ref().filter(|(known, _)| Arc::ptr_eq(known, text)).map(|(_, place)| *place)
    }

    fn put(&mut self, text: &Arc<str>, place: PlaceIndex) {
        self.0[Self::slot(text)] = Some((text.clone(), place));
    }
}

impl<'a> Gazetteer<'a> {
    pub(crate) fn new(atlas: &'a Atlas) -> Self {
        let mut gazetteer = Gazetteer {
            atlas,
            by_text: HashMap::default(),
            by_number: HashMap::default(),
            hints: HashMap::default(),
            recent: Recent(vec![None; Recent::SLOTS]),
        };
        for index in atlas.indices() {
            let id = atlas.place(index).id.as_str();
            gazetteer.by_text.entry(id).or_insert(index);
            if let Some(number) = number::integer(id) {
                gazetteer.by_number.entry(number).or_insert(index);
            }
        }
        gazetteer
    }

    /// Returns the place whose id the cell holds, or why there is none.
    pub(crate) fn find(&mut self, cell: &Value) -> Result<PlaceIndex, Fault> {
        let found = match cell {
            Value::Text(text) => self.recent.get(text).or_else(|| self.look_up(text)),
            other => match whole(other) {
                Some(number) => self.by_number.get(&number).copied(),
                None => self.by_text.get(other.to_text().as_str()).copied(),
            },
        };
        found.ok_or_else(|| self.unknown(&id_text(cell)))
    }

    fn look_up(&mut self, text: &Arc<str>) -> Option<PlaceIndex> {
        let place = *self.by_text.get(text.trim())?;
        self.recent.put(text, place);
        Some(place)
    }

    fn unknown(&mut self, id: &str) -> Fault {
        if id.is_empty() {
            return Fault::new("missing-id", "no value", "the id of a place");
        }
        Fault::new("unknown-place", spelling::clip(id), "the id of a place").hint(self.hint(id))
    }

    fn hint(&mut self, id: &str) -> Cow<'static, str> {
        if let Some(hint) = self.hints.get(id) {
            return Cow::Owned(hint.clone());
        }
        if self.hints.len() >= MAX_SEARCHES {
            return Cow::Borrowed("");
        }
        let hint = self.search(id);
        self.hints.insert(id.to_owned(), hint.clone());
        Cow::Owned(hint)
    }

    /// Looks for a place whose row could not be used, for a place of that name, for an id that has zeros at its head, as spreadsheets
    /// drop them, then for the nearest id.
    fn search(&self, id: &str) -> String {
        if let Some(row) = self.atlas.unusable.get(id) {
            return format!("this place is there, but its row could not be used: {row}");
        }
        if let Some(place) = self.atlas.places.iter().find(|p| p.name == id) {
            return format!("this is a name: its id is `{}`", place.id);
        }
        let bare = id.trim_start_matches('0');
        if let Some(place) = self.atlas.places.iter().find(|p| p.id.trim_start_matches('0') == bare) {
            return format!("the id of a place is `{}`: spreadsheets drop zeros at the head of codes", place.id);
        }
        match spelling::nearest(id, self.atlas.places.iter().map(|p| p.id.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use flowatlas_model::Place;

    use super::*;

    fn atlas() -> Atlas {
        let place = |id: &str, name: &str| Place {
            id: id.to_owned(),
            name: name.to_owned(),
            at: geo::Coord { x: 0.0, y: 0.0 },
            area: None,
            population: None,
        };
        Atlas {
            places: vec![place("1", "Lima"), place("06055", "Napa"), place("huancayo", "Huancayo")],
            ..Atlas::default()
        }
    }

    fn text(t: &str) -> Value {
        Value::Text(t.into())
    }

    #[test]
    fn the_same_number_is_the_same_id_however_it_is_written() {
        let atlas = atlas();
        let mut gazetteer = Gazetteer::new(&atlas);
        for cell in [Value::Integer(1), Value::Real(1.0), text("1"), text(" 1 ")] {
            assert_eq!(gazetteer.find(&cell), Ok(PlaceIndex(0)), "{cell:?}");
        }
    }

    #[test]
    fn a_code_with_a_leading_zero_is_not_a_number() {
        let atlas = atlas();
        let mut gazetteer = Gazetteer::new(&atlas);
        assert_eq!(gazetteer.find(&text("06055")), Ok(PlaceIndex(1)));
        let told = "the id of a place is `06055`: spreadsheets drop zeros at the head of codes";
        assert_eq!(gazetteer.find(&Value::Integer(6055)).unwrap_err().hint, told);
    }

    #[test]
    fn unknown_ids_come_with_the_nearest_spelling_or_the_id_of_that_name() {
        let atlas = atlas();
        let mut gazetteer = Gazetteer::new(&atlas);
        let slip = gazetteer.find(&text("huancyo")).unwrap_err();
        assert_eq!((slip.code, slip.hint.as_str()), ("unknown-place", "did you mean `huancayo`?"));
        assert_eq!(gazetteer.find(&text("Napa")).unwrap_err().hint, "this is a name: its id is `06055`");
        assert_eq!(gazetteer.find(&text("zzz")).unwrap_err().hint, "");
    }

    #[test]
    fn a_place_whose_row_could_not_be_used_is_no_slip_of_another() {
        let unusable = [("huancay".to_owned(), "p.csv, line 3".to_owned())].into();
        let atlas = Atlas { unusable, ..atlas() };
        let told = "this place is there, but its row could not be used: p.csv, line 3";
        assert_eq!(Gazetteer::new(&atlas).find(&text("huancay")).unwrap_err().hint, told);
    }

    #[test]
    fn a_missing_id_is_not_an_unknown_one() {
        let atlas = atlas();
        assert_eq!(Gazetteer::new(&atlas).find(&Value::Missing).unwrap_err().code, "missing-id");
    }
}
