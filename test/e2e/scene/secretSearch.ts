import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every spelling in which a token could lie about: as it is, in a URL, in a Basic header. */
export class SecretSearch {
  private readonly spellings: readonly Buffer[];

  constructor(token: string) {
    const users = ["x-token-auth", "x-bitbucket-api-token-auth", ""];
    const basic = users.map((user) => Buffer.from(`${user}:${token}`).toString("base64"));
    const texts = [token, encodeURIComponent(token), token.replaceAll("=", "%3d"), ...basic];
    this.spellings = texts.map((text) => Buffer.from(text));
  }

  isIn(content: Buffer | string): boolean {
    const bytes = Buffer.from(content);
    return this.spellings.some((spelling) => bytes.includes(spelling));
  }

  /** Names of the files below a folder that hold it, and how many were read. */
  inFiles(folder: string): { readonly found: readonly string[]; readonly read: number } {
    const found: string[] = [];
    let read = 0;
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const content = readOrUndefined(join(folder, name));
      if (content === undefined) continue;
      read++;
      if (this.isIn(content)) found.push(name);
    }
    return { found, read };
  }
}

/** Nothing for what is no file: folders, sockets, what has gone meanwhile. */
function readOrUndefined(file: string): Buffer | undefined {
  try {
    return statSync(file).isFile() ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}
