<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** What was lost, torn or taken away: counted when it happens, told once there is room. */
final class Losses
{
    /** Name of a count in the tally to the act that tells it. */
    private const TOLD_AS = ['lost' => 'lines-lost', 'torn' => 'spool-repaired', 'cut' => 'spool-truncated'];
    private const PATIENCE_SECONDS = 5.0;

    private string $directory;

    public function __construct(string $directory)
    {
        $this->directory = $directory;
    }

    public static function lose(Tally $tally, int $lines): void
    {
        if ($lines === 0) {
            return;
        }
        $now = (int) (microtime(true) * 1000);
        $untold = $tally->get('lost') > $tally->get('lost_told');
        $tally->save(['lost' => $tally->get('lost') + $lines, 'lost_from' => $untold ? $tally->get('lost_from') : $now, 'lost_to' => $now]);
    }

    /** Lost, and not even the tally could be had: a byte a line, which needs no lock. */
    public function miss(int $lines): void
    {
        $path = $this->directory . '/missed';
        $isNew = !is_file($path);
        @file_put_contents($path, str_repeat('.', $lines), FILE_APPEND);
        if ($isNew) {
            PrivateFile::keepPrivate($path);
        }
    }

    public function takeMissed(Tally $tally): void
    {
        $path = $this->directory . '/missed';
        if (is_file($path) && @rename($path, $path . '.taken')) {
            clearstatcache(true, $path . '.taken');
            self::lose($tally, (int) @filesize($path . '.taken'));
            @unlink($path . '.taken');
        }
    }

    /** Writes a line for each count that grew since it was told. Killed in between it is told twice, with the same total. */
    public function tell(OpenLines $open): void
    {
        $counts = Tally::peek($this->directory);
        foreach (self::TOLD_AS as $name => $action) {
            $new = $counts[$name] - $counts[$name . '_told'];
            $times = $name === 'lost' ? ['from' => $counts['lost_from'], 'to' => $counts['lost_to']] : [];
            if ($new > 0 && $open->append([OwnLine::ofCounts($action, ['lines' => $new, 'total' => $counts[$name]] + $times)], true, false)) {
                $this->change(static fn(Tally $tally): array => [$name . '_told' => $counts[$name]]);
            }
        }
    }

    public function addCut(int $lines): void
    {
        $this->change(static fn(Tally $tally): array => ['cut' => $tally->get('cut') + $lines]);
    }

    /** @param callable(Tally): array<string, int> $change */
    private function change(callable $change): void
    {
        $tally = Tally::lock($this->directory, self::PATIENCE_SECONDS);
        if ($tally !== null) {
            $tally->save($change($tally));
            $tally->unlock();
        }
    }
}
