// Bundles the extension and its form: one CommonJS file for the editor, one script for the webview.
// `node esbuild.mjs` builds what an extension development host loads; `--production` is what the VSIX ships.
import { build, context } from "esbuild";

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  logLevel: "warning",
  outdir: "dist",
};

/** @type {import("esbuild").BuildOptions[]} */
const bundles = [
  {
    ...shared,
    entryPoints: { extension: "src/extension.ts" },
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode"],
    // node-fetch and simple-git ship CommonJS and ESM; the ESM side tree-shakes.
    mainFields: ["module", "main"],
  },
  {
    ...shared,
    entryPoints: { form: "media/form/form.ts" },
    platform: "browser",
    target: "chrome120",
    format: "iife",
  },
];

if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  await Promise.all(bundles.map((options) => build(options)));
}
