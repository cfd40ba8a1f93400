import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const commits = [
  { file: "README.md", text: "# Payments\n", message: "Say what this is" },
  { file: "ledger.js", text: "export const entries = [];\n", message: "Start a ledger" },
  {
    file: "ledger.js",
    text: "export const entries = [];\nexport const total = 0;\n",
    message: "Add a total",
  },
];

/**
 * A git repository as a person has it before Bitbucket: a branch `main` with three commits, no remote.
 * @param {string} folder made if missing
 */
export function makeSampleRepository(folder) {
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  for (const { file, text, message } of commits) {
    writeFileSync(join(folder, file), text);
    git(folder, "add", ".");
    git(folder, "commit", "--quiet", "-m", message);
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
function git(folder, ...args) {
  const author = [
    "-c",
    "user.name=Ada Person",
    "-c",
    "user.email=ada@example.com",
    "-c",
    "commit.gpgSign=false",
    "-c",
    "maintenance.auto=false",
  ];
  execFileSync("git", ["-C", folder, ...author, ...args]);
}
