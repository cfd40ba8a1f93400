import assert from "node:assert/strict";
import { repeatingArguments, UserError, withoutToken, type Fix } from "../../src/errors";

const page: Fix = { kind: "openUrl", title: "Open token page", url: "https://bitbucket.org" };
const tryAgain: Fix = { kind: "retry", title: "Try again", change: { askToken: true } };
const offline = new UserError("Offline", "No answer.", {
  field: "token",
  retryAfter: 3,
  fixes: [page, tryAgain],
});

describe("an error's buttons", () => {
  const repeated = repeatingArguments(offline, { repository: "acme/pay", token: "s3cret", askToken: false });

  it("repeat what the person gave, but for what the button changes", () => {
    assert.deepEqual(repeated.fixes, [
      page,
      { ...tryAgain, change: { repository: "acme/pay", token: "s3cret", askToken: true } },
    ]);
    const { code, message, field, retryAfter } = repeated;
    assert.deepEqual([code, message, field, retryAfter], ["Offline", "No answer.", "token", 3]);
  });

  it("don't give the token to other extensions", () => {
    const told = withoutToken(repeated);
    assert.ok(!JSON.stringify(told).includes("s3cret"));
    assert.deepEqual(told.fixes[1], { ...tryAgain, change: { repository: "acme/pay", askToken: true } });
    assert.equal(told.code, "Offline");
  });
});
