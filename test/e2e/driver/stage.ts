import * as v from "valibot";

/** What test/e2e.mjs and test/demo.mjs have made ready before the first test. */
const stage = v.object({
  editor: v.object({
    url: v.string(),
    pid: v.number(),
    root: v.string(),
    home: v.string(),
    userData: v.string(),
    settings: v.record(v.string(), v.unknown()),
  }),
  browser: v.object({
    executablePath: v.string(),
    args: v.array(v.string()),
    env: v.record(v.string(), v.string()),
  }),
  screenshots: v.string(),
});
export type Stage = v.InferOutput<typeof stage>;

export function readStage(): Stage {
  return v.parse(stage, JSON.parse(process.env.E2E_STAGE ?? "null"));
}
