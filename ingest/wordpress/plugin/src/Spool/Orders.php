<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\Base64Url;

/** What an answer to `GET /v1/orders` brings: token keys in letters, and commands. */
final class Orders
{
    private Identity $identity;
    private ShippingState $state;

    public function __construct(Identity $identity, ShippingState $state)
    {
        $this->identity = $identity;
        $this->state = $state;
    }

    /**
     * @param array<string, mixed> $orders
     * @param callable(list<array<string, mixed>>): void $takeCommands checks and remembers them; whoever hands them over twice does no harm
     */
    public function take(array $orders, callable $takeCommands): void
    {
        if (is_int($orders['now'] ?? null)) {
            $this->state->save(['clock_skew_ms' => $orders['now'] - (int) (microtime(true) * 1000)]);
        }
        $this->takeCommandKey($orders['command_key'] ?? null);
        $this->takeLetters(is_array($orders['letters'] ?? null) ? $orders['letters'] : []);
        $commands = array_values(array_filter(is_array($orders['commands'] ?? null) ? $orders['commands'] : [], 'is_array'));
        if ($commands !== []) {
            $takeCommands($commands);
        }
    }

    /** The first one is pinned: afterwards only a new enrolment brings another. @param mixed $key */
    private function takeCommandKey($key): void
    {
        if ($this->identity->commandKey() === '' && is_string($key) && Base64Url::decode($key, 32) !== null) {
            $this->identity->save(['command_key' => $key]);
        }
    }

    /** @param array<mixed> $letters */
    private function takeLetters(array $letters): void
    {
        $box = $this->identity->box();
        $known = $this->identity->tokenKeys();
        foreach ($letters as $letter) {
            $epoch = is_array($letter) ? $letter['key_epoch'] ?? null : null;
            if ($box === null || !is_int($epoch) || !is_string($letter['sealed'] ?? null) || isset($known[$epoch])) {
                continue;
            }
            $key = $box->open($letter['sealed'], $this->identity->site(), $epoch);
            if ($key !== null) {
                $this->identity->addTokenKey($epoch, $key);
                $known[$epoch] = $key;
            }
        }
    }
}
