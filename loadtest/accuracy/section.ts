/** A figure with what it must reach and what it should. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Held by CI; a share below what is measured, never tuned to it. */
  readonly floor?: { readonly least?: number; readonly most?: number };
  readonly aim?: { readonly least?: number; readonly most?: number };
  readonly note?: string;
}

/** How one class did: texts that hold it, texts that do not but look alike. */
export interface ClassTally {
  readonly name: string;
  readonly positives: number;
  readonly found: number;
  readonly negatives: number;
  readonly falseFound: number;
  readonly floor?: { readonly precision?: number; readonly recall?: number };
  readonly aim?: { readonly precision: number; readonly recall: number };
  readonly note?: string;
}

export interface SectionReport {
  readonly classes: readonly ClassTally[];
  readonly figures: readonly Figure[];
}

/** One part of the accuracy report. Undefined when the reference data it rests on is not on this machine. */
export interface Section {
  readonly name: string;
  /** What is measured on what. */
  readonly title: string;
  run(seed: number): Promise<SectionReport | undefined>;
}

/** Share of the positives that were found; NaN of none. */
export function recallOf({ positives, found }: ClassTally): number {
  return found / positives;
}

/** Share of what was found that is right; NaN when nothing was found. */
export function precisionOf({ found, falseFound }: ClassTally): number {
  return found / (found + falseFound);
}

/** What a section's figures fall short of, by the floors or by the aims. */
export function shortfalls({ classes, figures }: SectionReport, by: 'floor' | 'aim'): readonly string[] {
  const ofClasses = classes.flatMap((tally) => {
    const { precision = 0, recall = 0 } = tally[by] ?? {};
    return [
      ...(recallOf(tally) < recall ? [`${tally.name}: recall ${recallOf(tally).toFixed(4)} is under ${recall}`] : []),
      ...(precisionOf(tally) < precision ? [`${tally.name}: precision ${precisionOf(tally).toFixed(4)} is under ${precision}`] : []),
    ];
  });
  const ofFigures = figures.flatMap((figure) => {
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = figure[by] ?? {};
    return figure.value >= least && figure.value <= most ? [] : [`${figure.name}: ${figure.value} ${figure.unit} is not within ${least} and ${most}`];
  });
  return [...ofClasses, ...ofFigures];
}
