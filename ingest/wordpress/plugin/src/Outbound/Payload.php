<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

/** What is sent: its size, and its texts with the names of their fields. */
final class Payload
{
    private const MOST_BYTES = 262144;
    private const MOST_TEXTS = 5000;
    private const MOST_DEPTH = 24;

    public int $bytes = 0;
    /** Whether a part of it is no text, or was too much to look at. */
    public bool $isUnread = false;
    /** @var list<string> lines of `name: value` */
    private array $lines = [];
    private int $left = self::MOST_BYTES;

    /** @param mixed $body as WordPress' HTTP API takes it */
    public static function of($body): self
    {
        $payload = new self();
        if (is_array($body) || is_object($body)) {
            $payload->bytes = strlen(http_build_query((array) $body));
            $payload->walk('', $body, 0);
        } elseif (is_scalar($body)) {
            $payload->bytes = strlen((string) $body);
            $payload->read((string) $body);
        }
        return $payload;
    }

    public static function ofQuery(string $query): self
    {
        $payload = new self();
        $payload->pairs($query);
        return $payload;
    }

    /** All of it, a line for each field. */
    public function text(): string
    {
        return implode("\n", $this->lines);
    }

    private function read(string $body): void
    {
        $start = ltrim(substr($body, 0, 64));
        if ($start === '') {
            return;
        }
        if ($start[0] === '{' || $start[0] === '[') {
            $json = strlen($body) <= 4 * self::MOST_BYTES ? json_decode($body, true, 2 * self::MOST_DEPTH) : null;
            if (is_array($json)) {
                $this->walk('', $json, 0);
                return;
            }
        }
        if (preg_match('/^[A-Za-z0-9_.%\[\]-]{1,200}=/', $start) === 1 && strpos($start, "\n") === false) {
            $this->pairs($body);
            return;
        }
        if (strpos(substr($body, 0, 4096), "\0") !== false) {
            $this->isUnread = true;
            return;
        }
        $this->add('', $body);
    }

    /** @param mixed $value */
    private function walk(string $name, $value, int $depth): void
    {
        if (is_scalar($value)) {
            $this->add($name, is_bool($value) ? '' : (string) $value);
            return;
        }
        if ($depth > self::MOST_DEPTH) {
            $this->isUnread = true;
            return;
        }
        foreach (is_array($value) || is_object($value) ? (array) $value : [] as $key => $part) {
            $this->walk(is_int($key) ? $name : (string) $key, $part, $depth + 1);
        }
    }

    private function pairs(string $query): void
    {
        // Not parse_str: it stops at a number of variables, with a warning.
        foreach ($query === '' ? [] : explode('&', substr($query, 0, self::MOST_BYTES)) as $pair) {
            [$name, $value] = explode('=', $pair, 2) + [1 => ''];
            $this->add(urldecode($name), urldecode($value));
        }
        $this->isUnread = $this->isUnread || strlen($query) > self::MOST_BYTES;
    }

    private function add(string $name, string $value): void
    {
        if ($value === '') {
            return;
        }
        $line = $name === '' ? $value : substr((string) preg_replace('/[^A-Za-z0-9]+/', '_', $name), -64) . ': ' . $value;
        if ($this->left <= 0 || count($this->lines) >= self::MOST_TEXTS) {
            $this->isUnread = true;
            return;
        }
        $this->isUnread = $this->isUnread || strlen($line) > $this->left;
        $this->lines[] = substr($line, 0, $this->left);
        $this->left -= strlen($line);
    }
}
