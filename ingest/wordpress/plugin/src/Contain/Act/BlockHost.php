<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Guard;
use Tourniquet\Contain\Hold;
use Tourniquet\Contain\Site;
use Tourniquet\Guarded;
use Tourniquet\Record\Redactor;

/** WordPress's HTTP API calls a host no longer, nor follows redirects there. */
final class BlockHost implements Act
{
    private Site $site;

    public function __construct(Site $site)
    {
        $this->site = $site;
    }

    public function kind(): string
    {
        return 'host';
    }

    public function named(string $target): string
    {
        return Redactor::text(strtolower($target));
    }

    public function refusal(string $target): ?string
    {
        return Guard::host($target, $this->site->ownHosts(), $this->site->paymentHosts());
    }

    public function begin(string $target): array
    {
        return ['host' => strtolower(rtrim($target, '.'))];
    }

    public function end(array $kept): void
    {
    }

    public function enforce(array $kept, Hold $hold): void
    {
        $domain = (string) ($kept['host'] ?? '');
        $isBlocked = static fn($url): bool => $domain !== '' && is_string($url) && Guard::isBelow((string) wp_parse_url($url, PHP_URL_HOST), $domain);
        $fields = ['destination.domain' => $domain];
        Guarded::filter('pre_http_request', static function ($answer, $arguments = [], $url = '') use ($isBlocked, $hold, $fields) {
            if (!$isBlocked($url)) {
                return $answer;
            }
            $hold->tell($fields);
            return new \WP_Error('http_request_not_executed', __('This host is blocked for now, for security reasons.', 'tourniquet'));
        }, PHP_INT_MAX, 3);
        // Each hop of a redirect comes by here. Only an exception of the library's own kind stops it, so not through `Guarded`.
        add_action('requests-requests.before_request', static function ($url) use ($isBlocked, $hold, $fields): void {
            if ($isBlocked($url)) {
                $hold->tell($fields);
                $class = class_exists('WpOrg\Requests\Exception') ? 'WpOrg\Requests\Exception' : 'Requests_Exception';
                throw new $class('This host is blocked for now.', 'tourniquet.contained');
            }
        }, PHP_INT_MAX);
    }
}
