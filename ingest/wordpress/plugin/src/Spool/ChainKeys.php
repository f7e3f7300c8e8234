<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\SigningKey;

/** The keys a chain signs with: each certified by the one before, whose seed is overwritten once the state names the next. */
final class ChainKeys
{
    private const SECONDS = 3600;
    private const BYTES = 1024 * 1024;

    private Seeds $seeds;
    private int $now;

    public function __construct(string $directory, int $now)
    {
        $this->seeds = new Seeds($directory);
        $this->now = $now;
    }

    /**
     * Makes the state one that can sign for the site. False when a new seed could not be written.
     *
     * @param string $site empty before enrolment
     */
    public function ready(ChainState $state, string $site): bool
    {
        if ($state->site !== '' && $site !== '' && $state->site !== $site) {
            // Another site's name: a chain of its own, from a key that never signed for the one before.
            $state->key = '';
            $state->stream = ChainState::newStream();
            $state->startEpoch($state->epoch + 1);
        }
        $isNew = $state->key === '' && $state->site === '';
        $state->site = $site === '' ? $state->site : $site;
        if ($state->key !== '' && $this->seeds->of($state->key) !== null) {
            return true;
        }
        if ($state->nextSeq > 0) {
            // The seed is gone: nothing more can be said in its name.
            $state->startEpoch($state->epoch + 1);
        }
        // A lost state does not lose the key.
        $kept = $isNew ? $this->seeds->only() : null;
        $key = $kept ?? SigningKey::fresh();
        $this->change($state, $key, null);
        return $kept !== null || $this->seeds->keep($key);
    }

    /** The key for the next block: a new one, certified, when it is time. Null when a seed cannot be read or written. */
    public function forNextBlock(ChainState $state): ?SigningKey
    {
        $key = $this->seeds->of($state->key);
        if ($key === null || !$this->isOld($state)) {
            return $key;
        }
        $next = SigningKey::fresh();
        $this->change($state, $next, $key->certify($state->site, $next->public()));
        return $this->seeds->keep($next) ? $next : null;
    }

    /** Once the state is saved. */
    public function eraseOthers(ChainState $state): void
    {
        $this->seeds->eraseAllBut($state->key);
    }

    /** @param array{key: string, by: string, signature: string}|null $certificate */
    private function change(ChainState $state, SigningKey $key, ?array $certificate): void
    {
        $state->key = $key->public();
        $state->keySince = $this->now;
        $state->keyBytes = 0;
        $state->keyBlocks = 0;
        $state->certificate = $certificate;
    }

    /** A key that signed nothing cannot vouch: the gateway would not know it. */
    private function isOld(ChainState $state): bool
    {
        $age = $this->now - $state->keySince;
        return !$state->isCopy && $state->keyBlocks > 0 && ($age >= self::SECONDS || $age < 0 || $state->keyBytes >= self::BYTES);
    }
}
