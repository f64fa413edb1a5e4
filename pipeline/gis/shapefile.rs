//! Shapefiles, with their limits named: short names of columns and short texts.

use flowatlas_model::{FieldKind, Layer};
use gdal::DriverManager;

use crate::{Error, memory::MemoryFolder, table};

/// Most bytes in the name of a column.
const NAME: usize = 10;
/// Most bytes in a text.
const TEXT: usize = 254;

/// The files of a shapefile, and what did not fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapefile {
    /// Extension and bytes of each file.
    pub files: Vec<(String, Vec<u8>)>,
    /// Columns that had to take a shorter name: the name they had, the name they have.
    pub renamed: Vec<(String, String)>,
    /// Columns of which texts were cut, and how many.
    pub cut: Vec<(String, usize)>,
}

/// Returns the files of a shapefile with this layer.
///
/// # Errors
/// Fails where GDAL does.
pub fn shapefile(layer: &Layer) -> Result<Shapefile, Error> {
    let failed = |action| Error::of("Shapefile", action);
    let names = short_names(layer);
    let folder = MemoryFolder::new()?;
    let driver = DriverManager::get_driver_by_name("ESRI Shapefile").map_err(failed("find its driver"))?;
    let mut dataset = driver.create_vector_only(folder.file("layer.shp")).map_err(failed("create the file"))?;
    let plain = Layer { name: "layer".to_owned(), ..layer.clone() };
    table::write(&mut dataset, &plain, &names, &["ENCODING=UTF-8", "DBF_DATE_LAST_UPDATE=1970-01-01"])?;
    dataset.close().map_err(failed("close the file"))?;
    let found = folder.names();
    let file = |name: &String| Ok((name.rsplit('.').next().unwrap_or_default().to_owned(), folder.take(name)?));
    let renamed = layer.fields.iter().zip(&names).filter(|(field, name)| field.name != **name);
    Ok(Shapefile {
        files: found.iter().map(file).collect::<Result<_, Error>>()?,
        renamed: renamed.map(|(field, name)| (field.name.clone(), name.clone())).collect(),
        cut: cut(layer),
    })
}

/// Returns a name of at most ten bytes for each column, unlike all others.
fn short_names(layer: &Layer) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for field in &layer.fields {
        let mut name = head(&field.name, NAME).to_owned();
        let mut number = 1;
        while names.iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
            number += 1;
            let tail = number.to_string();
            name = format!("{}{tail}", head(&field.name, NAME - tail.len()));
        }
        names.push(name);
    }
    names
}

fn head(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

fn cut(layer: &Layer) -> Vec<(String, usize)> {
    let texts = layer.fields.iter().filter(|field| field.kind == FieldKind::Text);
    let counted = texts.map(|f| (f.name.clone(), f.values.iter().filter(|v| v.to_text().len() > TEXT).count()));
    counted.filter(|(_, count)| *count > 0).collect()
}
