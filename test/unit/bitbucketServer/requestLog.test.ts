import assert from "node:assert/strict";
import { bearer, useBitbucket } from "./testBed";

describe("the embedded Bitbucket's request log", () => {
  const bed = useBitbucket();

  it("names tokens and never holds a secret", async () => {
    bed.bitbucket.addRepository("acme/api");
    const token = bed.writer("acme/api");
    await bed.rest("/repositories/acme/api?fields=full_name", bearer(token));
    await bed.clone(bed.withUser("x-token-auth", token), "first");
    const [first] = bed.bitbucket.requests;
    assert.equal(first?.path, "/2.0/repositories/acme/api");
    assert.equal(first.query, "fields=full_name");
    assert.deepEqual(
      [first.method, first.status, first.token, first.scheme],
      ["GET", 200, token.name, "bearer"],
    );
    assert.ok(!JSON.stringify(bed.bitbucket.requests).includes(token.secret.slice(0, 20)));
    bed.bitbucket.clearRequests();
    assert.equal(bed.bitbucket.requests.length, 0);
  });

  it("holds a request for as long as a listener wants", async () => {
    let release = () => {};
    const seen = new Promise<string>((resolve) => {
      bed.bitbucket.onRequest((request) => {
        resolve(request.path);
        return new Promise<void>((go) => {
          release = go;
        });
      });
    });
    let isAnswered = false;
    const answer = bed.rest("/user").then(() => (isAnswered = true));
    assert.equal(await seen, "/2.0/user");
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([isAnswered, bed.bitbucket.requests[0]?.status], [false, undefined]);
    release();
    await answer;
  });
});
