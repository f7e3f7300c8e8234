<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** Numbers that states give to people, by the country and the number's own name. */
final class NationalNumbers
{
    /** Characters before the first that the patterns of these look for. */
    private const LETTERS_BEFORE = ['gb-nino' => 2, 'it-codice-fiscale' => 6];
    private const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /** @return array{int, int}|null */
    public static function find(string $name, string $text, int $start, int $end): ?array
    {
        for ($left = self::LETTERS_BEFORE[$name] ?? 0; $left > 0; $left--) {
            $start--;
            if (Surroundings::at($text, $start) === ' ' && Surroundings::at($text, $start - 1) !== ' ') {
                $start--;
            }
        }
        if ($start < 0 || !Surroundings::standsAlone($text, $start, $end)) {
            return null;
        }
        $number = strtoupper((string) preg_replace('/[ .:_\/()-]/', '', substr($text, $start, $end - $start)));
        return self::passes($name, $number) ? [$start, $end] : null;
    }

    private static function passes(string $name, string $n): bool
    {
        $method = lcfirst(str_replace(' ', '', ucwords(str_replace('-', ' ', $name))));
        return method_exists(self::class, $method) && self::$method($n);
    }

    private static function isDay(string $year, string $month, string $day): bool
    {
        return ctype_digit($year . $month . $day) && CheckDigits::isDay((int) $year, (int) $month, (int) $day);
    }

    private static function atSvnr(string $n): bool
    {
        $day = (int) substr($n, 4, 2);
        $month = (int) substr($n, 6, 2);
        return $n[0] !== '0' && $month >= 1 && $month <= 15 && $day >= 1 && $day <= 31 && CheckDigits::weighted($n, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === (int) $n[3];
    }

    private static function beRijksregister(string $n): bool
    {
        $serial = substr($n, 6, 3);
        if ((int) substr($n, 2, 2) > 52 || !CheckDigits::isDay((int) substr($n, 0, 2), (int) substr($n, 2, 2) % 20, (int) substr($n, 4, 2)) || $serial === '000' || $serial === '999') {
            return false;
        }
        $check = (int) substr($n, 9);
        return $check === 97 - CheckDigits::remainder(substr($n, 0, 9), 97) || $check === 97 - CheckDigits::remainder('2' . substr($n, 0, 9), 97);
    }

    private static function chAhv(string $n): bool
    {
        return (10 - CheckDigits::weighted($n, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10) % 10 === (int) $n[12];
    }

    private static function dePension(string $n): bool
    {
        if ((int) substr($n, 0, 2) < 2 || !CheckDigits::isDay((int) substr($n, 6, 2), (int) substr($n, 4, 2), (int) substr($n, 2, 2) % 50)) {
            return false;
        }
        $digits = substr($n, 0, 8) . sprintf('%02d', ord($n[8]) - 64) . substr($n, 9);
        $sum = 0;
        foreach ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1] as $i => $weight) {
            $product = (int) $digits[$i] * $weight;
            $sum += intdiv($product, 10) + $product % 10;
        }
        return $sum % 10 === (int) $digits[12];
    }

    private static function deTaxId(string $n): bool
    {
        $counts = array_filter(count_chars(substr($n, 0, 10), 1), static fn(int $count): bool => $count > 1);
        return $n[0] !== '0' && CheckDigits::mod11And10($n) && count($counts) <= 1 && max([0] + $counts) <= 3 && preg_match('/(\d)\1\1/', substr($n, 0, 10)) !== 1;
    }

    private static function deDocument(string $n): bool
    {
        if (preg_match('/^[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?$/', $n) !== 1 || preg_match('/\d/', $n) !== 1) {
            return false;
        }
        $sum = 0;
        foreach (str_split(substr($n, 0, 9)) as $i => $sign) {
            $sum += (ctype_alpha($sign) ? ord($sign) - 55 : (int) $sign) * [7, 3, 1][$i % 3];
        }
        return strlen($n) === 9 || $sum % 10 === (int) $n[9];
    }

    private static function dkCpr(string $n): bool
    {
        return self::isDay(substr($n, 4, 2), substr($n, 2, 2), substr($n, 0, 2)) && substr($n, 6) !== '0000';
    }

    private static function esNif(string $n): bool
    {
        $digits = strtr(substr($n, 0, -1), ['X' => '0', 'Y' => '1', 'Z' => '2']);
        return preg_match('/^(?:[XYZ]\d{7}|\d{7,8})[A-Z]$/', $n) === 1 && (int) $digits > 0 && 'TRWAGMYFPDXBNJZSQVHLCKE'[(int) $digits % 23] === substr($n, -1);
    }

    private static function fiHetu(string $n): bool
    {
        $serial = substr($n, -4, 3);
        return self::isDay(substr($n, 4, 2), substr($n, 2, 2), substr($n, 0, 2)) && (int) $serial >= 2 && '0123456789ABCDEFHJKLMNPRSTUVWXY'[(int) (substr($n, 0, 6) . $serial) % 31] === substr($n, -1);
    }

    private static function frNir(string $n): bool
    {
        $month = (int) substr($n, 3, 2);
        $digits = strtr($n, ['2A' => '19', '2B' => '18']);
        if ($month === 0 || ($month > 12 && $month < 20) || ($month > 42 && $month < 50) || preg_match('/^\d{15}$/', $digits) !== 1 || substr($n, 5, 2) === '00' || substr($n, 10, 3) === '000') {
            return false;
        }
        return 97 - CheckDigits::remainder(substr($digits, 0, 13), 97) === (int) substr($digits, 13);
    }

    private static function gbNino(string $n): bool
    {
        return preg_match('/^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/', $n) === 1;
    }

    private static function itCodiceFiscale(string $n): bool
    {
        if (preg_match('/^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/', $n) !== 1) {
            return false;
        }
        $day = (int) strtr(substr($n, 9, 2), 'LMNPQRSTUV', '0123456789');
        $sum = 0;
        for ($i = 0; $i < 15; $i++) {
            $value = ord($n[$i]) >= 65 ? ord($n[$i]) - 65 : (int) $n[$i];
            $sum += $i % 2 === 0 ? self::ODD_VALUES[$value] : $value;
        }
        return $day >= 1 && $day <= 71 && ($day <= 31 || $day >= 41) && $sum % 26 === ord($n[15]) - 65;
    }

    private static function nlBsn(string $n): bool
    {
        $n = str_pad($n, 9, '0', STR_PAD_LEFT);
        return (int) $n > 10000000 && preg_match('/^(\d)\1+$/', $n) !== 1 && (CheckDigits::weighted($n, [9, 8, 7, 6, 5, 4, 3, 2]) - (int) $n[8]) % 11 === 0;
    }

    private static function noFodselsnummer(string $n): bool
    {
        $day = (int) substr($n, 0, 2);
        return CheckDigits::isDay((int) substr($n, 4, 2), (int) substr($n, 2, 2), $day > 40 ? $day - 40 : $day)
            && CheckDigits::weighted($n, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 && CheckDigits::weighted($n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
    }

    private static function plPesel(string $n): bool
    {
        return CheckDigits::isDay((int) substr($n, 0, 2), (int) substr($n, 2, 2) % 20, (int) substr($n, 4, 2)) && CheckDigits::weighted($n, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
    }

    private static function ptNif(string $n): bool
    {
        $left = CheckDigits::weighted($n, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        return strpos('1235689', $n[0]) !== false && ($left < 2 ? 0 : 11 - $left) === (int) $n[8];
    }

    private static function sePersonnummer(string $n): bool
    {
        $digits = substr(str_replace('+', '', $n), -10);
        $day = (int) substr($digits, 4, 2);
        $century = strlen($n) > 11 ? 100 * (int) substr($n, 0, 2) : 0;
        return CheckDigits::isDay($century + (int) substr($digits, 0, 2), (int) substr($digits, 2, 2), $day > 60 ? $day - 60 : $day) && CheckDigits::luhn($digits);
    }

    private static function sePersonnummerAlone(string $n): bool
    {
        $year = strlen($n) < 12 ? 0 : (int) substr($n, 0, 4);
        return ($year === 0 || ($year >= 1890 && $year <= 2015)) && self::sePersonnummer($n);
    }

    private static function brCpf(string $n): bool
    {
        $check = static function (array $weights) use ($n): int {
            $left = CheckDigits::weighted($n, $weights) % 11;
            return $left < 2 ? 0 : 11 - $left;
        };
        return preg_match('/^(\d)\1+$/', $n) !== 1 && $check([10, 9, 8, 7, 6, 5, 4, 3, 2]) === (int) $n[9] && $check([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === (int) $n[10];
    }

    private static function caSin(string $n): bool
    {
        return preg_match('/^[08]|^(\d)\1+$/', $n) !== 1 && CheckDigits::luhn($n);
    }

    private static function inAadhaar(string $n): bool
    {
        return preg_match('/^[2-9]\d{11}$/', $n) === 1 && strrev($n) !== $n && CheckDigits::verhoeff($n);
    }
}
