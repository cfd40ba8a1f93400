import type { UserError } from "../../errors";
import type { FormState, FormValues } from "../../protocol/formMessages";
import type { ReportStep } from "../progress";

/** What the form shows when it is done. */
export interface FormSuccess<Outcome> {
  readonly outcome: Outcome;
  readonly message: string;
  readonly notes: readonly string[];
  /** The repository's page on Bitbucket. */
  readonly page: string;
}

export interface FormSituation {
  readonly state: FormState;
  /** Why nothing can be connected now. */
  readonly obstacle?: UserError;
}

/** Who decides: the form shows and asks only. Expected errors are thrown as UserError. */
export interface FormHost<Outcome> {
  /** The repository in this folder, or the one that the person is at. */
  describe(folder: string | undefined): Promise<FormSituation>;
  /** `undefined` after a cancel. */
  connect(
    values: FormValues,
    secret: string,
    report: ReportStep,
    signal: AbortSignal,
  ): Promise<FormSuccess<Outcome> | undefined>;
  tokenPage(repository: string, tokenKind: "access" | "api"): string;
  createPage(repository: string): string;
  /** Tells when repositories come or go. */
  onDidChange(listener: () => void): { dispose(): void };
}
