import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Fix, UserError } from "../../errors";
import { sentences } from "../sentences";
import type { PickerRepository, PickerRow } from "./repositoryPickerModel";

export interface PickerItem<T extends PickerRepository> extends vscode.QuickPickItem {
  readonly row: PickerRow<T>;
}

export interface FixButton extends vscode.QuickInputButton {
  readonly fix: Fix;
}

/** Rows as the editor shows them. Everything is shown always: the model has filtered already. */
export function toItem<T extends PickerRepository>(row: PickerRow<T>): PickerItem<T> {
  switch (row.kind) {
    case "section":
      return {
        row,
        kind: vscode.QuickPickItemKind.Separator,
        label: row.workspace ?? l10n.t("recent"),
      };
    case "repository":
      return { row, alwaysShow: true, ...describe(row.repository) };
    case "address": {
      const { workspace, slug, branch } = row.address;
      return {
        row,
        alwaysShow: true,
        iconPath: new vscode.ThemeIcon("repo-clone"),
        label: l10n.t("Clone {0}", `${workspace}/${slug}`),
        ...(branch !== undefined && { description: l10n.t("at branch {0}", branch) }),
      };
    }
    case "problem":
      return { row, alwaysShow: true, ...explain(row.error) };
    case "more":
      return {
        row,
        alwaysShow: true,
        label:
          row.count === 1
            ? l10n.t("1 more matches. Type more to see it.")
            : l10n.t("{0} more match. Type more to see them.", row.count),
      };
    case "nothing":
      return {
        row,
        alwaysShow: true,
        ...(row.fault === undefined
          ? { label: l10n.t("No repository matches. Type less of its name, or paste its URL.") }
          : inTwoLines(row.fault)),
      };
    case "addToken":
      return {
        row,
        alwaysShow: true,
        iconPath: new vscode.ThemeIcon("key"),
        label: l10n.t("Add token"),
        ...(row.isFirst && {
          detail: l10n.t("No token is stored yet. Add one to see your repositories."),
        }),
      };
  }
}

function describe({ workspace, slug, description, isPrivate, updatedAt }: PickerRepository) {
  const visibility = isPrivate === undefined ? [] : [isPrivate ? l10n.t("private") : l10n.t("public")];
  const updated = updatedAt === 0 ? [] : [l10n.t("updated {0}", ago(updatedAt))];
  return {
    iconPath: new vscode.ThemeIcon(isPrivate === false ? "repo" : "lock"),
    label: `${workspace}/${slug}`,
    description: [...visibility, ...updated].join(" · "),
    ...(description !== "" && { detail: description }),
  };
}

/** What happened goes on the first line, the next step on the second: one line would be cut off. */
function inTwoLines(words: string) {
  const [label = "", ...next] = sentences(words);
  return { label, detail: next.join(" ") };
}

function explain(error: UserError) {
  const [happened = "", ...next] = sentences(error.message);
  const buttons = error.fixes
    .filter((fix) => fix.kind !== "retry")
    .map((fix): FixButton => ({ fix, tooltip: fix.title, iconPath: new vscode.ThemeIcon("link-external") }));
  return {
    iconPath: new vscode.ThemeIcon("warning"),
    label: happened,
    detail: [...next, l10n.t("Press Enter to try again.")].join(" "),
    buttons,
  };
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

function ago(time: number): string {
  const elapsedMs = Date.now() - time;
  const [unit, size] = units.find(([, ms]) => elapsedMs >= ms) ?? (["minute", 60_000] as const);
  format ??= new Intl.RelativeTimeFormat(vscode.env.language, { numeric: "auto" });
  return format.format(-Math.floor(elapsedMs / size), unit);
}

let format: Intl.RelativeTimeFormat | undefined;
