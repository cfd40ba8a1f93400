import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../host/places.mjs";

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly image: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

export interface Setting {
  readonly default: unknown;
  readonly scope?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumItemLabels?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
}

export interface Manifest {
  readonly displayName: string;
  readonly icon: string;
  readonly pricing: string;
  readonly qna: unknown;
  readonly galleryBanner: { readonly color: string; readonly theme: string };
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly engines: { readonly vscode: string };
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly description?: string;
      readonly restrictedConfigurations?: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: unknown; readonly description?: string };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly enablement?: string;
    }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
    readonly viewsWelcome: readonly { readonly contents: string; readonly when?: string }[];
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly configuration: {
      readonly title: string;
      readonly properties: Readonly<Record<string, Setting>>;
    };
  };
}

export function read(file: string): string {
  return readFileSync(join(projectRoot, file), "utf8");
}

export const manifestText = read("package.json");
export const manifest = JSON.parse(manifestText) as Manifest;
/** The manifest's English words by `%key%`. */
export const words = JSON.parse(read("package.nls.json")) as Readonly<Record<string, string>>;
export const readme = read("README.md");
