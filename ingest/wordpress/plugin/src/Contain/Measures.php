<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

/**
 * What is in force, in one option that WordPress loads with the page.
 *
 * @phpstan-type Measure array{action: string, target: string, since: int, until: int, kept: array<string, mixed>}
 */
final class Measures
{
    public const OPTION = 'tourniquet_measures';
    /** What is checked on each request has to stay short. */
    public const MOST = 200;

    /** @return array<int, Measure> by the counter of the command; `until` is 0 for what stays until it is undone */
    public static function all(): array
    {
        $measures = get_site_option(self::OPTION, []);
        return is_array($measures) ? array_filter($measures, 'is_array') : [];
    }

    /** @param Measure $measure */
    public static function put(int $counter, array $measure): void
    {
        self::save([$counter => $measure] + self::all());
    }

    public static function drop(int $counter): void
    {
        self::save(array_diff_key(self::all(), [$counter => true]));
    }

    /** @param Measure $measure */
    public static function isOver(array $measure, int $now): bool
    {
        return $measure['until'] > 0 && $measure['until'] <= $now;
    }

    /** @param array<int, Measure> $measures */
    private static function save(array $measures): void
    {
        OwnOptions::write(self::OPTION, $measures);
    }
}
