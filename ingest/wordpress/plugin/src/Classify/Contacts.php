<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** How people are reached and named. */
final class Contacts
{
    private const FILE_ENDINGS = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'avif', 'ico', 'css', 'js', 'mjs', 'cjs', 'json', 'php', 'html', 'htm', 'xml', 'woff', 'ttf', 'eot', 'map', 'scss', 'tsx', 'jsx', 'pdf', 'mp4', 'webm', 'tgz'];
    /** What forms and programs write where no name is. */
    private const NO_NAMES = ['null', 'undefined', 'none', 'nil', 'true', 'false', 'required', 'invalid', 'missing', 'empty', 'string', 'unknown', 'guest', 'anonymous', 'admin', 'n/a', 'test'];
    /** Country codes of ITU-T E.164. */
    private const COUNTRY_CODES = '/^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42[013]|50\d|59\d|67\d|68\d|69\d|85\d|88\d|96\d|97\d|99[2-8])/';
    private const NORTH_AMERICA = '/^[2-9]\d{2}[2-9]\d{6}$/';

    private const NAME = '\p{Lu}[\p{L}\'’.-]{0,24}';
    private const HOUSE = '\d{1,5}(?: ?[A-Za-z])?(?:[-\/]\d{1,4})?';
    private const ENGLISH = '(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Square|Sq|Terrace|Parkway|Pkwy|Highway|Hwy|Close|Crescent|Gardens|Mews|Way)\b\.?';
    private const GERMANIC = '(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|chaussee|laan|straat|plein|gracht|kade|dijk|singel)';

    /** @return array{int, int}|null the address around the @ of the find */
    public static function email(string $text, int $start, int $end): ?array
    {
        $at = strpos($text, '@', $start);
        $head = substr($text, max(0, $at - 256), min(256, $at));
        $tail = substr($text, $at + 1, 255);
        // Bytes above ASCII count as letters: a cut in the middle of one only makes the span longer.
        if (preg_match('/[A-Za-z0-9._+\'~\x80-\xff-]{1,64}$/', $head, $local) !== 1 || preg_match('/^(?:[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\x80-\xff-]{0,61}[A-Za-z0-9\x80-\xff])?\.){1,8}(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-z\x80-\xff]{2,24}(?![A-Za-z0-9]))/i', $tail, $domain) !== 1) {
            return null;
        }
        $name = ltrim($local[0], ".+'~-");
        $ending = strtolower((string) substr((string) strrchr($domain[0], '.'), 1));
        $next = substr($tail, strlen($domain[0]), 1);
        if ($name === '' || substr($name, -1) === '.' || strpos($name, '..') !== false || $next === '@' || in_array($ending, self::FILE_ENDINGS, true) || preg_match('/^v?\d+(?:x?$|\.\d|x\.)/', $domain[0]) === 1) {
            return null;
        }
        if ($next === ':' && in_array(strtolower($name), ['git', 'hg', 'svn', 'ssh'], true)) {
            return null;
        }
        $before = substr($head, 0, strlen($head) - strlen($name));
        if (preg_match('/:\/\/[^ \/?#"\'<>@]*$/', $before) === 1 || preg_match('/(?:message-id|in-reply-to|references|content-id|cid)["\']?[ ]?[:=][ ]?["\']?<?(?:[^ <>]+>[ ,]*<)?$/i', $before) === 1) {
            return null;
        }
        return [$at - strlen($name), $at + 1 + strlen($domain[0])];
    }

    /** @return array{int, int}|null a number with + or 00 and a country's code */
    public static function phone(string $text, int $start, int $end): ?array
    {
        $before = Surroundings::at($text, $start - 1);
        if (Surroundings::isWord($before) || $before === '+' || $before === '%' || ($text[$start] === '0' && preg_match('/\d[ -]$/', substr($text, max(0, $start - 2), min(2, $start))) === 1)) {
            return null;
        }
        return self::longest($text, $start, $end, static function (string $part): bool {
            $digits = (string) preg_replace('/^00/', '', (string) preg_replace('/\D/', '', str_replace('(0)', '', $part)));
            $length = strlen($digits);
            return $length >= 8 && $length <= 15 && preg_match(self::COUNTRY_CODES, $digits) === 1 && ($digits[0] !== '1' || preg_match(self::NORTH_AMERICA, substr($digits, 1)) === 1);
        });
    }

    /** @return array{int, int}|null */
    public static function phoneBracketed(string $text, int $start, int $end): ?array
    {
        return Surroundings::isWord(Surroundings::at($text, $end)) ? null : [$start, $end];
    }

    /** @return array{int, int}|null a number as written within a country; words beside it say that it is one */
    public static function phoneNational(string $text, int $start, int $end): ?array
    {
        if (preg_match('/^\d{4}-\d\d-\d\d|^\d\d?[.\/-]\d\d?[.\/-](?:19|20)\d\d|^\d{1,3}(?:\.\d{1,3}){3}$|^\d{1,3}\.\d{3,}$|^(\d)(?:[ .()\/-]*\1)+$/', substr($text, $start, $end - $start)) === 1 || preg_match('/(?<!\d)\d{1,6}[ .\/()-]{1,3}$/', substr($text, max(0, $start - 12), min(12, $start))) === 1 || Surroundings::isLabelledOtherwise($text, $start)) {
            return null;
        }
        $span = self::longest($text, $start, $end, static fn(string $part): bool => preg_match('/^(?:0[1-9]\d{7,11}|1?[2-9]\d{2}[2-9]\d{6}|1[3-9]\d{9}|[5-9]\d{8,9})$/', (string) preg_replace('/\D/', '', $part)) === 1);
        return $span !== null && Surroundings::standsAlone($text, $span[0], $span[1]) ? $span : null;
    }

    /** @return array{int, int}|null */
    public static function personName(string $text, int $start, int $end): ?array
    {
        $found = substr($text, $start, $end - $start);
        $bare = trim($found, " \t\n\r\"'(,;:.)");
        if (preg_match('/[A-Za-z\x80-\xff]/', $bare) !== 1 || in_array(strtolower($bare), self::NO_NAMES, true) || strpos($bare, '://') !== false || strncmp($bare, '⟦', 3) === 0) {
            return null;
        }
        $start += (int) strpos($found, $bare);
        return [$start, $start + strlen($bare)];
    }

    /** @return array{int, int}|null house number, street, postcode and town around the find */
    public static function postalAddress(string $text, int $start, int $end): ?array
    {
        $from = max(0, $start - 72);
        // A window that begins or ends within a character would not be UTF-8.
        while ($from > 0 && $from < strlen($text) && (ord($text[$from]) & 0xc0) === 0x80) {
            $from--;
        }
        $to = min(strlen($text), $end + 72);
        while ($to < strlen($text) && (ord($text[$to]) & 0xc0) === 0x80) {
            $to++;
        }
        $count = preg_match_all(self::address(), substr($text, $from, $to - $from), $matches, PREG_OFFSET_CAPTURE);
        foreach ($count === false ? [] : $matches[0] as [$match, $at]) {
            if ($from + $at < $end && $from + $at + strlen($match) > $start) {
                return [$from + $at, $from + $at + strlen($match)];
            }
        }
        return null;
    }

    private static function address(): string
    {
        $joined = "(?:d[ue]s?|de la|de l['’]|d['’]|d[ei]|del|della|dei|delle) ?";
        $street = self::HOUSE . ',? (?:[NSEW]\.? )?(?:' . self::NAME . ' ){1,4}' . self::ENGLISH
            . '|(?:' . self::NAME . ' ){0,2}(?:\p{Lu}[\p{L}-]{1,24}' . self::GERMANIC . '|(?:' . self::NAME . ' )?(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Damm|Ufer)) ' . self::HOUSE
            . '|\d{1,4}(?: ?bis| ?ter)?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]hemin|[Aa]llée|[Qq]uai) (?:' . $joined . ')?(?:' . self::NAME . ' ?){1,4}'
            . '|(?:[Cc]alle|C\/|[Aa]venida|[Pp]laza|[Pp]aseo|Carrer|[Vv]iale?|[Pp]iazza|[Cc]orso|Largo|[Rr]ua) (?:' . $joined . ')?(?:' . self::NAME . ' ){0,3}' . self::NAME . ',? (?:n\.?[º°]? ?)?' . self::HOUSE;
        $town = '(?:' . self::NAME . ',? ){0,3}(?:[A-Z]{1,2}\d[0-9A-Z]? ?\d[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?|(?:[A-Z]{1,2}-)?\d{4,5}(?: [A-Z]{2})? \p{Lu}\p{L}{1,24})';
        return '/(?<![\p{L}\d])(?:' . $street . ')(?:,? (?:Apt|Apartment|Flat|Suite|Unit|#)\.? ?[0-9A-Z]{1,5})?[,\n]? {0,2}' . $town . '(?![\p{L}\d])/u';
    }

    /** @return array{int, int}|null the longest beginning, cut at its separators, that is a number */
    private static function longest(string $text, int $start, int $end, callable $isNumber): ?array
    {
        for ($stop = $end; $stop > $start;) {
            $part = substr($text, $start, $stop - $start);
            if (!Surroundings::isWord(Surroundings::at($text, $stop)) && $isNumber($part)) {
                return [$start, $stop];
            }
            if (preg_match('/[ .\/()-]+\d+$/', $part, $rest, PREG_OFFSET_CAPTURE) !== 1 || $rest[0][1] === 0) {
                return null;
            }
            $stop = $start + $rest[0][1];
        }
        return null;
    }
}
