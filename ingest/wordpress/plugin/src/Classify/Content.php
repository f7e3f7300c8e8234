<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/**
 * Which kinds of personal data and secrets stand in a text, by the signatures of the shipped packs. What could not be
 * looked at (a text too long, a pattern that gave up) is of the class `unknown`, never clean.
 */
final class Content
{
    public const UNKNOWN = 'unknown';

    private const WINDOW_BYTES = 65536;
    /** What two windows share, so that nothing is cut in two. */
    private const SHARED_BYTES = 1024;
    private const MOST_BYTES = 1048576;
    /** Finds of one signature in a window; a text with more is a list, and the rest of the window is unknown. */
    private const MOST_FINDS = 2000;

    /**
     * In order, not overlapping. `kind` is how the value is normalised for a token; empty where it is no identifier.
     * `$isWary`: also what the words or numbers beside it make something else ("order 4111 …"): rather too much than too
     * little, for what must not leave.
     *
     * @return list<array{start: int, length: int, class: string, kind: string}> in bytes
     */
    public static function spans(string $text, bool $isWary = false): array
    {
        Surroundings::$isWary = $isWary;
        $found = [];
        $end = min(strlen($text), self::MOST_BYTES);
        for ($offset = 0; $offset < $end; $offset += self::WINDOW_BYTES - self::SHARED_BYTES) {
            $window = substr($text, $offset, min(self::WINDOW_BYTES, $end - $offset));
            foreach (Signatures::all() as $index => $signature) {
                foreach (self::finds($signature, $window) as [$from, $to, $class, $kind]) {
                    $found[] = [$offset + $from, $offset + $to, $class, $kind, $index];
                }
            }
            if ($offset + self::WINDOW_BYTES >= $end) {
                break;
            }
        }
        Surroundings::$isWary = false;
        if (strlen($text) > $end) {
            $found[] = [$end, strlen($text), self::UNKNOWN, '', 0];
        }
        return self::clusters($found);
    }

    /** @return array<string, int> class to how often, by name */
    public static function classes(string $text): array
    {
        $classes = array_count_values(array_column(self::spans($text), 'class'));
        ksort($classes);
        return $classes;
    }

    /**
     * @param array{string, string, string, string, string, int, int, list<string>} $signature
     * @return list<array{int, int, string, string}> start, end, class, kind
     */
    private static function finds(array $signature, string $text): array
    {
        [, $class, $kind, $pattern, $words, $before, $after, $validators] = $signature;
        $unknown = [[0, strlen($text), self::UNKNOWN, '']];
        $near = [];
        if ($words !== '') {
            $count = preg_match_all($words, $text, $near, PREG_OFFSET_CAPTURE);
            if ($count === 0) {
                return [];
            }
            if ($count === false) {
                return $unknown;
            }
        }
        $found = [];
        $at = 0;
        for ($tries = 0; ($is = preg_match($pattern, $text, $match, PREG_OFFSET_CAPTURE, $at)) === 1; $tries++) {
            if ($tries >= self::MOST_FINDS) {
                $found[] = [$match[0][1], strlen($text), self::UNKNOWN, ''];
                break;
            }
            [$value, $start] = isset($match[1]) && $match[1][1] >= 0 ? $match[1] : $match[0];
            $span = [$start, $start + strlen($value)];
            $meant = $words === '' || self::isNear($near[0], $span, $before, $after) ? Validators::judge($validators, $text, $span) : null;
            // A find that is refused may hold one that is not.
            $at = $match[0][1] + 1;
            if ($meant !== null && $meant[1] > $meant[0]) {
                $found[] = [$meant[0], $meant[1], $class, $kind];
                $at = max($at, $meant[1]);
            }
        }
        return $is === false ? $unknown : $found;
    }

    /**
     * @param list<array{string, int}> $words in order
     * @param array{int, int} $span
     */
    private static function isNear(array $words, array $span, int $before, int $after): bool
    {
        [$start, $end] = $span;
        // The first word that begins late enough: hostile texts hold thousands.
        $low = 0;
        $high = count($words);
        while ($low < $high) {
            $middle = ($low + $high) >> 1;
            if ($words[$middle][1] < $start - $before) {
                $low = $middle + 1;
            } else {
                $high = $middle;
            }
        }
        for ($i = $low; $i < count($words); $i++) {
            [$word, $from] = $words[$i];
            $to = $from + strlen($word);
            if ($to <= $start || ($from >= $end && $to <= $end + $after)) {
                return true;
            }
            if ($from > $end + $after) {
                return false;
            }
        }
        return false;
    }

    /**
     * What overlaps is one span, named after the longest of it; an identifier only where that is the whole.
     *
     * @param list<array{int, int, string, string, int}> $found
     * @return list<array{start: int, length: int, class: string, kind: string}>
     */
    private static function clusters(array $found): array
    {
        usort($found, static fn(array $a, array $b): int => $a[0] <=> $b[0] ?: $b[1] <=> $a[1] ?: $a[4] <=> $b[4]);
        $clusters = [];
        $last = null;
        foreach ($found as [$start, $end, $class, $kind]) {
            if ($last === null || $start >= $last['start'] + $last['length']) {
                if ($last !== null) {
                    $clusters[] = $last;
                }
                $last = ['start' => $start, 'length' => $end - $start, 'class' => $class, 'kind' => $kind, 'best' => $end - $start];
                continue;
            }
            if ($end - $start > $last['best']) {
                $last = ['class' => $class, 'kind' => '', 'best' => $end - $start] + $last;
            }
            if ($end > $last['start'] + $last['length']) {
                $last['length'] = $end - $last['start'];
                $last['kind'] = '';
            }
        }
        if ($last !== null) {
            $clusters[] = $last;
        }
        return array_map(static fn(array $c): array => ['start' => $c['start'], 'length' => $c['length'], 'class' => $c['class'], 'kind' => $c['kind']], $clusters);
    }
}
