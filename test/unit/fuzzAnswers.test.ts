import assert from "node:assert/strict";
import { UserError } from "../../src/errors";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { AnswerFuzzer, seededRandom } from "./support/networkFuzz";
import { recordExchanges, type Exchange } from "./support/networkRecordings";

const count = 100_000;
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
/** A list that never ends is not what is looked for here. */
const requestLimit = 20;

describe("whatever Bitbucket or a proxy answers", () => {
  let bitbucket: Bitbucket;
  let exchanges: readonly Exchange[];

  before(async () => {
    bitbucket = await startBitbucket();
    exchanges = await recordExchanges(bitbucket);
  });
  after(() => bitbucket.close());

  it(`is a good value or a worded error, ${count.toLocaleString("en")} times, and tells no secret (FUZZ_SEED=${seed})`, async function () {
    this.timeout(120_000);
    const random = seededRandom(seed);
    const endings = new Map<string, number>();
    const problems = new Map<string, string>();
    for (let n = 0; n < count; n++) {
      const exchange = exchanges[n % exchanges.length];
      assert.ok(exchange);
      const { ending, problem } = await meet(exchange, new AnswerFuzzer(random, exchange.secret));
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
      if (problem !== undefined) problems.set(`${exchange.name}: ${ending}`, `number ${n}: ${problem}`);
    }
    console.log(`      ${count} answers, FUZZ_SEED=${seed}: ${JSON.stringify(Object.fromEntries(endings))}`);
    assert.deepEqual([...problems], []);
    assert.ok((endings.get("works") ?? 0) > count / 100, "some mutations are harmless");
    assert.ok(endings.size >= 5, "they reach more than one refusal");
  });

  async function meet({ answers, run, secret }: Exchange, fuzzer: AnswerFuzzer) {
    let asked = 0;
    try {
      await run(() => {
        const answer = answers[Math.min(asked, answers.length - 1)];
        asked++;
        if (!answer || asked > requestLimit) throw new UserError("Offline", "enough");
        return Promise.resolve(fuzzer.mutate(answer));
      });
      return { ending: "works", problem: undefined };
    } catch (error) {
      if (!(error instanceof UserError)) {
        return { ending: "crash", problem: String(error instanceof Error ? error.stack : error) };
      }
      const told = `${error.message} ${JSON.stringify(error.granted ?? [])}`;
      const isTold = fuzzer.spellings(secret).some((spelling) => told.includes(spelling));
      return { ending: error.code, problem: isTold ? `told ${told}` : undefined };
    }
  }
});
