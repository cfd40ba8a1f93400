export interface Counts {
  readonly passed: number;
  readonly failed: number;
}
export function runMocha(mocha: Mocha, print?: (line: string) => void): Promise<Counts>;
