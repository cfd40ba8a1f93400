import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join, posix } from "node:path";
import { inflateRawSync } from "node:zlib";
import { projectRoot } from "../host/places.mjs";
import { packageExtension } from "../package.mjs";
import { languages } from "../words/bundles";

const limitBytes = 1_000_000;

/** Everything that people get, and nothing else. vsce writes the first two and names the three texts its own way. */
const shipped = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/CONTRIBUTING.md",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/readme.md",
  "extension/package.json",
  "extension/package.nls.json",
  ...languages.map((language) => `extension/package.nls.${language}.json`),
  ...languages.map((language) => `extension/l10n/bundle.l10n.${language}.json`),
  "extension/dist/credentialHelper.js",
  "extension/dist/extension.js",
  "extension/dist/form.js",
  "extension/media/form/form.css",
  ...["clone", "form", "icon", "push", "tokens"].map((name) => `extension/media/${name}.png`),
];

/** What a person has to ask for before it is loaded; named by what is in it. */
const chunk = /^extension\/dist\/chunks\/[\w-]+-[A-Z0-9]{8}\.js$/;

describe("the VSIX", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "connect-vsix-"));
  let files: ReadonlyMap<string, Buffer>;
  let bytes = 0;

  before(async () => {
    const packed = readFileSync(await packageExtension(join(folder, "extension.vsix")));
    bytes = packed.length;
    files = unzip(packed);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const text = (name: string) => files.get(name)?.toString("utf8") ?? assert.fail(`${name} is not packed`);

  it("holds exactly what runs and what people read", () => {
    const others = [...files.keys()].filter((name) => !chunk.test(name));
    assert.deepEqual(others.sort(), [...shipped].sort());
  });

  it("weighs less than a megabyte", () => {
    console.log(`    the VSIX has ${Math.round(bytes / 1024)} KB in ${files.size} files`);
    assert.ok(bytes < limitBytes, `${bytes} bytes`);
  });

  it("has no source map and nothing of this machine", () => {
    for (const [name, content] of files) {
      const shown = content.toString("latin1");
      assert.ok(!shown.includes("sourceMappingURL"), name);
      for (const place of [projectRoot, `${homedir()}/`, `${tmpdir()}/connect-`])
        assert.ok(!shown.includes(place), `${name} names ${place}`);
    }
  });

  it("has all code that its code loads, and no chunk that nothing does", () => {
    const loaded = new Set<string>();
    const load = (name: string): void => {
      if (loaded.has(name)) return;
      loaded.add(name);
      const modules = [...text(name).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module = ""]) => module);
      assert.deepEqual(modules.filter(isForeign), [], name);
      for (const module of modules.filter((one) => one.startsWith(".")))
        load(posix.join(posix.dirname(name), module));
    };
    for (const name of shipped.filter((file) => file.startsWith("extension/dist/"))) load(name);
    const unused = [...files.keys()].filter(
      (name) => name.startsWith("extension/dist/") && !loaded.has(name),
    );
    assert.deepEqual(unused, []);
  });

  it("has each picture and page that its README links to", () => {
    const readme = text("extension/readme.md");
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    for (const target of targets.filter((one) => !/^(https:|#)/.test(one)))
      assert.ok(files.has(posix.join("extension", target)), target);
  });

  it("has what its manifest names, and is listed with its texts and picture", () => {
    const manifest = JSON.parse(text("extension/package.json")) as Readonly<Record<string, string>>;
    for (const key of ["main", "icon"])
      assert.ok(files.has(posix.join("extension", manifest[key] ?? "")), key);
    assert.ok(
      [...files.keys()].some((name) => name.startsWith(posix.join("extension", manifest["l10n"] ?? "", "/"))),
    );
    const listing = text("extension.vsixmanifest");
    for (const asset of ["readme.md", "changelog.md", "LICENSE.txt", "media/icon.png"])
      assert.ok(listing.includes(`Path="extension/${asset}"`), asset);
    assert.doesNotMatch(listing, /%[\w.]+%/);
  });
});

/** Not a file beside it, Node's own, the editor's, or a polyfill that no editor needs (see esbuild.mjs). */
function isForeign(module: string): boolean {
  const known = ["vscode", "web-streams-polyfill", ".", ".."];
  return !known.some((name) => module === name || module.startsWith(`${name}/`)) && !isBuiltin(module);
}

/** A zip's files, by its central directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3) */
function unzip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const header = zip.readUInt32LE(at + 42);
    const name = zip.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const packed = zip.subarray(from, from + size);
    files.set(name, method === 0 ? packed : inflateRawSync(packed));
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}
