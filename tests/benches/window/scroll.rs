//! The longest gap of a heartbeat while the two big pages are scrolled, beside the same on a page with nothing to do.
//!
//! WebKitGTK tells no long tasks. A message channel that answers itself beats as often as the page's thread is free,
//! so its longest gap is the longest time that a person's key or press would have waited.

use isthmus_tests::showcase::Showcase;
use serde_json::{Value, json};

/// Beats and scrolls for so long.
const MILLISECONDS: u64 = 5_000;

const HEARTBEAT: &str = "
    const channel = new MessageChannel();
    let last = performance.now(), longest = 0, beating = true;
    channel.port1.onmessage = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (beating) channel.port2.postMessage(0);
    };
    const moving = [...document.querySelectorAll('*')].filter((one) => one.scrollHeight > one.clientHeight + 200 &&
        ['auto', 'scroll'].includes(getComputedStyle(one).overflowY));
    const begun = performance.now();
    channel.port2.postMessage(0);
    last = performance.now();
    while (performance.now() - begun < given) {
        const part = ((performance.now() - begun) / given) % 1;
        for (const one of moving) one.scrollTop = part * one.scrollHeight;
        await new Promise(requestAnimationFrame);
    }
    beating = false;
    return Math.round(longest);";

/// Longest gaps in milliseconds.
pub(crate) async fn measure() -> Value {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    let empty = gap(&showcase, "empty", "#/settings", "h1").await;
    let map = gap(&showcase, "large", "#/syncs/Customers/map", "[data-test=field-row]").await;
    let report = gap(&showcase, "large", "#/runs/1842", "[role=row][aria-rowindex='2']").await;
    showcase.page.close().await;
    json!({ "empty_page_ms": empty, "map_800_fields_ms": map, "report_100_000_rows_ms": report })
}

async fn gap(showcase: &Showcase, scenario: &str, place: &str, ready: &str) -> u64 {
    showcase.show(scenario, place).await;
    showcase.page.wait_for_element(ready).await;
    showcase.settle().await;
    let longest = showcase.page.run_with(HEARTBEAT, &json!(MILLISECONDS)).await;
    longest.as_u64().unwrap_or_else(|| panic!("no heartbeat: {longest}"))
}
