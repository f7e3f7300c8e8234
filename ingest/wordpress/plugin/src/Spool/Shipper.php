<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\BlockHeader;
use Tourniquet\Chain\Checkpoint;
use Tourniquet\Chain\Receipt;

/** Sends the outbox, oldest first, and fetches orders. One process at a time; a block goes only when its receipt holds. */
final class Shipper
{
    private const TIMEOUT_SECONDS = 15;
    private const TAKEN = 'taken';
    private const ASIDE = 'aside';
    private const LATER = 'later';
    /** The site has to be enrolled again before any block is taken. */
    private const ENROL_AGAIN = ['TQ-GATEWAY-04', 'TQ-GATEWAY-05'];
    /** These very bytes will never be taken. */
    private const REFUSED = ['TQ-GATEWAY-06', 'TQ-GATEWAY-14', 'TQ-GATEWAY-15', 'TQ-GATEWAY-20', 'TQ-GATEWAY-21', 'TQ-GATEWAY-22', 'TQ-GATEWAY-23', 'TQ-GATEWAY-24', 'TQ-GATEWAY-25', 'TQ-GATEWAY-26'];

    private string $directory;
    private Transport $transport;
    private Outbox $outbox;
    private ShippingState $state;
    /** @var callable(string, array<string, mixed>): void */
    private $tell;

    /** @param callable(string, array<string, mixed>): void $tell records an act of `configuration` */
    public function __construct(string $directory, Transport $transport, callable $tell)
    {
        $this->directory = $directory;
        $this->transport = $transport;
        $this->outbox = new Outbox($directory);
        $this->tell = $tell;
    }

    /**
     * @param callable(list<array<string, mixed>>): void $takeCommands
     * @param int $after counter of the highest command taken
     * @return int blocks acknowledged; -1 when another process ships
     */
    public function run(float $budgetSeconds, callable $takeCommands, int $after): int
    {
        $lock = PrivateFile::lock($this->directory . '/ship.lock', 0);
        if ($lock === null) {
            return -1;
        }
        try {
            $this->state = new ShippingState($this->directory);
            $identity = Identity::at($this->directory);
            if (!$identity->isEnrolled() || $this->state->mustWait(self::nowMs())) {
                return 0;
            }
            $until = hrtime(true) + (int) ($budgetSeconds * 1e9);
            $shipped = $this->shipAll($identity, $until);
            if (hrtime(true) < $until && $this->state->get('failures') === 0) {
                $this->fetchOrders($identity, $takeCommands, $after);
            }
            return $shipped;
        } finally {
            fclose($lock);
        }
    }

    private function shipAll(Identity $identity, int $until): int
    {
        $shipped = 0;
        foreach ($this->outbox->ready() as $block) {
            $text = PrivateFile::read($block['path']);
            $header = $text === null ? null : BlockHeader::of($text);
            if ($text === null || $header === null) {
                $this->refuse($block, 0, 'unreadable');
                continue;
            }
            $this->missing($block);
            $outcome = $this->ship($identity, $block, $text, $header);
            $shipped += $outcome === self::TAKEN ? 1 : 0;
            if ($outcome === self::LATER || hrtime(true) >= $until) {
                break;
            }
        }
        return $shipped;
    }

    /**
     * @param array{path: string, epoch: int, firstSeq: int} $block
     * @param array<string, mixed> $header
     */
    private function ship(Identity $identity, array $block, string $text, array $header): string
    {
        $zipped = function_exists('gzencode') ? gzencode($text, 6) : false;
        $headers = ['Content-Type' => 'application/octet-stream'] + ($zipped === false ? [] : ['Content-Encoding' => 'gzip']);
        $answer = $this->transport->post($identity->gatewayUrl() . '/v1/blocks', $zipped === false ? $text : $zipped, $headers, self::TIMEOUT_SECONDS);
        if ($answer->status === 200) {
            $facts = $answer->json();
            if (!Receipt::covers($facts['receipt'] ?? $facts, $header, $identity->receiptKey())) {
                $this->state->failed(new Answer(0, '', 0, 'what came back is no receipt of the gateway enrolled with'), self::nowMs());
                return self::LATER;
            }
            // The place first: killed in between, the block is sent again, and acknowledged again.
            $this->state->succeeded(['last_shipped_ms' => self::nowMs(), 'epoch' => $header['epoch'], 'seq' => $header['first_seq'] + $header['lines'],
                'checkpoint' => Checkpoint::seen($facts['checkpoint'] ?? null) ?? $this->state->get('checkpoint')]);
            $this->outbox->remove($block['path']);
            return self::TAKEN;
        }
        if (in_array($answer->code(), self::REFUSED, true)) {
            $this->refuse($block, $header['lines'], $answer->code());
            return self::ASIDE;
        }
        $this->state->failed($answer, self::nowMs(), in_array($answer->code(), self::ENROL_AGAIN, true));
        return self::LATER;
    }

    /**
     * Somebody took blocks away: the gateway sees the hole, the site says it too.
     *
     * @param array{path: string, epoch: int, firstSeq: int} $block
     */
    private function missing(array $block): void
    {
        [$epoch, $seq] = [$this->state->get('epoch'), $this->state->get('seq')];
        $missing = $block['epoch'] === $epoch ? $block['firstSeq'] - $seq : 0;
        if ($missing > 0) {
            $this->state->save(['seq' => $block['firstSeq']]);
            ($this->tell)('spool-truncated', ['wordpress.spool.lines' => $missing, 'event.reason' => 'blocks-missing']);
        }
    }

    /** @param array{path: string, epoch: int, firstSeq: int} $block */
    private function refuse(array $block, int $lines, string $code): void
    {
        $this->outbox->refuse($block['path']);
        if ($block['epoch'] === $this->state->get('epoch')) {
            $this->state->save(['seq' => max($this->state->get('seq'), $block['firstSeq'] + $lines)]);
        }
        ($this->tell)('block-refused', ['wordpress.spool.lines' => $lines, 'error.code' => $code, 'event.outcome' => 'failure']);
    }

    private function fetchOrders(Identity $identity, callable $takeCommands, int $after): void
    {
        $box = $identity->box();
        if ($box === null) {
            return;
        }
        $url = $identity->gatewayUrl() . '/v1/orders?' . http_build_query(['site' => $identity->site(), 'after' => $after]);
        $answer = $this->transport->get($url, ['Authorization' => 'Bearer ' . $box->mailboxSecret()], self::TIMEOUT_SECONDS);
        if ($answer->status === 200) {
            (new Orders($identity, $this->state))->take($answer->json(), $takeCommands);
        }
    }

    private static function nowMs(): int
    {
        return (int) (microtime(true) * 1000);
    }
}
