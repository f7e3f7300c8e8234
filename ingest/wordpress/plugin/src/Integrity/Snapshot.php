<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

/** The files of a part as they were recorded: hash, size and times. */
final class Snapshot
{
    /** @var array<string, array{string, int, int, int}> path to SHA-256 (hex), size, mtime, ctime */
    public array $files;
    /** Differences that were told already: path to the hash they have; empty for a file that is gone. @var array<string, string> */
    public array $told;

    /**
     * @param array<string, array{string, int, int, int}> $files
     * @param array<string, string> $told
     */
    public function __construct(array $files = [], array $told = [])
    {
        $this->files = $files;
        $this->told = $told;
    }

    /** One hash of all files and their contents. */
    public function hash(): string
    {
        ksort($this->files, SORT_STRING);
        $context = hash_init('sha256');
        foreach ($this->files as $path => $file) {
            hash_update($context, $path . "\0" . $file[0] . "\n");
        }
        return hash_final($context);
    }

    /**
     * A file as it is now; null when it cannot be read.
     *
     * @return array{string, int, int, int}|null
     */
    public static function look(string $full): ?array
    {
        $stat = @stat($full);
        $hash = $stat === false ? false : @hash_file('sha256', $full);
        return $stat === false || $hash === false ? null : [$hash, (int) $stat['size'], (int) $stat['mtime'], (int) $stat['ctime']];
    }

    /** Whether size and times are those recorded; the time of the last change of the inode cannot be set back by `touch`. */
    public function looksSame(string $path, string $full): bool
    {
        $stat = @stat($full);
        $known = $this->files[$path] ?? null;
        return $stat !== false && $known !== null && [$known[1], $known[2], $known[3]] === [(int) $stat['size'], (int) $stat['mtime'], (int) $stat['ctime']];
    }

    public function encode(): string
    {
        return (string) gzencode((string) json_encode(['files' => $this->files, 'told' => $this->told], JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), 6);
    }

    /** Null when the bytes are no snapshot. */
    public static function decode(string $bytes): ?self
    {
        $text = @gzdecode($bytes);
        $data = $text === false ? null : json_decode($text, true);
        return is_array($data) && is_array($data['files'] ?? null) && is_array($data['told'] ?? null) ? new self($data['files'], $data['told']) : null;
    }
}
