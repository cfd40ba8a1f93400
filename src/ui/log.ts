import * as vscode from "vscode";
import type { RequestTrace } from "../bitbucket/http";
import type { UserError } from "../errors";

/** What the extension does, for whoever wonders: hosts, paths, statuses and times; never a secret, never a body. */
export interface Log {
  request(trace: RequestTrace): void;
  step(name: string, state: string): void;
  failure(action: string, error: UserError): void;
  bug(action: string, error: unknown): void;
  note(text: string): void;
  show(): void;
  dispose(): void;
}

export function createLog(): Log {
  const channel = vscode.window.createOutputChannel("Connect for Bitbucket", { log: true });
  return {
    request: ({ host, path, status, elapsedMs }) => {
      channel.info(`${host}${path} ${status} ${elapsedMs} ms`);
    },
    step: (name, state) => {
      channel.info(`${name}: ${state}`);
    },
    failure: (action, error) => {
      channel.warn(`${action}: ${error.code}: ${error.message}`);
    },
    bug: (action, error) => {
      channel.error(
        `${action}: ${withoutSignIn(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
      );
    },
    note: (text) => {
      channel.info(text);
    },
    show: () => {
      channel.show(true);
    },
    dispose: () => {
      channel.dispose();
    },
  };
}

/** An unexpected error's text is not ours: a user name and password in a URL, and what looks like a token, go. */
export function withoutSignIn(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1…@")
    .replace(/\b(AT[A-Z]{2}[0-9A-Za-z][\w-]{8,}(?:=|%3D)?[0-9A-F]*)/g, "…")
    .replace(/\b(Basic|Bearer) [\w+/=.-]+/g, "$1 …");
}
