//! Pictures of every page in every state, light and dark: `docs/screens/<page>-<state>-<appearance>.png`.
//!
//! The pages are those of the showcase: the console itself over fixed answers, in the web view that the window uses. So
//! the same state looks the same each time, and states that no engine can be brought to at will have a picture too.

mod shots;
mod smaller;

use std::path::{Path, PathBuf};

use isthmus_tests::showcase::Showcase;

use crate::shots::{Shot, shots};

const APPEARANCES: [&str; 2] = ["light", "dark"];

/// Where the pictures go when no folder is named.
const FOLDER: &str = "../docs/screens";

/// A picture of something on its way shows nothing of it.
const STILL: &str = "
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations < 10);
    await Promise.allSettled(ending.map((one) => one.finished));";

/// The web view gives its last frame for a picture, and a page that keeps moving may not have drawn a new one yet.
const DRAWN: &str = "
    const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 60)));
    await frame(); await frame();";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER), PathBuf::from);
    // A second word takes only the shots whose name holds it.
    let wanted = arguments.next().unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    let showcase = Showcase::open().await;
    for shot in shots().iter().filter(|shot| shot.name().contains(&wanted)) {
        take(&showcase, shot, &folder).await?;
    }
    showcase.page.close().await;
    Ok(())
}

async fn take(
    showcase: &Showcase,
    shot: &Shot,
    folder: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    showcase.page.resize(shot.size.0, shot.size.1).await;
    showcase.show(shot.scenario, shot.place).await;
    showcase.settle().await;
    if let Some(before) = shot.before {
        showcase.page.run(before).await;
        showcase.settle().await;
        showcase.page.run(STILL).await;
    }
    for appearance in APPEARANCES {
        showcase.page.appear(appearance).await;
        showcase.page.run(DRAWN).await;
        let path = folder.join(format!("{}-{appearance}.png", shot.name()));
        showcase.page.save_picture(&path).await;
        smaller::rewrite(&path)?;
    }
    Ok(())
}
