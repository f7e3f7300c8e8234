<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Sealed blocks that were not acknowledged: `outbox/<epoch>-<first_seq>.block`, each the exact body of a request. */
final class Outbox
{
    /** Kept to be looked at; the oldest go first. */
    private const MOST_REFUSED = 16;

    private string $directory;

    public function __construct(string $directory)
    {
        $this->directory = $directory;
    }

    public function write(int $epoch, int $firstSeq, string $block): bool
    {
        $this->make('outbox');
        return PrivateFile::replace($this->path($epoch, $firstSeq), $block);
    }

    /**
     * Oldest first.
     *
     * @return list<array{path: string, epoch: int, firstSeq: int}>
     */
    public function all(): array
    {
        $blocks = [];
        foreach (glob($this->directory . '/outbox/*.block', GLOB_NOSORT) ?: [] as $path) {
            if (preg_match('/\/([0-9]{6})-([0-9]{12,16})\.block$/D', $path, $found) === 1) {
                $blocks[] = ['path' => $path, 'epoch' => (int) $found[1], 'firstSeq' => (int) $found[2]];
            }
        }
        usort($blocks, static fn(array $a, array $b): int => [$a['epoch'], $a['firstSeq']] <=> [$b['epoch'], $b['firstSeq']]);
        return $blocks;
    }

    /**
     * Those the chain's state stands behind. One beyond it was left by a process that died before the state was saved: it is
     * made again, so it is never sent.
     *
     * @return list<array{path: string, epoch: int, firstSeq: int}>
     */
    public function ready(): array
    {
        // The list first: the state only moves on.
        $blocks = $this->all();
        $state = ChainState::load($this->directory);
        if ($state === null) {
            return [];
        }
        return array_values(array_filter($blocks, static fn(array $block): bool => [$block['epoch'], $block['firstSeq']] < [$state->epoch, $state->nextSeq]));
    }

    /**
     * Those beyond the state: at most the one that a killed process left.
     *
     * @return list<array{path: string, epoch: int, firstSeq: int}>
     */
    public function beyond(ChainState $state): array
    {
        return array_values(array_filter($this->all(), static fn(array $block): bool => [$block['epoch'], $block['firstSeq']] >= [$state->epoch, $state->nextSeq]));
    }

    /** The highest epoch here; 0 when nothing waits. */
    public function epoch(): int
    {
        return max(array_merge([0], array_column($this->all(), 'epoch')));
    }

    public function remove(string $path): void
    {
        @unlink($path);
    }

    /** Puts a block aside that the gateway will never take. */
    public function refuse(string $path): void
    {
        $this->make('refused');
        @rename($path, $this->directory . '/refused/' . basename($path)) || @unlink($path);
        $kept = glob($this->directory . '/refused/*.block') ?: [];
        array_map([$this, 'remove'], array_slice($kept, 0, max(0, count($kept) - self::MOST_REFUSED)));
    }

    public function refused(): int
    {
        return count(glob($this->directory . '/refused/*.block', GLOB_NOSORT) ?: []);
    }

    public function bytes(): int
    {
        clearstatcache();
        return array_sum(array_map(static fn(string $path): int => (int) @filesize($path), glob($this->directory . '/{outbox,refused}/*.block', GLOB_NOSORT | GLOB_BRACE) ?: []));
    }

    private function path(int $epoch, int $firstSeq): string
    {
        return sprintf('%s/outbox/%06d-%012d.block', $this->directory, $epoch, $firstSeq);
    }

    private function make(string $name): void
    {
        $path = $this->directory . '/' . $name;
        if (!is_dir($path) && @mkdir($path, 0700)) {
            PrivateFile::keepPrivate($path);
        }
    }
}
