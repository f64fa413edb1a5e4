//! The walk that every writer takes: all items of a scene in paint order.

use std::slice;

use flowatlas_model::scene::{Group, Item, Raster, Scene, Shape, Text};

/// One step of the walk.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// A group begins; what follows is in it until its `Close`.
    Open(&'a Group),
    /// The group that was opened last ends.
    Close,
    /// A path.
    Path(&'a Shape),
    /// A line of text.
    Text(&'a Text),
    /// Pixels.
    Raster(&'a Raster),
}

/// Returns every step through the scene, from bottom to top. However deep groups nest, the call stack stays flat.
pub(crate) fn walk(scene: &Scene) -> impl Iterator<Item = Step<'_>> {
    let mut open: Vec<slice::Iter<'_, Item>> = vec![scene.items.iter()];
    std::iter::from_fn(move || match open.last_mut()?.next() {
        Some(Item::Path(shape)) => Some(Step::Path(shape)),
        Some(Item::Text(text)) => Some(Step::Text(text)),
        Some(Item::Raster(raster)) => Some(Step::Raster(raster)),
        Some(Item::Group(group)) => {
            open.push(group.items.iter());
            Some(Step::Open(group))
        }
        None => {
            open.pop();
            (!open.is_empty()).then_some(Step::Close)
        }
    })
}
