<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** Lines of a block: `nonce SP line LF`, and the hashes over them (`contracts/chain.ts`). */
final class Lines
{
    public const NONCE_CHARS = 22;
    public const MOST_LINE_BYTES = 48 * 1024;
    /** Nonce, space, line feed. */
    public const FRAMING_BYTES = self::NONCE_CHARS + 2;

    /** @param list<string> $lines without line feeds */
    public static function frame(array $lines): string
    {
        if ($lines === []) {
            return '';
        }
        $random = random_bytes(16 * count($lines));
        $framed = '';
        foreach (array_values($lines) as $i => $line) {
            $framed .= Base64Url::encode(substr($random, 16 * $i, 16)) . ' ' . $line . "\n";
        }
        return $framed;
    }

    /** The event of a framed line (without its line feed); null when the framing is broken. */
    public static function event(string $framed): ?string
    {
        if (strlen($framed) <= self::NONCE_CHARS || $framed[self::NONCE_CHARS] !== ' ') {
            return null;
        }
        return self::nonce($framed) === null ? null : substr($framed, self::NONCE_CHARS + 1);
    }

    /**
     * The head after framed lines: head_i = SHA-256(head_{i-1} || SHA-256(nonce || line)).
     *
     * @param iterable<string> $framed each without its line feed, framing unbroken
     */
    public static function head(string $head, iterable $framed): string
    {
        foreach ($framed as $line) {
            $nonce = (string) self::nonce($line);
            $head = hash('sha256', $head . hash('sha256', $nonce . substr($line, self::NONCE_CHARS + 1), true), true);
        }
        return $head;
    }

    public static function genesis(): string
    {
        return str_repeat("\0", 32);
    }

    private static function nonce(string $framed): ?string
    {
        return Base64Url::decode(substr($framed, 0, self::NONCE_CHARS), 16);
    }
}
