import { GrowingBytes } from './growing-bytes.ts';

/** String: length and UTF-8 of each value, one after another. */
export class TextColumn {
  private readonly bytes = new GrowingBytes();

  push(text: string): void {
    this.bytes.text(text);
  }

  /** The same value `count` times. */
  run(text: string, count: number): void {
    for (let i = 0; i < count; i++) this.bytes.text(text);
  }

  write(out: GrowingBytes): void {
    out.append(this.bytes.view());
  }

  clear(): void {
    this.bytes.clear();
  }
}
