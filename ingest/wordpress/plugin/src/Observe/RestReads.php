<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Observe\Persons\OwnAddresses;
use Tourniquet\Observe\Persons\Walker;
use Tourniquet\Record\Journal;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/**
 * Persons in what REST routes answer over HTTP, batches and embedded records included. Answers that name nobody but the asker
 * are not told; answers to visitors are.
 */
final class RestReads extends Watcher
{
    /** Routes that a page asks for all the time, and that name nobody: not even looked into. */
    private const QUIET = '#^/(?:oembed|wp-block-editor|wp-site-health|wc/store(?!(?:/v\d+)?/(?:order|checkout/\d))|wp/v2/(?:types|taxonomies|block-|blocks|pattern|template|themes|global-styles|navigation|statuses|plugins|widget|sidebars|menu|settings)|wc/v\d/products(?!/reviews)|contact-form-7)#';

    private string $capability = '';
    private bool $isAsking = false;
    /** Another site of the network that was gone to while the answer was made. */
    private ?int $otherSite = null;

    public function register(): void
    {
        Guarded::action('rest_api_init', fn() => $this->watch());
    }

    private function watch(): void
    {
        Guarded::look('rest_request_before_callbacks', function ($response, $handler = null, $request = null): void {
            $this->isAsking = $this->capability === '';
            if ($request instanceof \WP_REST_Request) {
                $this->journal->context()->hideInPath($request->get_url_params());
            }
        }, PHP_INT_MAX, 3);
        // Fires also for those who may do everything.
        Guarded::look('map_meta_cap', function ($primitive, $asked): void {
            if ($this->isAsking && is_string($asked)) {
                $this->isAsking = false;
                $this->capability = $asked;
            }
        }, PHP_INT_MAX, 2);
        Guarded::look('rest_dispatch_request', function (): void {
            $this->isAsking = false;
        });
        if (is_multisite()) {
            $own = get_current_blog_id();
            Guarded::action('switch_blog', function ($site) use ($own): void {
                if ((int) $site !== $own) {
                    $this->otherSite ??= (int) $site;
                }
            });
        }
        Guarded::look('rest_pre_echo_response', function ($data, $server, $request): void {
            $this->answered($data, $request);
        }, PHP_INT_MAX, 3);
        // Answers that a plugin writes itself, such as CSV.
        Guarded::look('rest_pre_serve_request', function ($served, $response, $request): void {
            if ($served === true && $response instanceof \WP_HTTP_Response) {
                $this->answered($response->get_data(), $request);
            }
        }, PHP_INT_MAX, 3);
    }

    /**
     * @param mixed $data
     * @param mixed $request
     */
    private function answered($data, $request): void
    {
        if (!$request instanceof \WP_REST_Request || !(is_array($data) || is_object($data)) || preg_match(self::QUIET, (string) $request->get_route()) === 1) {
            return;
        }
        // An error as WordPress answers it. Others' answers have these names, too, with everything in `data`.
        if (is_array($data) && isset($data['code'], $data['message']) && is_array($data['data'] ?? null) && (int) ($data['data']['status'] ?? 0) >= 400) {
            return;
        }
        $found = $this->reading()->found();
        $walker = new Walker($found, OwnAddresses::ofSite(), OwnAddresses::sent($request->get_method() === 'GET' ? ['proof' => strpos((string) $request->get_route(), '/wc/store') === 0 ? $request->get_param('billing_email') : null] : $request->get_params()));
        $walker->walk($data);
        $this->authors($data, $request, $found);
        if ($found->foreign() === 0) {
            return;
        }
        $this->reading()->view('rest-read', $found, array_filter([
            'wordpress.rest.route' => self::route($request),
            'wordpress.rest.capability' => preg_replace('/[^a-z0-9_:-]/i', '', $this->capability),
            'wordpress.rest.batch' => strpos((string) $request->get_route(), '/batch') !== false ? true : null,
            'wordpress.response.records' => is_array($data) && isset($data[0]) ? count($data) : 1,
            'wordpress.blog.id' => $this->otherSite,
            'wordpress.blog.switched_from' => $this->otherSite === null ? null : get_current_blog_id(),
            'wordpress.response.partial' => $walker->isWhole() ? null : true,
        ], static fn($value): bool => $value !== null) + self::search($request, $this->journal));
    }

    /**
     * Accounts that are listed without an e-mail address are still named, where more is shown than authors of a public page.
     *
     * @param mixed $data
     */
    private function authors($data, \WP_REST_Request $request, Found $found): void
    {
        if (strpos((string) $request->get_route(), '/wp/v2/users') !== 0 || !is_array($data) || $this->journal->context()->user() === null) {
            return;
        }
        foreach (isset($data[0]) ? $data : [$data] as $row) {
            $id = is_array($row) ? (int) ($row['id'] ?? 0) : 0;
            $user = $id > 0 && !isset($row['email']) ? get_userdata($id) : false;
            if ($user instanceof \WP_User) {
                $found->user($user)->saw('name');
            }
        }
    }

    /** The pattern that matched, such as `/wc/v3/orders/(id)`: no value of the request is in it. */
    private static function route(\WP_REST_Request $request): string
    {
        $attributes = $request->get_attributes();
        $route = (string) $request->get_route();
        $pattern = $route;
        foreach ($request->get_url_params() as $name => $value) {
            if (is_scalar($value) && (string) $value !== '') {
                $pattern = preg_replace('#/' . preg_quote((string) $value, '#') . '(?=/|$)#', '/(' . preg_replace('/[^a-z0-9_]/i', '', (string) $name) . ')', $pattern, 1) ?? $pattern;
            }
        }
        return Redactor::text($attributes === [] ? (string) strtok($route, '/') : $pattern);
    }

    /** @return array<string, mixed> */
    private static function search(\WP_REST_Request $request, Journal $journal): array
    {
        foreach (['search', 's', 'email', 'searchby'] as $name) {
            $term = $request->get_param($name);
            if (is_string($term) && $term !== '') {
                return SearchTerm::fields($term, $journal->context());
            }
        }
        return [];
    }
}
