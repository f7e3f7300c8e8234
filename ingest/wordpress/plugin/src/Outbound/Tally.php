<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

use Tourniquet\Record\Subjects;

/** Like calls within a minute of one process, summed; persons are united, never left out. */
final class Tally
{
    private const SECONDS = 60;
    private const MOST_KINDS = 100;
    /** From so many persons on a sum is told at once: they are kept in memory until then. */
    private const MOST_PERSONS = 500;
    private const QUERY = 'wordpress.outbound.query_token';
    /** Different queries of a sum are counted no further. */
    private const MOST_QUERIES = 1000;

    /** @var callable(array<string, mixed>, Subjects): void */
    private $tell;
    /** @var array<string, array{since: int, fields: array<string, mixed>, subjects: Subjects, calls: int, queries: array<string, true>}> */
    private array $sums = [];

    /** @param callable(array<string, mixed>, Subjects): void $tell gets the fields of each sum */
    public function __construct(callable $tell)
    {
        $this->tell = $tell;
    }

    /** @param array<string, mixed> $fields those of the first stand for all, but bytes and counts */
    public function add(string $kind, array $fields, Subjects $subjects): void
    {
        $sum = $this->sums[$kind] ?? null;
        if ($sum !== null && (time() - $sum['since'] >= self::SECONDS || $sum['subjects']->count() >= self::MOST_PERSONS)) {
            $this->close($kind);
            $sum = null;
        }
        if ($sum === null) {
            if (count($this->sums) >= self::MOST_KINDS) {
                $this->flush();
            }
            $this->sums[$kind] = ['since' => time(), 'fields' => $fields, 'subjects' => $subjects, 'calls' => 1, 'queries' => [(string) ($fields[self::QUERY] ?? '') => true]];
            return;
        }
        $this->sums[$kind]['calls']++;
        if (count($sum['queries']) < self::MOST_QUERIES) {
            $this->sums[$kind]['queries'][(string) ($fields[self::QUERY] ?? '')] = true;
        }
        $this->sums[$kind]['subjects']->merge($subjects);
        foreach (['http.request.body.bytes', 'http.response.body.bytes'] as $name) {
            $this->sums[$kind]['fields'][$name] = (int) ($sum['fields'][$name] ?? 0) + (int) ($fields[$name] ?? 0);
        }
    }

    public function flush(): void
    {
        foreach (array_keys($this->sums) as $kind) {
            $this->close((string) $kind);
        }
    }

    private function close(string $kind): void
    {
        ['fields' => $fields, 'subjects' => $subjects, 'calls' => $calls, 'queries' => $queries] = $this->sums[$kind];
        unset($this->sums[$kind]);
        $persons = $subjects->count();
        ($this->tell)([
            'wordpress.outbound.calls' => $calls > 1 ? $calls : null,
            'wordpress.outbound.queries' => count($queries) > 1 ? count($queries) : null,
            'wordpress.request.subjects' => $persons > 0 ? $persons : null,
            'wordpress.data.records' => $persons > 0 ? $persons : null,
        ] + $fields, $subjects);
    }
}
