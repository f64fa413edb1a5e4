//! `[map.choropleth]` as meant.

use flowatlas_map::choropleth::{Choropleth, Classing, ShadeScale};
use toml::Spanned;

use super::Site;
use crate::{
    error::Error,
    options::Drawing,
    shading::ShadingPlan,
    study_file::{ChoroplethTable, ClassingWord, ScaleWord},
};

/// Numbers of classes that can be told apart.
const CLASSES: [usize; 2] = [2, 9];

/// Returns where the numbers of shaded areas come from.
pub(super) fn plan(table: &ChoroplethTable) -> ShadingPlan {
    ShadingPlan { value: table.value.clone(), region: table.region.clone() }
}

impl Site<'_> {
    /// Returns how areas are shaded; their numbers come with the data.
    pub(super) fn choropleth(&self, table: &Spanned<ChoroplethTable>, drawing: Drawing) -> Result<Choropleth, Error> {
        if drawing == Drawing::Matrix {
            return Err(self.error(table.span(), "a matrix has no areas to shade; leave out [map.choropleth]".into()));
        }
        let written = table.get_ref();
        let scale = match written.scale {
            ScaleWord::Auto => ShadeScale::Auto,
            ScaleWord::Sequential => ShadeScale::Sequential,
            ScaleWord::Diverging => ShadeScale::Diverging,
        };
        let centre = written.centre.as_ref().map_or(0.0, |centre| *centre.get_ref());
        match &written.centre {
            Some(span) if scale == ShadeScale::Sequential || !centre.is_finite() => {
                let message = "\"centre\" is a number that a diverging scale parts at".into();
                return Err(self.error(span.span(), message));
            }
            _ => {}
        }
        let (title, unit) = (written.title.clone(), written.unit.clone());
        Ok(Choropleth { title, unit, classing: self.classing(written)?, scale, centre, numbers: Vec::new() })
    }

    fn classing(&self, written: &ChoroplethTable) -> Result<Classing, Error> {
        if let Some(breaks) = &written.breaks {
            let given = breaks.get_ref();
            let ascending = given.windows(2).all(|pair| pair[0] < pair[1]) && given.iter().all(|b| b.is_finite());
            if !ascending || !(CLASSES[0]..=CLASSES[1]).contains(&(given.len() + 1)) {
                let message = format!("\"breaks\" are 1 to {} numbers in ascending order", CLASSES[1] - 1);
                return Err(self.error(breaks.span(), message));
            }
            if written.method.is_some() || written.classes.is_some() {
                let message = "\"breaks\" say all about the classes; leave out \"method\" and \"classes\"".into();
                return Err(self.error(breaks.span(), message));
            }
            return Ok(Classing::Breaks(given.clone()));
        }
        let count = written.classes.as_ref().map(|count| self.class_count(count)).transpose()?;
        Ok(match written.method {
            None | Some(ClassingWord::Jenks) => Classing::Jenks(count),
            Some(ClassingWord::Quantile) => Classing::Quantile(count),
        })
    }

    fn class_count(&self, count: &Spanned<usize>) -> Result<usize, Error> {
        let [least, most] = CLASSES;
        match *count.get_ref() {
            number if (least..=most).contains(&number) => Ok(number),
            number => {
                let message = format!("\"classes\" is {number}, expected a number from {least} to {most}");
                Err(self.error(count.span(), message))
            }
        }
    }
}
