import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { refuseGit, type GitAccessRules } from "../git/gitAccess";
import type { SignIn } from "../model/signIn";
import type { Repository, World } from "../model/world";
import { send, type Answer } from "../wire/answer";
import { parseBody } from "../wire/readBody";
import { serviceOf, type LfsAddress } from "./lfsAddress";
import { LfsLocks } from "./lfsLocks";

export interface LfsDoorOptions extends GitAccessRules {
  readonly world: World;
  readonly webUrl: string;
  /** Of the objects. */
  readonly dir: string;
}

interface Wanted {
  readonly oid: string;
  readonly size: number;
}

/**
 * Git LFS: batch, upload, download and locks, with the tokens that git has. As Bitbucket's, the store of the objects is
 * another place, which takes a ticket in the URL and no token.
 */
export class LfsDoor {
  private readonly locks = new LfsLocks();
  private readonly tickets = new Set<string>();

  constructor(private readonly options: LfsDoorOptions) {}

  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    address: LfsAddress,
    signIn: SignIn,
    query: string,
  ): Promise<void> {
    const body = await buffer(request);
    const answer =
      address.kind === "store"
        ? await this.store(
            request.method ?? "GET",
            address.oid,
            new URLSearchParams(query).get("ticket"),
            body,
          )
        : this.api(request.method ?? "GET", address, signIn, parseBody(body.toString("utf8")));
    if (!("status" in answer)) response.writeHead(200, { "content-length": answer.length }).end(answer);
    else await send(response, answer);
  }

  private api(
    method: string,
    { fullName, rest }: Extract<LfsAddress, { kind: "api" }>,
    signIn: SignIn,
    body: unknown,
  ): Answer {
    const repository = this.options.world.repository(fullName);
    const refusal = refuseGit(
      signIn,
      repository,
      serviceOf(method, rest, fieldOf(body, "operation")),
      this.options,
    );
    if (refusal || !repository)
      return lfs(refusal?.status ?? 404, { message: refusal?.body ?? "" }, refusal?.headers);
    if (rest === "objects/batch") return this.batch(body);
    const name = signIn.kind === "accepted" ? signIn.token.name : "";
    return this.lock(method, rest, repository, body, name);
  }

  /** https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md */
  private batch(body: unknown): Answer {
    const isUpload = fieldOf(body, "operation") === "upload";
    const objects = wantedIn(body).map((one) => {
      const isThere = existsSync(this.fileOf(one.oid));
      if (isUpload && isThere) return one;
      if (!isUpload && !isThere) return { ...one, error: { code: 404, message: "Object does not exist" } };
      const ticket = randomUUID();
      this.tickets.add(ticket);
      const href = `${this.options.webUrl}/lfs-media/${one.oid}?ticket=${ticket}`;
      return { ...one, authenticated: true, actions: { [isUpload ? "upload" : "download"]: { href } } };
    });
    return lfs(200, { transfer: "basic", objects });
  }

  private lock(method: string, rest: string, repository: Repository, body: unknown, name: string): Answer {
    if (rest === "locks" && method === "GET") return lfs(200, { locks: this.locks.list(repository) });
    if (rest === "locks/verify") {
      const all = this.locks.list(repository);
      return lfs(200, {
        ours: all.filter(({ owner }) => owner.name === name),
        theirs: all.filter(({ owner }) => owner.name !== name),
      });
    }
    if (rest === "locks") {
      const { lock, isNew } = this.locks.add(repository, String(fieldOf(body, "path")), name);
      return isNew ? lfs(201, { lock }) : lfs(409, { lock, message: "already created lock" });
    }
    const id = /^locks\/([^/]+)\/unlock$/.exec(rest)?.[1];
    const lock = id === undefined ? undefined : this.locks.remove(repository, id);
    return lock ? lfs(200, { lock }) : lfs(404, { message: "no such lock" });
  }

  private async store(
    method: string,
    oid: string,
    ticket: string | null,
    body: Buffer,
  ): Promise<Answer | Buffer> {
    if (ticket === null || !this.tickets.has(ticket)) return lfs(403, { message: "no ticket" });
    if (method === "GET") return readFile(this.fileOf(oid));
    if (createHash("sha256").update(body).digest("hex") !== oid)
      return lfs(422, { message: "other content" });
    await mkdir(this.options.dir, { recursive: true });
    await writeFile(this.fileOf(oid), body);
    return lfs(200, {});
  }

  private fileOf(oid: string): string {
    return join(this.options.dir, oid);
  }
}

function lfs(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
  return {
    status,
    headers: { ...headers, "content-type": "application/vnd.git-lfs+json" },
    body: JSON.stringify(value),
  };
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null
    ? Object.entries(body).find(([key]) => key === name)?.[1]
    : undefined;
}

function wantedIn(body: unknown): readonly Wanted[] {
  const objects = fieldOf(body, "objects");
  if (!Array.isArray(objects)) return [];
  return objects.flatMap((one: unknown): Wanted[] => {
    const [oid, size] = [fieldOf(one, "oid"), fieldOf(one, "size")];
    return typeof oid === "string" && /^[0-9a-f]{64}$/.test(oid) && typeof size === "number"
      ? [{ oid, size }]
      : [];
  });
}
