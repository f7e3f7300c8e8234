<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

use Tourniquet\Spool\PrivateFile;

/** One pass through all sources, which may take many slices. A source that fails is left out, and the next begun. */
final class Scan
{
    private const STALE_SECONDS = 7 * 86400;

    /** @var list<Source> */
    private array $sources;
    private int $index;
    /** @var array<string, mixed> */
    private array $cursor;
    private Findings $findings;

    /**
     * @param list<Source> $sources
     * @param array<string, mixed> $cursor
     */
    public function __construct(array $sources, int $index = 0, array $cursor = [], ?Findings $findings = null)
    {
        $this->sources = $sources;
        $this->index = $index;
        $this->cursor = $cursor;
        $this->findings = $findings ?? new Findings();
    }

    /** @param list<Source> $sources when they are others than those of the state, the scan begins anew */
    public static function load(string $file, array $sources): self
    {
        $state = is_file($file) ? json_decode((string) @file_get_contents($file), true) : null;
        if (!is_array($state) || ($state['sources'] ?? null) !== self::names($sources) || abs(time() - (int) ($state['at'] ?? 0)) > self::STALE_SECONDS) {
            return new self($sources);
        }
        return new self($sources, (int) $state['index'], (array) $state['cursor'], new Findings((array) $state['findings']['found'], (int) $state['findings']['looked']));
    }

    public function save(string $file): bool
    {
        $state = ['at' => time(), 'sources' => self::names($this->sources), 'index' => $this->index, 'cursor' => $this->cursor, 'findings' => $this->findings->state()];
        return PrivateFile::replace($file, (string) json_encode($state, JSON_INVALID_UTF8_SUBSTITUTE));
    }

    /** @param (callable(string, int): void)|null $progress */
    public function run(float $until, ?callable $progress = null): void
    {
        while (!$this->isDone() && microtime(true) < $until) {
            $source = $this->sources[$this->index];
            if ($progress !== null) {
                $progress($source->name(), $this->findings->looked());
            }
            try {
                $next = $source->step($this->cursor, $until, $this->findings);
            } catch (\Throwable $failure) {
                \Tourniquet\Guarded::failed($failure);
                $next = null;
            }
            $this->cursor = $next ?? [];
            $this->index += $next === null ? 1 : 0;
        }
    }

    public function isDone(): bool
    {
        return $this->index >= count($this->sources);
    }

    public function findings(): Findings
    {
        return $this->findings;
    }

    /**
     * @param list<Source> $sources
     * @return list<string>
     */
    private static function names(array $sources): array
    {
        return array_map(static fn(Source $source): string => $source->name(), $sources);
    }
}
