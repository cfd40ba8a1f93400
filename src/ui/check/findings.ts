import * as l10n from "@vscode/l10n";
import { homedir } from "node:os";
import { hideTokens } from "../../bitbucket/token";
import { repairsOf, type Examination } from "../../flows/check/checkConnection";
import { sentences } from "../sentences";
import type { Finding, FindingId, Repair, Severity } from "../../flows/check/finding";

/** A finding as a list shows it. */
export interface FindingRow {
  /** A theme icon's id. */
  readonly icon: string;
  readonly label: string;
  /** What its fix is called. */
  readonly description: string;
  readonly detail: string;
  readonly finding: Finding;
}

const icons: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", information: "info" };

export function toRows({ findings }: Examination): readonly FindingRow[] {
  return findings.map((finding) => ({
    icon: icons[finding.severity],
    label: titleOf(finding.id),
    description: finding.fix?.title ?? "",
    detail: sentences(finding.message)[0] ?? "",
    finding,
  }));
}

/** For a repository that nothing is wrong with: what was proven, and what was looked at. */
export function healthyMessage({ repository = "Bitbucket", facts, proof }: Examination): string {
  const looked = facts.map(([name, value]) => `${name}: ${value}`).join(". ");
  switch (proof) {
    case "push":
      return l10n.t(
        "The connection to {0} works: Git signs in and can pull and push. {1}.",
        repository,
        looked,
      );
    case "access":
      return l10n.t("The connection to {0} works: Bitbucket accepts the token. {1}.", repository, looked);
    case undefined:
      return l10n.t("Found no problem, but Bitbucket wasn't asked about {0}. {1}.", repository, looked);
  }
}

/** All that “Fix all” will change. */
export function previewAll(examination: Examination): readonly string[] {
  return repairsOf(examination).flatMap((repair) => previewOf(repair));
}

export function previewOf(repair: Repair, answer = repair.question?.value): readonly string[] {
  return repair.preview(answer);
}

/** Findings as Markdown, to be shown to others: without tokens, addresses of people and the person's own folders. */
export function toReport(examination: Examination, versions: Examination["facts"] = []): string {
  const { findings, repository, facts } = examination;
  const lines = [
    `# ${l10n.t("Connection to {0}", repository ?? "Bitbucket")}`,
    "",
    ...[...facts, ...versions].map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...(findings.length === 0 ? [l10n.t("No findings.")] : findings.map(reportLine)),
  ];
  return `${redact(lines.join("\n"))}\n`;
}

function reportLine({ id, severity, message }: Finding): string {
  return `- **${severity}** \`${id}\`: ${message}`;
}

/** Messages hold no secret by themselves; this holds even where a part of one is not ours. */
function redact(text: string): string {
  const home = homedir();
  const withoutHome = home.length > 1 ? text.replaceAll(home, "~") : text;
  return hideTokens(withoutHome)
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1…@")
    .replace(/[^\s@<>“(:/]+@(?=[\w-]+(?:\.[\w-]+)+)/g, "…@");
}

export function titleOf(id: FindingId): string {
  return titles[id]();
}

const titles: Readonly<Record<FindingId, () => string>> = {
  "token-in-url": () => l10n.t("Token in a URL"),
  "token-in-push-url": () => l10n.t("Token in a push URL"),
  "token-in-submodule": () => l10n.t("Token in a submodule URL"),
  "token-in-comment": () => l10n.t("Token in a comment of .git/config"),
  "token-in-header": () => l10n.t("Token in an HTTP header"),
  "token-in-rewrite": () => l10n.t("Token in an insteadOf rule"),
  "token-in-helper": () => l10n.t("Token in a credential helper"),
  "token-in-other-url": () => l10n.t("Password in another host's URL"),
  "plain-http": () => l10n.t("Unencrypted URL"),
  "user-name-in-url": () => l10n.t("User name in a URL"),
  "unusual-url": () => l10n.t("URL changed"),
  "ssh-remote": () => l10n.t("Remote over SSH"),
  "pushes-elsewhere": () => l10n.t("Push goes elsewhere"),
  "pushes-to-several": () => l10n.t("Push to several places"),
  "push-rewritten": () => l10n.t("Push redirected by a rule"),
  "no-bitbucket-remote": () => l10n.t("No remote on Bitbucket"),
  "helper-missing": () => l10n.t("Credential helper not set"),
  "helper-stale": () => l10n.t("Credential helper missing"),
  "helper-asked-first": () => l10n.t("Another credential helper comes first"),
  "helper-keeps-copy": () => l10n.t("Another credential helper gets the token"),
  "http-path-missing": () => l10n.t("useHttpPath is off"),
  "commit-address-missing": () => l10n.t("No commit email"),
  "commit-address-wrong": () => l10n.t("Different commit email"),
  "app-password": () => l10n.t("App password"),
  "token-missing": () => l10n.t("No token stored"),
  "token-refused": () => l10n.t("Token rejected"),
  "token-other-repository": () => l10n.t("Token of another repository"),
  "repository-not-found": () => l10n.t("Repository not found"),
  "token-too-weak": () => l10n.t("Token lacks a scope"),
  "token-too-mighty": () => l10n.t("Token has more access than needed"),
  "token-expired": () => l10n.t("Token expired"),
  "token-expires-soon": () => l10n.t("Token expires soon"),
  "bitbucket-unreachable": () => l10n.t("Bitbucket can't be reached"),
  "editor-proxy-failed": () => l10n.t("VS Code's proxy failed"),
  "editor-certificate-untrusted": () => l10n.t("Certificate not trusted"),
  "bitbucket-trouble": () => l10n.t("Unexpected answer from Bitbucket"),
  "clock-wrong": () => l10n.t("Clock is wrong"),
  "proxy-unreachable": () => l10n.t("Git's proxy can't be reached"),
  "certificate-not-checked": () => l10n.t("Git doesn't check certificates"),
  "certificate-file-missing": () => l10n.t("Git's certificate file is missing"),
  "submodule-not-connected": () => l10n.t("Submodules not connected"),
  "submodule-without-token": () => l10n.t("Submodules without a token"),
  "git-too-old": () => l10n.t("Git is too old"),
};
