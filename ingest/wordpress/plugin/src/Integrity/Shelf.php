<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Spool\PrivateFile;

/**
 * Where snapshots lie: a compressed file for each part, an index with the hash of each, and how far a check came. Each file
 * is replaced as a whole, so that a crash leaves the old or the new one.
 */
final class Shelf
{
    private string $directory;

    public function __construct(string $directory)
    {
        $this->directory = $directory;
    }

    /**
     * Runs alone, or not at all: null when another process is at it, or there is no directory to write to.
     *
     * @return mixed what the work returns
     */
    public function alone(callable $work, bool $wait = false)
    {
        if (!is_dir($this->directory)) {
            if (!@mkdir($this->directory, 0700, true) && !is_dir($this->directory)) {
                return null;
            }
            PrivateFile::keepPrivate($this->directory);
        }
        $lock = @fopen($this->directory . '/lock', 'c');
        if ($lock === false || !flock($lock, $wait ? LOCK_EX : LOCK_EX | LOCK_NB)) {
            return null;
        }
        PrivateFile::keepPrivate($this->directory . '/lock');
        try {
            return $work();
        } finally {
            flock($lock, LOCK_UN);
            fclose($lock);
        }
    }

    /** @return array<string, array{hash: string, files: int, version: string}> by part */
    public function index(): array
    {
        return $this->read('index.json');
    }

    /** One hash over the index: what the log holds of the whole baseline. */
    public function hash(): string
    {
        $index = $this->index();
        ksort($index, SORT_STRING);
        return hash('sha256', implode('', array_map(static fn(string $id, array $part): string => $id . "\0" . $part['hash'] . "\n", array_keys($index), $index)));
    }

    /** Null when it is missing, or not the one the index knows. */
    public function snapshot(string $id): ?Snapshot
    {
        $bytes = @file_get_contents($this->fileOf($id));
        $snapshot = $bytes === false ? null : Snapshot::decode($bytes);
        return $snapshot !== null && $snapshot->hash() === ($this->index()[$id]['hash'] ?? '') ? $snapshot : null;
    }

    public function put(string $id, Snapshot $snapshot, string $version = ''): bool
    {
        $index = $this->index();
        $index[$id] = ['hash' => $snapshot->hash(), 'files' => count($snapshot->files), 'version' => $version];
        return $this->write($this->fileOf($id), $snapshot->encode()) && $this->write($this->directory . '/index.json', (string) json_encode($index));
    }

    public function drop(string $id): void
    {
        $index = $this->index();
        unset($index[$id]);
        $this->write($this->directory . '/index.json', (string) json_encode($index));
        @unlink($this->fileOf($id));
    }

    /** @return array<string, mixed> what was left to do */
    public function state(): array
    {
        return $this->read('state.json');
    }

    /** @param array<string, mixed> $state */
    public function keep(array $state): void
    {
        $this->write($this->directory . '/state.json', (string) json_encode($state));
    }

    /** Parts whose files a request began to change. Appended to without the lock: a check that runs keeps it for long. */
    public function await(string $id): void
    {
        if (is_dir($this->directory)) {
            @file_put_contents($this->directory . '/awaited', $id . "\n", FILE_APPEND | LOCK_EX);
            PrivateFile::keepPrivate($this->directory . '/awaited');
        }
    }

    /** @return list<string> */
    public function awaited(): array
    {
        $lines = @file($this->directory . '/awaited', FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES);
        return array_values(array_unique($lines === false ? [] : $lines));
    }

    /** When the last of them was named, in Unix seconds; 0 when none is. */
    public function awaitedSince(): int
    {
        clearstatcache(true, $this->directory . '/awaited');
        return (int) @filemtime($this->directory . '/awaited');
    }

    public function forgetAwaited(): void
    {
        @unlink($this->directory . '/awaited');
    }

    /** @return array<string, mixed> */
    private function read(string $name): array
    {
        $text = @file_get_contents($this->directory . '/' . $name);
        $data = $text === false ? null : json_decode($text, true);
        return is_array($data) ? $data : [];
    }

    private function fileOf(string $id): string
    {
        return $this->directory . '/' . substr(hash('sha256', $id), 0, 24) . '.gz';
    }

    private function write(string $file, string $bytes): bool
    {
        $fresh = $file . '.' . bin2hex(random_bytes(4));
        $written = @file_put_contents($fresh, $bytes);
        PrivateFile::keepPrivate($fresh);
        if ($written !== strlen($bytes) || !@rename($fresh, $file)) {
            @unlink($fresh);
            return false;
        }
        return true;
    }
}
