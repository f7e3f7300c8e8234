<?php

declare(strict_types=1);

namespace Tourniquet\Unit;

/** The golden vectors of `contracts/vectors/`. */
final class Vectors
{
    /** @return array<string, mixed> */
    public static function json(string $name): array
    {
        return json_decode(self::text($name), true, 64, JSON_THROW_ON_ERROR);
    }

    /** @return list<array<string, mixed>> */
    public static function rows(string $name): array
    {
        $rows = array_filter(explode("\n", self::text($name)), static fn(string $line): bool => $line !== '');
        return array_map(static fn(string $line): array => json_decode($line, true, 64, JSON_THROW_ON_ERROR), array_values($rows));
    }

    public static function exists(string $name): bool
    {
        return is_file(self::path($name));
    }

    private static function text(string $name): string
    {
        return (string) file_get_contents(self::path($name));
    }

    private static function path(string $name): string
    {
        return __DIR__ . '/../../../contracts/vectors/' . $name;
    }
}
