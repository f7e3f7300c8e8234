export interface NativeBuild {
  readonly file: string;
  /** False when the file for these sources was there already. */
  readonly built: boolean;
}

/** Where the addon of these sources stands, built or not. */
export function nativeFile(): Promise<string>;

/** Compiles the addon unless it is there. Rejects with a text that names the apt package to install. */
export function buildNative(): Promise<NativeBuild>;
