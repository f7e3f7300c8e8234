<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\OutputScan;
use Tourniquet\Observe\Persons\OwnAddresses;
use Tourniquet\Observe\Persons\Walker;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/**
 * Persons in what admin-ajax actions and WPGraphQL answer. Answers of admin-ajax pass through unchanged and at once, and are
 * looked at on their way; files and event streams are not.
 */
final class AjaxReads extends Watcher
{
    /** Actions of WordPress and WooCommerce that answer nothing about persons, or are told elsewhere. */
    private const QUIET = [
        'heartbeat' => 1, 'query-attachments' => 1, 'wp-compression-test' => 1, 'save-attachment' => 1, 'sample-permalink' => 1,
        'closed-postboxes' => 1, 'hidden-columns' => 1, 'meta-box-order' => 1, 'wp-remove-post-lock' => 1, 'dismiss-wp-pointer' => 1,
        'rest-nonce' => 1, 'oembed-cache' => 1, 'image-editor' => 1, 'upload-attachment' => 1, 'edit-theme-plugin-file' => 1,
        'woocommerce_get_order_details' => 1, 'woocommerce_do_ajax_product_export' => 1, 'as_async_request_queue_runner' => 1,
    ];

    public function register(): void
    {
        Guarded::action('admin_init', function (): void {
            if (wp_doing_ajax()) {
                $this->watch();
            }
        }, PHP_INT_MAX);
        Guarded::look('graphql_request_results', function ($response, $schema = null, $operation = null, $query = null): void {
            $this->graph($response, is_string($operation) ? $operation : '', is_string($query) ? $query : '');
        }, PHP_INT_MAX, 4);
    }

    private function watch(): void
    {
        $action = Asked::text('action');
        if ($action === '' || isset(self::QUIET[$action])) {
            return;
        }
        $scan = new OutputScan();
        $scan->begin();
        Guarded::action('shutdown', function () use ($scan, $action): void {
            $sent = OwnAddresses::sent(wp_unslash($_POST));
            $this->answered($scan->addresses(), array_merge(OwnAddresses::ofSite(), $sent), $action);
        }, 900);
    }

    /**
     * @param list<string> $addresses
     * @param list<string> $nobodys
     */
    private function answered(array $addresses, array $nobodys, string $action): void
    {
        $nobodys = array_fill_keys(array_map('strtolower', $nobodys), true);
        $found = $this->reading()->found();
        foreach ($addresses as $address) {
            if (!isset($nobodys[$address])) {
                $found->person('contact', $address)->saw('email');
            }
        }
        if ($found->foreign() === 0) {
            return;
        }
        $this->reading()->view('ajax-read', $found, ['wordpress.ajax.action' => Redactor::name($action)] + SearchTerm::fields(Asked::text('term', 'q', 's', 'search'), $this->journal->context()));
    }

    /** @param mixed $response an array, or an ExecutionResult with public `data` */
    private function graph($response, string $operation, string $query): void
    {
        $data = is_object($response) ? ($response->data ?? null) : (is_array($response) ? ($response['data'] ?? null) : null);
        $found = $this->reading()->found();
        (new Walker($found, OwnAddresses::ofSite()))->walk($data);
        if ($found->foreign() === 0) {
            return;
        }
        if ($operation === '' && preg_match('/\b(?:query|mutation)\s+([A-Za-z_]\w{0,63})/', substr($query, 0, 2000), $match) === 1) {
            $operation = $match[1];
        }
        $this->reading()->view('graphql-read', $found, ['wordpress.graphql.operation' => Redactor::name($operation)]);
    }
}
