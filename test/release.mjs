// `npm run release -- --dry-run`: packs the VSIX once, checks what a release must have, and says what would be published
// where. Without `--dry-run` it publishes, with the tokens VSCE_PAT and OVSX_PAT from the environment.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensureDependencies } from "./host/dependencies.mjs";
import { ExpectedError } from "./host/expectedError.mjs";
import { main } from "./host/main.mjs";
import { projectRoot } from "./host/places.mjs";

const mostVsixKb = 500;

await main(async () => {
  const args = process.argv.slice(2);
  const isDryRun = args.includes("--dry-run");
  const unknown = args.find((arg) => arg !== "--dry-run");
  if (unknown) throw new ExpectedError(`There is no option "${unknown}", only --dry-run.`);
  await ensureDependencies();
  const { packageExtension } = await import("./package.mjs");
  const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  const vsix = await packageExtension(join(projectRoot, "out", `${manifest.name}-${manifest.version}.vsix`));
  const faults = [...checkVersion(manifest.version), ...checkWords(), ...checkSize(vsix)];
  for (const fault of faults) console.error(`✗ ${fault}`);
  const name = `${manifest.publisher}.${manifest.name} ${manifest.version}`;
  const lacking = places(vsix).filter(({ variable }) => !process.env[variable]);
  if (!isDryRun && lacking.length > 0)
    throw new ExpectedError(`Set ${lacking.map(({ variable }) => variable).join(" and ")} to publish.`);
  for (const { place, variable, command } of places(vsix)) {
    const token = process.env[variable] ? `${variable} is set` : `${variable} is not set`;
    console.log(`${isDryRun ? "Would publish" : "Publishing"} ${name} to ${place} (${token}).`);
    if (isDryRun || faults.length > 0) continue;
    execFileSync("npm", ["exec", "--yes", "--", ...command], {
      cwd: projectRoot,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
  }
  return faults.length === 0 ? 0 : 1;
});

/** @param {string} vsix */
function places(vsix) {
  return [
    {
      place: "the Visual Studio Marketplace",
      variable: "VSCE_PAT",
      command: ["vsce", "publish", "--no-dependencies", "--packagePath", vsix],
    },
    {
      place: "Open VSX",
      variable: "OVSX_PAT",
      command: ["ovsx@1", "publish", vsix],
    },
  ];
}

/** @param {string} version */
function checkVersion(version) {
  const changelog = readFileSync(join(projectRoot, "CHANGELOG.md"), "utf8");
  const hasSection = changelog.includes(`## [${version}]`);
  return hasSection ? [] : [`CHANGELOG.md has no section for ${version}: rename “Unreleased”.`];
}

/** Every language has every text. */
function checkWords() {
  const folder = join(projectRoot, "l10n");
  const keysOf = (/** @type {string} */ file) => Object.keys(JSON.parse(readFileSync(file, "utf8")));
  const sets = [
    { base: join(folder, "bundle.l10n.json"), in: folder, others: /^bundle\.l10n\.\w+\.json$/ },
    { base: join(projectRoot, "package.nls.json"), in: projectRoot, others: /^package\.nls\.\w+\.json$/ },
  ];
  return sets.flatMap((set) =>
    readdirSync(set.in)
      .filter((name) => set.others.test(name))
      .flatMap((name) => {
        const known = new Set(keysOf(join(set.in, name)));
        const lacking = keysOf(set.base).filter((key) => !known.has(key));
        return lacking.length === 0 ? [] : [`${name} lacks ${lacking.length} texts.`];
      }),
  );
}

/** @param {string} vsix */
function checkSize(vsix) {
  const vsixKb = Math.ceil(statSync(vsix).size / 1024);
  console.log(`${vsixKb} KB: ${vsix}`);
  return vsixKb <= mostVsixKb ? [] : [`The VSIX has ${vsixKb} KB; at most ${mostVsixKb} are wanted.`];
}
