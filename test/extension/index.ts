import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import { runMocha, type Counts } from "../counts.mjs";
import { retries } from "../extent.mjs";

/** What the editor calls in its extension host. A rejection makes the editor end with a failure. */
export async function run(): Promise<void> {
  // ESM, so it can't be required at the top of a CommonJS bundle.
  const { default: Mocha } = await import("mocha");
  Mocha.reporters.Base.consoleLog = printMarked;
  const mocha = new Mocha({ reporter: "spec", timeout: 30_000, color: false, retries });
  for (const file of testFiles()) mocha.addFile(file);
  const counts = await runMocha(mocha, printMarked);
  writeReport(counts);
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed`);
}

/** Sets the report apart from what the editor prints in the same place; see host/hostedVscode.mjs. */
function printMarked(...args: readonly unknown[]): void {
  console.log(`│ ${format(...args)}`);
}

function testFiles(): readonly string[] {
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".test.js"))
    .sort()
    .map((file) => join(__dirname, file));
}

/** Read by test/extension.mjs, which has no other way to count in both kinds of editor. */
function writeReport(counts: Counts): void {
  const report = process.env.EXTENSION_TESTS_REPORT;
  if (report) writeFileSync(report, JSON.stringify(counts));
}
