<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Classify\Content;

/**
 * What stands in for personal data and secrets in one call: `[EMAIL_KXQZ_1]`. Equal values of a call have equal ones. They
 * live in memory, until the answer is there.
 */
final class Pseudonyms
{
    private const WORDS = ['pii' => 'PERSON', 'pii.email' => 'EMAIL', 'pii.phone' => 'PHONE', 'pii.name' => 'NAME', 'pii.address' => 'ADDRESS', 'pii.birth_date' => 'DATE', 'pci' => 'CARD', 'fin' => 'ACCOUNT', 'phi' => 'HEALTH', 'secret' => 'SECRET'];
    private const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
    /** A stand-in at the end of a piece of a streamed answer that goes on in the next. */
    private const BEGUN = '/\[[A-Z]{0,12}(?:_[A-Z]{0,6}(?:_\d{0,6})?)?$/';
    private const LEAST_BYTES = 3;
    private const LEAST_BYTES_ANYWHERE = 6;
    private const MOST_ROUNDS = 4;

    private string $nonce;
    /** @var array<string, string> stand-in to value */
    private array $values = [];
    /** @var array<string, string> value to stand-in */
    private array $standIns = [];
    /** @var array<string, string> classes found */
    private array $classes = [];

    /** `$nowhere`: a text in which the stand-ins' own letters must not stand. */
    public function __construct(string $nowhere)
    {
        do {
            $nonce = '';
            for ($i = 0; $i < 5; $i++) {
                $nonce .= self::LETTERS[random_int(0, strlen(self::LETTERS) - 1)];
            }
        } while (stripos($nowhere, $nonce) !== false);
        $this->nonce = $nonce;
    }

    /** Learns what is to be hidden in a text; `$name` is that of its field, and tells what a bare value is. */
    public function learn(string $text, string $name = ''): void
    {
        $lead = $name === '' ? '' : preg_replace('/[^A-Za-z0-9]+/', '_', $name) . ': ';
        foreach (Content::spans($lead . $text, true) as ['start' => $start, 'length' => $length, 'class' => $class]) {
            if ($class === Content::UNKNOWN) {
                throw new Unreadable('unreadable-text');
            }
            $value = substr($lead . $text, max($start, strlen($lead)), $start + $length - max($start, strlen($lead)));
            if (trim($value) === '' || strpos($value, '_' . $this->nonce . '_') !== false) {
                continue;
            }
            $this->classes[$class] = $class;
            $this->standInOf($value, $class);
            foreach ($class === 'pii.name' ? preg_split('/[^A-Za-z\x80-\xff\']+/', $value) ?: [] : [] as $part) {
                if (strlen($part) > self::LEAST_BYTES && $part !== $value) {
                    $this->standInOf($part, $class);
                }
            }
        }
    }

    /** The text with all that was learnt replaced, also where nothing beside a value tells what it is. */
    public function hide(string $text, string $name = ''): string
    {
        for ($round = 0; $round < self::MOST_ROUNDS; $round++) {
            $text = $this->replaced($text);
            $known = count($this->values);
            // What was not seen before its neighbour was replaced.
            $this->learn($text, $name);
            if (count($this->values) === $known) {
                return $text;
            }
        }
        throw new Unreadable('unreadable-text');
    }

    public function restore(string $text): string
    {
        return $this->restored($text, static fn(string $value): string => $value);
    }

    /** The values in an answer that is JSON; what is no JSON string escape it, too. */
    public function restoreJson(string $json): string
    {
        return $this->restored($json, static fn(string $value): string => substr((string) json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), 1, -1));
    }

    /** An answer as JSON, as a stream of JSON lines or server-sent events, or as text. */
    public function restoreAnswer(string $body): string
    {
        if ($this->values === [] || strpos($body, '[') === false) {
            return $body;
        }
        $start = ltrim(substr($body, 0, 64));
        $isJson = $start !== '' && ($start[0] === '{' || $start[0] === '[');
        if ($isJson && json_decode($body) !== null) {
            return $this->restoreJson($body);
        }
        if ($isJson || preg_match('/^(?:data|event|id|:)/m', $start) === 1) {
            return (new AnswerStream($this, self::BEGUN))->restored($body);
        }
        return $this->restore($body);
    }

    public function count(): int
    {
        return count($this->values);
    }

    /** @return list<string> */
    public function classes(): array
    {
        sort($this->classes);
        return array_values($this->classes);
    }

    private function standInOf(string $value, string $class): string
    {
        if (isset($this->standIns[$value])) {
            return $this->standIns[$value];
        }
        $word = self::WORDS[$class] ?? self::WORDS[(string) strtok($class, '.')] ?? 'DATA';
        $standIn = '[' . $word . '_' . $this->nonce . '_' . (count($this->values) + 1) . ']';
        $this->values[$standIn] = $value;
        return $this->standIns[$value] = $standIn;
    }

    private function replaced(string $text): string
    {
        $values = array_keys($this->standIns);
        usort($values, static fn($a, $b): int => strlen((string) $b) <=> strlen((string) $a));
        $own = '\[[A-Z]+_' . $this->nonce . '_\d+\]';
        foreach (array_chunk($values, 200) as $chunk) {
            $forms = implode('|', array_map(static function ($value): string {
                $form = preg_quote((string) $value, '/');
                // A short value may be the beginning of another word.
                return strlen((string) $value) < self::LEAST_BYTES_ANYWHERE ? '(?<![A-Za-z0-9])' . $form . '(?![A-Za-z0-9])' : $form;
            }, $chunk));
            $text = preg_replace_callback('/' . $own . '|' . $forms . '/i', function (array $found) use ($own): string {
                return preg_match('/^' . $own . '$/', $found[0]) === 1 ? $found[0] : $this->standInOf($found[0], 'pii');
            }, $text);
            if ($text === null) {
                throw new Unreadable('unreadable-text');
            }
        }
        return $text;
    }

    /** @param callable(string): string $written */
    private function restored(string $text, callable $written): string
    {
        $found = preg_replace_callback('/\[?[A-Z]+_' . $this->nonce . '_\d+(?!\d)\]?/', function (array $found) use ($written): string {
            $standIn = '[' . trim($found[0], '[]') . ']';
            return isset($this->values[$standIn]) ? $written($this->values[$standIn]) : $found[0];
        }, $text);
        return $found ?? $text;
    }
}
