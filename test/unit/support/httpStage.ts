import assert from "node:assert/strict";
import {
  createSend,
  type HttpRequest,
  type RequestTrace,
  type SendOptions,
} from "../../../src/bitbucket/http";
import type { BitbucketSite } from "../../../src/bitbucket/site";
import { UserError, type ErrorKind } from "../../../src/errors";
import { startBitbucket, type Bitbucket } from "../../bitbucket/startBitbucket";

/** An embedded Bitbucket with one repository and its token, and a sender that notes what it sends and waits for. */
export class HttpStage {
  readonly traces: RequestTrace[] = [];
  readonly pausesMs: number[] = [];
  readonly repository = { workspace: "acme", slug: "payments" };
  readonly site: BitbucketSite;
  readonly url: string;
  readonly secret: string;

  private constructor(readonly bitbucket: Bitbucket) {
    bitbucket.addRepository("acme/payments");
    const owner = { kind: "repository", repository: "acme/payments", scopes: ["repository"] } as const;
    this.secret = bitbucket.addToken({ ...owner, name: "reader" }).secret;
    this.site = { webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl };
    this.url = `${bitbucket.apiUrl}/repositories/acme/payments`;
  }

  static async open(): Promise<HttpStage> {
    return new HttpStage(await startBitbucket());
  }

  reset(): void {
    this.bitbucket.faults.clear();
    this.bitbucket.clearRequests();
    this.bitbucket.latencyMs = 0;
    this.traces.length = 0;
    this.pausesMs.length = 0;
  }

  /** Pauses are noted and not waited for, unless `options` say so. */
  createSend(options: SendOptions = {}) {
    const wait = (ms: number) => {
      this.pausesMs.push(ms);
      return Promise.resolve();
    };
    return createSend((trace) => this.traces.push(trace), { random: () => 0.5, wait, ...options });
  }

  request(changes: Partial<HttpRequest> = {}): HttpRequest {
    const authorization = `Bearer ${this.secret}`;
    return { url: this.url, authorization, accept: "application/json", ...changes };
  }

  get paths(): readonly string[] {
    return this.bitbucket.requests.map(({ path }) => path);
  }
}

export async function failure(promise: Promise<unknown>, code: ErrorKind): Promise<UserError> {
  const error = await promise.then(
    (result) => assert.fail(`expected ${code}, got ${JSON.stringify(result)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}
