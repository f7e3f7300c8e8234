/** Check digits as their issuers describe them, written apart from those of `detect/` that they are to judge. */

const values = (text: string): readonly number[] => Array.from(text, (c) => Number.parseInt(c, 36));

export function sumOf(digits: string, weights: readonly number[]): number {
  return values(digits).reduce((sum, digit, i) => sum + digit * (weights[i] ?? 0), 0);
}

export function luhnDigit(digits: string): number {
  const doubled = values(digits).toReversed().map((digit, i) => (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] ?? 0 : digit));
  return (10 - (doubled.reduce((sum, digit) => sum + digit, 0) % 10)) % 10;
}

/** ISO/IEC 7064 MOD 11,10 by trying each digit on the whole. */
export function mod1110Digit(digits: string): number {
  const closes = (check: number): boolean => {
    let state = 10;
    for (const digit of values(digits)) {
      const sum = (state + digit) % 10;
      state = ((sum === 0 ? 10 : sum) * 2) % 11;
    }
    return (state + check) % 10 === 1;
  };
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find(closes) ?? 0;
}

export function bigRemainder(digits: string, by: number): number {
  return Number(BigInt(digits) % BigInt(by));
}

const D = ['0123456789', '1234067895', '2340178956', '3401289567', '4012395678', '5987604321', '6598710432', '7659821043', '8765932104', '9876543210'];
const P = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'];

/** Verhoeff's digit from the tables of his dissertation. */
export function verhoeffDigit(digits: string): number {
  const ofWhole = (whole: string): number => values(whole).toReversed().reduce((c, digit, i) => Number(D[c]?.charAt(Number(P[i % 8]?.charAt(digit)))), 0);
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((check) => ofWhole(`${digits}${check}`) === 0) ?? 0;
}

export function mrzDigit(text: string): number {
  const value = (c: string): number => (c === '<' ? 0 : Number.parseInt(c, 36));
  return Array.from(text).reduce((sum, c, i) => sum + value(c) * ([7, 3, 1][i % 3] ?? 0), 0) % 10;
}
