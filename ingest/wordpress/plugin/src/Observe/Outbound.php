<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Ai\Services;
use Tourniquet\Classify\Findings;
use Tourniquet\Guarded;
use Tourniquet\Outbound\Caller;
use Tourniquet\Outbound\Destination;
use Tourniquet\Outbound\DirectCallers;
use Tourniquet\Outbound\KnownHosts;
use Tourniquet\Outbound\Payload;
use Tourniquet\Outbound\Purposes;
use Tourniquet\Outbound\Tally;
use Tourniquet\Record\Subjects;
use Tourniquet\Watcher;

/** Calls through WordPress' HTTP API, without what they say. Those to AI services are the gate's. */
final class Outbound extends Watcher
{
    /** Looks in WP-Cron for plugins that call past this. */
    public const SCAN = 'tourniquet_direct_callers';

    /** What opens the service that is called, where addresses hold it. */
    private const KEYS = ['secret.api_key', 'secret.generic', 'secret.jwt', 'secret.webhook'];

    /** A run of base64 or hex that is longer than any id. */
    private const PACKED = '/=[A-Za-z0-9+\/_-]{200}/';

    private ?Tally $tally = null;
    /** @var list<array{url: string, action: string, fields: array<string, mixed>, findings: Findings}> begun and not ended, the newest last */
    private array $begun = [];

    public function register(): void
    {
        // Last: what somebody answered in its place is no call.
        Guarded::look('pre_http_request', fn($answer, $args, $url) => $this->begin($answer, (array) $args, (string) $url), PHP_INT_MAX, 3);
        Guarded::action('http_api_debug', fn($response, $context, $class, $args, $url) => $this->end($response, (string) $url), 10, 5);
        Guarded::action('requests-requests.before_redirect', fn($location) => $this->redirect((string) $location), 10, 1);
        Guarded::action(self::SCAN, static function (): void {
            DirectCallers::scan() || wp_schedule_single_event(time() + 60, self::SCAN);
        });
        if (wp_doing_cron() || is_admin()) {
            Guarded::action('init', static function (): void {
                wp_next_scheduled(self::SCAN) || wp_schedule_event(time() + 300, 'daily', self::SCAN);
            });
        }
    }

    /**
     * @param mixed $answer false when the call is really made
     * @param array<string, mixed> $args
     */
    private function begin($answer, array $args, string $url): void
    {
        $destination = $answer === false ? Destination::of($url) : null;
        if ($destination === null || $destination->isOwn() || (new Services($this->settings))->isAi($destination, $args) || Caller::isSelf()) {
            return;
        }
        if ($this->begun === [] && $this->tally === null) {
            // Before what was recorded is written.
            Guarded::action('shutdown', fn() => $this->finish(), PHP_INT_MAX - 1);
        }
        $payload = Payload::of($args['body'] ?? null);
        $findings = Findings::of($payload->text());
        $findings->isUnread = $findings->isUnread || $payload->isUnread;
        $query = Findings::of(Payload::ofQuery($destination->query)->text())->except(self::KEYS);
        // Most paths are words, which need no look.
        $path = Findings::of(preg_match('/[@%]|\d{5}/', $destination->path) === 1 ? rawurldecode(substr($destination->path, 0, 4096)) : '')->except(self::KEYS);
        $fields = $this->place($destination) + [
            'http.request.method' => preg_replace('/[^A-Z]/', '', strtoupper((string) ($args['method'] ?? 'GET'))),
            'http.request.body.bytes' => $payload->bytes,
            'wordpress.data.fields' => array_merge($query->classes === [] ? [] : ['url.query'], $path->classes === [] ? [] : ['url.path']),
        ] + $findings->merge($query)->merge($path)->fields();
        $this->begun[] = ['url' => $url, 'action' => (new Purposes($this->settings))->isSms($destination) ? 'sms-sent' : 'http-request', 'fields' => $fields, 'findings' => $findings];
    }

    /** @return array<string, mixed> */
    private function place(Destination $destination): array
    {
        $purposes = new Purposes($this->settings);
        $slug = Caller::slug();
        $token = fn(string $text): string => $this->journal->context()->token('text', 'outbound:' . $text);
        $name = $destination->name($token);
        return [
            'wordpress.plugin.slug' => $slug,
            'destination.domain' => $name,
            'destination.registered_domain' => $destination->registered(),
            'destination.port' => $destination->port,
            'url.scheme' => $destination->scheme,
            'wordpress.outbound.query_bytes' => strlen($destination->query) ?: null,
            'wordpress.outbound.query_token' => $destination->query === '' ? null : $token($destination->query),
            'wordpress.outbound.query_packed' => preg_match(self::PACKED, $destination->query) === 1 ? true : null,
            'wordpress.outbound.known' => (new KnownHosts($this->memory))->isKnown($slug, $name),
            'wordpress.outbound.purpose' => $purposes->of($destination),
            'wordpress.outbound.region' => $purposes->region($destination),
        ];
    }

    /** @param mixed $response an answer or a WP_Error; of a call nobody waits for, an empty answer */
    private function end($response, string $url): void
    {
        for ($i = count($this->begun) - 1; $i >= 0; $i--) {
            if ($this->begun[$i]['url'] === $url) {
                [$call] = array_splice($this->begun, $i, 1);
                $this->count($call, $response);
                return;
            }
        }
    }

    /**
     * @param array{url: string, action: string, fields: array<string, mixed>, findings: Findings} $call
     * @param mixed $response
     */
    private function count(array $call, $response): void
    {
        $status = is_array($response) ? (int) ($response['response']['code'] ?? 0) : 0;
        $fields = $call['fields'] + [
            'event.outcome' => is_wp_error($response) || $status >= 400 ? 'failure' : 'success',
            'event.reason' => is_wp_error($response) ? (string) $response->get_error_code() : null,
            'http.response.status_code' => $status > 0 ? $status : null,
            'http.response.body.bytes' => is_array($response) ? self::bytes($response) : 0,
        ];
        $subjects = $call['findings']->subjects();
        $kind = implode("\n", [$call['action'], $fields['wordpress.plugin.slug'], $fields['destination.domain'], $fields['destination.port'], $fields['http.request.method'], $fields['event.outcome'], $status, implode(',', $call['findings']->classes), (string) $fields['wordpress.outbound.query_bytes']]);
        $this->tally()->add($kind, ['event.action' => $call['action']] + $fields, $subjects);
    }

    /** @param array<string, mixed> $response */
    private static function bytes(array $response): int
    {
        $file = (string) ($response['filename'] ?? '');
        if ($file === '') {
            return strlen((string) ($response['body'] ?? ''));
        }
        // It was empty when PHP last asked for its size.
        clearstatcache(true, $file);
        return is_file($file) ? (int) filesize($file) : 0;
    }

    /** A call that another answer sent on to a host of its own. */
    private function redirect(string $location): void
    {
        $destination = Destination::of($location);
        $last = count($this->begun) - 1;
        $from = $last >= 0 ? Destination::of($this->begun[$last]['url']) : null;
        if ($destination === null || $from === null || $destination->host === $from->host) {
            return;
        }
        $call = ['fields' => $this->place($destination) + ['event.reason' => 'redirected', 'http.request.method' => 'GET', 'http.request.body.bytes' => 0]] + $this->begun[$last];
        $call['findings'] = new Findings();
        $this->count($call, null);
    }

    private function tally(): Tally
    {
        return $this->tally ??= new Tally(function (array $fields, Subjects $subjects): void {
            $this->journal->record('outbound', (string) $fields['event.action'], $fields, $subjects);
        });
    }

    private function finish(): void
    {
        // What never came back is told all the same.
        foreach (array_splice($this->begun, 0) as $call) {
            $call['fields']['event.outcome'] = 'unknown';
            $this->count($call, null);
        }
        if ($this->tally !== null) {
            $this->tally->flush();
        }
    }
}
