//! `zone_of(layer, id column, digest, longitude, latitude)`: the function of the engine that assigns points to zones where the data is.
//!
//! The plan carries the name of the zone layer, of its column of identifiers, and the digest of the zones that it was made with, not the
//! zones. A machine that runs a part of the plan reads the layer under the same name, once, and refuses zones of another digest: two
//! machines that see different files under one name never mix.

use std::{
    collections::HashMap,
    fmt,
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use datafusion::{
    arrow::{
        array::{Float64Array, Int32Array},
        datatypes::DataType,
    },
    common::{ScalarValue, cast::as_float64_array, exec_err},
    error::{DataFusionError, Result},
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility},
};

use crate::zones::Zones;

/// The name of the function in plans.
pub(crate) const ZONE_OF: &str = "flowatlas_zone_of";

/// What the function gives for a point in no zone.
pub(crate) const OUTSIDE: i32 = -1;

/// Reads the zones of a layer, `FILE` or `FILE|LAYER`, with their identifiers in this column, or the usual one where it is empty.
pub type ZoneReader = Arc<dyn Fn(&str, &str) -> std::result::Result<Zones, String> + Send + Sync>;

/// The function. Gives the position of the zone that a point lies in, -1 outside of all, and nothing where a coordinate is missing or
/// not finite.
pub struct ZoneOf {
    signature: Signature,
    reader: ZoneReader,
    known: Mutex<HashMap<String, Arc<Zones>>>,
}

impl ZoneOf {
    /// Returns the function; `reader` is asked once for each layer.
    pub fn new(reader: ZoneReader) -> Self {
        use DataType::{Float64, Utf8};
        let signature = TypeSignature::Exact(vec![Utf8, Utf8, Utf8, Float64, Float64]);
        let signature = Signature::new(signature, Volatility::Immutable);
        ZoneOf { signature, reader, known: Mutex::default() }
    }

    /// Returns the function for zones that are at hand already.
    pub fn holding(zones: Option<Arc<Zones>>) -> Self {
        let function = ZoneOf::new(Arc::new(|layer, _| Err(format!("{layer}: these zones are not at hand"))));
        let known = zones.into_iter().map(|zones| (zones.digest().to_owned(), zones)).collect();
        ZoneOf { known: Mutex::new(known), ..function }
    }

    fn zones(&self, layer: &str, column: &str, digest: &str) -> Result<Arc<Zones>> {
        // Held while the layer is read, so that others wait in place of reading it too.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zones) = known.get(digest) {
            return Ok(Arc::clone(zones));
        }
        let zones = (self.reader)(layer, column).map_err(DataFusionError::Execution)?;
        if zones.digest() != digest {
            return exec_err!(
                "{layer}: this machine finds other zones under that name than the one that made the plan; share the file, or copy it again"
            );
        }
        let zones = Arc::new(zones);
        known.insert(digest.to_owned(), Arc::clone(&zones));
        Ok(zones)
    }
}

impl ScalarUDFImpl for ZoneOf {
    fn name(&self) -> &str {
        ZONE_OF
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [layer, column, digest] = [0, 1, 2].map(|k| text(&args.args[k]));
        let zones = self.zones(layer?, column?, digest?)?;
        let [x, y] = [&args.args[3], &args.args[4]].map(|arg| arg.to_array(args.number_rows));
        let (x, y) = (x?, y?);
        let (x, y): (&Float64Array, &Float64Array) = (as_float64_array(&x)?, as_float64_array(&y)?);
        let finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        let find = |(x, y): (f64, f64)| zones.find(x, y).map_or(OUTSIDE, |zone| zone as i32);
        let found: Int32Array = x.iter().zip(y).map(|(x, y)| x.zip(y).filter(finite).map(find)).collect();
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

fn text(value: &ColumnarValue) -> Result<&str> {
    match value {
        ColumnarValue::Scalar(ScalarValue::Utf8(Some(text))) => Ok(text),
        _ => exec_err!("{ZONE_OF} takes the layer, its column and its digest as plain texts"),
    }
}

impl fmt::Debug for ZoneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ZONE_OF)
    }
}

/// Two functions of this name give the same answers: a plan names the zones by their digest.
impl PartialEq for ZoneOf {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ZoneOf {}

impl Hash for ZoneOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ZONE_OF.hash(state);
    }
}
