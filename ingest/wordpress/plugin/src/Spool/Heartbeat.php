<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** A line each minute, so that silence shows. */
final class Heartbeat
{
    public const SECONDS = 60;

    private string $directory;
    private OpenLines $open;

    public function __construct(string $directory, OpenLines $open)
    {
        $this->directory = $directory;
        $this->open = $open;
    }

    /** Seconds since the last; null before the first. */
    public static function age(string $directory): ?int
    {
        $at = (int) PrivateFile::read($directory . '/beat');
        return $at === 0 ? null : time() - $at;
    }

    /** A clock that jumped, either way, makes one beat due and no more. */
    public static function isDue(string $directory): bool
    {
        $age = self::age($directory);
        return $age === null || $age >= self::SECONDS || $age < 0;
    }

    /** @param array<string, mixed> $versions by dotted names */
    public function beat(array $versions): bool
    {
        $lock = PrivateFile::lock($this->directory . '/beat', 0);
        if ($lock === null) {
            return false;
        }
        try {
            if (!self::isDue($this->directory)) {
                return false;
            }
            $tally = Tally::peek($this->directory);
            $line = OwnLine::of('process', 'heartbeat', [
                'wordpress.spool.bytes' => $tally['outbox'] + $tally['bytes'],
                'wordpress.spool.lines' => Status::linesWaiting($this->directory),
                'wordpress.spool.total' => $tally['lost'],
                'wordpress.version.php' => PHP_VERSION,
            ] + $versions);
            ftruncate($lock, 0);
            fwrite($lock, (string) time());
            fflush($lock);
            return $this->open->append([$line], false);
        } finally {
            fclose($lock);
        }
    }
}
