<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Memory;

use PHPUnit\Framework\TestCase;
use Tourniquet\Memory;
use Tourniquet\Memory\Habit;
use Tourniquet\Memory\Table;

final class HabitTest extends TestCase
{
    private const TODAY = 20000;

    public function testWhatWasNeverDoneIsNew(): void
    {
        self::assertSame(Memory::NEW, Habit::of([], self::TODAY, 1));
    }

    public function testWhatWasDoneOnlyTodayIsStillNew(): void
    {
        self::assertSame(Memory::NEW, Habit::of([self::TODAY => 500], self::TODAY, 1));
    }

    public function testAtMostThreeTimesTheLargestDayIsKnown(): void
    {
        self::assertSame(Memory::KNOWN, Habit::of([self::TODAY - 40 => 10, self::TODAY - 3 => 4], self::TODAY, 30));
        self::assertSame(Memory::EXCEEDED, Habit::of([self::TODAY - 40 => 10, self::TODAY - 3 => 4], self::TODAY, 31));
    }

    public function testSmallPartsOfOneDayAddUp(): void
    {
        self::assertSame(Memory::KNOWN, Habit::of([self::TODAY - 1 => 10, self::TODAY => 20], self::TODAY, 10));
        self::assertSame(Memory::EXCEEDED, Habit::of([self::TODAY - 1 => 10, self::TODAY => 21], self::TODAY, 10));
    }

    public function testNamesInTheTableAreHashesThatDifferByKindAndKey(): void
    {
        self::assertMatchesRegularExpression('/^[0-9a-f]{32}$/', Table::name('habit', 'x'));
        self::assertNotSame(Table::name('habit', 'x'), Table::name('place', 'x'));
        self::assertNotSame(Table::name('habit', "a\nb"), Table::name('habit', 'ab'));
    }
}
