// Bundles the extension: one CommonJS file for the editor, one for git's credential helper, one script for the form.
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
    // The polyfill is fetch-blob's, for a Node without streams of the web; the editor's has them.
    external: ["vscode", "web-streams-polyfill"],
    // node-fetch and simple-git ship CommonJS and ESM; the ESM side tree-shakes.
    mainFields: ["module", "main"],
  },
  {
    ...shared,
    // What git runs where there is no curl: it stands alone, copied to where the editor's updates don't reach.
    entryPoints: { credentialHelper: "src/credentials/nodeHelper.ts" },
    platform: "node",
    target: "node18",
    format: "cjs",
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
