// Starts the console's module, and says so in the page when something keeps it from running. A file of its own, because
// the content security policy allows no script inside the page.

// The first fault stays readable on the document, for the person who reports it and for the tests.
function keep(fault) {
  document.documentElement.dataset.fault ??= String(fault);
}

addEventListener("error", (event) => keep(event.message));
addEventListener("unhandledrejection", (event) => keep(event.reason));
addEventListener("securitypolicyviolation", (event) => keep(`${event.violatedDirective} refused ${event.blockedURI}`));

try {
  const { default: start } = await import("./isthmus_ui.js");
  await start({ module_or_path: "isthmus_ui_bg.wasm" });
} catch (fault) {
  keep(fault);
  const text = document.createElement("p");
  text.className = "unstarted";
  text.setAttribute("role", "alert");
  text.textContent = `The console could not start. Install it again, or report this: ${fault}`;
  document.body.replaceChildren(text);
}
