<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Lines that the spool writes of itself, also where WordPress is not loaded. */
final class OwnLine
{
    /** @param array<string, mixed> $fields by dotted names; empty values are left out */
    public static function of(string $category, string $action, array $fields = []): string
    {
        $now = microtime(true);
        $event = [];
        $fields = [
            '@timestamp' => gmdate('Y-m-d\TH:i:s', (int) $now) . sprintf('.%03dZ', (int) (fmod($now, 1) * 1000)),
            'event.kind' => 'event', 'event.category' => $category, 'event.action' => $action, 'event.outcome' => $fields['event.outcome'] ?? 'success',
            'event.dataset' => 'wordpress.audit',
        ] + $fields;
        foreach ($fields as $name => $value) {
            if ($value === null || $value === '') {
                continue;
            }
            $place = &$event;
            foreach ($name === '@timestamp' ? [$name] : explode('.', $name) as $part) {
                $place = &$place[$part];
            }
            $place = $value;
            unset($place);
        }
        return (string) json_encode($event, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /**
     * Of counts that the tally kept.
     *
     * @param array<string, int> $counts `lines`, `total`; `from` and `to` in Unix ms
     */
    public static function ofCounts(string $action, array $counts): string
    {
        return self::of('configuration', $action, [
            'wordpress.spool.lines' => $counts['lines'],
            'wordpress.spool.total' => $counts['total'],
            'wordpress.spool.from' => self::time($counts['from'] ?? 0),
            'wordpress.spool.to' => self::time($counts['to'] ?? 0),
        ]);
    }

    private static function time(int $ms): ?string
    {
        return $ms === 0 ? null : gmdate('Y-m-d\TH:i:s', intdiv($ms, 1000)) . sprintf('.%03dZ', $ms % 1000);
    }
}
