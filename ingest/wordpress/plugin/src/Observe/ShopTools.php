<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** Webhooks (where they send) and coupons (what they give). */
final class ShopTools extends Watcher
{
    /** @var array<int, string> coupon to act, told once */
    private array $coupons = [];

    public function register(): void
    {
        Guarded::action('woocommerce_new_webhook', fn($id, $webhook = null) => $this->webhook('webhook-created', (int) $id, $webhook), 10, 2);
        Guarded::action('woocommerce_webhook_updated', fn($id) => $this->webhook('webhook-updated', (int) $id, null));
        Guarded::action('woocommerce_webhook_deleted', fn($id, $webhook = null) => $this->webhook('webhook-deleted', (int) $id, $webhook), 10, 2);
        Guarded::action('woocommerce_new_coupon', fn($id) => $this->coupon((int) $id, 'coupon-created'));
        Guarded::action('woocommerce_update_coupon', fn($id) => $this->coupon((int) $id, 'coupon-updated'));
        Guarded::action('transition_post_status', function ($new, $old, $post): void {
            // A coupon made on its screen exists as a draft before it is saved.
            if ($post instanceof \WP_Post && $post->post_type === 'shop_coupon' && $new !== $old && in_array($old, ['new', 'auto-draft'], true) && $new !== 'auto-draft') {
                $this->coupon((int) $post->ID, 'coupon-created');
            }
        }, 10, 3);
    }

    /** @param mixed $webhook */
    private function webhook(string $action, int $id, $webhook): void
    {
        if (!is_object($webhook) && function_exists('wc_get_webhook')) {
            $webhook = wc_get_webhook($id);
        }
        if (!is_object($webhook) || !method_exists($webhook, 'get_delivery_url')) {
            return;
        }
        $host = strtolower((string) wp_parse_url((string) $webhook->get_delivery_url(), PHP_URL_HOST));
        $purpose = $this->settings->get('outbound_purposes')[$host] ?? null;
        $this->journal->urgent('configuration', $action, [
            'wordpress.target.kind' => 'host',
            'wordpress.target.name' => $host,
            'destination.domain' => $host,
            'woocommerce.webhook.id' => $id,
            'woocommerce.webhook.topic' => preg_replace('/[^a-z0-9_.-]/i', '', (string) $webhook->get_topic()),
            'woocommerce.webhook.status' => preg_replace('/[^a-z]/', '', (string) $webhook->get_status()),
            'wordpress.outbound.known' => $host !== '' && $action !== 'webhook-deleted' ? $this->isKnown($host) : null,
            'wordpress.outbound.purpose' => is_string($purpose) ? $purpose : null,
        ]);
    }

    /** Webhooks and calls share what is remembered of hosts. */
    private function isKnown(string $host): bool
    {
        $since = $this->memory->seen('webhook-host', $host);
        return $since !== null && $since < time() - 7 * 86400;
    }

    private function coupon(int $id, string $action): void
    {
        if ($this->coupons === []) {
            Guarded::action('shutdown', fn() => $this->tellCoupons(), 900);
        }
        if (($this->coupons[$id] ?? '') !== 'coupon-created') {
            $this->coupons[$id] = $action;
        }
    }

    private function tellCoupons(): void
    {
        foreach (class_exists('WC_Coupon') ? $this->coupons : [] as $id => $action) {
            $coupon = new \WC_Coupon($id);
            $this->journal->record('configuration', $action, [
                'woocommerce.coupon.id' => $id,
                'woocommerce.coupon.type' => preg_replace('/[^a-z0-9_]/', '', (string) $coupon->get_discount_type()),
                'woocommerce.coupon.amount' => round((float) $coupon->get_amount(), 2),
                'woocommerce.coupon.usage_limit' => (int) $coupon->get_usage_limit() ?: null,
            ]);
        }
        $this->coupons = [];
    }
}
