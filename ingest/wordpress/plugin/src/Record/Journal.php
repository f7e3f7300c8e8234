<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/**
 * The acts of this request. They are written together after the response; urgent ones at once, before WordPress goes on.
 * Fields and categories: `docs/events.md`, `docs/rules.md`.
 */
final class Journal
{
    /** Persons in one line; more go on in numbered lines of one `event.id`. A line has room for 1,000 JSON keys. */
    private const PERSONS = 250;
    private const MOST_BYTES = 48 * 1024;
    /** Of a line that would be longer. Even as escapes, so many are not. */
    private const MOST_KEPT = 48;
    private const MOST_KEPT_BYTES = 128;
    /** Lines kept in memory until they are written in between. */
    private const MOST_WAITING = 200;

    /** For acts that only happen to be done in somebody's request: what a signed command or a time limit does. */
    public const OF_NOBODY = [
        'user.name' => null,
        'user.id' => null,
        'user.roles' => null,
        'wordpress.session.hash' => null,
        'wordpress.key.id' => null,
        'source.ip' => null,
        'source.geo.country_iso_code' => null,
        'user_agent.original' => null,
        'http.request.method' => null,
        'url.path' => null,
    ];

    private Context $context;
    private Spooling $spool;
    /** @var list<string> */
    private array $waiting = [];

    public function __construct(Context $context, Spooling $spool)
    {
        $this->context = $context;
        $this->spool = $spool;
    }

    public function context(): Context
    {
        return $this->context;
    }

    /**
     * @param array<string, mixed> $fields by dotted names; `event.outcome` is `success` when it is not among them. Null and
     *        empty values are left out. No value may hold personal data: persons go into `$subjects`.
     */
    public function record(string $category, string $action, array $fields = [], ?Subjects $subjects = null): void
    {
        foreach ($this->lines($category, $action, $fields, $subjects) as $line) {
            $this->waiting[] = $line;
        }
        if (count($this->waiting) >= self::MOST_WAITING) {
            $this->flush();
        }
    }

    /**
     * Identity, roles, exports, keys, plugins: durable before WordPress goes on, and shipped after the response.
     *
     * @param array<string, mixed> $fields
     */
    public function urgent(string $category, string $action, array $fields = [], ?Subjects $subjects = null): void
    {
        $this->write($this->lines($category, $action, $fields, $subjects), true);
        $this->spool->hurry();
    }

    /** Writes what waits. */
    public function flush(): void
    {
        $this->write([], false);
    }

    /** @param list<string> $more */
    private function write(array $more, bool $lasting): void
    {
        $lines = array_merge($this->waiting, $more);
        $this->waiting = [];
        if ($lines !== []) {
            $this->spool->append($lines, $lasting);
        }
    }

    /**
     * @param array<string, mixed> $fields
     * @return list<string>
     */
    private function lines(string $category, string $action, array $fields, ?Subjects $subjects): array
    {
        $slug = $fields['wordpress.plugin.slug'] ?? ActingPlugin::slug();
        $event = [
            '@timestamp' => self::now(),
            'event.kind' => 'event',
            'event.category' => $category,
            'event.action' => $action,
            'event.outcome' => $fields['event.outcome'] ?? 'success',
            'event.dataset' => 'wordpress.audit',
        ] + $fields + $this->context->fields() + ['wordpress.plugin.slug' => $slug];
        $tokens = $subjects === null ? null : $this->context->tokens();
        $persons = $subjects === null || $tokens === null ? [] : $subjects->tokens($tokens);
        if (count($persons) <= self::PERSONS) {
            return [self::encode($event + ['subjects' => $persons])];
        }
        return $this->numbered($event, array_chunk($persons, self::PERSONS));
    }

    /**
     * @param array<string, mixed> $event
     * @param list<list<array<string, string>>> $parts
     * @return list<string>
     */
    private function numbered(array $event, array $parts): array
    {
        $lines = [];
        $records = $event['wordpress.data.records'] ?? null;
        $id = $this->context->requestId() . '-' . bin2hex(random_bytes(4));
        foreach ($parts as $i => $persons) {
            $part = ['event.id' => $id, 'event.sequence' => $i + 1, 'subjects' => $persons, 'wordpress.data.records' => count($persons)] + $event;
            if ($i > 0) {
                // Rows of the whole count once, or a rule about bulk exports would find each part.
                $part = array_filter($part, static fn(string $name): bool => strpos($name, 'woocommerce.export.') !== 0 && strpos($name, 'wordpress.response.') !== 0 && strpos($name, 'wordpress.query.') !== 0, ARRAY_FILTER_USE_KEY);
            } elseif (is_int($records)) {
                // Records beyond the persons named stay counted, with the first part.
                $part['wordpress.data.records'] = count($persons) + max(0, $records - array_sum(array_map('count', $parts)));
            }
            $lines[] = self::encode($part);
        }
        return $lines;
    }

    /** @param array<string, mixed> $fields by dotted names */
    private static function encode(array $fields): string
    {
        $event = [];
        foreach ($fields as $name => $value) {
            if ($value === null || $value === '' || $value === []) {
                continue;
            }
            $place = &$event;
            foreach (explode('.', $name) as $part) {
                if ($place !== null && !is_array($place)) {
                    throw new \LogicException('a field stands both for a value and for others');
                }
                $place = &$place[$part];
            }
            $place = $value;
            unset($place);
        }
        $line = (string) json_encode($event, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION | JSON_PARTIAL_OUTPUT_ON_ERROR);
        if (strlen($line) <= self::MOST_BYTES) {
            return $line;
        }
        // Who did it from where stays, whatever they gave a long name.
        $short = array_filter($fields, static fn($value): bool => is_scalar($value) && strlen((string) $value) <= self::MOST_KEPT_BYTES);
        return self::encode(['event.reason' => 'line-too-long'] + array_slice($short, 0, self::MOST_KEPT, true));
    }

    private static function now(): string
    {
        $now = microtime(true);
        return gmdate('Y-m-d\TH:i:s', (int) $now) . sprintf('.%03dZ', (int) (fmod($now, 1) * 1000));
    }
}
