import type { Fix } from "../../errors";

/** What can be wrong, by names that scripts may rely on. */
export type FindingId =
  | "token-in-url"
  | "token-in-push-url"
  | "token-in-submodule"
  | "token-in-comment"
  | "token-in-header"
  | "token-in-rewrite"
  | "token-in-helper"
  | "token-in-other-url"
  | "plain-http"
  | "user-name-in-url"
  | "unusual-url"
  | "ssh-remote"
  | "no-bitbucket-remote"
  | "pushes-elsewhere"
  | "pushes-to-several"
  | "push-rewritten"
  | "helper-missing"
  | "helper-stale"
  | "helper-asked-first"
  | "helper-keeps-copy"
  | "http-path-missing"
  | "commit-address-missing"
  | "commit-address-wrong"
  | "app-password"
  | "token-missing"
  | "token-refused"
  | "token-other-repository"
  | "repository-not-found"
  | "token-too-weak"
  | "token-too-mighty"
  | "token-expired"
  | "token-expires-soon"
  | "bitbucket-unreachable"
  | "editor-proxy-failed"
  | "editor-certificate-untrusted"
  | "bitbucket-trouble"
  | "clock-wrong"
  | "proxy-unreachable"
  | "certificate-not-checked"
  | "certificate-file-missing"
  | "submodule-not-connected"
  | "submodule-without-token"
  | "git-too-old";

/** The worst first. */
export const severities = ["error", "warning", "information"] as const;
export type Severity = (typeof severities)[number];

export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** What is wrong and what follows from it, in words for the person; never a secret. */
  readonly message: string;
  readonly fix?: FindingFix;
}

/** Something that is changed here and can be undone, or the way to where the person does it. */
export type FindingFix = Repair | { readonly kind: "lead"; readonly title: string; readonly fix: Fix };

export interface Repair {
  readonly kind: "repair";
  readonly title: string;
  /** What only the person knows; `apply` wants the answer. */
  readonly question?: Question;
  /** All that will be changed, a line each: `key: before → after`, secrets masked. */
  preview(answer?: string): readonly string[];
  /** Changes all of it or nothing. Throws a UserError. */
  apply(signal: AbortSignal, answer?: string): Promise<Repaired>;
}

export interface Question {
  readonly prompt: string;
  /** The likely answer, where there is one. */
  readonly value?: string;
  /** What is wrong with an answer, in words. */
  readonly problem: (answer: string) => string | undefined;
}

export type Undo = () => Promise<void>;

export interface Repaired {
  readonly undo: Undo;
  /** What is left for the person to do elsewhere. */
  readonly advice?: Advice;
}

export interface Advice {
  readonly message: string;
  readonly fix: Fix;
}
