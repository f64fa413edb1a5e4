//! Font files: the faces in them, as scenes carry them.

use std::sync::Arc;

use flowatlas_model::scene::Font;
use parley::{
    FontStyle,
    fontique::{Blob, Collection, CollectionOptions, FontInfo},
};

/// The tag of the axis of weight.
const WEIGHT: [u8; 4] = *b"wght";
/// Weights that maps use of a variable font: regular and bold.
const WEIGHTS: [u16; 2] = [400, 700];

/// Returns the faces of a TrueType or OpenType file, or of a collection of them; none where the file is no font.
///
/// A variable font with an axis of weight gives a regular and a bold face, as far as its axis reaches.
pub fn faces(data: &Arc<[u8]>) -> Vec<Font> {
    let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
    let mut faces = Vec::new();
    for (family, infos) in collection.register_fonts(blob(data), None) {
        let name = collection.family_name(family).unwrap_or_default().to_owned();
        for info in &infos {
            let italic = info.style() != FontStyle::Normal;
            faces.extend(weights(info).into_iter().map(|(weight, variations)| Font {
                family: name.clone(),
                weight,
                italic,
                data: data.clone(),
                index: info.index(),
                variations,
            }));
        }
    }
    faces.sort_by_key(|face| (face.index, face.weight));
    faces.dedup_by_key(|face| (face.index, face.weight));
    faces
}

/// Returns the bytes as the shaper takes them.
pub(crate) fn blob(data: &Arc<[u8]>) -> Blob<u8> {
    let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(data.clone());
    Blob::new(shared)
}

/// A weight on the CSS scale with its place on the axes of a variable font.
type Weight = (u16, Vec<([u8; 4], f32)>);

/// Returns the weights at which a face is used.
fn weights(info: &FontInfo) -> Vec<Weight> {
    match info.axes().iter().find(|axis| axis.tag.to_be_bytes() == WEIGHT) {
        Some(axis) => WEIGHTS
            .into_iter()
            .map(|weight| f32::from(weight).clamp(axis.min, axis.max))
            .map(|at| (at.round() as u16, vec![(WEIGHT, at)]))
            .collect(),
        None => vec![(info.weight().value().round() as u16, Vec::new())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_file_gives_its_face_with_family_and_weight() {
        let data: Arc<[u8]> = Arc::from(include_bytes!("../../styles/fonts/NotoSans-Bold.ttf").as_slice());
        let faces = faces(&data);
        assert_eq!(faces.len(), 1);
        assert_eq!((faces[0].family.as_str(), faces[0].weight, faces[0].italic), ("Noto Sans", 700, false));
        assert_eq!((faces[0].index, faces[0].variations.len()), (0, 0));
    }

    #[test]
    fn a_file_that_is_no_font_gives_no_face() {
        let data: Arc<[u8]> = Arc::from(b"id,name,lon,lat\n".as_slice());
        assert!(faces(&data).is_empty());
    }
}
