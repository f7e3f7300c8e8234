<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** Identifiers and codes of health care. */
final class HealthNumbers
{
    /** Words between a label and its value. */
    private const LINK = '/(?:^|[^a-z])(?:is|was|no|nr|number|num|id|ids|of|the|code|codes|a|an|ist|lautet|nummer|identifier|card|value|my|your|his|her|their|and|or|und)$/i';
    /** Labels of other numbers. */
    private const OTHER = '/(?:^|[^a-z])(?:order|orders|invoice|tracking|shipment|parcel|phone|tel|telephone|fax|mobile|cell|call|calls|date|dob|born|zip|postcode|plz|room|age|aged|version|release|v|rev|sku|skus|model|part|parts|item|items|product|article|artikel|ticket|po|price|total|amount|usd|eur|gbp|cost|costs|on|at|since|in|from|until|by|page|line|ext|build|port|size|bestellung|bestellnummer|rechnung|telefon|datum|zimmer|coupon|gtin|ean|asin|isbn|upc|serial|lot|batch|fig|figure|table|section|width|height|weight|year|type|grade|gate|seat|row|flight|highway|route|vitamin|omega)$/i';
    /** Letter to the highest category of its chapter. */
    private const LAST_CATEGORY = ['A' => '99', 'B' => '99', 'C' => 'D9', 'D' => '89', 'E' => '90', 'F' => '99', 'G' => '99', 'H' => '95', 'I' => '99', 'J' => '99', 'K' => '95', 'L' => '99', 'M' => 'D9', 'N' => '99', 'O' => '9A', 'P' => '96', 'Q' => '99', 'R' => '99', 'S' => '99', 'T' => '98', 'U' => '85', 'V' => '99', 'W' => '99', 'X' => '99', 'Y' => '99', 'Z' => '99'];

    /** @return array{int, int}|null */
    public static function standsAlone(string $text, int $start, int $end): ?array
    {
        $before = Surroundings::at($text, $start - 1);
        $after = Surroundings::at($text, $end);
        if (Surroundings::isWord($before) || Surroundings::isWord($after) || $after === '@' || $before === '@') {
            return null;
        }
        if (($before === '-' || $before === '.') && Surroundings::isDigit(Surroundings::at($text, $start - 2))) {
            return null;
        }
        return $after !== '' && strpos('-.:', $after) !== false && Surroundings::isDigit(Surroundings::at($text, $end + 1)) ? null : [$start, $end];
    }

    /** @return array{int, int}|null */
    public static function notOtherwiseLabelled(string $text, int $start, int $end): ?array
    {
        $label = substr($text, max(0, $start - 48), min(48, $start));
        for ($i = 0; $i < 4; $i++) {
            $label = (string) preg_replace('/[^A-Za-z0-9\x80-\xff]+$/', '', $label);
            if (preg_match(self::LINK, $label, $link, PREG_OFFSET_CAPTURE) !== 1) {
                break;
            }
            $label = substr($label, 0, $link[0][1]);
        }
        return preg_match(self::OTHER, $label) === 1 ? null : [$start, $end];
    }

    /** @return array{int, int}|null enough digits, no date */
    public static function recordNumber(string $text, int $start, int $end): ?array
    {
        $found = substr($text, $start, $end - $start);
        $is = preg_match('/^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4})$/', $found) !== 1 && strlen(self::digits($found)) >= 4 && Surroundings::at($text, $end) !== '%';
        return $is ? [$start, $end] : null;
    }

    /** @return array{int, int}|null 45 CFR 162.406 */
    public static function npi(string $text, int $start, int $end): ?array
    {
        return CheckDigits::luhn('80840' . self::digits(substr($text, $start, $end - $start))) ? [$start, $end] : null;
    }

    /** @return array{int, int}|null 21 CFR 1301 */
    public static function dea(string $text, int $start, int $end): ?array
    {
        $digits = self::digits(substr($text, $start + 2, $end - $start - 2));
        return CheckDigits::weighted($digits, [1, 2, 1, 2, 1, 2]) % 10 === (int) $digits[6] ? [$start, $end] : null;
    }

    /** @return array{int, int}|null NHS Data Dictionary, modulus 11 */
    public static function nhs(string $text, int $start, int $end): ?array
    {
        $digits = self::digits(substr($text, $start, $end - $start));
        $check = 11 - CheckDigits::weighted($digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        return $check !== 10 && $check % 11 === (int) $digits[9] && preg_match('/^(\d)\1+$/', $digits) !== 1 ? [$start, $end] : null;
    }

    /** @return array{int, int}|null written 3-3-4 and no telephone number */
    public static function nhsSpaced(string $text, int $start, int $end): ?array
    {
        $before = substr($text, max(0, $start - 24), min(24, $start));
        $phone = '/(?:\+\d{0,3}[ -]?|\(|\b\d{1,4}[ -]|\b(?:tel|phone|telephone|fax|mobile|cell|call|text|sms|whatsapp|ring|dial)\b[^A-Za-z0-9]{0,4}(?:us |on |at |me |no |number |is )*)$/i';
        if (preg_match($phone, $before) === 1 || preg_match('/^[2-9]\d\d-[2-9]/', substr($text, $start, 5)) === 1) {
            return null;
        }
        return self::nhs($text, $start, $end);
    }

    /** @return array{int, int}|null § 290 SGB V */
    public static function kvnr(string $text, int $start, int $end): ?array
    {
        $found = strtoupper(substr($text, $start, $end - $start));
        $digits = sprintf('%02d', ord($found[0]) - 64) . substr($found, 1);
        $sum = 0;
        for ($i = 0; $i < 10; $i++) {
            $product = (int) $digits[$i] * (1 + $i % 2);
            $sum += $product > 9 ? $product - 9 : $product;
        }
        return $sum % 10 === (int) $digits[10] ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function auMedicare(string $text, int $start, int $end): ?array
    {
        $digits = self::digits(substr($text, $start, $end - $start));
        return CheckDigits::weighted($digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === (int) $digits[8] ? [$start, $end] : null;
    }

    /** @return array{int, int}|null of a category that exists */
    public static function icd10(string $text, int $start, int $end): ?array
    {
        $code = strtoupper(substr($text, $start, $end - $start));
        $last = self::LAST_CATEGORY[$code[0]] ?? '';
        $is = $last !== '' && (strcmp(substr($code, 1, 2), $last) <= 0 || preg_match('/^[CZ][347][AB]/', $code) === 1);
        return $is ? [$start, $end] : null;
    }

    private static function digits(string $text): string
    {
        return (string) preg_replace('/\D/', '', $text);
    }
}
