// Bundles the extension: CommonJS for the editor, what starts with a window apart from what a person asks for; one file
// for git's credential helper, one script for the form.
// `node esbuild.mjs` builds what an extension development host loads; `--production` is what the VSIX ships.
import { build, context, transform } from "esbuild";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

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

/**
 * esbuild splits ES modules alone, so each chunk becomes CommonJS in a second pass, where `import()` is a `require` that
 * waits. https://esbuild.github.io/api/#splitting
 * @type {import("esbuild").Plugin}
 */
const toCommonJs = {
  name: "to-common-js",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [] }) => {
      await rm("dist/chunks", { recursive: true, force: true });
      for (const { path, text } of outputFiles) {
        const isCode = path.endsWith(".js");
        const { code } = isCode
          ? await transform(text, {
              format: "cjs",
              platform: "node",
              target: "node20",
              supported: { "dynamic-import": false },
              minify: production,
              sourcemap: production ? false : "inline",
            })
          : { code: text };
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, code);
      }
    });
  },
};

/** @type {import("esbuild").BuildOptions[]} */
const bundles = [
  {
    ...shared,
    entryPoints: { extension: "src/extension.ts" },
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    target: "node20",
    format: "esm",
    splitting: true,
    write: false,
    sourcemap: production ? false : "inline",
    plugins: [toCommonJs],
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
