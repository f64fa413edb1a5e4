//! Composes the map: first the planar problem for the layout, then the finished scene.

pub mod spec;
pub mod words;
