<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Outbound\Destination;
use Tourniquet\Settings;

/** Calls meant for a cloud, sent to the model of the house instead: an OpenAI-compatible address. */
final class LocalEndpoint
{
    /** What both sides understand; other paths are refused. */
    private const PATHS = '/\/(chat\/completions|completions|embeddings|models)$/';
    /** What goes along; a cloud's key does not. */
    private const HEADERS = ['content-type', 'accept', 'user-agent'];

    private Settings $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /**
     * @param array<string, mixed> $args
     * @return array{string, array<string, mixed>}|null address and arguments; null where nothing sensible is known
     */
    public function rewrite(Destination $destination, array $args): ?array
    {
        $base = rtrim((string) $this->settings->get('ai_local_endpoint'), '/');
        $own = Destination::of($base);
        $body = $args['body'] ?? '';
        if ($own === null || (new Services($this->settings))->isCloudHost($own) || preg_match(self::PATHS, rtrim($destination->path, '/'), $path) !== 1 || !is_string($body)) {
            return null;
        }
        $json = $body === '' ? null : json_decode($body);
        if ($path[1] !== 'models' && !is_object($json)) {
            return null;
        }
        $model = (string) $this->settings->get('ai_local_model');
        if ($model !== '' && is_object($json)) {
            $json->model = $model;
            $body = (string) json_encode($json, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION);
        }
        $headers = array_filter(is_array($args['headers'] ?? null) ? $args['headers'] : [], static fn($name): bool => in_array(strtolower((string) $name), self::HEADERS, true), ARRAY_FILTER_USE_KEY);
        // The answer goes nowhere else: an endpoint that forwards is not followed.
        return [$base . '/' . $path[1], ['body' => $body, 'headers' => $headers, 'redirection' => 0, 'cookies' => [], 'reject_unsafe_urls' => false] + $args];
    }
}
