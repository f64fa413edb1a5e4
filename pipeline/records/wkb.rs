//! Points in well-known binary, as GeoParquet holds them, taken apart by two functions of the engine.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, BinaryArray, Float64Array},
        compute::cast,
        datatypes::DataType,
    },
    common::cast::as_binary_array,
    error::Result,
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};

/// The function that gives a point's longitude or x.
pub(crate) const POINT_X: &str = "flowatlas_point_x";
/// The function that gives a point's latitude or y.
pub(crate) const POINT_Y: &str = "flowatlas_point_y";

/// Returns the two functions, which every engine that runs our plans must know.
pub fn functions() -> [ScalarUDF; 2] {
    [POINT_X, POINT_Y].map(|name| ScalarUDF::from(Part { name, signature: signature() }))
}

fn signature() -> Signature {
    Signature::any(1, Volatility::Immutable)
}

/// One coordinate of a point. What is not a point has none.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Part {
    name: &'static str,
    signature: Signature,
}

impl ScalarUDFImpl for Part {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let bytes: ArrayRef = cast(&args.args[0].to_array(args.number_rows)?, &DataType::Binary)?;
        let bytes: &BinaryArray = as_binary_array(&bytes)?;
        let part = |point: (f64, f64)| if self.name == POINT_X { point.0 } else { point.1 };
        let parts: Float64Array = bytes.iter().map(|bytes| bytes.and_then(point).map(part)).collect();
        Ok(ColumnarValue::Array(Arc::new(parts)))
    }
}

/// Reads a point in two, three or four dimensions, with or without a reference system (ISO and extended forms). An empty point, whose
/// coordinates are NaN, is none.
fn point(bytes: &[u8]) -> Option<(f64, f64)> {
    let little = match bytes.first()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    let word = |at: usize| -> Option<u32> {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let real = |at: usize| -> Option<f64> {
        let eight: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
        let real = if little { f64::from_le_bytes(eight) } else { f64::from_be_bytes(eight) };
        real.is_finite().then_some(real)
    };
    let kind = word(1)?;
    let start = if kind & 0x2000_0000 != 0 { 9 } else { 5 };
    ((kind & 0x0fff_ffff) % 1000 == 1).then_some(())?;
    real(start).zip(real(start + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(order: u8, kind: u32, rest: &[&[u8]]) -> Vec<u8> {
        let kind = if order == 1 { kind.to_le_bytes() } else { kind.to_be_bytes() };
        [&[order], &kind[..], &rest.concat()].concat()
    }

    #[test]
    fn points_of_every_form_are_read() {
        let (x, y) = (2.5_f64.to_le_bytes(), (-7.0_f64).to_le_bytes());
        assert_eq!(point(&bytes(1, 1, &[&x, &y])), Some((2.5, -7.0)));
        assert_eq!(point(&bytes(1, 3001, &[&x, &y, &x, &y])), Some((2.5, -7.0)));
        assert_eq!(point(&bytes(1, 0x2000_0001, &[&4326_u32.to_le_bytes(), &x, &y])), Some((2.5, -7.0)));
        assert_eq!(point(&bytes(0, 1, &[&2.5_f64.to_be_bytes(), &(-7.0_f64).to_be_bytes()])), Some((2.5, -7.0)));
    }

    #[test]
    fn what_is_no_point_has_no_coordinates() {
        let (x, nan) = (2.5_f64.to_le_bytes(), f64::NAN.to_le_bytes());
        assert_eq!(point(&bytes(1, 2, &[&x, &x])), None, "a line");
        assert_eq!(point(&bytes(1, 1, &[&nan, &nan])), None, "an empty point");
        assert_eq!(point(&bytes(1, 1, &[&x])), None, "half a point");
        assert_eq!(point(&[]), None);
        assert_eq!(point(&bytes(7, 1, &[&x, &x])), None, "no order of bytes");
    }
}
