import * as vscode from "vscode";
import type { RequestTrace } from "../bitbucket/http";
import { describeRequest, withoutSignIn } from "../bitbucket/logText";
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
  const write = (level: "info" | "warn" | "error", text: string) => {
    channel[level](withoutSignIn(text));
  };
  return {
    request: (trace) => {
      write(trace.againInMs === undefined ? "info" : "warn", describeRequest(trace));
    },
    step: (name, state) => {
      write("info", `${name}: ${state}`);
    },
    failure: (action, error) => {
      write("warn", `${action}: ${error.code}: ${error.message}`);
    },
    bug: (action, error) => {
      write("error", `${action}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
    note: (text) => {
      write("info", text);
    },
    show: () => {
      channel.show(true);
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
