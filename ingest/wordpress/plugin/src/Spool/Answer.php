<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** What came back for a request of our own. */
final class Answer
{
    private const MOST_REASON = 200;
    private const MOST_BRACKETS = 50000;

    /** HTTP status; 0 when there was no answer. */
    public int $status;
    public string $body;
    /** Seconds as Retry-After says; 0 when it says nothing. */
    public int $retryAfter;
    /** Why there was no answer, without addresses or secrets. */
    public string $problem;

    public function __construct(int $status, string $body, int $retryAfter = 0, string $problem = '')
    {
        $this->status = $status;
        $this->body = $body;
        $this->retryAfter = max(0, $retryAfter);
        $this->problem = $problem;
    }

    /** @return array<string, mixed> empty for what is none of the gateway's */
    public function json(): array
    {
        // Brackets alone would take a hundred times their size in memory.
        $isSane = substr_count($this->body, '[') + substr_count($this->body, '{') <= self::MOST_BRACKETS;
        $value = $isSane ? json_decode($this->body, true) : null;
        return is_array($value) ? $value : [];
    }

    /** Code of the gateway's catalogue; empty when something else answered. */
    public function code(): string
    {
        $code = $this->json()['code'] ?? '';
        return is_string($code) && preg_match('/^TQ-[A-Z]+-[0-9]+$/D', $code) === 1 ? $code : '';
    }

    /** For people, in ASCII: whatever answers may be hostile. */
    public function reason(): string
    {
        $message = $this->json()['message'] ?? '';
        $text = trim($this->status . ' ' . $this->code() . ' ' . (is_string($message) ? $message : ''));
        return substr((string) preg_replace('/[^\x20-\x7e]/', '?', $text), 0, self::MOST_REASON);
    }
}
