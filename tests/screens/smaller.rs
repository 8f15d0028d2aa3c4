//! Makes a picture smaller: 256 colours are enough for a page, and a third of the bytes.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use color_quant::NeuQuant;
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Transformations};

/// Colours of a palette.
const COLOURS: usize = 256;

/// One pixel in so many is looked at for the palette; NeuQuant's own figure between quick and good.
const SAMPLE: i32 = 3;

/// Rewrites a PNG with a palette.
pub(crate) fn rewrite(path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (width, height, pixels) = read(path)?;
    let palette = NeuQuant::new(SAMPLE, COLOURS, &pixels);
    let indexed: Vec<u8> = pixels
        .chunks_exact(4)
        .map(|pixel| u8::try_from(palette.index_of(pixel)).unwrap_or_default())
        .collect();
    let mut encoder = Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.color_map_rgb());
    encoder.set_compression(Compression::High);
    encoder.write_header()?.write_image_data(&indexed)?;
    Ok(())
}

/// Width, height and RGBA pixels.
fn read(path: &Path) -> Result<(u32, u32, Vec<u8>), Box<dyn std::error::Error>> {
    let mut decoder = Decoder::new(BufReader::new(File::open(path)?));
    decoder.set_transformations(Transformations::ALPHA | Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("the picture is too large")?];
    let frame = reader.next_frame(&mut pixels)?;
    pixels.truncate(frame.buffer_size());
    Ok((frame.width, frame.height, pixels))
}
