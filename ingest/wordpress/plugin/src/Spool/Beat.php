<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/**
 * The own trigger: a process without most of WordPress that beats, seals and ships, sleeps, starts its successor and ends. One at
 * a time; each lives shorter than what hosts allow a request. When the chain breaks, the next page starts it anew.
 */
final class Beat
{
    private const LIFE_SECONDS = 20;
    private const BUDGET_SECONDS = 8.0;
    /** Without urgent acts lines go out so often. */
    private const TURN_SECONDS = 60;

    private Spool $spool;
    private string $directory;

    public function __construct(Spool $spool)
    {
        $this->spool = $spool;
        $this->directory = $spool->place()->directory();
    }

    /** @param callable(): void $rest lets go of what is not needed while nothing is to be done */
    public function run(callable $rest): void
    {
        $lock = PrivateFile::lock($this->directory . '/beat.lock', 0);
        if ($lock === null) {
            return;
        }
        try {
            $this->turn();
            $rest();
            $this->watch();
        } finally {
            fclose($lock);
        }
        $this->succeed();
    }

    private function turn(): void
    {
        $beat = $this->spool->beat(Trigger::versions());
        $hurried = is_file($this->directory . '/hurry') && @unlink($this->directory . '/hurry');
        if (!$beat && !$hurried) {
            return;
        }
        $this->spool->sealNow();
        $this->spool->ship(self::BUDGET_SECONDS, fn(array $commands) => $this->leave($commands), $this->highest());
    }

    /** Until something urgent happens, or this life is over. */
    private function watch(): void
    {
        $until = hrtime(true) + self::LIFE_SECONDS * 1000000000;
        while (hrtime(true) < $until && !$this->isStopped()) {
            clearstatcache();
            if (is_file($this->directory . '/hurry') || Heartbeat::isDue($this->directory)) {
                return;
            }
            usleep(500000);
        }
    }

    private function succeed(): void
    {
        $url = PrivateFile::read($this->directory . '/beat.url');
        if ($url !== null && !$this->isStopped()) {
            Loopback::start($url . '?key=' . Loopback::key($this->directory, time()), true);
        }
    }

    private function isStopped(): bool
    {
        clearstatcache();
        return is_file($this->directory . '/beat.stop') || !is_file($this->directory . '/beat.url');
    }

    /** Commands need the whole of WordPress: they wait in the inbox, and WordPress is woken. @param list<array<string, mixed>> $commands */
    private function leave(array $commands): void
    {
        $this->spool->inbox()->leave($commands);
        $url = PrivateFile::read($this->directory . '/wake.url');
        if ($url !== null) {
            Loopback::start($url, true);
        }
    }

    private function highest(): int
    {
        return class_exists(\Tourniquet\Contain\Ledger::class) ? \Tourniquet\Contain\Ledger::load($this->directory)->highest() : 0;
    }
}
