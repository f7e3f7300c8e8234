<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** Base64 for addresses, without padding (RFC 4648, section 5). */
final class Base64Url
{
    public static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }

    /** Null unless the text is the one spelling of these bytes and, where `$length` is given, of so many. */
    public static function decode(string $text, ?int $length = null): ?string
    {
        $bytes = base64_decode(strtr($text, '-_', '+/'), true);
        return $bytes !== false && self::encode($bytes) === $text && ($length === null || strlen($bytes) === $length) ? $bytes : null;
    }
}
