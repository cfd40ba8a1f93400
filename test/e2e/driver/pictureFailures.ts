import type { EditorWindow } from "./editorWindow";

const windows = new Set<EditorWindow>();

/** After a test that failed, what its windows showed lies among the screenshots, named after the test. */
export function pictureFailures(window: EditorWindow): void {
  windows.add(window);
  window.page.on("close", () => windows.delete(window));
}

// Also imported by the demo, which runs without mocha.
if (typeof afterEach === "function") {
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const name = this.currentTest.fullTitle().replace(/\W+/g, "-");
    // A window that is closed already has nothing to show.
    await Promise.allSettled(
      [...windows].map((window, index) => window.screenshot(`failed-${name}-${index + 1}`)),
    );
  });
}
