<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Guarded;

/**
 * What this request was seen changing: packages whose files are replaced, and those that were switched on or off. After the
 * response the baseline and the inventory take these over, and only these.
 */
final class SeenChanges
{
    /** @var array<string, true> parts as `Part` names them */
    private static array $parts = [];
    /** @var array<string, true> names in the inventory */
    private static array $switched = [];
    private static bool $registered = false;

    /** Files of this part change from here on. Remembered beyond a request that dies in between. */
    public static function begin(string $part): void
    {
        if ($part !== '' && !isset(self::$parts[$part])) {
            self::$parts[$part] = true;
            Baseline::await($part);
            self::register();
        }
    }

    public static function switched(string $name): void
    {
        self::$switched[$name] = true;
        self::register();
    }

    private static function register(): void
    {
        if (self::$registered) {
            return;
        }
        self::$registered = true;
        Guarded::action('shutdown', static function (): void {
            $parts = array_keys(self::$parts);
            $names = array_merge($parts, array_keys(self::$switched));
            self::$parts = self::$switched = [];
            self::$registered = false;
            Baseline::recordAwaited();
            Inventory::absorb($names);
        }, 2000);
    }
}
