import { createHash } from "node:crypto";

/** Which tokens Bitbucket has refused since the window opened. It knows their digests alone. */
export class RefusedTokens {
  private readonly digests = new Set<string>();
  private readonly listeners = new Set<() => void>();

  /** Whether it is news. */
  add(secret: string): boolean {
    if (this.has(secret)) return false;
    this.digests.add(digestOf(secret));
    this.tell();
    return true;
  }

  /** Bitbucket took it after all: what refused it was an outage. */
  remove(secret: string): void {
    if (this.digests.delete(digestOf(secret))) this.tell();
  }

  has(secret: string): boolean {
    return this.digests.has(digestOf(secret));
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
