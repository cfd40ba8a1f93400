import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { SignIn } from "../model/signIn";
import type { World } from "../model/world";
import { send } from "../wire/answer";
import type { BareRepositories } from "./bareRepositories";
import { refuseGit, type GitAccessRules } from "./gitAccess";
import type { GitAddress } from "./gitAddress";
import { hookEnvironment, writeHooks } from "./hooks";
import { HttpBackend } from "./httpBackend";

export interface GitDoorOptions extends GitAccessRules {
  readonly world: World;
  readonly repositories: BareRepositories;
  readonly webUrl: string;
  readonly hooksDir: string;
}

export interface GitVisit {
  readonly address: GitAddress;
  readonly signIn: SignIn;
  readonly query: string;
  readonly bodyDelayMs: number;
}

/** Git over HTTP: lets in or turns away, then leaves the rest to git itself. */
export class GitDoor {
  private readonly backend = new HttpBackend();

  private constructor(private readonly options: GitDoorOptions) {}

  static async open(options: GitDoorOptions): Promise<GitDoor> {
    await writeHooks(options.hooksDir);
    return new GitDoor(options);
  }

  async serve(request: IncomingMessage, response: ServerResponse, visit: GitVisit): Promise<void> {
    const { address, signIn, bodyDelayMs } = visit;
    const { world, repositories, webUrl, hooksDir } = this.options;
    const repository = world.repository(address.fullName);
    const refusal = refuseGit(signIn, repository, address.service, this.options);
    if (refusal || !repository) {
      request.resume();
      if (refusal) await send(response, refusal, bodyDelayMs);
      return;
    }
    await repositories.open(repository);
    await this.backend.serve(request, response, {
      projectRoot: repositories.root,
      pathInfo: `/${join(`${repository.fullName}.git`, address.rest)}`,
      query: visit.query,
      user: signIn.kind === "accepted" ? signIn.token.name : undefined,
      hooksDir,
      extraEnvironment: hookEnvironment(repository, webUrl),
      bodyDelayMs,
    });
    if (address.rest === "git-receive-pack") repository.updatedOn = new Date().toISOString();
  }

  close(): Promise<void> {
    return this.backend.close();
  }
}
