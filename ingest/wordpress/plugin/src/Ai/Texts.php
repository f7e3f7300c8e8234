<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

/** The texts of a question to a model or of its answer, whatever service it is; streamed answers included. */
final class Texts
{
    /** Names whose values say how, not what. */
    private const STRUCTURE = ['model', 'role', 'type', 'id', 'object', 'created', 'created_at', 'system_fingerprint', 'finish_reason', 'stop_reason', 'done_reason', 'service_tier', 'encoding_format', 'response_format', 'tool_call_id', 'status', 'signature'];
    private const MOST_BYTES = 1048576;
    private const MOST_DEPTH = 48;

    /** @var list<string> lines of `name: text` */
    private array $lines = [];
    public int $bytes = 0;
    public string $model = '';

    /** @param mixed $body of a call or an answer */
    public static function of($body): self
    {
        $texts = new self();
        if (is_array($body)) {
            $texts->walk('', $body, 0);
            return $texts;
        }
        $body = is_string($body) ? substr($body, 0, self::MOST_BYTES) : '';
        $json = json_decode($body, true, self::MOST_DEPTH);
        if (is_array($json)) {
            $texts->walk('', $json, 0);
            return $texts;
        }
        $isStream = false;
        $stream = [];
        foreach (explode("\n", $body) as $line) {
            $event = json_decode((string) preg_replace('/^data:\s*/', '', trim($line)), true, self::MOST_DEPTH);
            if (is_array($event)) {
                $isStream = true;
                $part = new self();
                $part->walk('', $event, 0);
                $texts->model = $texts->model !== '' ? $texts->model : $part->model;
                // Pieces of one text follow each other without anything between them.
                $stream[] = implode('', array_map(static fn(string $text): string => (string) preg_replace('/^\w{0,64}: /', '', $text), $part->lines));
            }
        }
        $text = $isStream ? implode('', $stream) : $body;
        $texts->bytes = strlen($text);
        $texts->lines = $text === '' ? [] : [$text];
        return $texts;
    }

    public function text(): string
    {
        return implode("\n", $this->lines);
    }

    /** @param array<array-key, mixed> $value */
    private function walk(string $name, array $value, int $depth): void
    {
        foreach ($value as $key => $part) {
            $key = is_int($key) ? $name : (string) $key;
            if ($key === 'model' && is_string($part)) {
                $this->model = $this->model !== '' ? $this->model : substr((string) preg_replace('/[^A-Za-z0-9.:_\/@-]/', '-', $part), 0, 64);
            } elseif (is_array($part) && $depth < self::MOST_DEPTH) {
                $this->walk($key, $part, $depth + 1);
            } elseif (is_string($part) && $part !== '' && !in_array($key, self::STRUCTURE, true)) {
                $this->bytes += strlen($part);
                $this->lines[] = $key . ': ' . $part;
            }
        }
    }
}
