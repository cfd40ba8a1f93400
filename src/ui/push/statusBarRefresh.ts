/**
 * Many calls, few refreshes: the first starts one after a frame, calls in between are answered by it, and calls while it
 * runs by one more after it. The git API fires several times for one commit.
 */
export class StatusBarRefresh {
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private isAskedAgain = false;
  private isDisposed = false;

  constructor(
    private readonly refresh: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly delayMs = 16,
  ) {}

  request(): void {
    if (this.isDisposed) return;
    if (this.isRunning) this.isAskedAgain = true;
    else this.timer ??= setTimeout(() => void this.run(), this.delayMs);
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.isRunning = true;
    try {
      await this.refresh();
    } catch (error) {
      this.onError(error);
    }
    this.isRunning = false;
    if (!this.isAskedAgain) return;
    this.isAskedAgain = false;
    this.request();
  }
}
