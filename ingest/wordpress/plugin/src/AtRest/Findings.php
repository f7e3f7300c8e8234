<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

/** What was found so far, by place. Bounded: beyond `MOST` places the rest of a kind counts together. */
final class Findings
{
    private const MOST = 2000;

    /** @var array<string, array{kind: string, place: string, classes: array<string, int>, records: int}> */
    private array $found;
    private int $looked;

    /** @param array<string, array{kind: string, place: string, classes: array<string, int>, records: int}> $found */
    public function __construct(array $found = [], int $looked = 0)
    {
        $this->found = $found;
        $this->looked = $looked;
    }

    /**
     * One value was looked at.
     *
     * @param string $kind `option`, `table` or `file`
     * @param string $place without personal data
     * @param array<string, int> $classes class to how often
     */
    public function add(string $kind, string $place, array $classes): void
    {
        $this->looked++;
        if ($classes === []) {
            return;
        }
        if (!isset($this->found[$place]) && count($this->found) >= self::MOST) {
            $place = "further ({$kind})";
        }
        $finding = $this->found[$place] ?? ['kind' => $kind, 'place' => $place, 'classes' => [], 'records' => 0];
        foreach ($classes as $class => $count) {
            $finding['classes'][$class] = ($finding['classes'][$class] ?? 0) + $count;
        }
        $finding['records']++;
        $this->found[$place] = $finding;
    }

    /** @return list<array{kind: string, place: string, classes: array<string, int>, records: int}> the fullest first */
    public function all(): array
    {
        $found = array_values($this->found);
        usort($found, static fn(array $a, array $b): int => [$b['records'], $a['place']] <=> [$a['records'], $b['place']]);
        return $found;
    }

    /** @return list<string> */
    public function classes(): array
    {
        $classes = [];
        foreach ($this->found as $finding) {
            $classes += $finding['classes'];
        }
        ksort($classes);
        return array_map('strval', array_keys($classes));
    }

    public function looked(): int
    {
        return $this->looked;
    }

    /** @return array<string, mixed> for `new Findings(...)` later */
    public function state(): array
    {
        return ['found' => $this->found, 'looked' => $this->looked];
    }
}
