<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** Dates of birth, social security numbers, passports and licences. */
final class Papers
{
    private const MONTHS = ['jan' => 1, 'ene' => 1, 'gen' => 1, 'jä' => 1, 'feb' => 2, 'fév' => 2, 'fev' => 2, 'mar' => 3, 'mär' => 3, 'maa' => 3, 'mrz' => 3, 'mrt' => 3, 'maer' => 3, 'apr' => 4, 'avr' => 4, 'abr' => 4, 'may' => 5, 'mai' => 5, 'mag' => 5, 'mei' => 5, 'jun' => 6, 'juin' => 6, 'giu' => 6, 'jul' => 7, 'juil' => 7, 'lug' => 7, 'aug' => 8, 'aoû' => 8, 'aou' => 8, 'ago' => 8, 'sep' => 9, 'set' => 9, 'oct' => 10, 'okt' => 10, 'ott' => 10, 'out' => 10, 'nov' => 11, 'dec' => 12, 'dez' => 12, 'déc' => 12, 'dic' => 12];
    /** Printed on cards and in advertisements: nobody's. */
    private const NOBODYS = ['078051120', '219099999', '457555462', '123456789', '111111111', '333333333', '555555555', '777777777', '888888888'];

    /** @return array{int, int}|null a day that the calendar has, in one of the orders people write */
    public static function birthDate(string $text, int $start, int $end): ?array
    {
        if (!Surroundings::standsAlone($text, $start, $end)) {
            return null;
        }
        preg_match_all('/\d+|[A-Za-z\x80-\xff]+/', substr($text, $start, $end - $start), $found);
        $parts = array_values(array_filter($found[0], static fn(string $part): bool => preg_match('/^(?:st|nd|rd|th|er|de|of|del)$/i', $part) !== 1));
        if (count($parts) === 1 && strlen($parts[0]) === 8) {
            $parts = [substr($parts[0], 0, 4), substr($parts[0], 4, 2), substr($parts[0], 6)];
        }
        [$a, $b, $c] = $parts + ['', '', ''];
        $is = strlen($a) === 4 ? self::isDate($a, $b, $c) : self::isDate($c, $b, $a) || self::isDate($c, $a, $b);
        return $is ? [$start, $end] : null;
    }

    private static function isDate(string $year, string $month, string $day): bool
    {
        $full = (int) $year;
        return ctype_digit($year) && ctype_digit($day) && (strlen($year) === 2 || ($full >= 1890 && $full <= 2035)) && CheckDigits::isDay($full, self::month($month), (int) $day);
    }

    private static function month(string $word): int
    {
        if (ctype_digit($word)) {
            return (int) $word;
        }
        $word = strtolower($word);
        foreach (self::MONTHS as $begin => $month) {
            if (strncmp($word, $begin, strlen($begin)) === 0) {
                return $month;
            }
        }
        return 0;
    }

    /** @return array{int, int}|null one the SSA can have issued */
    public static function ssn(string $text, int $start, int $end): ?array
    {
        $before = Surroundings::at($text, $start - 1);
        $after = Surroundings::at($text, $end);
        if (Surroundings::isWord($before) || Surroundings::isWord($after) || $before === '-' || $before === '%' || $after === '-' || (($after === '.' || $after === ',') && Surroundings::isDigit(Surroundings::at($text, $end + 1)))) {
            return null;
        }
        if (($before === '.' || $before === ',') && Surroundings::isDigit(Surroundings::at($text, $start - 2))) {
            return null;
        }
        $found = substr($text, $start, $end - $start);
        $digits = (string) preg_replace('/\D/', '', $found);
        $signs = (string) count_chars((string) preg_replace('/\d/', '', $found), 3);
        $is = strlen($signs) <= 1 && !in_array($digits, self::NOBODYS, true) && preg_match('/^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/', $digits) === 1;
        return $is ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function passportNumber(string $text, int $start, int $end): ?array
    {
        return self::documentNumber($text, $start, $end, 8, 5);
    }

    /** @return array{int, int}|null */
    public static function licenceNumber(string $text, int $start, int $end): ?array
    {
        return self::documentNumber($text, $start, $end, 6, 4);
    }

    /** @return array{int, int}|null */
    private static function documentNumber(string $text, int $start, int $end, int $leastSigns, int $leastDigits): ?array
    {
        $found = substr($text, $start, $end - $start);
        $signs = strlen((string) preg_replace('/[ -]/', '', $found));
        $digits = strlen((string) preg_replace('/\D/', '', $found));
        if ($signs < $leastSigns || $signs > 18 || $digits < $leastDigits || preg_match('/^(?:\d{4}-\d\d-\d\d|\d\d?-\d\d?-\d{4}|(?:19|20)\d{6})$/', $found) === 1) {
            return null;
        }
        return Surroundings::standsAlone($text, $start, $end) && !Surroundings::isLabelledOtherwise($text, $start) ? [$start, $end] : null;
    }
}
