//! The words of a scene.

use flowatlas_model::{
    Scene,
    scene::{Item, Text},
};

/// Returns all lines of text, whatever group they are in.
pub fn texts(scene: &Scene) -> Vec<&Text> {
    let mut open: Vec<&Item> = scene.items.iter().collect();
    let mut texts = Vec::new();
    while let Some(item) = open.pop() {
        match item {
            Item::Group(group) => open.extend(&group.items),
            Item::Text(text) => texts.push(text),
            Item::Path(_) | Item::Raster(_) => {}
        }
    }
    texts
}
