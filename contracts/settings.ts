/**
 * How a folder declares its part of the configuration: each leaf a setting with default and comment. `roles/config/`
 * joins the parts, reads the file, reports every problem at once and freezes the result.
 */
export type Setting =
  | { readonly kind: 'text'; readonly default: string; readonly comment: string; readonly oneOf?: readonly string[] }
  | { readonly kind: 'integer'; readonly default: number; readonly comment: string; readonly least: number; readonly most: number }
  | { readonly kind: 'switch'; readonly default: boolean; readonly comment: string }
  | { readonly kind: 'list'; readonly default: readonly string[]; readonly comment: string }
  /** By reference only: `file:PATH` or `env:NAME`; empty for the generated default. The value is read at start. */
  | { readonly kind: 'secret'; readonly default: ''; readonly comment: string };

export interface Settings {
  readonly [key: string]: Setting | Settings;
}

export type ConfigOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends { readonly kind: 'text' } ? string
    : S[K] extends { readonly kind: 'integer' } ? number
    : S[K] extends { readonly kind: 'switch' } ? boolean
    : S[K] extends { readonly kind: 'list' } ? readonly string[]
    : S[K] extends { readonly kind: 'secret' } ? string
    : S[K] extends Settings ? ConfigOf<S[K]>
    : never;
};
