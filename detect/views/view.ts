/** A reading of a text, with the way back. */
export interface View {
  readonly text: string;
  /** For each unit of `text`, and its end, where what it was read from begins in the text all views are of; undefined when equal. Never falls. */
  readonly origin: Uint32Array | undefined;
  /** The steps that led to it (`percent>html`), at most those of three rounds; '' for the text as it is. */
  readonly name: string;
  /** An escape was undone on the way: then it says better than its source what was meant. */
  readonly escaped: boolean;
}

/** Where unit `index` of the view begins in the text it is of. */
export function startOf(view: View, index: number): number {
  return view.origin === undefined ? index : (view.origin[index] ?? 0);
}

/** Where a span of the view that ends before unit `end` ends: behind all that its last unit was read from, an encoded run as a whole. */
export function endOf(view: View, end: number): number {
  const { origin, text } = view;
  if (origin === undefined || end === 0) return startOf(view, end);
  const last = origin[end - 1];
  let i = end;
  while (i < text.length && origin[i] === last) i++;
  return origin[i] ?? 0;
}
