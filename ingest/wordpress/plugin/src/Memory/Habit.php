<?php

declare(strict_types=1);

namespace Tourniquet\Memory;

use Tourniquet\Memory;

/** The habit of an actor, from what it did each day. */
final class Habit
{
    public const DAYS_TO_KNOW = 14;
    private const TIMES = 3;

    /**
     * @param array<int, int> $days day (since 1970) to amount, of the last 90 days; today's before this act included
     * @return string `known`, `new` or `exceeded`
     */
    public static function of(array $days, int $today, int $amount): string
    {
        $amount += $days[$today] ?? 0;
        unset($days[$today]);
        if ($days === []) {
            return Memory::NEW;
        }
        return $amount > self::TIMES * max($days) ? Memory::EXCEEDED : Memory::KNOWN;
    }
}
