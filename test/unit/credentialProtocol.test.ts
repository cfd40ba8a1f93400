import assert from "node:assert/strict";
import { formatCredential, parseCredentialRequest } from "../../src/credentials/credentialProtocol";

describe("what git writes to a helper", () => {
  it("is read by its keys, those that we don't use skipped", () => {
    const text =
      'capability[]=authtype\nprotocol=https\nhost=bitbucket.org\npath=ws/ä=b.git\nwwwauth[]=Basic\trealm="x"\n\n';
    assert.deepEqual(parseCredentialRequest(text), {
      protocol: "https",
      host: "bitbucket.org",
      path: "ws/ä=b.git",
    });
  });

  it("ends at an empty line", () => {
    const text = "protocol=https\nhost=a\nusername=u\npassword=p=q\n\nhost=b\n";
    const read = { protocol: "https", host: "a", username: "u", password: "p=q" };
    assert.deepEqual(parseCredentialRequest(text), read);
  });

  const refused = {
    nothing: "",
    "a line without =": "protocol=https\nhost=a\nnonsense\n",
    "a line without a key": "protocol=https\nhost=a\n=x\n",
    "no host": "protocol=https\n",
    "an empty host": "protocol=https\nhost=\n",
    "two hosts": "protocol=https\nhost=a\nhost=b\n",
    NUL: "protocol=https\nhost=a\npath=x\0y\n",
    "NUL in a key that is skipped": "protocol=https\nhost=a\nother=x\0y\n",
    "a carriage return": "protocol=https\r\nhost=a\r\n",
    "too much": `protocol=https\nhost=a\nother=${"x".repeat(64 * 1024)}\n`,
  };
  for (const [name, text] of Object.entries(refused)) {
    it(`is refused with ${name}`, () => {
      assert.equal(parseCredentialRequest(text), undefined);
    });
  }
});

describe("what git reads from a helper", () => {
  it("holds user name and password, and the expiry where it is known", () => {
    const expiresAt = new Date("2027-05-31T23:59:59.900Z");
    const known = formatCredential({ username: "u", password: "p", expiresAt });
    assert.equal(known, "username=u\npassword=p\npassword_expiry_utc=1811807999\n");
    assert.equal(formatCredential({ username: "u", password: "p" }), "username=u\npassword=p\n");
    const unreadable = formatCredential({ username: "u", password: "p", expiresAt: new Date("?") });
    assert.equal(unreadable, "username=u\npassword=p\n");
  });

  for (const bad of ["", "a\nquit=1", "a\0b", "a\rb"]) {
    it(`never holds ${JSON.stringify(bad)}`, () => {
      assert.equal(formatCredential({ username: "u", password: bad }), undefined);
      assert.equal(formatCredential({ username: bad, password: "p" }), undefined);
    });
  }
});
