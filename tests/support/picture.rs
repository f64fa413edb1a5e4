//! Pixels of a reference picture: read, written, compared and marked.

/// The most that a channel may differ: blending rounds one way or the other with the instructions a machine has.
/// Machines other than the reference platform get 2, and a share of pixels beyond it.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const TOLERANCE: Tolerance = Tolerance { channel: 1, share: 0.0 };
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
const TOLERANCE: Tolerance = Tolerance { channel: 2, share: 0.00025 };

struct Tolerance {
    channel: u8,
    share: f64,
}

/// What differs between two pictures of one size.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// Pixels with a channel beyond the tolerance.
    pub count: usize,
    /// The largest difference of a channel.
    pub max: u8,
    /// Left, top, right and bottom of the pixels beyond the tolerance, all inclusive.
    pub bounds: [usize; 4],
}

/// An opaque picture of 8-bit RGB.
pub struct Picture {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Red, green and blue of every pixel, row by row.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// Reads a PNG file.
    pub fn decode(file: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG file");
        let mut rgb = vec![0; reader.output_buffer_size().expect("a small picture")];
        let info = reader.next_frame(&mut rgb).expect("a whole PNG file");
        assert_eq!(info.color_type, png::ColorType::Rgb, "references are opaque");
        Picture { size: (info.width, info.height), rgb }
    }

    /// Returns the picture as a PNG file, as small as it gets.
    pub fn encode(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.size.0, self.size.1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().and_then(|mut w| w.write_image_data(&self.rgb)).expect("writing to memory succeeds");
        file
    }

    /// Returns how a picture of the same size differs from this one, if it does by more than the tolerance.
    pub fn difference(&self, actual: &Picture) -> Option<Difference> {
        let mut found = Difference { count: 0, max: 0, bounds: [usize::MAX, usize::MAX, 0, 0] };
        for (position, distance) in self.distances(actual).enumerate() {
            found.max = found.max.max(distance);
            if distance > TOLERANCE.channel {
                let (x, y) = (position % self.size.0 as usize, position / self.size.0 as usize);
                let [left, top, right, bottom] = found.bounds;
                found.bounds = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
                found.count += 1;
            }
        }
        let allowed = (TOLERANCE.share * self.rgb.len() as f64 / 3.0) as usize;
        (found.count > allowed).then_some(found)
    }

    /// Returns the largest difference of a channel for each pixel.
    fn distances<'a>(&'a self, other: &'a Picture) -> impl Iterator<Item = u8> + 'a {
        let pixels = self.rgb.chunks_exact(3).zip(other.rgb.chunks_exact(3));
        pixels.map(|(a, b)| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0))
    }

    /// Returns this picture, faded, with the pixels that differ from `other` in red; all red if the size differs.
    pub fn marked(&self, other: &Picture) -> Picture {
        let same_size = self.size == other.size;
        let mut rgb: Vec<u8> = self.rgb.iter().map(|c| 191 + c / 4).collect();
        for (pixel, distance) in rgb.chunks_exact_mut(3).zip(self.distances(other).chain(std::iter::repeat(255))) {
            if !same_size || distance > TOLERANCE.channel {
                pixel.copy_from_slice(&[220, 0, 0]);
            }
        }
        Picture { size: self.size, rgb }
    }
}
