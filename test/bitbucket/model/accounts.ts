import { randomUUID } from "node:crypto";
import { newUuid } from "./world";

/** A person. Access tokens belong to none; API tokens and app passwords to one. */
export interface Account {
  readonly email: string;
  readonly username: string;
  readonly displayName: string;
  readonly uuid: string;
  readonly accountId: string;
  /** Slugs of the workspaces that the person is a member of; absent means all of them. */
  readonly workspaces: readonly string[] | undefined;
}

export interface AccountOptions {
  readonly username?: string;
  readonly displayName?: string;
  readonly workspaces?: readonly string[];
}

export class Accounts {
  private readonly byEmail = new Map<string, Account>();

  add(email: string, options: AccountOptions = {}): Account {
    const username = options.username ?? email.replace(/@.*$/, "");
    const account: Account = {
      email,
      username,
      displayName: options.displayName ?? username,
      uuid: newUuid(),
      accountId: `712020:${randomUUID()}`,
      workspaces: options.workspaces,
    };
    this.byEmail.set(email.toLowerCase(), account);
    return account;
  }

  /** The account with this e-mail, made where there is none yet. */
  get(email: string): Account {
    return this.byEmail.get(email.toLowerCase()) ?? this.add(email);
  }
}

export function isMember(account: Account, workspace: string): boolean {
  return account.workspaces?.some((slug) => slug.toLowerCase() === workspace.toLowerCase()) ?? true;
}
