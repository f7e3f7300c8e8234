<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** NFKC and lower case as ECMAScript has them, on any host: PHP's own depend on its version, its extensions and its ICU. */
final class Spelling
{
    /** What `\s` is in ECMAScript. */
    public const SPACE = '[\x09-\x0d\x20\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]';

    private const MOST_KNOWN = 2000;
    private const HANGUL = 0xac00;
    private const HANGUL_LAST = 0xd7a3;

    /** @var array<string, list<int>|null> by the table's length, which tells the tables apart, and the key */
    private static array $known = [];

    public static function nfkc(string $text): string
    {
        $text = self::utf8($text);
        if (preg_match('/[^\x00-\x7f]/', $text) !== 1) {
            return $text;
        }
        $codes = [];
        foreach (self::codes($text) as $code) {
            array_push($codes, ...self::decomposed($code));
        }
        return implode('', array_map([self::class, 'char'], self::composed(self::ordered($codes))));
    }

    public static function lower(string $text): string
    {
        $text = self::utf8($text);
        if (preg_match('/[^\x00-\x7f]/', $text) !== 1) {
            return strtolower($text);
        }
        // The one letter whose lower case depends on its neighbours: a final sigma.
        $ignorable = "[\\p{Mn}\\p{Me}\\p{Cf}\\p{Lm}\\p{Sk}'.:\\x{b7}\\x{387}\\x{5f4}\\x{2018}\\x{2019}\\x{2024}\\x{2027}\\x{fe13}\\x{fe52}\\x{fe55}\\x{ff07}\\x{ff0e}\\x{ff1a}]*+";
        $text = (string) preg_replace("/\\p{L&}{$ignorable}\\K\u{3a3}(?!{$ignorable}\\p{L&})/u", "\u{3c2}", $text);
        $lowered = '';
        foreach (self::codes($text) as $code) {
            $lowered .= $code < 0x80 ? strtolower(chr($code)) : implode('', array_map([self::class, 'char'], self::found(NfkcTable::LOWERED, dechex($code)) ?? [$code]));
        }
        return $lowered;
    }

    /** Bytes that are no UTF-8 are read as Latin-1, so that no two texts become one. */
    public static function utf8(string $text): string
    {
        if (preg_match('//u', $text) === 1) {
            return $text;
        }
        return (string) preg_replace_callback('/[\x80-\xff]/', static fn(array $found): string => self::char(ord($found[0])), $text);
    }

    /** @return list<int> */
    private static function decomposed(int $code): array
    {
        if ($code < 0x80) {
            return [$code];
        }
        if ($code >= self::HANGUL && $code <= self::HANGUL_LAST) {
            $at = $code - self::HANGUL;
            $parts = [0x1100 + intdiv($at, 588), 0x1161 + intdiv($at % 588, 28)];
            return $at % 28 === 0 ? $parts : array_merge($parts, [0x11a7 + $at % 28]);
        }
        return self::found(NfkcTable::DECOMPOSED, dechex($code)) ?? [$code];
    }

    /**
     * Marks between two starters, by their combining class; equal ones stay as they are.
     *
     * @param list<int> $codes
     * @return list<int>
     */
    private static function ordered(array $codes): array
    {
        $ordered = [];
        // By class, as they came: sorted once a starter ends them, since a text can be nothing but marks.
        $marks = [];
        foreach ($codes as $code) {
            $class = self::class($code);
            if ($class > 0) {
                $marks[$class][] = $code;
                continue;
            }
            self::moveMarks($marks, $ordered);
            $ordered[] = $code;
        }
        self::moveMarks($marks, $ordered);
        return $ordered;
    }

    /**
     * @param array<int, list<int>> $marks
     * @param list<int> $ordered
     */
    private static function moveMarks(array &$marks, array &$ordered): void
    {
        ksort($marks);
        foreach ($marks as $alike) {
            array_push($ordered, ...$alike);
        }
        $marks = [];
    }

    /**
     * @param list<int> $codes decomposed and ordered
     * @return list<int>
     */
    private static function composed(array $codes): array
    {
        $composed = [];
        $starter = null;
        $between = 0;
        foreach ($codes as $code) {
            $class = self::class($code);
            $blocked = $starter !== null && $starter < count($composed) - 1 && ($between >= $class);
            $joined = $starter === null || $blocked ? null : self::pair($composed[$starter], $code);
            if ($joined !== null && $starter !== null) {
                $composed[$starter] = $joined;
                continue;
            }
            $composed[] = $code;
            $between = $class;
            if ($class === 0) {
                $starter = count($composed) - 1;
            }
        }
        return $composed;
    }

    private static function pair(int $first, int $second): ?int
    {
        if ($first >= 0x1100 && $first <= 0x1112 && $second >= 0x1161 && $second <= 0x1175) {
            return self::HANGUL + (($first - 0x1100) * 21 + $second - 0x1161) * 28;
        }
        if ($first >= self::HANGUL && $first <= self::HANGUL_LAST && ($first - self::HANGUL) % 28 === 0 && $second > 0x11a7 && $second <= 0x11c2) {
            return $first + $second - 0x11a7;
        }
        if ($second < 0x80) {
            return null;
        }
        return self::found(NfkcTable::COMPOSED, dechex($first) . ' ' . dechex($second))[0] ?? null;
    }

    private static function class(int $code): int
    {
        return $code < 0x300 ? 0 : self::found(NfkcTable::CLASSES, dechex($code))[0] ?? 0;
    }

    /**
     * What a table says of a key. A search through all of it takes tens of microseconds; texts of one language ask for few keys.
     *
     * @return list<int>|null
     */
    private static function found(string $table, string $key): ?array
    {
        $known = strlen($table) . ' ' . $key;
        if (array_key_exists($known, self::$known)) {
            return self::$known[$known];
        }
        if (count(self::$known) >= self::MOST_KNOWN) {
            self::$known = [];
        }
        $at = strpos($table, ";{$key}:");
        if ($at === false) {
            return self::$known[$known] = null;
        }
        $at += strlen($key) + 2;
        return self::$known[$known] = array_map('hexdec', explode(' ', substr($table, $at, (int) strpos($table, ';', $at) - $at)));
    }

    /** @return list<int> */
    private static function codes(string $text): array
    {
        $codes = [];
        foreach (preg_split('//u', $text, -1, PREG_SPLIT_NO_EMPTY) ?: [] as $char) {
            $first = ord($char[0]);
            if ($first < 0x80) {
                $codes[] = $first;
                continue;
            }
            $code = $first & (0xff >> (strlen($char) + 1));
            for ($i = 1; $i < strlen($char); $i++) {
                $code = ($code << 6) | (ord($char[$i]) & 0x3f);
            }
            $codes[] = $code;
        }
        return $codes;
    }

    private static function char(int $code): string
    {
        if ($code < 0x80) {
            return chr($code);
        }
        if ($code < 0x800) {
            return chr(0xc0 | $code >> 6) . chr(0x80 | $code & 0x3f);
        }
        if ($code < 0x10000) {
            return chr(0xe0 | $code >> 12) . chr(0x80 | $code >> 6 & 0x3f) . chr(0x80 | $code & 0x3f);
        }
        return chr(0xf0 | $code >> 18) . chr(0x80 | $code >> 12 & 0x3f) . chr(0x80 | $code >> 6 & 0x3f) . chr(0x80 | $code & 0x3f);
    }
}
