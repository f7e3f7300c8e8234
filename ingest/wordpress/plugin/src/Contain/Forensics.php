<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Record\Journal;

/**
 * What helps to understand what happened, as numbered events of one id. A line of them is text for people; persons are in it
 * only by what the log calls them.
 */
final class Forensics
{
    public const PARTS = ['plugins', 'sessions', 'changes', 'cron', 'administrators', 'debug-log'];
    private const LINES_EACH = 100;
    private const BYTES_EACH = 24 * 1024;

    private Journal $journal;

    public function __construct(Journal $journal)
    {
        $this->journal = $journal;
    }

    /** @param list<string> $parts */
    public function capture(array $parts): void
    {
        $id = 'forensics-' . bin2hex(random_bytes(8));
        $sequence = 0;
        $evidence = new Evidence($this->journal->context());
        foreach ($parts as $part) {
            foreach (self::chunks($evidence->of($part)) as $lines) {
                $this->journal->urgent('process', 'forensic-capture', [
                    'event.id' => $id,
                    'event.sequence' => ++$sequence,
                    'wordpress.forensics.part' => $part,
                    'wordpress.forensics.lines' => $lines,
                    'wordpress.plugin.slug' => '',
                ] + Journal::OF_NOBODY);
            }
        }
    }

    /**
     * @param iterable<string> $lines
     * @return \Generator<list<string>> at least one, so that an empty part shows as looked at
     */
    public static function chunks(iterable $lines): \Generator
    {
        $chunk = [];
        $bytes = 0;
        foreach ($lines as $line) {
            $size = strlen((string) json_encode($line, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE)) + 1;
            if ($chunk !== [] && (count($chunk) >= self::LINES_EACH || $bytes + $size > self::BYTES_EACH)) {
                yield $chunk;
                $chunk = [];
                $bytes = 0;
            }
            $chunk[] = $line;
            $bytes += $size;
        }
        yield $chunk === [] ? ['-'] : $chunk;
    }
}
