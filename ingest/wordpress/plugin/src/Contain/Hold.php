<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Record\Journal;

/** A measure in force, as its hooks see it. What it denies is told on the log once a minute, as floods are denied, too. */
final class Hold
{
    private const EACH_SECONDS = 60;

    private Journal $journal;
    private string $directory;
    private int $counter;
    private string $action;
    /** @var callable(string): void */
    private $giveUp;

    /** @param callable(string): void $giveUp takes the measure back, for a reason in one word */
    public function __construct(Journal $journal, string $directory, int $counter, string $action, callable $giveUp)
    {
        $this->giveUp = $giveUp;
        $this->journal = $journal;
        $this->directory = $directory;
        $this->counter = $counter;
        $this->action = $action;
    }

    /** @param array<string, mixed> $fields */
    public function tell(array $fields = []): void
    {
        $mark = $this->directory . '/denied-' . $this->counter;
        $told = is_file($mark) ? (int) @filemtime($mark) : 0;
        if (abs(time() - $told) < self::EACH_SECONDS || !is_dir($this->directory) || !@touch($mark)) {
            return;
        }
        $this->journal->record('configuration', 'containment-denied', [
            'event.outcome' => 'denied',
            'wordpress.containment.counter' => $this->counter,
            'wordpress.containment.action' => $this->action,
        ] + $fields);
    }

    /**
     * Ends the request.
     *
     * @return never
     */
    public function answer(): void
    {
        $this->tell();
        status_header(403);
        nocache_headers();
        if (!headers_sent()) {
            header('Content-Type: text/plain; charset=utf-8');
        }
        echo "Forbidden\n";
        exit;
    }

    public function error(): \WP_Error
    {
        $this->tell();
        return new \WP_Error('tourniquet_contained', __('This is switched off for now, for security reasons.', 'tourniquet'), ['status' => 403]);
    }

    /** The measure does more harm than good. */
    public function giveUp(string $reason): void
    {
        ($this->giveUp)($reason);
    }

    /** Of a measure that is no longer in force. */
    public static function forget(string $directory, int $counter): void
    {
        $mark = $directory . '/denied-' . $counter;
        if (is_file($mark)) {
            @unlink($mark);
        }
    }
}
