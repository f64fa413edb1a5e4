//! Writes pixels as a PNG file.

use png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, SrgbRenderingIntent, Unit};
use tiny_skia::Pixmap;

use crate::Error;

const INCHES_PER_METRE: f64 = 1.0 / 0.0254;

/// Returns opaque pixels as a PNG file in 8-bit RGB that records sRGB and `dpi`, and no date.
pub(crate) fn encode(pixmap: &Pixmap, dpi: f64) -> Result<Vec<u8>, Error> {
    let rgb: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[1], rgba[2]]).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixmap.width(), pixmap.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    let per_metre = (dpi * INCHES_PER_METRE).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(file)
}
