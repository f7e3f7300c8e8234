/** A text in the field it stands in. */
export interface Text {
  readonly field: string;
  readonly text: string;
}
