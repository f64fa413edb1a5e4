//! Writes pixels as a PNG file.

use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter, PixelDimensions, SrgbRenderingIntent, Unit};
use tiny_skia::Pixmap;

use crate::Error;

/// Maps are flat areas with thin lines: unfiltered and at the lowest level of deflate they take half the bytes that the
/// fastest encoders reach on filtered rows, in about the same time; level 3 saves another third for four times the time.
const LEVEL: DeflateCompression = DeflateCompression::Level(1);

const INCHES_PER_METRE: f64 = 1.0 / 0.0254;

/// Returns pixels as a PNG file that records sRGB and `dpi`, and no date: in 8-bit RGB, or RGBA where some are clear.
pub(crate) fn encode(pixmap: &Pixmap, dpi: f64) -> Result<Vec<u8>, Error> {
    let (color_type, pixels) = channels(pixmap);
    let mut file = Vec::new();
    let mut encoder = encoder(&mut file, [pixmap.width(), pixmap.height()], color_type);
    let per_metre = (dpi * INCHES_PER_METRE).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

/// Returns pixels with opacity as a PNG file.
pub(crate) fn rgba_file(size: [u32; 2], rgba: &[u8]) -> Result<Vec<u8>, Error> {
    let mut file = Vec::new();
    let mut writer = encoder(&mut file, size, ColorType::Rgba).write_header()?;
    writer.write_image_data(rgba)?;
    writer.finish()?;
    Ok(file)
}

fn encoder(file: &mut Vec<u8>, [width, height]: [u32; 2], color: ColorType) -> Encoder<'_, &mut Vec<u8>> {
    let mut encoder = Encoder::new(file, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_deflate_compression(LEVEL);
    encoder.set_filter(Filter::NoFilter);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    encoder
}

/// Returns the channels of all pixels, row by row, with opacity only where it is needed.
fn channels(pixmap: &Pixmap) -> (ColorType, Vec<u8>) {
    if pixmap.pixels().iter().all(|pixel| pixel.is_opaque()) {
        let rgb = pixmap.data().chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[1], rgba[2]]);
        return (ColorType::Rgb, rgb.collect());
    }
    let plain = pixmap.pixels().iter().map(|pixel| pixel.demultiply());
    (ColorType::Rgba, plain.flat_map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect())
}
