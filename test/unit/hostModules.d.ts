/** The host's scripts are plain JavaScript; this is what unit tests use of them. */
declare module "*/host/chromium.mjs" {
  export function ensureBrowser(): Promise<{
    readonly executablePath: string;
    readonly env: Readonly<Record<string, string>>;
    readonly args: readonly string[];
  }>;
}

declare module "*/host/places.mjs" {
  export const projectRoot: string;
}
