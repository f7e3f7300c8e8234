<?php

declare(strict_types=1);

namespace Tourniquet\Unit\AtRest;

use PHPUnit\Framework\TestCase;
use Tourniquet\AtRest\Findings;
use Tourniquet\AtRest\Scan;
use Tourniquet\AtRest\Source;

final class ScanTest extends TestCase
{
    private function source(string $name, int $values, bool $fails = false): Source
    {
        return new class ($name, $values, $fails) implements Source {
            private string $name;
            private int $values;
            private bool $fails;

            public function __construct(string $name, int $values, bool $fails)
            {
                $this->name = $name;
                $this->values = $values;
                $this->fails = $fails;
            }

            public function name(): string
            {
                return $this->name;
            }

            public function step(array $cursor, float $until, Findings $findings): ?array
            {
                if ($this->fails) {
                    throw new \RuntimeException('broken');
                }
                $at = (int) ($cursor['at'] ?? 0);
                $findings->add('table', $this->name, ['pii.email' => 1]);
                return $at + 1 < $this->values ? ['at' => $at + 1] : null;
            }
        };
    }

    public function testASavedScanGoesOnWhereItWas(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'tq-scan');
        try {
            $sources = [$this->source('a', 3), $this->source('broken', 1, true), $this->source('b', 2)];
            $slices = 0;
            do {
                $scan = $slices === 0 ? new Scan($sources) : Scan::load($file, $sources);
                // One step a slice: the time is up at once after it.
                $scan->run(microtime(true) + 0.0005, static function (): void {
                    usleep(1000);
                });
                self::assertTrue($scan->save($file));
            } while (!$scan->isDone() && $slices++ < 50);
            self::assertGreaterThan(2, $slices);
            self::assertSame([['kind' => 'table', 'place' => 'a', 'classes' => ['pii.email' => 3], 'records' => 3], ['kind' => 'table', 'place' => 'b', 'classes' => ['pii.email' => 2], 'records' => 2]], $scan->findings()->all());
        } finally {
            unlink($file);
        }
    }

    public function testAScanOfOtherSourcesBeginsAnew(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'tq-scan');
        try {
            $scan = new Scan([$this->source('a', 1), $this->source('b', 1)]);
            $scan->run(microtime(true) + 1);
            $scan->save($file);
            self::assertFalse(Scan::load($file, [$this->source('a', 1), $this->source('c', 1)])->isDone());
            self::assertTrue(Scan::load($file, [$this->source('a', 1), $this->source('b', 1)])->isDone());
        } finally {
            unlink($file);
        }
    }

    public function testPlacesAreBoundedAndNothingIsLostOfTheCount(): void
    {
        $findings = new Findings();
        for ($i = 0; $i < 5000; $i++) {
            $findings->add('table', 'place ' . $i, ['pii.email' => 1]);
        }
        $findings->add('table', 'clean', []);
        self::assertLessThanOrEqual(2001, count($findings->all()));
        self::assertSame(5000, array_sum(array_column($findings->all(), 'records')));
        self::assertSame(5001, $findings->looked());
    }
}
