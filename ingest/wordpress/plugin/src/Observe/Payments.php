<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Orders;
use Tourniquet\Watcher;

/** Payments that went through or were refused, and refunds. No amount of a card, no text of a gateway: words of our own. */
final class Payments extends Watcher
{
    /** Why a payment failed, by what gateways write into the order's note. The first that fits. */
    private const REASONS = [
        'insufficient_funds' => '/insufficient|not enough (?:funds|balance)/i',
        'card_expired' => '/expired card|card (?:has |is )?expired|expired_card/i',
        'wrong_code' => '/\b(?:cvc|cvv|security code)\b/i',
        'fraud_suspected' => '/fraud|stolen|lost card|pickup_card|highest risk|blocked/i',
        'authentication_failed' => '/3-?d ?secure|authenticat/i',
        'card_declined' => '/declin|do not honou?r|refused|reject/i',
    ];
    /** Where gateways keep their fingerprint of a card. */
    private const CARDS = ['_stripe_card_fingerprint', '_wcpay_card_fingerprint', '_card_fingerprint', '_braintree_card_fingerprint', '_square_card_fingerprint'];

    /** @var array<int, string> what gateways noted in this request, by order; never told */
    private array $notes = [];
    /** @var array<string, true> */
    private array $told = [];

    public function register(): void
    {
        Guarded::action('woocommerce_payment_complete', fn($order) => $this->payment($order, true), PHP_INT_MAX);
        Guarded::look('woocommerce_new_order_note_data', function ($note): void {
            if (is_array($note)) {
                $this->notes[(int) ($note['comment_post_ID'] ?? 0)] = substr((string) ($note['comment_content'] ?? ''), 0, 500);
            }
        }, PHP_INT_MAX);
        Guarded::action('woocommerce_order_status_failed', function ($id): void {
            // The note that says why is written after the status changed.
            Guarded::action('shutdown', fn() => $this->payment($id, false), 890);
        }, PHP_INT_MAX);
        Guarded::action('woocommerce_order_refunded', fn($order, $refund) => $this->refund($order, $refund), PHP_INT_MAX, 2);
        Guarded::action('woocommerce_refund_deleted', fn($refund, $order) => $this->record('refund-deleted', (int) $order, ['woocommerce.refund.id' => (int) $refund]), 10, 2);
    }

    /** @param mixed $id */
    private function payment($id, bool $isComplete): void
    {
        $order = Orders::orderOf($id);
        $key = (is_scalar($id) ? (string) $id : '') . ($isComplete ? '+' : '-');
        if ($order === null || isset($this->told[$key])) {
            return;
        }
        $this->told[$key] = true;
        $this->record($isComplete ? 'payment-complete' : 'payment-failed', (int) $order->get_id(), [
            'event.outcome' => $isComplete ? 'success' : 'failure',
            'woocommerce.payment.method' => preg_replace('/[^a-z0-9_-]/i', '', (string) $order->get_payment_method()),
            'woocommerce.payment.amount' => round((float) $order->get_total(), 2),
            'woocommerce.payment.reason' => $isComplete ? null : $this->reason((int) $order->get_id()),
            'woocommerce.payment.card' => $this->card($order),
        ]);
    }

    private function reason(int $orderId): string
    {
        $note = $this->notes[$orderId] ?? '';
        foreach (self::REASONS as $reason => $pattern) {
            if (preg_match($pattern, $note) === 1) {
                return $reason;
            }
        }
        return 'gateway_error';
    }

    private function card(object $order): string
    {
        foreach (method_exists($order, 'get_meta') ? self::CARDS : [] as $name) {
            $print = $order->get_meta($name);
            if (is_string($print) && $print !== '') {
                return $this->journal->context()->token('text', 'card:' . $print);
            }
        }
        return '';
    }

    /**
     * @param mixed $orderId
     * @param mixed $refundId
     */
    private function refund($orderId, $refundId): void
    {
        $order = Orders::orderOf($orderId);
        $refund = function_exists('wc_get_order') ? wc_get_order((int) $refundId) : null;
        if ($order === null || !is_object($refund) || !method_exists($refund, 'get_amount')) {
            return;
        }
        $amount = round((float) $refund->get_amount(), 2);
        $paid = (float) $order->get_total();
        $refunded = method_exists($order, 'get_total_refunded') ? (float) $order->get_total_refunded() : $amount;
        $this->record('refund-created', (int) $order->get_id(), [
            'woocommerce.refund.id' => (int) $refundId,
            'woocommerce.refund.amount' => $amount,
            'woocommerce.refund.ratio' => $paid > 0 ? round($refunded / $paid, 3) : null,
            // Only what the gateway itself sends back is known to go where the money came from.
            'woocommerce.refund.target' => method_exists($refund, 'get_refunded_payment') && $refund->get_refunded_payment() ? 'same' : null,
            'wordpress.actor.habit' => $this->memory->habit('refund-created', $this->memory->actor(), max(1, (int) round($amount))),
        ]);
    }

    /** @param array<string, mixed> $fields */
    private function record(string $action, int $orderId, array $fields): void
    {
        $found = $this->reading()->found();
        Orders::add($orderId, $found);
        $this->journal->record('payment', $action, $fields + ['woocommerce.order.id' => $orderId, 'wordpress.data.records' => 1], $found->subjects());
    }
}
