<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** What shipping knows from one run to the next. Losing it costs nothing but patience. */
final class ShippingState
{
    private const FRESH = [
        'failures' => 0, 'next_try_ms' => 0, 'last_shipped_ms' => 0, 'error_code' => '', 'error' => '', 'enrol_again' => false,
        // Where the next block should begin.
        'epoch' => 0, 'seq' => 0,
        'checkpoint' => '', 'clock_skew_ms' => 0,
    ];
    private const FIRST_BACKOFF_MS = 2000;
    private const MOST_BACKOFF_MS = 15 * 60 * 1000;

    private string $path;
    /** @var array<string, mixed> */
    private array $values;

    public function __construct(string $directory)
    {
        $this->path = $directory . '/shipping.json';
        $saved = PrivateFile::json($this->path) ?? [];
        $this->values = self::FRESH;
        foreach (self::FRESH as $name => $default) {
            if (gettype($saved[$name] ?? null) === gettype($default)) {
                $this->values[$name] = $saved[$name];
            }
        }
    }

    /** @return mixed */
    public function get(string $name)
    {
        return $this->values[$name];
    }

    /** @param array<string, mixed> $changes */
    public function save(array $changes): void
    {
        $this->values = array_merge($this->values, $changes);
        PrivateFile::replace($this->path, json_encode($this->values, JSON_UNESCAPED_SLASHES) . "\n");
    }

    /** A clock that jumped back would wait for days: no wait is longer than the longest back-off. */
    public function mustWait(int $nowMs): bool
    {
        $left = $this->values['next_try_ms'] - $nowMs;
        return $left > 0 && $left <= self::MOST_BACKOFF_MS * 1.5;
    }

    /** @param array<string, mixed> $changes */
    public function succeeded(array $changes): void
    {
        $this->save($changes + ['failures' => 0, 'next_try_ms' => 0, 'error_code' => '', 'error' => '', 'enrol_again' => false]);
    }

    public function failed(Answer $answer, int $nowMs, bool $enrolAgain = false): void
    {
        $failures = min(30, $this->values['failures'] + 1);
        $backoff = min(self::MOST_BACKOFF_MS, $answer->retryAfter > 0 ? $answer->retryAfter * 1000 : self::FIRST_BACKOFF_MS * 2 ** ($failures - 1));
        $this->save([
            'failures' => $failures,
            'next_try_ms' => (int) ($nowMs + $backoff * (1 + random_int(0, 250) / 1000)),
            'error_code' => $answer->code() !== '' ? $answer->code() : ($answer->status === 0 ? 'unreachable' : 'http-' . $answer->status),
            'error' => $answer->status === 0 ? $answer->problem : $answer->reason(),
            'enrol_again' => $enrolAgain,
        ]);
    }
}
