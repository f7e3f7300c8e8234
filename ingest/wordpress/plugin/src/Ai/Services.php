<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Outbound\Destination;
use Tourniquet\Settings;

/** Which calls go to a model, and where that is. */
final class Services
{
    public const CLOUD = 'cloud';
    public const LOCAL = 'local';

    /** Model endpoints of the regions of a large cloud. */
    private const REGIONAL = '/^(?:bedrock[a-z-]*\.[a-z0-9-]+\.amazonaws\.com|bedrock[a-z-]*\.[a-z0-9-]+\.api\.aws|[a-z0-9-]+-aiplatform\.googleapis\.com|runtime\.sagemaker\.[a-z0-9-]+\.amazonaws\.com)$/';
    /** Ends of paths that only models have, and those that need a model's name in the body as well. */
    private const PATHS = '/\/chat\/completions$|\/jetpack-ai(?:[\/-]|$)|:(?:stream)?generatecontent$|:(?:batch)?embedcontents?$/i';
    private const PATHS_WITH_MODEL = '/\/(?:completions|responses|embeddings|messages|api\/generate|api\/chat|api\/embed|images\/generations|audio\/(?:speech|transcriptions)|rerank)$/i';

    private Settings $settings;
    /** @var list<string>|null */
    private static ?array $hosts = null;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** @param array<string, mixed> $args of WordPress' HTTP API */
    public function isAi(Destination $destination, array $args): bool
    {
        return $this->location($destination, $args) !== '';
    }

    /**
     * `cloud`, `local`, or empty for what is no model. A name is local by what it says; what it resolves to is not looked up.
     *
     * @param array<string, mixed> $args of WordPress' HTTP API
     */
    public function location(Destination $destination, array $args): string
    {
        if ($this->isCloudHost($destination)) {
            return self::CLOUD;
        }
        if ($this->isLocalHost($destination)) {
            return self::LOCAL;
        }
        if (!$this->hasShape($destination, $args)) {
            return '';
        }
        return $destination->isLocal() ? self::LOCAL : self::CLOUD;
    }

    /**
     * The same of an address; empty, too, for the site itself.
     *
     * @param array<string, mixed> $args
     */
    public function locationOf(string $url, array $args): string
    {
        $destination = Destination::of($url);
        return $destination === null || ($destination->isOwn() && !$this->isLocalHost($destination)) ? '' : $this->location($destination, $args);
    }

    public function isCloudHost(Destination $destination): bool
    {
        self::$hosts ??= require __DIR__ . '/hosts.php';
        return preg_match(self::REGIONAL, $destination->host) === 1 || $destination->isAmong(self::$hosts) || $destination->isAmong($this->settings->get('ai_hosts'));
    }

    /** Whether the owner declared it as local: by name, or as the endpoint. */
    public function isLocalHost(Destination $destination): bool
    {
        $endpoint = Destination::of((string) $this->settings->get('ai_local_endpoint'));
        if ($endpoint !== null && $endpoint->host === $destination->host && $endpoint->port === $destination->port) {
            return true;
        }
        return $destination->isAmong($this->settings->get('ai_local_hosts'));
    }

    /** @param array<string, mixed> $args */
    private function hasShape(Destination $destination, array $args): bool
    {
        $path = rtrim($destination->path, '/');
        if (preg_match(self::PATHS, $path) === 1) {
            return true;
        }
        if (preg_match(self::PATHS_WITH_MODEL, $path) !== 1) {
            return false;
        }
        $body = $args['body'] ?? '';
        return is_array($body) ? isset($body['model']) : is_string($body) && preg_match('/"model"\s*:|name="model"|(?:^|&)model=/', $body) === 1;
    }
}
