<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\Base64Url;
use Tourniquet\Chain\BlockHeader;
use Tourniquet\Chain\Box;
use Tourniquet\Chain\EnrolmentLine;

/** First contact with a gateway, or again with a new line. Repeating it after a crash in between is harmless. */
final class Enroller
{
    private const NOT_WRITABLE = 'The spool directory cannot be written.';

    private string $directory;
    private Transport $transport;

    public function __construct(string $directory, Transport $transport)
    {
        $this->directory = $directory;
        $this->transport = $transport;
    }

    /** What is wrong, for people; null when the site is enrolled. */
    public function enrol(string $text): ?string
    {
        $line = EnrolmentLine::parse($text);
        if ($line === null) {
            return 'This is no enrolment line. Copy it whole: tq1.SITE.SECRET.URL.';
        }
        $lock = PrivateFile::lock($this->directory . '/seal.lock', 10);
        if ($lock === null) {
            return 'The spool directory cannot be written, or another process holds it.';
        }
        try {
            return $this->enrolLocked($line);
        } finally {
            fclose($lock);
        }
    }

    /** Nothing of what is enrolled changes before the gateway said yes: a line pasted wrong must not silence the site. */
    private function enrolLocked(EnrolmentLine $line): ?string
    {
        $identity = Identity::at($this->directory);
        $state = ChainState::load($this->directory) ?? ChainState::fresh();
        $isOther = $state->isCopy || ($state->site !== '' && $state->site !== $line->site);
        if ($isOther) {
            $state = $this->anew($state, $line->site);
        }
        if (!(new ChainKeys($this->directory, time()))->ready($state, $line->site) || (!$isOther && !$state->save($this->directory))) {
            return self::NOT_WRITABLE;
        }
        $box = ($isOther ? null : $identity->box()) ?? Box::fresh();
        $secretHash = hash('sha256', $line->secret);
        $key = $isOther ? $state->key : ($identity->enrolmentKey($secretHash) ?: $this->keyToPin($state));
        if (!$isOther && !$identity->save(['box' => Base64Url::encode($box->private()), 'enrolling' => ['secret_hash' => $secretHash, 'key' => $key]])) {
            return self::NOT_WRITABLE;
        }
        $facts = [];
        $problem = $this->ask($line, $key, $box, $facts);
        if ($problem !== null) {
            return $problem;
        }
        if ($isOther) {
            // What stands for the other site stays with it.
            $outbox = new Outbox($this->directory);
            array_map([$outbox, 'refuse'], array_column($outbox->all(), 'path'));
            $state->save($this->directory);
            $facts += ['box' => Base64Url::encode($box->private()), 'token_keys' => null, 'command_key' => null];
        }
        $saved = $identity->save($facts + ['site' => $line->site, 'gateway_url' => rtrim($line->gatewayUrl, '/'), 'enrolling' => null]);
        (new ShippingState($this->directory))->save(['failures' => 0, 'next_try_ms' => 0, 'error_code' => '', 'error' => '', 'enrol_again' => false]);
        return $saved ? null : self::NOT_WRITABLE;
    }

    /** @param array<string, string> $facts filled with what the gateway fixed, by the names of `Identity` */
    private function ask(EnrolmentLine $line, string $key, Box $box, array &$facts): ?string
    {
        $body = json_encode(['site' => $line->site, 'secret' => $line->secret, 'key' => $key, 'box_key' => $box->public(), 'mailbox_hash' => $box->mailboxHash()]);
        $answer = $this->transport->post(rtrim($line->gatewayUrl, '/') . '/v1/enrol', (string) $body, ['Content-Type' => 'application/json'], 15);
        if ($answer->status !== 200) {
            return $answer->status === 0 ? 'The gateway cannot be reached: ' . $answer->problem : 'The gateway refused the enrolment: ' . $answer->reason();
        }
        foreach (['receipt_key', 'command_key'] as $name) {
            $given = $answer->json()[$name] ?? null;
            if (is_string($given) && Base64Url::decode($given, 32) !== null) {
                $facts[$name] = $given;
            }
        }
        return isset($facts['receipt_key']) ? null : 'What answers there is no gateway of Tourniquet.';
    }

    /** The key of the oldest block that waits, so that it and all after it are taken; the one that signs next where none waits. */
    private function keyToPin(ChainState $state): string
    {
        $oldest = (new Outbox($this->directory))->ready()[0]['path'] ?? null;
        $header = $oldest === null ? null : BlockHeader::of((string) PrivateFile::read($oldest));
        return $header['key'] ?? $state->key;
    }

    private function anew(ChainState $state, string $site): ChainState
    {
        $fresh = ChainState::fresh();
        $fresh->startEpoch($state->epoch + 1);
        foreach (['instance', 'generation', 'offset', 'home', 'database', 'rememberedEpoch', 'rememberedSeq'] as $name) {
            $fresh->$name = $state->$name;
        }
        $fresh->site = $site;
        return $fresh;
    }
}
