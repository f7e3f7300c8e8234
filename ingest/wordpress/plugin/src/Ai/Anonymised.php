<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Classify\Content;

/** A call to a model without the personal data in it. */
final class Anonymised
{
    private const MOST_BYTES = 1048576;
    private const MOST_DEPTH = 64;
    /** Numbers from so many digits on may be somebody's. */
    private const LEAST_DIGITS = 7;
    /** Names whose texts a service needs as they are. */
    private const STRUCTURE = ['model', 'role', 'type'];
    private const MOST_STRUCTURE_BYTES = 200;

    /** @var array<string, mixed> */
    public array $args;
    public Pseudonyms $pseudonyms;

    /**
     * Throws `Unreadable` where anything cannot be looked at: pictures, sound, files, forms of other kinds.
     *
     * @param array<string, mixed> $args of WordPress' HTTP API
     */
    public function __construct(array $args, string $path, string $query)
    {
        $body = $args['body'] ?? '';
        $this->pseudonyms = new Pseudonyms(is_string($body) ? $body : (string) json_encode($body));
        $this->checkPlace($path, $query, is_array($args['headers'] ?? null) ? $args['headers'] : []);
        $this->args = ['body' => $this->body($body)] + $args;
        unset($this->args['headers']['Content-Length'], $this->args['headers']['content-length']);
    }

    /**
     * Others keep paths, queries and headers in their logs: a key may stand there, a person not.
     *
     * @param array<string, mixed> $headers
     */
    private function checkPlace(string $path, string $query, array $headers): void
    {
        $texts = [rawurldecode($path)];
        foreach (explode('&', $query) as $parameter) {
            $texts[] = urldecode(explode('=', $parameter, 2)[1] ?? '');
        }
        foreach ($headers as $name => $value) {
            // WordPress names the site in its user agent.
            $texts[] = strtolower((string) $name) !== 'user-agent' && is_scalar($value) ? (string) $value : '';
        }
        $place = new Pseudonyms('');
        foreach ($texts as $text) {
            $place->learn($text);
        }
        if (array_filter($place->classes(), static fn(string $class): bool => strncmp($class, 'secret.', 7) !== 0) !== []) {
            throw new Unreadable('personal-data-in-address');
        }
    }

    /**
     * @param mixed $body
     * @return mixed
     */
    private function body($body)
    {
        if ($body === null || $body === '' || $body === []) {
            return $body;
        }
        if (is_array($body)) {
            $this->learn('', $body, 0);
            return $this->hidden('', $body, 0);
        }
        if (!is_string($body) || strlen($body) > self::MOST_BYTES) {
            throw new Unreadable('too-long');
        }
        $json = json_decode($body, false, self::MOST_DEPTH);
        if (!is_array($json) && !is_object($json)) {
            throw new Unreadable('no-json');
        }
        $this->learn('', $json, 0);
        $hidden = json_encode($this->hidden('', $json, 0), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION, self::MOST_DEPTH + 1);
        if ($hidden === false) {
            throw new Unreadable('no-json');
        }
        return $hidden;
    }

    /** @param mixed $value all texts are learnt before the first is replaced: a name tells itself only once */
    private function learn(string $name, $value, int $depth): void
    {
        if ($depth > self::MOST_DEPTH) {
            throw new Unreadable('too-deep');
        }
        if (is_string($value) && in_array($name, self::STRUCTURE, true)) {
            if (strlen($value) > self::MOST_STRUCTURE_BYTES || Content::spans($value, true) !== []) {
                throw new Unreadable('personal-data-in-name');
            }
        } elseif (is_string($value)) {
            $this->checkText($value);
            $this->pseudonyms->learn($value, $name);
        } elseif ((is_int($value) || is_float($value)) && strlen((string) $value) >= self::LEAST_DIGITS) {
            $number = new Pseudonyms('');
            $number->learn((string) $value, $name);
            if ($number->count() > 0) {
                throw new Unreadable('personal-data-in-number');
            }
        } elseif (is_array($value) || is_object($value)) {
            foreach ($value as $key => $part) {
                $this->checkName((string) $key);
                $this->learn(is_int($key) ? $name : (string) $key, $part, $depth + 1);
            }
        }
    }

    /**
     * @param mixed $value
     * @return mixed
     */
    private function hidden(string $name, $value, int $depth)
    {
        if (is_string($value)) {
            return in_array($name, self::STRUCTURE, true) ? $value : $this->pseudonyms->hide($value, $name);
        }
        if (is_array($value)) {
            foreach ($value as $key => $part) {
                $value[$key] = $this->hidden(is_int($key) ? $name : (string) $key, $part, $depth + 1);
            }
        } elseif (is_object($value)) {
            $value = clone $value;
            foreach (get_object_vars($value) as $key => $part) {
                $value->{$key} = $this->hidden((string) $key, $part, $depth + 1);
            }
        }
        return $value;
    }

    private function checkText(string $text): void
    {
        if (preg_match('/^data:[a-z0-9.+\/-]{1,100}(?:;[a-z0-9=-]{1,40}){0,3};base64,/i', $text) === 1 || preg_match('/^[A-Za-z0-9+\/_-]{400,}={0,2}$/', $text) === 1 || preg_match('/[\x00-\x08\x0e-\x1f]/', $text) === 1) {
            throw new Unreadable('binary-content');
        }
    }

    private function checkName(string $name): void
    {
        if (strlen($name) > 200 || strpos($name, '@') !== false || preg_match('/\d{6}/', $name) === 1) {
            throw new Unreadable('personal-data-in-name');
        }
    }
}
