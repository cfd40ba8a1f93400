import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Secrets } from "../../../src/credentials/tokenStore";

/** SecretStorage as it outlives a killed editor: in a file, where a test can look at it. */
export class FileSecrets implements Secrets {
  constructor(
    private readonly file: string,
    private readonly before: (action: string) => void = () => undefined,
  ) {}

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.all()[key]);
  }

  store(key: string, value: string): Promise<void> {
    return this.change(`store ${key.split(":")[0] ?? ""}`, { ...this.all(), [key]: value });
  }

  delete(key: string): Promise<void> {
    const others = Object.entries(this.all()).filter(([name]) => name !== key);
    return this.change(`delete ${key.split(":")[0] ?? ""}`, Object.fromEntries(others));
  }

  all(): Record<string, string> {
    return existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, "utf8")) as Record<string, string>)
      : {};
  }

  private change(action: string, all: Record<string, string>): Promise<void> {
    this.before(action);
    writeFileSync(`${this.file}.new`, JSON.stringify(all));
    renameSync(`${this.file}.new`, this.file);
    return Promise.resolve();
  }
}
