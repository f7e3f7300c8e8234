<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** The REST key that authenticated this request, told by whoever sees it do so. */
final class ActingKey
{
    private static string $id = '';

    public static function is(string $id): void
    {
        self::$id = $id;
    }

    public static function id(): string
    {
        return self::$id;
    }
}
