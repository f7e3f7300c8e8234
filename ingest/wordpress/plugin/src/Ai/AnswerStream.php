<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

/** Puts values back into a buffered stream, where a stand-in may be spread over several pieces of one text. */
final class AnswerStream
{
    private Pseudonyms $pseudonyms;
    private string $begun;
    /** @var array<string, array{rest: string, at: mixed}> by the place of a text in its line */
    private array $held = [];

    /** `$begun`: finds the beginning of a stand-in at the end of a piece. */
    public function __construct(Pseudonyms $pseudonyms, string $begun)
    {
        $this->pseudonyms = $pseudonyms;
        $this->begun = $begun;
    }

    public function restored(string $body): string
    {
        $lines = explode("\n", $body);
        $leads = [];
        $events = [];
        foreach ($lines as $i => $line) {
            if (preg_match('/^(\s*(?:data:)?\s*)([\[{].*[\]}])(\s*)$/s', $line, $parts) !== 1) {
                continue;
            }
            $event = json_decode($parts[2]);
            if (is_object($event) || is_array($event)) {
                $events[$i] = $event;
                $leads[$i] = [$parts[1], $parts[3]];
                $this->walk($events[$i], '');
            }
        }
        foreach ($this->held as ['rest' => $rest, 'at' => &$at]) {
            $at .= $rest;
        }
        foreach ($events as $i => $event) {
            $lines[$i] = $leads[$i][0] . json_encode($event, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION | JSON_INVALID_UTF8_SUBSTITUTE) . $leads[$i][1];
        }
        return implode("\n", $lines);
    }

    /** @param mixed $value */
    private function walk(&$value, string $path): void
    {
        if (is_string($value)) {
            $text = $this->pseudonyms->restore(($this->held[$path]['rest'] ?? '') . $value);
            unset($this->held[$path]);
            if (preg_match($this->begun, $text, $begun) === 1) {
                $text = substr($text, 0, -strlen($begun[0]));
                $this->held[$path] = ['rest' => $begun[0], 'at' => &$value];
            }
            $value = $text;
        } elseif (is_array($value) || is_object($value)) {
            foreach ($value as $key => &$part) {
                $this->walk($part, $path . '/' . $key);
            }
        }
    }
}
