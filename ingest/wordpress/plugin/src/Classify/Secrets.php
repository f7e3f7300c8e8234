<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** Keys, tokens and passwords: random enough, and no example of a manual. */
final class Secrets
{
    private const MADE_UP = '/example|placeholder|change_?-?me|replace_?-?me|redacted|dummy|foobar|your[_-]?(?:own|api|key|token|secret|pass|access|auth|client|app|bot|user|account)|insert[_-]|(?:put|enter)[_-]|[_-]here\b|goes[_-]?here|here$|not[_-]?(?:a[_-]?)?real|x{5}|\*{3}|#{4}|\.{3}/i';
    private const TEMPLATE = '/\$\{|\{\{|\}\}|\$\(|<[^>]*>|^%\w+%$|^\$\w+$|^\{\w+\}$|^\[[\w ]+\]$|%[sd]\b|#\{|⟦|⟧/';
    private const NO_PASSWORD = '/^(?:pass(?:word|wd|phrase)?|pwd|secret|test|user|username|token|string|null|none|nil|undefined|true|false|required|optional|empty|hidden|text|type|input|field|value|xxx+|yyy+|zzz+|\*+|var\.\S*|env\.\S*|\d{1,3}|is|and|or|for|the|was|has|reset|lost|forgotten|wrong|incorrect|invalid|changed|expired|mismatch|too|must|should|does|not|fail(?:ed|ure)?|error|success(?:ful)?|update[ds]?)$/i';
    private const CODE = '/^[$@<{(\[]|\(\)?$|^(?:self|this|process|os|config|settings|request|params|req|args|options|data|form|body|post|get|env|var|vault|secrets?)[.\[>-]|^-{1,2}[a-z]|^[a-z_]{2,20}\(|^ENC\[|^vault:|^https?:\/\//i';
    private const PATH = '/^[.\/~]|\/\/|\.(?:php|js|css|html?|png|jpe?g|gif|svg|webp|pem|crt|key|ya?ml|json|xml|txt|log|ini|conf|sql|csv|zip|gz|com|org|net|io|local|example)\b/i';
    private const KNOWN = '/^\d{4}-?[01]\d-?[0-3]\d(?:[T _]|$)|^(?:wc_order_|wp_|wc_|tok_|cus_|pi_|pm_|src_|ch_)|^[a-z]{0,3}\d{1,4}(?:\.\d+)+/i';
    /** A name that says of itself that its value may be known. */
    private const SHOWN_NAME = '/(?:^|[^a-z])(?:public|pub|publishable|csrf|xsrf|nonce|captcha|recaptcha|turnstile|sitekey|order|cart|foreign|primary|cache|idempotency|hash|etag|checksum|fingerprint|pixel)(?:[^a-z]|$)|(?:^|[^a-z])(?:id|ids|name|names|url|uri|host|file|path|length|size|type|kind|format|expires|expiry|ttl|count|version|status|scope|endpoint|region)[^a-z]{0,8}$/i';

    public static function bits(string $text): float
    {
        $bits = 0.0;
        $length = max(1, strlen($text));
        foreach (count_chars($text, 1) as $count) {
            $bits -= $count / $length * log($count / $length, 2);
        }
        return $bits;
    }

    /** How often neighbouring letters and digits differ in kind: low in names made of words. */
    public static function changeRate(string $text): float
    {
        $kinds = (string) preg_replace(['/[0-9]/', '/[A-Z]/', '/[a-z]/'], ["\x01", "\x02", "\x03"], $text);
        $changes = 0;
        $pairs = 0;
        for ($i = 1; $i < strlen($kinds); $i++) {
            if ($kinds[$i] <= "\x03" && $kinds[$i - 1] <= "\x03") {
                $pairs++;
                $changes += $kinds[$i] === $kinds[$i - 1] ? 0 : 1;
            }
        }
        return $pairs === 0 ? 0.0 : $changes / $pairs;
    }

    /** @return array{int, int}|null */
    public static function entropy(string $text, int $start, int $end): ?array
    {
        $found = substr($text, $start, $end - $start);
        $is = preg_match('/[0-9]/', $found) === 1 && preg_match('/[a-z]/', $found) === 1 && preg_match('/[A-Z]/', $found) === 1 && self::bits($found) >= 3.5;
        return $is ? [$start, $end] : null;
    }

    /** @return array{int, int}|null its end is random, and the whole no example */
    public static function issued(string $text, int $start, int $end): ?array
    {
        $found = substr($text, $start, $end - $start);
        $tail = substr(substr($found, -max(16, (int) ceil(strlen($found) / 2))), 0, 96);
        return self::bits($tail) < 2.9 || self::isPlaceholder($found) ? null : [$start, $end];
    }

    /** @return array{int, int}|null */
    public static function random(string $text, int $start, int $end): ?array
    {
        $found = substr($text, $start, $end - $start);
        $is = preg_match('/\d/', $found) === 1 ? self::changeRate(substr($found, -(int) ceil(strlen($found) / 2))) >= 0.16 : self::changeRate($found) >= 0.34;
        return $is ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function ended(string $text, int $start, int $end): ?array
    {
        $next = Surroundings::at($text, $end);
        return $next !== '' && (Surroundings::isWord($next) || strpos('+-~', $next) !== false) ? null : [$start, $end];
    }

    /** @return array{int, int}|null RFC 7515: the header is a JSON object */
    public static function jwt(string $text, int $start, int $end): ?array
    {
        $header = (string) base64_decode(strtr(substr((string) strtok(substr($text, $start, $end - $start), '.'), 0, 64), '-_', '+/'));
        return preg_match('/^\{[\t-\r ]*"(?:alg|typ|cty|kid|enc|zip|jku|jwk|x5u|x5c|x5t|crit|epk|apu|apv)"/', $header) === 1 ? [$start, $end] : null;
    }

    /** @return array{int, int}|null a header with a key behind it */
    public static function privateKey(string $text, int $start, int $end): ?array
    {
        $body = (string) preg_replace('/^.*?-----BEGIN [A-Z0-9 ]+-----/s', '', substr($text, $start, $end - $start));
        $body = (string) preg_replace('/\\\\[nr]|[\t-\r \\\\]/', '', substr($body, 0, 200));
        return ($body === '' && trim(substr($text, $end)) === '') || (strlen($body) >= 16 && self::bits($body) >= 3) ? [$start, $end] : null;
    }

    /** @return array{int, int}|null RFC 7617 */
    public static function basicCredentials(string $text, int $start, int $end): ?array
    {
        $decoded = (string) base64_decode(substr($text, $start, $end - $start));
        return preg_match('/^(?!\{)([ -9;-~]{0,128}):([ -~]{3,256})$/', $decoded, $parts) === 1 && !self::isShown($parts[1], $parts[2]) ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    public static function plainCredentials(string $text, int $start, int $end): ?array
    {
        $found = substr($text, $start, $end - $start);
        [$user, $pass] = strpos($found, ':') === false ? ['', $found] : explode(':', $found, 2);
        $pass = str_replace(['"', "'"], '', $pass);
        $secret = $pass === '' ? $user : $pass;
        return strlen($secret) < 3 || self::isShown($pass === '' ? '' : $user, $secret) || preg_match('/^[$<{%\[]/m', $secret . "\n" . $user) === 1 ? null : [$start, $end];
    }

    /** @return array{int, int}|null no template, no code, no word of a message about passwords */
    public static function password(string $text, int $start, int $end): ?array
    {
        $value = rtrim(substr($text, $start, $end - $start), ',;.)');
        return strlen($value) < 4 || preg_match(self::NO_PASSWORD, $value) === 1 || preg_match(self::CODE, $value) === 1 || self::isPlaceholder($value) ? null : [$start, $start + strlen($value)];
    }

    /** @return array{int, int}|null letters with a digit, or of both cases with a sign */
    public static function toldPassword(string $text, int $start, int $end): ?array
    {
        $value = substr($text, $start, $end - $start);
        $mixed = preg_match('/[a-z]/', $value) === 1 && preg_match('/.[A-Z]/', $value) === 1 && preg_match('/[^A-Za-z0-9]/', $value) === 1;
        return preg_match('/[A-Za-z]/', $value) === 1 && ($mixed || preg_match('/\d/', $value) === 1) ? [$start, $end] : null;
    }

    /** @return array{int, int}|null a random value behind a name like API key */
    public static function assignedGeneric(string $text, int $start, int $end): ?array
    {
        $value = rtrim(substr($text, $start, $end - $start), '.,:;');
        $name = substr($text, max(0, $start - 64), min(64, $start));
        $name = (string) preg_replace('/^.*[\n;{},&?]/s', '', $name);
        if (strlen($value) < 16 || preg_match(self::PATH, $value) === 1 || preg_match(self::KNOWN, $value) === 1 || preg_match(self::SHOWN_NAME, $name) === 1 || preg_match('/\.{2,}.?$|[*<(]$/', $value) === 1) {
            return null;
        }
        $rate = preg_match('/\d/', $value) === 1 ? (ctype_alnum($value) ? 0.14 : 0.2) : 0.4;
        return self::changeRate($value) >= $rate && self::bits($value) >= 2.75 && !self::isPlaceholder($value) ? [$start, $start + strlen($value)] : null;
    }

    private static function isShown(string $user, string $pass): bool
    {
        return $pass === $user || preg_match('/^(?:user(?:name)?|pass(?:word|wd)?|secret|token|api_?key|x|xxx+|yyy+|\*+)$/i', $pass) === 1 || self::isPlaceholder($pass);
    }

    private static function isPlaceholder(string $value): bool
    {
        return preg_match(self::MADE_UP, $value) === 1 || preg_match(self::TEMPLATE, $value) === 1 || strlen((string) count_chars($value, 3)) <= 3 || preg_match('/(.)\1{7}|0123456789|abcdefgh|12345678/i', $value) === 1 || Signatures::isShown($value);
    }
}
