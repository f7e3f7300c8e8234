<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** Cards and accounts. */
final class Money
{
    /** Beginnings and lengths by ISO/IEC 7812, as the schemes publish them. */
    private const ISSUERS = [
        ['/^4/', [13, 16, 19]],
        ['/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/', [16]],
        ['/^3[47]/', [15]],
        ['/^3(?:0[0-5]|095|[689])/', [14, 16, 19]],
        ['/^35(?:2[89]|[3-8])/', [16, 17, 18, 19]],
        ['/^(?:6011|64[4-9]|65)/', [16, 19]],
        ['/^(?:62|81)/', [16, 17, 18, 19]],
        ['/^(?:60|65|81|82|508|35[36])/', [16]],
        ['/^220[0-5]/', [16, 17, 18, 19]],
        ['/^(?:504175|5066|5067|509|627780|636297|636368)/', [16]],
        ['/^(?:506[01]|5078|5079|6500)/', [16, 18, 19]],
        ['/^(?:606282|384)/', [16, 19]],
        ['/^(?:9792|8600|9860|5614|5019|63[7-9])/', [16]],
        ['/^(?:50(?:18|20|38)|5[6-8]|6304|6759|676[1-3]|6390|67)/', [12, 13, 14, 15, 16, 17, 18, 19]],
    ];
    private const GROUPS = '/^(?:4 4 4(?: [1-4])?|4 4 4 4 [1-3]|4 4 5|4 6 [45]|4 5 6|[68] \d{1,2}|4 12)$/';

    /** Length of each country's account number, ISO 13616. */
    private const IBAN_LENGTHS = [
        'AD' => 24, 'AE' => 23, 'AL' => 28, 'AT' => 20, 'AZ' => 28, 'BA' => 20, 'BE' => 16, 'BG' => 22, 'BH' => 22, 'BI' => 27, 'BR' => 29, 'BY' => 28, 'CH' => 21, 'CR' => 22, 'CY' => 28, 'CZ' => 24, 'DE' => 22,
        'DJ' => 27, 'DK' => 18, 'DO' => 28, 'EE' => 20, 'EG' => 29, 'ES' => 24, 'FI' => 18, 'FK' => 18, 'FO' => 18, 'FR' => 27, 'GB' => 22, 'GE' => 22, 'GI' => 23, 'GL' => 18, 'GR' => 27, 'GT' => 28, 'HN' => 28,
        'HR' => 21, 'HU' => 28, 'IE' => 22, 'IL' => 23, 'IQ' => 23, 'IS' => 26, 'IT' => 27, 'JO' => 30, 'KW' => 30, 'KZ' => 20, 'LB' => 28, 'LC' => 32, 'LI' => 21, 'LT' => 20, 'LU' => 20, 'LV' => 21, 'LY' => 25,
        'MC' => 27, 'MD' => 24, 'ME' => 22, 'MK' => 19, 'MN' => 20, 'MR' => 27, 'MT' => 31, 'MU' => 30, 'NI' => 28, 'NL' => 18, 'NO' => 15, 'OM' => 23, 'PK' => 24, 'PL' => 28, 'PS' => 29, 'PT' => 25, 'QA' => 29,
        'RO' => 24, 'RS' => 22, 'RU' => 33, 'SA' => 24, 'SC' => 31, 'SD' => 18, 'SE' => 24, 'SI' => 19, 'SK' => 24, 'SM' => 27, 'SO' => 23, 'ST' => 25, 'SV' => 28, 'TL' => 23, 'TN' => 24, 'TR' => 26, 'UA' => 29,
        'VA' => 22, 'VG' => 24, 'XK' => 20, 'YE' => 30,
    ];

    /** Whether an issuer can have given out a card of this number. */
    public static function isCardNumber(string $digits): bool
    {
        foreach (self::ISSUERS as [$prefix, $lengths]) {
            if (in_array(strlen($digits), $lengths, true) && preg_match($prefix, $digits) === 1) {
                return CheckDigits::luhn($digits) && strlen((string) count_chars($digits, 3)) > 1;
            }
        }
        return false;
    }

    /** @return array{int, int}|null */
    public static function card(string $text, int $start, int $end): ?array
    {
        $found = self::cardIn($text, $start, $end, 14);
        return $found === null || Surroundings::isLabelledOtherwise($text, $start) ? null : $found;
    }

    /** @return array{int, int}|null of 12 or 13 digits, beside a word like card */
    public static function shortCard(string $text, int $start, int $end): ?array
    {
        $found = self::cardIn($text, $start, $end, 12);
        $digits = $found === null ? '' : (string) preg_replace('/\D/', '', substr($text, $found[0], $found[1] - $found[0]));
        return $found === null || strlen($digits) >= 14 || Surroundings::isLabelledOtherwise($text, $start) ? null : $found;
    }

    /** @return array{int, int}|null the longest beginning that is a card: its expiry may follow */
    private static function cardIn(string $text, int $start, int $end, int $leastDigits): ?array
    {
        for (; $end - $start >= $leastDigits; $end--) {
            if (!Surroundings::isDigit($text[$end - 1]) || !self::cardStandsAlone($text, $start, $end)) {
                continue;
            }
            $found = substr($text, $start, $end - $start);
            $digits = (string) preg_replace('/\D/', '', $found);
            if (strlen($digits) < $leastDigits) {
                return null;
            }
            if (self::isCardNumber($digits) && self::isParted($found) && !self::goesOnBefore($text, $start, $found)) {
                return [$start, $end];
            }
        }
        return null;
    }

    private static function cardStandsAlone(string $text, int $start, int $end): bool
    {
        $before = Surroundings::at($text, $start - 1);
        $after = Surroundings::at($text, $end);
        if (Surroundings::isWord($before) || Surroundings::isWord($after) || ($before !== '' && strpos('.-+', $before) !== false && Surroundings::isWord(Surroundings::at($text, $start - 2)))) {
            return false;
        }
        return !($after === '.' && Surroundings::isDigit(Surroundings::at($text, $end + 1)));
    }

    private static function isParted(string $found): bool
    {
        $groups = preg_split('/[ .-]+/', $found) ?: [];
        $signs = (string) count_chars((string) preg_replace('/\d/', '', $found), 3);
        return count($groups) === 1 || (strlen($signs) === 1 && preg_match(self::GROUPS, implode(' ', array_map('strlen', $groups))) === 1);
    }

    private static function goesOnBefore(string $text, int $start, string $found): bool
    {
        if (Surroundings::$isWary || preg_match('/(?<![A-Za-z0-9])((?:\d{4}[ .-]){0,3})([A-Z]{2}\d\d|\d{4})([ .-])$/', substr($text, max(0, $start - 24), min(24, $start)), $match) !== 1) {
            return false;
        }
        return strpos($found, $match[3]) !== false && !self::isCardNumber((string) preg_replace('/\D/', '', $match[1] . $match[2]));
    }

    /** @return array{int, int}|null ISO 13616, ISO 7064 MOD 97-10; the pattern finds how it begins */
    public static function iban(string $text, int $start, int $end): ?array
    {
        $length = self::IBAN_LENGTHS[strtoupper(substr($text, $start, 2))] ?? 0;
        if ($length === 0 || preg_match('/^(?:[A-Za-z0-9][ -]?){' . ($length - 1) . '}[A-Za-z0-9]/', substr($text, $start, 72), $match) !== 1) {
            return null;
        }
        $end = $start + strlen($match[0]);
        $signs = (string) preg_replace('/[ -]/', '', $match[0]);
        if (($signs !== strtoupper($signs) && $signs !== strtolower($signs)) || !Surroundings::standsAlone($text, $start, $end)) {
            return null;
        }
        $signs = strtoupper($signs);
        $digits = (string) preg_replace_callback('/[A-Z]/', static fn(array $m): string => (string) (ord($m[0]) - 55), substr($signs, 4) . substr($signs, 0, 4));
        return CheckDigits::remainder($digits, 97) === 1 ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function track(string $text, int $start, int $end): ?array
    {
        $is = preg_match('/(\d{12,19})(?:[=D]|\^[^^]{2,26}\^)\d\d(0[1-9]|1[0-2])/', substr($text, $start, $end - $start), $parts) === 1 && self::isCardNumber($parts[1]);
        return $is ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function verificationCode(string $text, int $start, int $end): ?array
    {
        $before = substr($text, max(0, $start - 24), min(24, $start));
        if (preg_match('/(?:cvv2?|cvc2?|code|verification|value|number|no|nr|is|was|=|:|"|\]|\))[^\w]{0,6}$/i', $before) !== 1) {
            return null;
        }
        $message = preg_match('/(?<![a-z])(?:must|should|has|have|needs?|requires?|exactly|least|most|between|error|code|http|line|since|in|until|version|v|status)[^\w]{1,3}$/i', $before) === 1;
        return $message && preg_match('/(?:cvv2?|cvc2?|security|card) code[^\w]{1,3}$/i', $before) !== 1 ? null : [$start, $end];
    }

    /** @return array{int, int}|null */
    public static function routingNumber(string $text, int $start, int $end): ?array
    {
        $digits = substr($text, $start, $end - $start);
        $is = strlen($digits) === 9 && CheckDigits::weighted($digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 && preg_match('/^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/', $digits) === 1;
        return $is ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function accountNumber(string $text, int $start, int $end): ?array
    {
        $digits = (string) preg_replace('/\D/', '', substr($text, $start, $end - $start));
        $date = preg_match('/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/', $digits) === 1;
        return $date || strlen((string) count_chars($digits, 3)) < 3 || Surroundings::isLabelledOtherwise($text, $start) ? null : [$start, $end];
    }
}
