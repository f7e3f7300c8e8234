<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** What `patterns.php` holds; read when the first text is looked at. */
final class Signatures
{
    /** @var array{signatures: list<array{string, string, string, string, string, int, int, list<string>}>, conditions: string, medicines: string, shown: list<string>}|null */
    private static ?array $read = null;

    /** @return list<array{string, string, string, string, string, int, int, list<string>}> */
    public static function all(): array
    {
        return self::read()['signatures'];
    }

    /** Finds a condition people have. */
    public static function conditions(): string
    {
        return self::read()['conditions'];
    }

    /** Finds a medicine. */
    public static function medicines(): string
    {
        return self::read()['medicines'];
    }

    /** Whether manuals show this key to everybody. */
    public static function isShown(string $key): bool
    {
        return in_array(substr(hash('sha256', $key), 0, 16), self::read()['shown'], true);
    }

    /** @return array{signatures: list<array{string, string, string, string, string, int, int, list<string>}>, conditions: string, medicines: string, shown: list<string>} */
    private static function read(): array
    {
        return self::$read ??= require __DIR__ . '/patterns.php';
    }
}
