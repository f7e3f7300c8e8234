<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Spool;

use PHPUnit\Framework\TestCase;
use Tourniquet\Spool\ChainState;
use Tourniquet\Spool\Lineage;

final class LineageTest extends TestCase
{
    /** @var list<string> */
    private array $told = [];

    public function testAFirstSpoolIsNoNews(): void
    {
        $state = $this->check(ChainState::fresh(), []);
        self::assertSame([1, 0, 'here', 'db'], [$state->epoch, $state->nextSeq, $state->home, $state->database]);
        self::assertSame([], $this->told);
    }

    public function testASpoolAndADatabaseThatAgreeGoOn(): void
    {
        $state = $this->chain(1, 40);
        $this->check($state, Lineage::memoryOf($state));
        // Killed between the chain's state and the database: the spool is ahead.
        $memory = Lineage::memoryOf($state);
        $state->nextSeq = 60;
        self::assertSame([1, 60], $this->placeOf($this->check($state, $memory)));
        self::assertSame([], $this->told);
    }

    public function testARestoredDatabaseStartsAnEpoch(): void
    {
        $state = $this->chain(1, 40);
        $old = Lineage::memoryOf($state);
        $state->nextSeq = 60;
        $this->check($state, Lineage::memoryOf($state));
        self::assertSame([2, 0], $this->placeOf($this->check($state, $old)));
        self::assertSame(['database-restored'], $this->told);
    }

    public function testADatabaseFromBeforeTheSpoolStartsAnEpoch(): void
    {
        $state = $this->chain(3, 40);
        $this->check($state, Lineage::memoryOf($state));
        self::assertSame([4, 0], $this->placeOf($this->check($state, [])));
        self::assertSame(['database-restored'], $this->told);
    }

    public function testARestoredSpoolStartsAnEpochBeyondAllThatWereUsed(): void
    {
        $state = $this->chain(2, 40);
        self::assertSame([6, 0], $this->placeOf($this->check($state, ['epoch' => 5, 'seq' => 3] + Lineage::memoryOf($state))));
        self::assertSame(['spool-restored'], $this->told);
    }

    public function testADeletedSpoolGoesOnInItsStream(): void
    {
        $before = $this->chain(2, 40);
        $state = $this->check(ChainState::fresh(), Lineage::memoryOf($before));
        self::assertSame([$before->stream, 3, 0], [$state->stream, $state->epoch, $state->nextSeq]);
        self::assertSame(['spool-deleted'], $this->told);
        // Told once.
        $this->check($state, Lineage::memoryOf($state));
        self::assertSame(['spool-deleted'], $this->told);
    }

    public function testACopyOfASiteWritesAStreamOfItsOwnAndNamesNoSuccessor(): void
    {
        $original = $this->chain(2, 40);
        $state = clone $original;
        $this->check($state, Lineage::memoryOf($original), 'elsewhere');
        self::assertNotSame($original->stream, $state->stream);
        self::assertNotSame($original->instance, $state->instance);
        self::assertTrue($state->isCopy);
        self::assertSame([3, 0], $this->placeOf($state));
        self::assertSame(['site-cloned'], $this->told);
        $this->check($state, Lineage::memoryOf($state), 'elsewhere');
        self::assertSame(['site-cloned'], $this->told);
    }

    public function testACopyOfTheDatabaseAloneIsToldToo(): void
    {
        $original = $this->chain(2, 40);
        $state = $this->check(ChainState::fresh(), Lineage::memoryOf($original), 'elsewhere');
        self::assertNotSame($original->stream, $state->stream);
        self::assertSame(['site-cloned'], $this->told);
    }

    private function chain(int $epoch, int $seq): ChainState
    {
        $state = ChainState::fresh();
        $state->startEpoch($epoch);
        $state->nextSeq = $seq;
        $state->home = 'here';
        $state->database = 'db';
        $state->key = 'key';
        return $state;
    }

    /** @return array{int, int} */
    private function placeOf(ChainState $state): array
    {
        return [$state->epoch, $state->nextSeq];
    }

    /** @param array<string, mixed> $remembered */
    private function check(ChainState $state, array $remembered, string $home = 'here'): ChainState
    {
        (new Lineage($remembered, $home, 'db', function (string $action): void {
            $this->told[] = $action;
        }))->check($state);
        return $state;
    }
}
