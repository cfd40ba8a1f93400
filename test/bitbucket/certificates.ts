import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** Both as PEM, as a TLS server wants them. */
export interface Certificate {
  readonly name: string;
  readonly key: string;
  readonly cert: string;
}

export interface CertificateOptions {
  /** The names of the hosts that it is for. */
  readonly hosts?: readonly string[];
  /** Who signs it; itself where absent. */
  readonly issuer?: Certificate;
  /** From now, in days: from an hour ago to a day ahead, unless told. */
  readonly validDays?: readonly [from: number, to: number];
}

const dayMs = 24 * 60 * 60_000;

/** A certificate for tests, and for none of the system's tools. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
export function makeCertificate(name: string, options: CertificateOptions = {}): Certificate {
  const { hosts = [], issuer, validDays = [-1 / 24, 1] } = options;
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const content = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    signedWithEcdsa,
    distinguishedName(issuer?.name ?? name),
    sequence(...validDays.map((days) => generalizedTime(new Date(Date.now() + days * dayMs)))),
    distinguishedName(name),
    keys.publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(...(hosts.length > 0 ? [alternativeNames(hosts)] : [authority]))),
  );
  const signature = sign("sha256", content, issuer ? createPrivateKey(issuer.key) : keys.privateKey);
  return {
    name,
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(sequence(content, signedWithEcdsa, bitString(signature))),
  };
}

// DER, as far as it is needed: https://www.itu.int/rec/T-REC-X.690

function node(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return node(0x30, ...parts);
}

function tagged(number: number, content: Buffer): Buffer {
  return node(0xa0 + number, content);
}

function integer(bytes: Buffer): Buffer {
  return node(0x02, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return node(0x03, Buffer.from([0]), bytes);
}

/** The first two numbers make one byte; all that are used here are below 16,384. */
function identifier(first: number, ...others: readonly number[]): Buffer {
  const bytes = others.flatMap((one) => (one < 128 ? [one] : [0x80 | (one >> 7), one & 127]));
  return node(0x06, Buffer.from([first, ...bytes]));
}

function distinguishedName(name: string): Buffer {
  return sequence(node(0x31, sequence(identifier(0x55, 4, 3), node(0x0c, Buffer.from(name)))));
}

function generalizedTime(date: Date): Buffer {
  return node(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, "")));
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => node(0x82, Buffer.from(host)));
  return sequence(identifier(0x55, 29, 17), node(0x04, sequence(...names)));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** ecdsa-with-SHA256 */
const signedWithEcdsa = sequence(identifier(0x2a, 840, 10045, 4, 3, 2));
/** Basic constraints, critical: it may sign others. */
const authority = sequence(
  identifier(0x55, 29, 19),
  node(0x01, Buffer.from([0xff])),
  node(0x04, sequence(node(0x01, Buffer.from([0xff])))),
);
