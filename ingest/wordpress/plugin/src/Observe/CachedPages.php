<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/**
 * Pages of one person that a cache may keep for others, as far as PHP sees it: when the page is made (a cache that answers later
 * never reaches PHP). Told when the headers let shared caches store the page, or a page cache says that it stores it.
 */
final class CachedPages extends Watcher
{
    private const SHARED = '/^(?:cache-control|surrogate-control|cdn-cache-control|x-litespeed-cache-control|cf-edge-cache):(?=.*(?:\bpublic\b|s-maxage=[1-9]|max-age=[1-9]|\bcache,))(?!.*(?:private|no-store|no-cache|s-maxage=0))/i';
    /** Filters that known page caches put what they store through. */
    private const STORING = ['wpsc_cachedata', 'w3tc_pagecache_set', 'rocket_buffer', 'cache_enabler_page_contents_before_store', 'wpfc_buffer_callback_filter', 'breeze_cache_buffer_final'];

    private bool $isPrivate = false;
    private bool $isTold = false;

    public function register(): void
    {
        Guarded::action('template_redirect', fn() => $this->begin(), PHP_INT_MAX);
    }

    private function begin(): void
    {
        $this->isPrivate = is_user_logged_in() || $this->isPersonal();
        if (!$this->isPrivate || is_admin() || is_robots() || is_feed()) {
            return;
        }
        foreach (self::STORING as $hook) {
            Guarded::look($hook, fn($page) => $this->stored($page), PHP_INT_MAX);
        }
        Guarded::action('shutdown', fn() => $this->ended(), 900);
    }

    /** Pages of the shop that show data of whoever asks, also of visitors. */
    private function isPersonal(): bool
    {
        return (function_exists('is_account_page') && is_account_page()) || (function_exists('is_order_received_page') && is_order_received_page()) || (function_exists('is_checkout') && is_checkout());
    }

    /** @param mixed $page */
    private function stored($page): void
    {
        if (is_string($page) && strlen($page) > 200) {
            $this->tell('page-cache');
        }
    }

    private function ended(): void
    {
        $headers = headers_list();
        if (http_response_code() !== 200 || !preg_grep('#^content-type:\s*text/html#i', $headers) || preg_grep('/^vary:.*\bcookie\b/i', $headers)) {
            return;
        }
        if (preg_grep(self::SHARED, $headers)) {
            $this->tell('headers');
        }
    }

    private function tell(string $by): void
    {
        if ($this->isTold) {
            return;
        }
        $this->isTold = true;
        $found = $this->reading()->found();
        $user = $this->journal->context()->user();
        $user !== null && $found->user($user);
        $this->journal->record('data_access', 'private-page-cached', [
            'wordpress.cache.status' => 'miss',
            'wordpress.cache.by' => $by,
            'wordpress.cache.forbidden' => defined('DONOTCACHEPAGE') && DONOTCACHEPAGE ? true : null,
        ], $found->subjects());
    }
}
