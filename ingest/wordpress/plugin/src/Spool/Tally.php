<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/**
 * Counts that must be kept when nothing else can be: one file of fixed size, overwritten in place, so that a full disk does
 * not matter. It is also the lock under which lines are appended.
 */
final class Tally
{
    private const BYTES = 512;
    private const FRESH = [
        // The open file, what it should hold; lines of files that are ended, and the bytes of these and of the outbox.
        'generation' => 1, 'bytes' => 0, 'lines' => 0, 'ended' => 0, 'outbox' => 0,
        // Ever lost, and how many of them were told; since when and until when (Unix ms) of those not told.
        'lost' => 0, 'lost_told' => 0, 'lost_from' => 0, 'lost_to' => 0,
        // Torn ends cut off; lines that somebody took away.
        'torn' => 0, 'torn_told' => 0, 'cut' => 0, 'cut_told' => 0,
    ];

    /** @var resource */
    private $file;
    /** @var array<string, int> */
    private array $counts;
    private bool $isFresh;

    /**
     * @param resource $file
     * @param array<string, int> $counts
     */
    private function __construct($file, array $counts, bool $isFresh)
    {
        $this->file = $file;
        $this->counts = $counts;
        $this->isFresh = $isFresh;
    }

    /** Null when the lock was not to be had in time. */
    public static function lock(string $directory, float $patienceSeconds): ?self
    {
        $file = PrivateFile::lock($directory . '/tally', $patienceSeconds);
        if ($file === null) {
            return null;
        }
        $counts = self::decode((string) fread($file, self::BYTES));
        return new self($file, $counts ?? self::FRESH, $counts === null);
    }

    /**
     * Without the lock: for people to look at.
     *
     * @return array<string, int>
     */
    public static function peek(string $directory): array
    {
        return self::decode((string) PrivateFile::read($directory . '/tally')) ?? self::FRESH;
    }

    /** Whether there was none, or what stood there could not be read. */
    public function isFresh(): bool
    {
        return $this->isFresh;
    }

    public function get(string $name): int
    {
        return $this->counts[$name];
    }

    /** @param array<string, int> $counts */
    public function save(array $counts): bool
    {
        $this->counts = array_merge($this->counts, $counts);
        rewind($this->file);
        $this->isFresh = false;
        return @fwrite($this->file, self::encode($this->counts)) === self::BYTES && @fflush($this->file);
    }

    public function unlock(): void
    {
        flock($this->file, LOCK_UN);
        fclose($this->file);
    }

    /** @param array<string, int> $counts */
    private static function encode(array $counts): string
    {
        $text = str_pad((string) json_encode($counts), self::BYTES - 10);
        return $text . ' ' . hash('crc32b', $text) . "\n";
    }

    /** @return array<string, int>|null */
    private static function decode(string $bytes): ?array
    {
        $text = substr($bytes, 0, self::BYTES - 10);
        $counts = strlen($bytes) === self::BYTES && substr($bytes, -9, 8) === hash('crc32b', $text) ? json_decode($text, true) : null;
        return is_array($counts) ? array_map('intval', array_intersect_key($counts, self::FRESH)) + self::FRESH : null;
    }
}
