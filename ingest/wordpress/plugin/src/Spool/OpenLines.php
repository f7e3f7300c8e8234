<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\Lines;

/**
 * Lines that are not in a block yet: `open-<generation>.ndjson`, framed, appended under the tally's lock.
 *
 * The lines are written before the tally counts them. So a file longer than counted ends in what a killed process wrote: its
 * whole lines stay, a torn one is cut off. A file shorter than counted was cut by somebody else.
 */
final class OpenLines
{
    private const PATIENCE_SECONDS = 0.5;
    /** A longer file is ended, also while nothing is sealed. */
    private const MOST_FILE_BYTES = 1024 * 1024;

    private string $directory;
    private int $mostBytes;
    private Losses $losses;

    public function __construct(string $directory, int $mostBytes)
    {
        $this->directory = $directory;
        $this->mostBytes = $mostBytes;
        $this->losses = new Losses($directory);
    }

    /**
     * All or none. What cannot be kept is counted as lost, unless it only tells what was lost before.
     *
     * @param list<string> $lines
     */
    public function append(array $lines, bool $lasting, bool $counts = true): bool
    {
        $framed = Lines::frame($lines);
        $tally = Tally::lock($this->directory, self::PATIENCE_SECONDS);
        $weight = $counts ? count($lines) : 0;
        if ($tally === null) {
            $this->losses->miss($weight);
            return false;
        }
        $file = null;
        try {
            $file = $this->openRepaired($tally);
            // The last tenth is for what is urgent: a visitor's flood must not crowd out a new administrator.
            $most = $lasting ? $this->mostBytes : intdiv($this->mostBytes, 10) * 9;
            $room = $tally->get('outbox') + $tally->get('bytes') + strlen($framed) <= $most;
            if ($file === null || !$room || !$this->write($file, $tally, $framed, count($lines))) {
                Losses::lose($tally, $weight);
                return false;
            }
        } finally {
            $tally->unlock();
        }
        // Without the lock: a slow disk holds up this page alone.
        if ($lasting) {
            PrivateFile::sync($file);
        }
        fclose($file);
        return true;
    }

    /**
     * Ends the open file, and answers the paths of all that are ended, oldest first.
     *
     * @return list<string>
     */
    public function ended(): array
    {
        $tally = Tally::lock($this->directory, 5);
        if ($tally === null) {
            return [];
        }
        try {
            $this->losses->takeMissed($tally);
            $file = $this->openRepaired($tally);
            if ($file !== null) {
                fclose($file);
            }
            if ($tally->get('lines') > 0) {
                self::next($tally);
            }
            $generation = $tally->get('generation');
        } finally {
            $tally->unlock();
        }
        return array_values(array_filter($this->all(), static fn(string $path): bool => self::generationOf($path) < $generation));
    }

    public function losses(): Losses
    {
        return $this->losses;
    }

    public static function generationOf(string $path): int
    {
        return (int) substr(basename($path), 5, 12);
    }

    /** @return resource|null at its end, as long as the tally says */
    private function openRepaired(Tally $tally)
    {
        if ($tally->isFresh()) {
            $this->startTally($tally);
        } elseif ($tally->get('bytes') >= self::MOST_FILE_BYTES) {
            self::next($tally);
        }
        $path = sprintf('%s/open-%012d.ndjson', $this->directory, $tally->get('generation'));
        $new = !is_file($path);
        $file = @fopen($path, 'c+b');
        if ($file === false) {
            return null;
        }
        if ($new) {
            PrivateFile::keepPrivate($path);
        }
        $size = (int) (fstat($file)['size'] ?? 0);
        if ($size !== $tally->get('bytes')) {
            self::repair($file, $size, $tally);
        }
        fseek($file, 0, SEEK_END);
        return $file;
    }

    private static function next(Tally $tally): void
    {
        $tally->save(['generation' => $tally->get('generation') + 1, 'outbox' => $tally->get('outbox') + $tally->get('bytes'),
            'ended' => $tally->get('ended') + $tally->get('lines'), 'bytes' => 0, 'lines' => 0]);
    }

    /** A lost tally goes on behind every file that is there or was sealed; a fresh spool begins. */
    private function startTally(Tally $tally): void
    {
        $state = ChainState::load($this->directory);
        $generations = array_map([self::class, 'generationOf'], $this->all());
        $generations[] = $state === null ? 0 : $state->generation;
        $tally->save(['generation' => max($generations) + 1, 'torn' => max($generations) > 0 ? 1 : 0]);
    }

    /** @param resource $file */
    private static function repair($file, int $size, Tally $tally): void
    {
        rewind($file);
        $text = (string) stream_get_contents($file);
        $end = strrpos($text, "\n");
        $whole = $end === false ? 0 : $end + 1;
        $lines = substr_count($text, "\n");
        ftruncate($file, $whole);
        $tally->save([
            'bytes' => $whole,
            'lines' => $lines,
            'torn' => $tally->get('torn') + ($whole < $size ? 1 : 0),
            'cut' => $tally->get('cut') + max(0, $tally->get('lines') - $lines),
        ]);
    }

    /** @param resource $file */
    private function write($file, Tally $tally, string $framed, int $lines): bool
    {
        if (@fwrite($file, $framed) === strlen($framed) && @fflush($file)) {
            return $tally->save(['bytes' => $tally->get('bytes') + strlen($framed), 'lines' => $tally->get('lines') + $lines]);
        }
        ftruncate($file, $tally->get('bytes'));
        fclose($file);
        return false;
    }

    /** Of files that are ended, and of what they become. */
    public function settle(int $outboxBytes): void
    {
        $tally = Tally::lock($this->directory, 5);
        if ($tally !== null) {
            $ended = array_filter($this->all(), static fn(string $path): bool => self::generationOf($path) < $tally->get('generation'));
            $tally->save(['ended' => $ended === [] ? 0 : $tally->get('ended'), 'outbox' => $outboxBytes + array_sum(array_map(static fn(string $path): int => (int) @filesize($path), $ended))]);
            $tally->unlock();
        }
    }

    /** @return list<string> oldest first */
    private function all(): array
    {
        $paths = glob($this->directory . '/open-*.ndjson', GLOB_NOSORT) ?: [];
        sort($paths);
        return $paths;
    }
}
