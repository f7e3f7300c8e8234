<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** The sums that check digits come from; `$digits` are decimal digits only. */
final class CheckDigits
{
    private const VERHOEFF_STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /** ISO/IEC 7812-1, annex B. */
    public static function luhn(string $digits): bool
    {
        $sum = 0;
        $length = strlen($digits);
        for ($i = 0; $i < $length; $i++) {
            $digit = (int) $digits[$length - 1 - $i];
            $sum += $i % 2 === 0 ? $digit : ($digit > 4 ? 2 * $digit - 9 : 2 * $digit);
        }
        return $sum % 10 === 0;
    }

    /** @param list<int> $weights */
    public static function weighted(string $digits, array $weights): int
    {
        $sum = 0;
        foreach ($weights as $i => $weight) {
            $sum += (int) ($digits[$i] ?? 0) * $weight;
        }
        return $sum;
    }

    /** What is left of a long number divided by `$by`. */
    public static function remainder(string $digits, int $by): int
    {
        $left = 0;
        foreach (str_split($digits) as $digit) {
            $left = ($left * 10 + (int) $digit) % $by;
        }
        return $left;
    }

    /** ISO/IEC 7064, MOD 11,10. */
    public static function mod11And10(string $digits): bool
    {
        $product = 10;
        for ($i = 0; $i < strlen($digits) - 1; $i++) {
            $product = ((((int) $digits[$i] + $product) % 10 ?: 10) * 2) % 11;
        }
        return (11 - $product) % 10 === (int) substr($digits, -1);
    }

    /** J. Verhoeff, Error Detecting Decimal Codes (1969). */
    public static function verhoeff(string $digits): bool
    {
        $check = 0;
        for ($i = 0; $i < strlen($digits); $i++) {
            $digit = (int) $digits[strlen($digits) - 1 - $i];
            for ($step = 0; $step < $i % 8; $step++) {
                $digit = self::VERHOEFF_STEP[$digit];
            }
            $check = self::dihedral($check, $digit);
        }
        return $check === 0;
    }

    private static function dihedral(int $a, int $b): int
    {
        if ($a < 5) {
            return $b < 5 ? ($a + $b) % 5 : ($a + $b) % 5 + 5;
        }
        return $b < 5 ? ($a - $b) % 5 + 5 : ($a - $b + 5) % 5;
    }

    /** Whether the calendar has the day; `$year` in full, or its last two digits. */
    public static function isDay(int $year, int $month, int $day): bool
    {
        return $month >= 1 && $month <= 12 && $day >= 1 && checkdate($month, $day, $year < 100 ? ($year % 4 === 0 ? 2000 : 2001) : $year);
    }
}
